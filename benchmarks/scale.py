"""Runs in parts: what memory, time, processes and a cluster cost as a shelf of documents grows.

    python benchmarks/scale.py [memory] [lines] [jobs] [cluster] [overhead] [--small]

memory   peak memory of 1,000 and of 10,000 documents of 20 sentences with recorded translations
lines    100,000 and 2,000,000 recorded lines of one table: peak memory, and time a line
jobs     2,000 sentences by the built-in model with --jobs 1 (two threads, then one) and --jobs 2, alternating
cluster  recorded documents with --jobs 2 and --cluster local:2, alternating
overhead what a shard costs besides its sentences: the same documents in shards of 1,000 and of 100 sentences, alternating

The text is made up of the words of data/, so that sentences differ. Each run is a process of its own; its peak is that of it and of
each of its workers apart. --small is a tenth of everything, to try the benchmark.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("memory", "lines", "jobs", "cluster", "overhead")
SENTENCES = 20
# Words of a sentence of news: from, to.
WORDS = (8, 30)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="default: all")
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--rounds", type=int, default=3, help="of the sides that take turns")
    options = parser.parse_args()
    scale = 10 if options.small else 1
    with tempfile.TemporaryDirectory() as folder:
        for part in options.parts or PARTS:
            globals()[part](Path(folder), scale, options.rounds)


def memory(folder: Path, scale: int, rounds: int) -> None:
    peaks = []
    for count in (1000 // scale, 10_000 // scale):
        shelf = folder / f"shelf{count}"
        write_shelf(shelf, count)
        seconds, peak = run(shelf, folder / f"out{count}", "--translation-column", "ours")
        print(f"{count:,} documents of {SENTENCES}: {seconds:.1f} s, peak {peak / 1e6:.0f} MB")
        peaks.append(peak)
    print(f"peak, ratio: {peaks[1] / peaks[0]:.2f}")


def lines(folder: Path, scale: int, rounds: int) -> None:
    per_line = []
    for count in (100_000 // scale, 2_000_000 // scale):
        table = folder / f"lines{count}.tsv"
        with table.open("w", encoding="utf-8") as stream:
            stream.write("source\tprovided\tours\n")
            for row in rows(count):
                stream.write("\t".join(row) + "\n")
        seconds, peak = run(table, folder / f"lines{count}", "--translation-column", "ours")
        print(
            f"{count:,} lines ({table.stat().st_size / 1e6:.0f} MB): {seconds:.1f} s, {seconds / count * 1e6:.0f} us a line,"
            f" peak {peak / 1e6:.0f} MB"
        )
        per_line.append(seconds / count)
    print(f"time a line, ratio: {per_line[1] / per_line[0]:.2f}")


def jobs(folder: Path, scale: int, rounds: int) -> None:
    shelf = folder / "model"
    write_shelf(shelf, 2000 // SENTENCES // scale)
    options = ("--mt", "builtin", "--metric", "bleu", "--metric", "chrf", "--no-memory")
    sides = {
        "--jobs 1": ("--jobs", "1"),
        "--jobs 1 --threads 1": ("--jobs", "1", "--threads", "1"),
        "--jobs 2": ("--jobs", "2"),
    }
    ratio(folder, shelf, sides, options, rounds)


def cluster(folder: Path, scale: int, rounds: int) -> None:
    shelf = folder / "recorded"
    count = 5000 // scale
    write_shelf(shelf, count)
    sides = {"--jobs 2": ("--jobs", "2"), "--cluster local:2": ("--cluster", "local:2")}
    ratio(folder, shelf, sides, ("--translation-column", "ours"), rounds)


def overhead(folder: Path, scale: int, rounds: int) -> None:
    """Handing out, opening, writing, reading again and putting together, as the whole run feels it."""
    shelf = folder / "shards"
    count = 2000 // scale
    write_shelf(shelf, count)
    shards = {size: count * SENTENCES // size for size in (1000, 100)}
    for running in ({"jobs": 1}, {"jobs": 2}, {"cluster": "local:2"}):
        seconds: dict[int, list[float]] = {size: [] for size in shards}
        for number in range(rounds):
            for size in shards:
                out = folder / "-".join(map(str, ["shards", size, number, *running.values()]))
                seconds[size].append(_seconds_in_shards(shelf, out, size, running))
        long, short = (statistics.median(seconds[size]) for size in shards)
        each = (short - long) / (shards[100] - shards[1000]) * 1000
        (where,) = running.items()
        print(
            f"{where[0]} {where[1]}: {shards[1000]} shards {long:.1f} s, {shards[100]} shards {short:.1f} s:"
            f" {each:.1f} ms a shard"
        )


def _seconds_in_shards(shelf: Path, out: Path, size: int, running: Mapping[str, Any]) -> float:
    from evalkit.flow.gather import gather
    from evalkit.flow.parts import part_paths
    from evalkit.flow.run import begin
    from evalkit.flow.shard import shards
    from evalkit.flow.work import Shard
    from evalkit.flow.workers import run_shards
    from evalkit.plan import Plan, Reading, Running

    out.mkdir()
    plan = Plan(
        inputs=(str(shelf),),
        reading=Reading(translation_columns=("ours",)),
        running=Running(out=str(out), **running),
    )
    began = time.perf_counter()
    begun = begin(plan)
    numbered = (Shard(number, group) for number, group in enumerate(shards(begun.documents, size)))
    for _ in run_shards(begun.work, numbered, plan.running):
        pass
    gather(part_paths(out), begun.metrics, plan)
    return time.perf_counter() - began


def ratio(
    folder: Path, shelf: Path, sides: dict[str, Sequence[str]], options: Sequence[str], rounds: int
) -> None:
    """Print the medians of sides that take turns, and the ratio of each to the last."""
    seconds: dict[str, list[float]] = {side: [] for side in sides}
    for number in range(rounds):
        for k, (side, own) in enumerate(sides.items()):
            out = folder / f"{shelf.name}-{number}-{k}"
            before = _cpu_seconds()
            seconds[side].append(run(shelf, out, *options, *own)[0])
            spent = _cpu_seconds() - before
            print(f"  {side}: {seconds[side][-1]:.1f} s, {spent:.1f} s of CPU", flush=True)
    medians = {side: statistics.median(found) for side, found in seconds.items()}
    for side, median in medians.items():
        print(f"{side}: {median:.1f} s ({', '.join(f'{s:.1f}' for s in seconds[side])})")
    *others, last = medians
    for side in others:
        print(f"{side} to {last}: {medians[side] / medians[last]:.2f}")


def _cpu_seconds() -> float:
    """Of all processes that were begun here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(inputs: Path, out: Path, *options: str) -> tuple[float, int]:
    """Wall-clock seconds and peak bytes of a run, or of the greatest of its workers."""
    command = [sys.executable, "-m", "evalkit", "evaluate", str(inputs), "--out", str(out), "-q"]
    child = (
        "import resource, subprocess, sys;"
        "code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode;"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(code)"
    )
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", child, *command, *options],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    seconds = time.perf_counter() - began
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: {done.stderr}")
    unit = 1 if sys.platform == "darwin" else 1024
    return seconds, int(done.stdout) * unit


def write_shelf(folder: Path, count: int) -> None:
    folder.mkdir()
    made = rows(count * SENTENCES)
    for number in range(count):
        text = "".join("\t".join(next(made)) + "\n" for _ in range(SENTENCES))
        (folder / f"{number:05d}.tsv").write_text("source\tprovided\tours\n" + text, "utf-8")


def rows(count: int) -> Iterator[tuple[str, str, str]]:
    """Made-up sentences: source, provided, and a translation that says a part of it."""
    words = [
        (ROOT / "data" / f"library.{code}.txt").read_text("utf-8").split() for code in ("ru", "en")
    ]
    rng = random.Random(0)
    for _ in range(count):
        russian, english = (rng.choices(side, k=rng.randint(*WORDS)) for side in words)
        ours = [word for word in english if rng.random() > 0.2] or english
        yield " ".join(russian), " ".join(english), " ".join(ours)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
