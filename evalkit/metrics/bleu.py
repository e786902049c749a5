"""BLEU (Papineni et al. 2002) with sacreBLEU's options and definitions (Post 2018)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from evalkit.errors import InputError
from evalkit.metrics.base import CORPUS, SENTENCE
from evalkit.metrics.ngrams.counting import ngram_totals
from evalkit.metrics.ngrams.prepared import Prepared, ReferenceMetric, References
from evalkit.metrics.ngrams.symbols import TokenIndex
from evalkit.metrics.ngrams.tokenizers import load_tokenizer

# Value each smoothing method takes when none is given (Chen and Cherry 2014); None: it takes none.
SMOOTHING = {"exp": None, "floor": 0.1, "add-k": 1, "none": None}
# sacreBLEU's logarithm of zero.
LOG_OF_ZERO = -9999999999.0


@dataclass
class BLEU(ReferenceMetric):
    """BLEU. Options are sacreBLEU's; sentence scores always use the effective order, corpus scores only if asked.

    Statistics of a segment: [hypothesis length, closest reference length, matches of order 1..4,
    hypothesis n-grams of order 1..4], int64.
    """

    tokenize: str = "13a"
    lowercase: bool = False
    smooth_method: str = "exp"
    smooth_value: float | None = None
    max_ngram_order: int = 4
    effective_order: bool = False
    name: str = "bleu"
    label: str = field(default="BLEU", init=False)

    def __post_init__(self) -> None:
        if self.smooth_method not in SMOOTHING:
            raise InputError(
                f"unknown smoothing {self.smooth_method!r}; choose one of {', '.join(SMOOTHING)}"
            )
        if self.max_ngram_order < 1:
            raise InputError("the n-gram order of BLEU must be at least 1")
        self._tokenizer, _ = load_tokenizer(self.tokenize)

    def tokens(self, text: str) -> list[str]:
        """The tokens BLEU compares."""
        return self._tokenizer(text.lower() if self.lowercase else text)

    def prepare(self, references: References) -> Prepared:
        columns = 2 + 2 * self.max_ngram_order
        return Prepared(references, columns, lambda part: _Batch(self, part))

    def scores(self, sums: np.ndarray, level: str = CORPUS) -> np.ndarray:
        statistics = np.asarray(sums)
        order = self.max_ngram_order
        correct = statistics[..., 2 : 2 + order]
        total = statistics[..., 2 + order :]
        precisions, reached = self._precisions(correct, total)
        logs = np.full(precisions.shape, LOG_OF_ZERO)
        positive = precisions > 0
        logs[positive] = _libm(math.log, precisions[positive])
        if level == SENTENCE or self.effective_order:
            logs[np.arange(order) >= reached[..., None]] = 0.0
        else:
            reached = np.full_like(reached, order)
        summed = np.zeros(reached.shape)
        for n in range(order):  # in sacreBLEU's order of adding
            summed += logs[..., n]
        scores = np.zeros(reached.shape)
        any_match = correct.any(axis=-1)
        scores[any_match] = _libm(math.exp, summed[any_match] / reached[any_match])
        return _brevity_penalty(statistics[..., 0], statistics[..., 1]) * scores

    def _precisions(self, correct: np.ndarray, total: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Smoothed precisions in percent, 0 from the first order without n-grams on: (..., order),
        and how many orders come before that: (...)."""
        shape = correct.shape[:-1]
        value = SMOOTHING[self.smooth_method] if self.smooth_value is None else self.smooth_value
        value = value or 0
        precisions, alive = [], np.ones(shape, dtype=bool)
        reached = np.zeros(shape, dtype=np.int64)
        halving = np.ones(shape, dtype=np.result_type(correct.dtype, np.float32))
        for n in range(self.max_ngram_order):
            matched, possible = correct[..., n], total[..., n]
            if self.smooth_method == "add-k" and n > 0:
                matched, possible = matched + value, possible + value
            alive = alive & (possible != 0)
            reached += alive
            divisor = np.where(alive, possible, 1)
            precision = 100.0 * matched / divisor
            none = matched == 0
            if self.smooth_method == "exp":
                halving = np.where(alive & none, halving * 2, halving)
                precision = np.where(none, 100.0 / (halving * divisor), precision)
            elif self.smooth_method == "floor":
                precision = np.where(none, 100.0 * value / divisor, precision)
            precisions.append(np.where(alive, precision, 0))
        return np.stack(precisions, axis=-1), reached

    def sacrebleu(self, level: str) -> Any:
        import sacrebleu

        return sacrebleu.BLEU(
            tokenize=self.tokenize,
            lowercase=self.lowercase,
            smooth_method=self.smooth_method,
            smooth_value=self.smooth_value,
            max_ngram_order=self.max_ngram_order,
            effective_order=level == SENTENCE or self.effective_order,
        )


class _Batch:
    """The reference n-grams and lengths of some segments."""

    def __init__(self, metric: BLEU, references: list[list[str]]) -> None:
        layers = [
            [texts[k] if k < len(texts) else None for texts in references]
            for k in range(max(map(len, references)))
        ]
        self.index = TokenIndex(layers, metric.max_ngram_order, metric.tokens)
        counts = np.array([len(texts) for texts in references])
        self.absent = np.arange(len(layers)) >= counts[:, None]

    def statistics(self, hypotheses: Sequence[str]) -> np.ndarray:
        symbols = self.index.symbols(hypotheses)
        closest = _closest(symbols.lengths, self.index.lengths, self.absent)
        totals = ngram_totals(symbols.lengths, self.index.order)
        matches = self.index.index.matches(symbols)
        return np.column_stack([symbols.lengths, closest, matches, totals])


def _closest(lengths: np.ndarray, references: np.ndarray, absent: np.ndarray) -> np.ndarray:
    """The reference length closest to each hypothesis length, the shorter of two equally close."""
    distance = np.abs(references - lengths[:, None])
    # Distance first, then length: both in one number, since lengths are far below 2**31.
    rank = np.where(absent, np.iinfo(np.int64).max, distance << 31 | references)
    closest: np.ndarray = references[np.arange(len(lengths)), rank.argmin(axis=1)]
    return closest


def _brevity_penalty(lengths: np.ndarray, references: np.ndarray) -> np.ndarray:
    lengths, references = lengths.astype(np.float64), references.astype(np.float64)
    penalty = np.where(lengths < references, 0.0, 1.0)
    short = (lengths < references) & (lengths > 0)
    penalty[short] = _libm(math.exp, 1 - references[short] / lengths[short])
    return penalty


def _libm(function: Any, values: np.ndarray) -> np.ndarray:
    """``function`` of `math` for each value: NumPy's own exp and log differ from it in the last bit,
    and whether a trial beats a difference may hang on that."""
    return np.fromiter(map(function, values.tolist()), dtype=np.float64, count=values.size)
