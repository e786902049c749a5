"""Runs in parts: what memory, time, processes and a cluster cost as a shelf of documents grows.

    python benchmarks/scale.py [memory] [lines] [jobs] [cluster] [--small]

memory   peak memory of 1,000 and of 10,000 documents of 20 sentences with recorded translations
lines    100,000 and 2,000,000 recorded lines of one table: peak memory, and time a line
jobs     2,000 sentences by the built-in model with --jobs 1 and --jobs 2, alternating
cluster  recorded documents with --jobs 2 and --cluster local:2, alternating, and the time a shard costs besides its work

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
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("memory", "lines", "jobs", "cluster")
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
    ratio(
        folder, shelf, {"--jobs 1": ("--jobs", "1"), "--jobs 2": ("--jobs", "2")}, options, rounds
    )


def cluster(folder: Path, scale: int, rounds: int) -> None:
    shelf = folder / "recorded"
    count = 5000 // scale
    write_shelf(shelf, count)
    sides = {"--jobs 2": ("--jobs", "2"), "--cluster local:2": ("--cluster", "local:2")}
    ratio(folder, shelf, sides, ("--translation-column", "ours"), rounds)
    again = []
    for _ in range(rounds):
        # All parts are there: what is left is reading, hashing, handing out, and putting together.
        out = folder / "again"
        run(shelf, out, "--translation-column", "ours")
        again.append(run(shelf, out, "--translation-column", "ours", "--cluster", "local:2")[0])
    shards = max(1, count * SENTENCES // 1000)
    print(
        f"finished parts, nothing to do: {statistics.median(again) / shards * 1000:.1f} ms a shard"
    )


def ratio(
    folder: Path, shelf: Path, sides: dict[str, Sequence[str]], options: Sequence[str], rounds: int
) -> None:
    """Print the medians of two sides that take turns, and their ratio."""
    seconds: dict[str, list[float]] = {side: [] for side in sides}
    for number in range(rounds):
        for k, (side, own) in enumerate(sides.items()):
            out = folder / f"{shelf.name}-{number}-{k}"
            seconds[side].append(run(shelf, out, *options, *own)[0])
            print(f"  {side}: {seconds[side][-1]:.1f} s", flush=True)
    medians = {side: statistics.median(found) for side, found in seconds.items()}
    for side, median in medians.items():
        print(f"{side}: {median:.1f} s ({', '.join(f'{s:.1f}' for s in seconds[side])})")
    first, second = medians.values()
    print(f"ratio: {first / second:.2f}")


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
