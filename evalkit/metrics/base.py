"""What a metric scores and says; the metrics that load a model derive from `JudgingMetric`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Example:
    """A hypothesis with its references, its source, or both."""

    hypothesis: str
    references: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a model says of one example. score: NaN where none could be had. details: plain JSON types."""

    score: float
    flags: tuple[str, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)


class JudgingMetric:
    """A metric that gives each example a score of its own; the score of a corpus is their mean."""

    name: str
    label: str
    higher_is_better: bool = True
    range: tuple[float, float] = (-np.inf, np.inf)
    needs: frozenset[str] = frozenset({"source"})

    def judge(self, batch: Sequence[Example]) -> list[Judgement]:
        """One judgement an example, in their order."""
        raise NotImplementedError
