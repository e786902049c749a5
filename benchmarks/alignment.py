"""Alignment of Russian-English news against a known truth: F1, calibration, time.

    python benchmarks/alignment.py ../shared/cases/wmt21-ru-en [--builtin] [--seeds 3] [--large 20000]

The text is a WMT test set (source.ru, reference.A.en, documents.txt, systems/). A tenth of its sentences each is
merged with the next on the provided side, split in two there, left out there, and followed there by a
sentence from elsewhere; the truth follows from what was done. Scored strict and lax as vecalign's
scorer does, with recorded translations as the bridge, with those of the built-in model, and with none.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from evalkit.data import Document, Pair, Segment
from evalkit.languages import language_pair
from evalkit.pair import align
from evalkit.pair.gold import compare_with_gold

Beads = list[tuple[tuple[int, ...], tuple[int, ...]]]
CLAUSE = re.compile(r"[,;:—–]\s+|\s+(?=(?:and|but|that|which|who)\b)")
SPACE = re.compile(r"\s+")
RUSSIAN_ENGLISH = language_pair("ru-en")


@dataclass(frozen=True)
class Benchmark:
    """Documents to align and their gold beads; positions count over all documents."""

    documents: tuple[Document, ...]
    gold: Beads

    def aligned(self, bridge: Sequence[str] | None) -> list[list[Pair]]:
        """The pairs of each document; the bridge runs over all of them."""
        found, begin = [], 0
        for document in self.documents:
            end = begin + len(document.source)
            part = None if bridge is None else bridge[begin:end]
            found.append(align(document, RUSSIAN_ENGLISH, part))
            begin = end
        return found

    def scores(self, found: Sequence[Sequence[Pair]]) -> dict[str, float]:
        """Strict and lax precision, recall and F1 of the pairs of each document."""
        return compare_with_gold(self.gold, found_beads(found))


def read_lines(path: Path) -> list[str]:
    """The lines of a UTF-8 file."""
    return path.read_text(encoding="utf-8").split("\n")[:-1]


def disturb(
    source: Sequence[str],
    provided: Sequence[str],
    documents: Sequence[str],
    *,
    seed: int,
    share: float = 0.1,
    sentence_like: bool = False,
) -> Benchmark:
    """Merge, split, leave out and insert provided sentences, each with probability ``share``.

    ``sentence_like`` gives split parts a capital and a full stop, so that only their content tells
    that they belong together.
    """
    rng = random.Random(seed)
    made, gold, before = [], [], 0
    for name, lines in groupby(range(len(source)), key=lambda line: documents[line]):
        sentences, beads = _disturbed(list(lines), provided, rng, share, sentence_like)
        offset = sum(len(document.source) for document in made)
        gold += [(tuple(offset + s for s in a), tuple(before + p for p in b)) for a, b in beads]
        before += len(sentences)
        size = sum(len(a) for a, _ in beads)
        made.append(Document(name, _segments(source[offset : offset + size]), _segments(sentences)))
    return Benchmark(tuple(made), gold)


def _disturbed(
    lines: list[int],
    provided: Sequence[str],
    rng: random.Random,
    share: float,
    sentence_like: bool,
) -> tuple[list[str], Beads]:
    """The provided sentences of one document and its gold beads."""
    sentences: list[str] = []
    beads: Beads = []
    position = 0
    while position < len(lines):
        kind, text = rng.random() / share, provided[lines[position]]
        here, size, parts = (position,), 1, [text]
        if kind < 1:
            parts = []
        elif kind < 2 and position + 1 < len(lines):
            here, size = (position, position + 1), 2
            parts = [f"{text} {provided[lines[position + 1]]}"]
        elif kind < 3:
            parts = cut(text, rng, sentence_like)
        beads.append((here, tuple(range(len(sentences), len(sentences) + len(parts)))))
        sentences += parts
        position += size
        if rng.random() < share:
            beads.append(((), (len(sentences),)))
            sentences.append(rng.choice(provided))
    return sentences, beads


def cut(text: str, rng: random.Random, sentence_like: bool = False) -> list[str]:
    """Two parts of a sentence, cut at a clause if it has any; one if it has a single word."""
    spots = [m.end() for m in CLAUSE.finditer(text) if 0.2 < m.end() / len(text) < 0.8]
    spots = spots or [m.end() for m in SPACE.finditer(text.strip())]
    if not spots:
        return [text]
    spot = rng.choice(spots)
    first, second = text[:spot].strip(), text[spot:].strip()
    if sentence_like:
        first = first.rstrip(",;:—– ") + "."
        second = second[:1].upper() + second[1:]
    return [first, second]


def _segments(texts: Sequence[str]) -> tuple[Segment, ...]:
    return tuple(Segment(text, line, line - 1) for line, text in enumerate(texts, 1))


def found_beads(documents: Sequence[Sequence[Pair]]) -> Beads:
    """The beads of the pairs of each document, positions counted over all documents."""
    beads, first, before = [], 0, 0
    for pairs in documents:
        for pair in pairs:
            count = int(pair.alignment.partition("-")[2])
            source = tuple(first + index for index in pair.source_index)
            beads.append((source, tuple(range(before, before + count))))
            before += count
        first += sum(len(pair.source_index) for pair in pairs)
    return beads


def right_by_confidence(
    benchmark: Benchmark, documents: Sequence[Sequence[Pair]]
) -> list[tuple[float, bool]]:
    """(confidence, whether the bead is in the gold) of each pair that has both sides."""
    gold = set(benchmark.gold)
    pairs = [pair for of_document in documents for pair in of_document]
    return [
        (pair.confidence, bead in gold)
        for pair, bead in zip(pairs, found_beads(documents), strict=True)
        if pair.status == "paired"
    ]


def _report(name: str, benchmarks: Sequence[Benchmark], bridge: Sequence[str] | None) -> None:
    began = time.perf_counter()
    results, judged = [], []
    for benchmark in benchmarks:
        found = benchmark.aligned(bridge)
        results.append(benchmark.scores(found))
        judged += right_by_confidence(benchmark, found)
    seconds = (time.perf_counter() - began) / len(benchmarks)
    mean = {key: sum(r[key] for r in results) / len(results) for key in results[0]}
    sure = [right for confidence, right in judged if confidence >= 0.9]
    print(
        f"{name:28} "
        + " ".join(
            f"{mean[f'{kind}_{what}']:6.3f}"
            for kind in ("strict", "lax")
            for what in ("precision", "recall", "f1")
        )
        + f" {len(sure) / len(judged):6.1%} {sum(sure) / max(1, len(sure)):6.1%} {seconds:6.1f}"
    )


def _builtin(source: Sequence[str]) -> list[str]:
    import evalkit

    return [translation.text for translation in evalkit.translate(source, "builtin")]


def _large(
    source: Sequence[str], provided: Sequence[str], bridge: Sequence[str], size: int
) -> None:
    """One document of ``size`` sentences: the test set again and again, each time with other words changed."""
    rng = random.Random(0)
    vocabulary = sorted({word for line in bridge for word in line.split()})

    def varied(text: str, share: float) -> str:
        return " ".join(w if rng.random() > share else rng.choice(vocabulary) for w in text.split())

    lines = [line % len(source) for line in range(size)]
    benchmark = disturb(
        [source[line] for line in lines],
        [varied(provided[line], 0.2) for line in lines],
        ["one"] * size,
        seed=1,
    )
    _report(f"{size} sentences at once", [benchmark], [varied(bridge[line], 0.1) for line in lines])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of this process: {peak:.0f} MB")


def main() -> None:
    """Run the benchmark on a WMT folder and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--builtin", action="store_true", help="also with the built-in model")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument(
        "--large", type=int, default=0, metavar="N", help="also N sentences at once"
    )
    arguments = parser.parse_args()
    folder = arguments.folder
    if not (folder / "source.ru").is_file():
        sys.exit(f"{folder} has no source.ru: give the folder of a WMT test set")
    source, provided = read_lines(folder / "source.ru"), read_lines(folder / "reference.A.en")
    documents = read_lines(folder / "documents.txt")
    bridges: dict[str, list[str] | None] = {
        path.stem: read_lines(path) for path in sorted((folder / "systems").glob("*.en"))
    }
    if arguments.builtin:
        bridges["builtin"] = _builtin(source)
    bridges["none"] = None
    print(
        f"{'bridge':28} {'strict P, R, F1':20} {'lax P, R, F1':20} {'sure':6} {'right':6} {'s':>5}"
    )
    for title, like in (("cut at clauses", False), ("cut into sentences", True)):
        made = [
            disturb(source, provided, documents, seed=seed, sentence_like=like)
            for seed in range(arguments.seeds)
        ]
        print(title)
        for name, bridge in bridges.items():
            _report(name, made, bridge)
    if arguments.large:
        _large(source, provided, next(b for b in bridges.values() if b), arguments.large)


if __name__ == "__main__":
    main()
