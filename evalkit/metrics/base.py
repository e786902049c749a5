"""What a metric is: statistics of each example, and scores from statistics or from sums of them.

The statistics of an example are computed once. Sentence scores, corpus scores, bootstrap intervals and
paired tests all come from them: each is defined from the same numbers, or from sums of them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

import evalkit
from evalkit.data import Example
from evalkit.plan import SEED

__all__ = [
    "CORPUS",
    "REFERENCES",
    "SENTENCE",
    "SOURCE",
    "Example",
    "Judgement",
    "JudgingMetric",
    "Metric",
    "MetricCard",
    "clipped",
    "corpus_score",
]

#: What a metric may need of an example besides the hypothesis.
SOURCE, REFERENCES = "source", "references"
#: The levels of a score: of one example, or of a sum over several.
SENTENCE, CORPUS = "sentence", "corpus"


class Metric(Protocol):
    """A score of a hypothesis.

    name: how it is asked for, and the name of its column ("chrf"). label: how the field writes it ("chrF2").
    range: the least and the greatest value a score can have, infinite where there is none.
    needs: of "source", "references". optional: what it also reads where an example has it.
    note: what a reader of the scores should know; "" as a rule.
    fingerprint: all that a score depends on besides the texts, in plain strings.
    """

    name: str
    label: str

    @property
    def note(self) -> str: ...
    @property
    def higher_is_better(self) -> bool: ...
    @property
    def range(self) -> tuple[float, float]: ...
    @property
    def needs(self) -> frozenset[str]: ...
    @property
    def optional(self) -> frozenset[str]: ...
    @property
    def fingerprint(self) -> Mapping[str, str]: ...

    def statistics(self, batch: Sequence[Example]) -> np.ndarray:
        """One row of numbers for each example: (n, k)."""
        ...

    def scores(self, sums: np.ndarray, level: str = CORPUS) -> np.ndarray:
        """Scores of rows, or of sums of rows, of statistics: (..., k) -> (...).

        In the arithmetic and the precision of the metric's own program, so perhaps a rounding error outside of
        ``range``. ``level`` matters where a sentence is scored by another formula than a corpus.
        """
        ...

    def signature(
        self,
        level: str,
        references: int = 1,
        resamples: int | None = None,
        randomizations: int | None = None,
        seed: int | None = SEED,
    ) -> str:
        """What to cite with a score.

        Args:
            level: `CORPUS` or `SENTENCE`.
            references: how many an example has, -1 if that varies.
            resamples: trials, if a bootstrap interval or test comes with the score.
            randomizations: trials, if an approximate randomization test comes with it.
        """
        ...


@dataclass(frozen=True, slots=True)
class MetricCard:
    """What reports say of a metric.

    decimals: what suits its range, 1 for 0-100, 3 for 0-1. note: what to know. columns: of details, as JSON, beside its
    scores; those that end in "spans" hold error spans.
    """

    name: str
    label: str
    higher_is_better: bool
    range: tuple[float, float]
    needs: frozenset[str]
    decimals: int = 1
    note: str = ""
    columns: tuple[str, ...] = ()

    @staticmethod
    def of(metric: Metric) -> MetricCard:
        """The card of a metric. One whose scores end at 10 or less, or have no end, is shown with three decimals."""
        small = not np.isfinite(metric.range[1]) and metric.higher_is_better
        small = small or metric.range[1] <= 10
        return MetricCard(
            metric.name,
            metric.label,
            metric.higher_is_better,
            metric.range,
            metric.needs,
            3 if small else 1,
            metric.note,
            tuple(metric.detail_columns.values()) if isinstance(metric, JudgingMetric) else (),
        )


def clipped(metric: Metric, scores: Any) -> Any:
    """Scores, an array or a number, without the rounding errors that lie outside of the metric's range."""
    return np.clip(scores, *metric.range)


def corpus_score(metric: Metric, statistics: np.ndarray) -> float:
    """The corpus score of some examples: (n, k) -> a number."""
    return float(clipped(metric, metric.scores(statistics.sum(axis=0))))


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a model says of one example.

    score: NaN where none could be had. flags: what is odd, such as "input_too_long". details: plain JSON
    types, by name: error spans, words, scores of parts.
    """

    score: float
    flags: tuple[str, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)


class JudgingMetric(ABC):
    """A metric that gives each example a score of its own; the score of a corpus is their mean.

    A subclass sets the attributes of `Metric` and writes `judge`. Judgements are kept by fingerprint and
    texts, so that an example is judged once. Statistics of an example: [score, 1], or [0, 0] without a score.

    cited: what a signature names of the metric; the whole fingerprint, unless a subclass says it shorter.
    note: what a reader of the scores should know; "" as a rule.
    detail_columns: detail -> the column it is written to; others are kept and not written.
    """

    name: str
    label: str
    higher_is_better: bool = True
    range: tuple[float, float] = (-np.inf, np.inf)
    needs: frozenset[str] = frozenset({SOURCE})
    optional: frozenset[str] = frozenset()
    note: str = ""
    detail_columns: Mapping[str, str] = {}

    @property
    @abstractmethod
    def fingerprint(self) -> Mapping[str, str]: ...

    @property
    def cited(self) -> Mapping[str, str]:
        return self.fingerprint

    @abstractmethod
    def judge(self, batch: Sequence[Example]) -> list[Judgement]:
        """One judgement an example, in their order; it depends on nothing else in the batch."""

    def statistics(self, batch: Sequence[Example]) -> np.ndarray:
        return statistics_of(self.judge(batch))

    def scores(self, sums: np.ndarray, level: str = CORPUS) -> np.ndarray:
        sums = np.asarray(sums)
        with np.errstate(divide="ignore", invalid="ignore"):
            found: np.ndarray = np.where(sums[..., 1] > 0, sums[..., 0] / sums[..., 1], np.nan)
        return found

    def signature(
        self,
        level: str,
        references: int = 1,
        resamples: int | None = None,
        randomizations: int | None = None,
        seed: int | None = SEED,
    ) -> str:
        parts = {**self.cited, "level": "mean" if level == CORPUS else "segment"}
        if REFERENCES in self.needs or (REFERENCES in self.optional and references):
            parts = {"nrefs": "var" if references < 0 else str(references), **parts}
        parts |= cited_trials(resamples, randomizations, seed)
        parts["evalkit"] = evalkit.__version__
        return "|".join(f"{name}:{value}" for name, value in parts.items())


def cited_trials(
    resamples: int | None, randomizations: int | None, seed: int | None
) -> dict[str, str]:
    """What a signature says of the trials behind a score, by sacreBLEU's keys."""
    found = {
        name: str(count) for name, count in (("bs", resamples), ("ar", randomizations)) if count
    }
    return {**found, "seed": "none" if seed is None else str(seed)} if found else {}


def statistics_of(judgements: Sequence[Judgement]) -> np.ndarray:
    """The statistics of judgements: (n, 2)."""
    scores = np.array([judgement.score for judgement in judgements], dtype=np.float64)
    known = ~np.isnan(scores)
    return np.column_stack([np.where(known, scores, 0.0), known.astype(np.float64)])
