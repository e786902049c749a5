"""evalkit against sacreBLEU on the same work, one after the other in one process: `python benchmarks/scoring.py`.

Each job is run by both in turn, several rounds; a line gives the median times, the ratio of the medians and the
range of the ratios of single rounds. Texts are synthetic (news-like word lengths, ten systems made by editing
the reference) or, with --data, a folder with `reference.A.en` and `systems/*.en`. `--million` measures a million pairs
as well: peak memory and time a pair against ten thousand.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import sacrebleu
from sacrebleu.significance import PairedTest, _bootstrap_resample

from evalkit.metrics import SENTENCE, Metric, get_metric
from evalkit.metrics.base import clipped, corpus_score
from evalkit.statistics.resampling import bootstrap_interval
from evalkit.statistics.significance import compare_systems

SEGMENTS, SYSTEMS = 1000, 10


@dataclass(frozen=True)
class Texts:
    """Parallel references and systems."""

    references: list[str]
    systems: dict[str, list[str]]

    @property
    def prepared(self) -> list[list[str]]:
        return [[text] for text in self.references]

    @property
    def first(self) -> list[str]:
        return next(iter(self.systems.values()))


def synthetic(segments: int, systems: int, seed: int = 1) -> Texts:
    """Sentences of Zipf-distributed made-up words, and systems that change a quarter of them."""
    rng = random.Random(seed)
    letters = "etaoinshrdlucmfwypvbgk"
    words = ["".join(rng.choices(letters, k=rng.randint(1, 11))) for _ in range(12000)]
    weights = [1 / (rank + 10) for rank in range(len(words))]

    def sentence() -> str:
        drawn = rng.choices(words, weights, k=max(3, int(rng.gauss(22, 9))))
        drawn[len(drawn) // 2] += ","
        return " ".join(drawn).capitalize() + "."

    def edited(text: str) -> str:
        changed = [
            w if rng.random() > 0.25 else rng.choices(words, weights)[0] for w in text.split()
        ]
        return " ".join(changed)

    references = [sentence() for _ in range(segments)]
    made = {f"system {k}": [edited(text) for text in references] for k in range(systems)}
    return Texts(references, made)


def from_folder(folder: Path) -> Texts:
    """The texts of a test set."""

    def read(path: Path) -> list[str]:
        return path.read_text(encoding="utf-8").split("\n")[:-1]

    systems = {path.stem: read(path) for path in sorted((folder / "systems").glob("*.en"))}
    return Texts(read(folder / "reference.A.en"), systems)


def forget() -> None:
    """Empty what either side remembers, so that each round does the whole work."""
    from sacrebleu.tokenizers.tokenizer_13a import Tokenizer13a
    from sacrebleu.tokenizers.tokenizer_re import TokenizerRegexp

    from evalkit.metrics.ngrams.tokenizers import load_tokenizer
    from evalkit.statistics.resampling import _single_block

    for cached in (Tokenizer13a.__call__, TokenizerRegexp.__call__, load_tokenizer, _single_block):
        cached.cache_clear()


def jobs(texts: Texts) -> dict[str, tuple[Callable, Callable]]:
    """Name -> (what evalkit does, what sacreBLEU does)."""
    streams, systems = [texts.references], list(texts.systems.items())
    return {
        "sentence BLEU": (
            lambda: _sentences("bleu", texts),
            lambda: _their_sentences("bleu", texts),
        ),
        "sentence chrF": (
            lambda: _sentences("chrf", texts),
            lambda: _their_sentences("chrf", texts),
        ),
        "sentence + corpus + paired bootstrap": (
            lambda: _everything(texts),
            lambda: (
                _their_sentences("bleu", texts),
                _their_sentences("chrf", texts),
                PairedTest(systems, _theirs(streams), None, "bs", n_samples=1000)(),
            ),
        ),
        **_resampling_jobs(texts),
    }


def _theirs(streams: list[list[str]] | None = None) -> dict:
    return {"BLEU": sacrebleu.BLEU(references=streams), "CHRF": sacrebleu.CHRF(references=streams)}


def _sentence_scores(metric: Metric, found: np.ndarray) -> np.ndarray:
    return clipped(metric, metric.scores(found, SENTENCE))


def _sentences(name: str, texts: Texts) -> None:
    metric = get_metric(name)
    prepared = metric.prepare(texts.prepared)
    for lines in texts.systems.values():
        _sentence_scores(metric, prepared.statistics(lines))


def _their_sentences(name: str, texts: Texts) -> None:
    metric = sacrebleu.BLEU(effective_order=True) if name == "bleu" else sacrebleu.CHRF()
    for lines in texts.systems.values():
        for hypothesis, reference in zip(lines, texts.references, strict=True):
            metric.sentence_score(hypothesis, [reference])


def _everything(texts: Texts) -> None:
    metrics, stats = [get_metric("bleu"), get_metric("chrf")], {name: {} for name in texts.systems}
    for metric in metrics:
        prepared = metric.prepare(texts.prepared)
        for name, lines in texts.systems.items():
            stats[name][metric.name] = prepared.statistics(lines)
            _sentence_scores(metric, stats[name][metric.name])
            corpus_score(metric, stats[name][metric.name])
    compare_systems(metrics, stats, next(iter(stats)), bootstrap=1000, randomization=0)


def _resampling_jobs(texts: Texts) -> dict[str, tuple[Callable, Callable]]:
    """What begins with statistics: those are computed beforehand, on both sides."""
    theirs = _theirs([texts.references])
    ours = {"BLEU": get_metric("bleu"), "CHRF": get_metric("chrf")}
    their_stats = {
        name: [m._extract_corpus_statistics(lines, None) for lines in texts.systems.values()]
        for name, m in theirs.items()
    }
    stats = {
        system: {m.name: m.prepare(texts.prepared).statistics(lines) for m in ours.values()}
        for system, lines in texts.systems.items()
    }
    first = next(iter(stats))
    for name, metric in theirs.items():  # the paired test asks for statistics again: they are ready
        ready = dict(zip(map(id, texts.systems.values()), their_stats[name], strict=True))
        metric._extract_corpus_statistics = lambda lines, _, ready=ready: ready[id(lines)]
    systems = list(texts.systems.items())
    return {
        "bootstrap from statistics": (
            lambda: [
                bootstrap_interval(m, of[m.name]) for of in stats.values() for m in ours.values()
            ],
            lambda: [
                _bootstrap_resample(ready, m, 1000)
                for n, m in theirs.items()
                for ready in their_stats[n]
            ],
        ),
        "paired randomization from statistics": (
            lambda: compare_systems(list(ours.values()), stats, first, 0, 10000),
            lambda: PairedTest(systems, theirs, None, "ar", n_samples=10000)(),
        ),
        "the same, all pairs (sacreBLEU: one baseline)": (
            lambda: compare_systems(list(ours.values()), stats, None, 0, 10000),
            lambda: PairedTest(systems, theirs, None, "ar", n_samples=10000)(),
        ),
    }


def commands(texts: Texts, folder: Path) -> dict[str, tuple[Callable, Callable]]:
    """Whole processes: the commands `evalkit score` and `sacrebleu`."""
    reference, system = folder / "reference.en", folder / "system.en"
    reference.write_text("\n".join(texts.references) + "\n", encoding="utf-8")
    system.write_text("\n".join(texts.first) + "\n", encoding="utf-8")
    work = [str(reference), "-i", str(system), "-m", "bleu", "chrf"]

    def run(module: str, *arguments: str) -> None:
        subprocess.run([sys.executable, "-m", module, *arguments], check=True, capture_output=True)

    return {
        "command, one system": (
            lambda: run("evalkit", "score", *work),
            lambda: run("sacrebleu", *work),
        ),
        "command, with interval": (
            lambda: run("evalkit", "score", *work, "--confidence"),
            lambda: run("sacrebleu", *work, "--confidence"),
        ),
    }


def measure(name: str, ours: Callable, theirs: Callable, rounds: int) -> None:
    """Run both in turn and print their medians and ratios."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for job, taken in zip((ours, theirs), times, strict=True):
            forget()
            began = time.perf_counter()
            job()
            taken.append(time.perf_counter() - began)
    a, b = map(statistics.median, times)
    ratios = sorted(y / x for x, y in zip(*times, strict=True))
    print(
        f"{name:<46} {a:>9.4f} {b:>9.4f} {b / a:>7.1f}x  {ratios[0]:.1f} to {ratios[-1]:.1f}",
        flush=True,
    )


