"""TER (Snover et al. 2006), computed by sacreBLEU itself."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from evalkit.metrics.base import CORPUS, SENTENCE
from evalkit.metrics.ngrams.prepared import Prepared, ReferenceMetric, References


@dataclass
class TER(ReferenceMetric):
    """Translation edit rate: lower is better, and it may exceed 100. Options are sacreBLEU's.

    Statistics of a segment: [least number of edits, mean reference length], float64.
    """

    normalized: bool = False
    no_punct: bool = False
    asian_support: bool = False
    case_sensitive: bool = False
    name: str = "ter"
    label: str = field(default="TER", init=False)
    higher_is_better = False
    range = (0.0, math.inf)

    def prepare(self, references: References) -> Prepared:
        return Prepared(references, 2, lambda part: _Batch(self.sacrebleu(SENTENCE), part))

    def scores(self, sums: np.ndarray, level: str = CORPUS) -> np.ndarray:
        sums = np.asarray(sums)
        edits, length = sums[..., 0], sums[..., 1]
        with np.errstate(divide="ignore", invalid="ignore"):
            # An empty reference: all wrong, unless the hypothesis is empty as well.
            return 100 * np.where(length > 0, edits / length, (edits > 0).astype(edits.dtype))

    def sacrebleu(self, level: str) -> Any:
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
