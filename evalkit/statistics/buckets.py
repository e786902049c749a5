"""Scores of parts of a run: by length, document, finding, quality, frequency of words.

As in compare-mt (Neubig et al. 2019), every analysis is a function from data to a small result. What the score of a part is,
the caller says: `mean_of` sentence scores, or `corpus_of` a metric's statistics.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from evalkit.errors import InputError

Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int64]
Scorer = Callable[[Positions], float]

# compare-mt's borders, in words and in occurrences in the training text or test set.
LENGTHS = (10.0, 20.0, 30.0, 40.0, 50.0, 60.0)
FREQUENCIES = (1.0, 2.0, 3.0, 4.0, 5.0, 10.0, 100.0, 1000.0)
QUALITIES = (20.0, 40.0, 60.0, 80.0)


@dataclass(frozen=True, slots=True)
class Bucket:
    """A part of a run.

    Attributes:
        label: "10-20", a document's name, a finding's name.
        count: its pairs, or its words where words are counted.
        score: NaN where there is nothing.
        share: of all pairs or words.
    """

    label: str
    count: int
    score: float
    share: float


@dataclass(frozen=True, slots=True)
class WordBucket:
    """How well the words of one frequency are translated.

    precision: of such words in the hypotheses, how many the reference has; recall: of those in the references, how many
    the hypothesis has; f1: their harmonic mean. NaN where there is none.
    """

    label: str
    hypothesis_words: int
    reference_words: int
    precision: float
    recall: float
    f1: float


class _Metric(Protocol):
    def scores(self, sums: Floats) -> Floats: ...


def mean_of(scores: Sequence[float]) -> Scorer:
    """The mean of the sentence scores; NaN does not count."""
    values = np.asarray(scores, dtype=float)

    def score(at: Positions) -> float:
        known = values[at][~np.isnan(values[at])]
        return float(known.mean()) if len(known) else float("nan")

    return score


def corpus_of(metric: _Metric, statistics: Floats) -> Scorer:
    """The corpus score, from the summed statistics (n, k) of the metric."""

    def score(at: Positions) -> float:
        return float(metric.scores(statistics[at].sum(axis=0))) if len(at) else float("nan")

    return score


def by_value(values: Sequence[float], score: Scorer, edges: Sequence[float]) -> tuple[Bucket, ...]:
    """Parts by a number of each pair: "<10", "10-20" (20 not included), ">=60"; NaN is in none."""
    numbers = np.asarray(values, dtype=float)
    which = np.digitize(numbers, edges)
    known = ~np.isnan(numbers)
    return tuple(
        _bucket(label, np.flatnonzero(known & (which == k)), score, len(numbers))
        for k, label in enumerate(_labels(edges))
    )


def by_length(
    texts: Sequence[str], score: Scorer, edges: Sequence[float] = LENGTHS
) -> tuple[Bucket, ...]:
    """Parts by the number of words between white space."""
    return by_value([len(text.split()) for text in texts], score, edges)


def by_quality(
    quality: Sequence[float], score: Scorer, edges: Sequence[float] = QUALITIES
) -> tuple[Bucket, ...]:
    """Parts by an estimate of quality, 0 to 100."""
    return by_value(quality, score, edges)


def by_document(documents: Sequence[str], score: Scorer) -> tuple[Bucket, ...]:
    """A part for each document, in their order."""
    return by_name([(name,) for name in documents], score)


def by_finding(findings: Sequence[Iterable[str]], score: Scorer) -> tuple[Bucket, ...]:
    """A part for each kind of finding, the most frequent first, and one, "none", for pairs without.

    A pair with several kinds is in several parts.
    """
    names = [tuple(dict.fromkeys(each)) for each in findings]
    found = by_name(names, score)
    none = np.array([k for k, each in enumerate(names) if not each], dtype=np.int64)
    ordered = sorted(found, key=lambda bucket: (-bucket.count, bucket.label))
    return (*ordered, _bucket("none", none, score, len(names)))


def by_name(names: Sequence[Sequence[str]], score: Scorer) -> tuple[Bucket, ...]:
    """A part for each name that a pair can have, in the order of their first pairs."""
    places: dict[str, list[int]] = {}
    for at, each in enumerate(names):
        for name in each:
            places.setdefault(name, []).append(at)
    return tuple(
        _bucket(name, np.array(at, dtype=np.int64), score, len(names))
        for name, at in places.items()
    )


def by_word_frequency(
    hypotheses: Sequence[str],
    references: Sequence[str],
    frequency: Mapping[str, int] | None = None,
    edges: Sequence[float] = FREQUENCIES,
) -> tuple[WordBucket, ...]:
    """How well rare and frequent words are translated: precision, recall and F1 of words by frequency.

    Args:
        frequency: how often each word, in small letters, occurs in some large text; of the references themselves
            if None. Words it does not have occur 0 times.

    Raises:
        InputError: not as many hypotheses as references.
    """
    if len(hypotheses) != len(references):
        raise InputError(f"{len(hypotheses)} hypotheses for {len(references)} references")
    if frequency is None:
        frequency = Counter(word for text in references for word in text.lower().split())
    counts = np.zeros((len(edges) + 1, 3), dtype=np.int64)
    for hypothesis, reference in zip(hypotheses, references, strict=True):
        theirs, ours = Counter(reference.lower().split()), Counter(hypothesis.lower().split())
        for column, words in enumerate((ours, theirs, ours & theirs)):
            for word, number in words.items():
                counts[np.searchsorted(edges, frequency.get(word, 0), "right"), column] += number
    return tuple(
        _word_bucket(label, *map(int, row))
        for label, row in zip(_labels(edges), counts, strict=True)
    )


def _word_bucket(label: str, ours: int, theirs: int, both: int) -> WordBucket:
    precision = both / ours if ours else float("nan")
    recall = both / theirs if theirs else float("nan")
    f1 = 2 * both / (ours + theirs) if ours + theirs else float("nan")
    return WordBucket(label, ours, theirs, precision, recall, f1)


def _bucket(label: str, at: Positions, score: Scorer, total: int) -> Bucket:
    return Bucket(
        label, len(at), score(at) if len(at) else float("nan"), len(at) / total if total else 0.0
    )


def _labels(edges: Sequence[float]) -> list[str]:
    shown = [f"{edge:g}" for edge in edges]
    middle = [f"{a}-{b}" for a, b in itertools.pairwise(shown)]
    return [f"<{shown[0]}", *middle, f">={shown[-1]}"] if shown else ["all"]