def million(texts: Texts, folder: Path) -> None:
    """Time a pair and peak memory of scoring to CSV with intervals, at 10,000 and at 1,000,000 pairs."""
    reference, system = folder / "many.reference", folder / "many.system"
    for pairs in (10_000, 1_000_000):
        for path, lines in ((reference, texts.references), (system, texts.first)):
            with path.open("w", encoding="utf-8") as stream:
                for number in range(pairs):
                    stream.write(f"{lines[number % len(lines)]} {number}\n")
        command = ["score", str(reference), "-i", str(system), "--csv", str(folder / "out.csv")]
        for extra in ([], ["--confidence"]):
            began = time.perf_counter()
            subprocess.run([sys.executable, "-m", "evalkit", *command, *extra], check=True)
            taken = time.perf_counter() - began
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            print(
                f"{pairs:,} pairs {' '.join(extra)}: {taken:.1f} s, {taken / pairs * 1e6:.0f} µs a pair,"
                f" at most {peak:.0f} MB so far",
                flush=True,
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, help="a folder with reference.A.en and systems/*.en")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="jobs whose name contains this")
    parser.add_argument("--million", action="store_true")
    options = parser.parse_args()
    texts = from_folder(options.data) if options.data else synthetic(SEGMENTS, SYSTEMS)
    print(
        f"{len(texts.systems)} systems, {len(texts.references)} segments, {options.rounds} rounds"
    )
    print(f"{'seconds':<46} {'evalkit':>9} {'sacreBLEU':>9} {'ratio':>8}  range")
    with tempfile.TemporaryDirectory() as folder:
        for name, (ours, theirs) in {**jobs(texts), **commands(texts, Path(folder))}.items():
            if options.only in name:
                measure(name, ours, theirs, options.rounds)
        if options.million:
            million(texts, Path(folder))


if __name__ == "__main__":
    main()
