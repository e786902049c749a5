"""Scoring as many lines as there are, a chunk at a time, in memory that hardly grows with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from evalkit.errors import InputError
from evalkit.score.base import SEED, Metric
from evalkit.score.resampling import bootstrap_interval
from evalkit.score.shift import LONGEST_SEARCH, require_equal_counts

CHUNK = 4096


@dataclass(frozen=True)
class Lines:
    """One text a line, which can be gone through more than once.

    ``name`` is for messages, ``total`` (about how many there are) for the progress bar.
    """

    name: str
    open: Callable[[], Iterator[str]]
    total: int | None = None


@dataclass(frozen=True)
class Chunk:
    """Consecutive lines and their sentence scores: metric -> (lines,). ``first`` counts from 1."""

    first: int
    hypotheses: list[str]
    references: list[tuple[str, ...]]
    scores: dict[str, np.ndarray]


@dataclass(frozen=True)
class CorpusResult:
    """The corpus score of one metric; ``interval`` is (mean, low, high) where it was asked for."""

    metric: str
    label: str
    score: float
    interval: tuple[float, float, float] | None
    signature: str
    sentence_signature: str


class StreamScorer:
    """Scores lines against parallel references and sums up what the corpus scores need.

    Args:
        metrics: what to compute.
        keep_statistics: needed for intervals; 40 bytes a line for BLEU, 72 for chrF.
    """

    def __init__(self, metrics: Sequence[Metric], keep_statistics: bool = False) -> None:
        self.metrics, self.keep_statistics = metrics, keep_statistics
        self.segments = self.references = 0
        self.tokenized = 0  # lines that end in " .", as tokenized text does
        self._sums: dict[str, np.ndarray] = {}
        self._kept: dict[str, list[np.ndarray]] = {metric.name: [] for metric in metrics}

    def score(self, hypotheses: Lines, references: Sequence[Lines]) -> Iterator[Chunk]:
        """Go through the lines once.

        Raises:
            InputError: not as many lines in each; raised at the end of the shorter one.
        """
        self.references = len(references)
        open_hypotheses = hypotheses.open()
        open_references = [lines.open() for lines in references]
        while True:
            texts = list(islice(open_hypotheses, CHUNK))
            others = [list(islice(lines, CHUNK)) for lines in open_references]
            for lines, read in zip(references, others, strict=True):
                if len(read) != len(texts):
                    _refuse(hypotheses, lines)
            if not texts:
                return
            rows = list(zip(*others, strict=True))
            yield Chunk(self.segments + 1, texts, rows, self._add(texts, rows))
            self.segments += len(texts)

    def _add(self, texts: list[str], rows: list[tuple[str, ...]]) -> dict[str, np.ndarray]:
        self.tokenized += sum(text.endswith(" .") for text in texts)
        scores = {}
        for metric in self.metrics:
            statistics = metric.prepare(rows).statistics(texts)
            self._sums[metric.name] = self._sums.get(metric.name, 0) + statistics.sum(axis=0)
            if self.keep_statistics:
                whole = statistics.dtype.kind == "i"
                self._kept[metric.name].append(statistics.astype(np.int32) if whole else statistics)
            scores[metric.name] = metric.sentence_scores(statistics)
        return scores

    def results(self, trials: int | None = None, seed: int | None = SEED) -> list[CorpusResult]:
        """The corpus score of each metric over all lines so far.

        With ``trials`` also 95% bootstrap intervals, for which the statistics must have been kept.
        """
        return [self._result(metric, trials, seed) for metric in self.metrics]

    def _result(self, metric: Metric, trials: int | None, seed: int | None) -> CorpusResult:
        interval = None
        if trials:
            statistics = np.concatenate(self._kept[metric.name])
            self._kept[metric.name] = [statistics]
            interval = bootstrap_interval(metric, statistics, trials, seed)
        return CorpusResult(
            metric.name,
            metric.label,
            float(metric.corpus_scores(self._sums[metric.name])),
            interval,
            metric.signature("corpus", self.references, trials, seed=seed),
            metric.signature("sentence", self.references),
        )


def _refuse(hypotheses: Lines, references: Lines) -> None:
    """Go through both again, now to count them and to see where they part."""
    counts = [sum(1 for _ in lines.open()) for lines in (hypotheses, references)]
    heads = [list(islice(lines.open(), 2 * LONGEST_SEARCH)) for lines in (hypotheses, references)]
    require_equal_counts(heads[0], heads[1], hypotheses.name, references.name, counts)
    raise InputError(f"{hypotheses.name} and {references.name} changed while they were read")
