"""Fit the confidence of the aligner, on data that no published row reports.

    python benchmarks/calibrate.py newstest2018.ru-en.tsv.xz

The text of benchmarks/choose_weights.py, in documents of 1 to 40 sentences, disturbed as benchmarks/alignment.py does it; and
every document's source once more beside the provided text of another document, of which no pair is right. Prints the numbers
of `evalkit.pair.weights.Calibration`, and on the documents that were not fitted how often pairs of a confidence are right.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from alignment import RUSSIAN_ENGLISH, Benchmark, disturb
from choose_weights import read_pairs, strong

import evalkit
from evalkit.data import Document
from evalkit.pair.align import NOTHING_SHARED, path_of, text_of
from evalkit.pair.confidence import paired_beads, signals
from evalkit.pair.text import usual_similarity
from evalkit.pair.weights import SURE_WITH_BRIDGE, SURE_WITHOUT_BRIDGE, Calibration

SIZES = (1, 1, 1, 2, 2, 3, 4, 6, 8, 12, 20, 30, 40)
BINS = (0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.01)


@dataclass(frozen=True)
class Seen:
    """A pair: the log-odds of its posterior, what it shares, whether it is right, its weight, its document."""

    log_odds: float
    evidence: float
    right: bool
    weight: float
    document: int


def pairs_of(
    made: Benchmark, bridge: Sequence[str] | None, numbers: Calibration, unrelated: float
) -> Iterator[Seen]:
    """The pairs of all documents, and those of documents of two texts, which have the weight ``unrelated``."""
    gold, first, before = set(made.gold), 0, 0
    for k, document in enumerate(made.documents):
        end = first + len(document.source)
        part = None if bridge is None else list(bridge[first:end])
        other = made.documents[(k + 7) % len(made.documents)].provided
        strangers = Document(document.name, document.source, other)
        for beside, weight in ((document, 1.0), (strangers, unrelated)):
            for (s0, s1, p0, p1), log_odds, evidence in _signals(beside, part, numbers):
                bead = (
                    tuple(range(first + s0, first + s1)),
                    tuple(range(before + p0, before + p1)),
                )
                right = beside is document and bead in gold
                yield Seen(log_odds, evidence, right, weight, k)
        first, before = end, before + len(document.provided)


def _signals(
    document: Document, bridge: Sequence[str] | None, numbers: Calibration
) -> list[tuple[tuple[int, int, int, int], float, float]]:
    if not document.source or not document.provided:
        return []
    text = text_of(document, RUSSIAN_ENGLISH, bridge)
    quality = usual_similarity(text)
    if bridge is None and quality < NOTHING_SHARED:
        return []
    path, chances = path_of(text, quality)
    paired = paired_beads(path)
    if not paired:
        return []
    log_odds, evidence, _ = signals(text, path, chances, numbers)
    return list(zip([path[k] for k in paired], log_odds, evidence, strict=True))


def fitted(seen: Sequence[Seen]) -> np.ndarray:
    """Base, posterior, evidence: weighted logistic regression by Newton's method, hardly regularized."""
    x = np.array([(1.0, s.log_odds, s.evidence) for s in seen])
    y, w = np.array([s.right for s in seen], float), np.array([s.weight for s in seen])
    found = np.zeros(3)
    for _ in range(60):
        z = 1 / (1 + np.exp(-x @ found))
        slope = (x * (w * z * (1 - z))[:, None]).T @ x + 1e-3 * np.eye(3)
        found += np.linalg.solve(slope, x.T @ (w * (y - z)) - 1e-3 * found)
    return found


def show(seen: Sequence[Seen], found: np.ndarray) -> None:
    """How often pairs of a confidence are right."""
    x = np.array([(1.0, s.log_odds, s.evidence) for s in seen])
    y, w = np.array([s.right for s in seen], float), np.array([s.weight for s in seen])
    z = 1 / (1 + np.exp(-x @ found))
    for low, high in pairwise(BINS):
        here = (z >= low) & (z < high)
        if here.any():
            said, right = (np.average(values[here], weights=w[here]) for values in (z, y))
            print(
                f"  {low:4} to {high:4}: {here.sum():5} pairs, said {said:.3f}, right {right:.3f}"
            )


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--first", type=int, default=1500, help="pairs used")
    parser.add_argument("--unrelated", type=float, default=0.25, help="weight of those documents")
    arguments = parser.parse_args()
    rng = random.Random(11)
    source, english = read_pairs(arguments.pairs, arguments.first)
    names: list[str] = []
    while len(names) < len(source):
        names += [f"d{len(names)}"] * rng.choice(SIZES)
    names = names[: len(source)]
    bridges = [[t.text for t in evalkit.translate(source)], strong(english, rng), None]
    made = [
        disturb(source, english, names, seed=seed, sentence_like=like)
        for seed, like in ((1, False), (2, True))
    ]
    for title, chosen, numbers in (
        ("with a bridge", bridges[:2], SURE_WITH_BRIDGE),
        ("without", bridges[2:], SURE_WITHOUT_BRIDGE),
    ):
        seen = [
            pair
            for bridge in chosen
            for benchmark in made
            for pair in pairs_of(benchmark, bridge, numbers, arguments.unrelated)
        ]
        print(f"{title}: {fitted(seen).round(2)}; fitted on half, on the other:")
        half = fitted([s for s in seen if s.document % 2])
        show([s for s in seen if s.document % 2 == 0], half)


if __name__ == "__main__":
    main()
