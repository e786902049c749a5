"""TER (Snover et al. 2006), computed by sacreBLEU itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from evalkit.score.base import Metric, Prepared, References


@dataclass
class TER(Metric):
    """Translation edit rate: lower is better, and it may exceed 100. Options are sacreBLEU's.

    Statistics of a segment: [least number of edits, mean reference length], float64.
    """

    normalized: bool = False
    no_punct: bool = False
    asian_support: bool = False
    case_sensitive: bool = False
    name: str = field(default="ter", init=False)
    label: str = field(default="TER", init=False)
    higher_is_better = False

    def prepare(self, references: References) -> Prepared:
        return Prepared(references, 2, lambda part: _Batch(self._signature(True), part))

    def raw_scores(self, statistics: np.ndarray, *, sentence: bool = False) -> np.ndarray:
        statistics = np.asarray(statistics)
        edits, length = statistics[..., 0], statistics[..., 1]
        with np.errstate(divide="ignore", invalid="ignore"):
            # An empty reference: all wrong, unless the hypothesis is empty as well.
            return 100 * np.where(length > 0, edits / length, (edits > 0).astype(edits.dtype))

    def bounded(self, scores: np.ndarray) -> np.ndarray:
        """Raw scores as they are: TER may exceed 100."""
        return scores

    def _signature(self, sentence: bool) -> Any:
        import sacrebleu

        return sacrebleu.TER(
            normalized=self.normalized,
            no_punct=self.no_punct,
            asian_support=self.asian_support,
            case_sensitive=self.case_sensitive,
        )


@dataclass
class _Batch:
    metric: Any
    references: list[list[str]]

    def statistics(self, hypotheses: Sequence[str]) -> np.ndarray:
        scores = map(self.metric.sentence_score, hypotheses, self.references)
        rows = [(score.num_edits, score.ref_length) for score in scores]
        return np.array(rows, dtype=np.float64)
