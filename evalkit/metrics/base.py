"""What a metric is: statistics of each example, and scores from sums of them."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np


@dataclass(frozen=True, slots=True)
class Example:
    """What a metric scores: a hypothesis, its references, and the source where it is known."""

    hypothesis: str
    references: tuple[str, ...] = ()
    source: str = ""


class Metric(Protocol):
    """A score of an example, and of any sum of examples.

    ``needs`` is of {"source", "references"}; ``range`` is what scores usually lie in; ``fingerprint``
    is everything a stored score depends on.
    """

    name: str
    label: str
    higher_is_better: bool
    range: tuple[float, float]
    needs: frozenset[str]

    @property
    def fingerprint(self) -> Mapping[str, str]: ...

    def statistics(self, batch: Sequence[Example]) -> np.ndarray:
        """Statistics of each example: (n, k) float64."""
        ...

    def scores(self, sums: np.ndarray) -> np.ndarray:
        """The score of each sum of statistics: (..., k) -> (...)."""
        ...

    def signature(self, level: str) -> str:
        """What must be said to repeat a score; ``level`` is "sentence" or "corpus"."""
        ...


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a model says of one example.

    score: NaN where no score could be had.
    flags: "input_too_long", "copy_of_source", "empty_hypothesis", "reply_not_understood".
    details: plain values for JSON: sub-scores by name, and "spans", a list of dictionaries of
        "text", "severity", "start", "end" (character offsets into the hypothesis) and "confidence".
    """

    score: float
    flags: tuple[str, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)


class JudgingMetric(ABC):
    """A metric that loads a model. A subclass writes `judge`; the rest follows from its scores."""

    name: str
    label: str
    higher_is_better: bool
    range: tuple[float, float]
    needs: frozenset[str]

    @property
    @abstractmethod
    def fingerprint(self) -> Mapping[str, str]:
        """Everything a score depends on, in plain strings."""

    @abstractmethod
    def judge(self, batch: Sequence[Example]) -> list[Judgement]:
        """A judgement of each example, in order."""

    @abstractmethod
    def signature(self, level: str) -> str:
        """What must be said to repeat a score."""

    def statistics(self, batch: Sequence[Example]) -> np.ndarray:
        """(score, 1) of each example, (0, 0) of one without a score: (n, 2)."""
        rows = [
            (0.0, 0.0) if math.isnan(judgement.score) else (judgement.score, 1.0)
            for judgement in self.judge(batch)
        ]
        return np.array(rows, dtype=np.float64).reshape(len(rows), 2)

    def scores(self, sums: np.ndarray) -> np.ndarray:
        """The mean score of each sum, NaN where nothing has one: (..., 2) -> (...)."""
        sums = np.asarray(sums, dtype=np.float64)
        total, count = sums[..., 0], sums[..., 1]
        means: np.ndarray = np.divide(
            total, count, out=np.full(total.shape, np.nan), where=count > 0
        )
        return means
