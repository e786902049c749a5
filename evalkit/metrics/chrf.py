"""chrF (Popović 2015) and chrF++ (Popović 2017) with sacreBLEU's options and definitions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from evalkit.errors import InputError
from evalkit.metrics.base import CORPUS
from evalkit.metrics.ngrams.prepared import Prepared, ReferenceMetric, References
from evalkit.metrics.ngrams.symbols import CharacterIndex, TokenIndex
from evalkit.metrics.ngrams.tokenizers import split_off_punctuation

EPSILON = 1e-16


@dataclass
class CHRF(ReferenceMetric):
    """chrF, or chrF++ with ``word_order=2``. Options are sacreBLEU's.

    Statistics of a segment: [hypothesis n-grams, reference n-grams, matches] for each character order,
    then for each word order, int64; with several references those of the best one.
    """

    char_order: int = 6
    word_order: int = 0
    beta: int = 2
    lowercase: bool = False
    whitespace: bool = False
    eps_smoothing: bool = False
    name: str = "chrf"
    label: str = field(init=False)

    def __post_init__(self) -> None:
        if self.char_order < 0 or self.word_order < 0 or not self.order:
            raise InputError("chrF needs a character or word order of at least 1, and none below 0")
        if self.beta < 0:
            raise InputError("the beta of chrF must not be negative")
        self.label = f"chrF{self.beta}" + "+" * self.word_order

    @property
    def order(self) -> int:
        return self.char_order + self.word_order

    def prepare(self, references: References) -> Prepared:
        return Prepared(references, 3 * self.order, lambda part: _Batch(self, part))

    def scores(self, sums: np.ndarray, level: str = CORPUS) -> np.ndarray:
        counts = np.asarray(sums)
        counts = counts.reshape(*counts.shape[:-1], self.order, 3)
        factor = self.beta**2
        with np.errstate(divide="ignore", invalid="ignore"):
            hypothesis, reference, match = (np.moveaxis(counts, -1, 0)[k] for k in range(3))
            precisions = np.where(hypothesis > 0, match / hypothesis, EPSILON)
            recalls = np.where(reference > 0, match / reference, EPSILON)
            if self.eps_smoothing:
                return self._with_epsilon(precisions, recalls, factor)
            both = (hypothesis > 0) & (reference > 0)
            effective = both.sum(axis=-1)
            precision = recall = np.zeros(effective.shape, dtype=precisions.dtype)
            for n in range(self.order):  # in sacreBLEU's order of adding
                precision = precision + np.where(both[..., n], precisions[..., n], 0)
                recall = recall + np.where(both[..., n], recalls[..., n], 0)
            effective = np.maximum(effective, 1).astype(precision.dtype)
            precision, recall = precision / effective, recall / effective
            score = (1 + factor) * precision * recall / (factor * precision + recall)
            return np.where(precision + recall > 0, 100 * score, 0)

    def _with_epsilon(self, precisions: np.ndarray, recalls: np.ndarray, factor: int) -> np.ndarray:
        """The mean F score over the orders, as chrF++.py, Moses and NLTK have it."""
        denominators = factor * precisions + recalls
        scores = (1 + factor) * precisions * recalls / denominators
        scores = np.where(denominators > 0, scores, EPSILON)
        total = np.zeros(scores.shape[:-1], dtype=scores.dtype)
        for n in range(self.order):
            total = total + scores[..., n]
        return 100 * total / self.order

    def sacrebleu(self, level: str) -> Any:
        import sacrebleu

        return sacrebleu.CHRF(
            char_order=self.char_order,
            word_order=self.word_order,
            beta=self.beta,
            lowercase=self.lowercase,
            whitespace=self.whitespace,
            eps_smoothing=self.eps_smoothing,
        )


def chrf_plus_plus(name: str = "chrf++", word_order: int = 2, **options: Any) -> CHRF:
    """chrF++: chrF with words up to this order beside the characters. Other options as `CHRF`."""
    return CHRF(name=name, word_order=word_order, **options)


class _Batch:
    """The references of some segments, one layer for each reference a segment may have."""

    def __init__(self, metric: CHRF, references: list[list[str]]) -> None:
        self.metric = metric
        counts = np.array([len(texts) for texts in references])
        self.layers = []
        for k in range(counts.max()):
            where = np.flatnonzero(counts > k)
            texts = [references[i][k] for i in where.tolist()]
            self.layers.append((where, self._indexes(texts)))

    def _indexes(self, texts: list[str]) -> list[CharacterIndex | TokenIndex]:
        metric, cased = self.metric, self._cased(texts)
        indexes: list[CharacterIndex | TokenIndex] = []
        if metric.char_order:
            indexes.append(CharacterIndex(cased, metric.char_order, metric.whitespace))
        if metric.word_order:
            indexes.append(TokenIndex([cased], metric.word_order, split_off_punctuation))
        return indexes

    def _cased(self, texts: Sequence[str]) -> Sequence[str]:
        return [text.lower() for text in texts] if self.metric.lowercase else texts

    def statistics(self, hypotheses: Sequence[str]) -> np.ndarray:
        hypotheses = self._cased(hypotheses)
        best = self._layer(0, hypotheses)
        best_scores = self.metric.scores(best)
        for k in range(1, len(self.layers)):
            where, _ = self.layers[k]
            statistics = self._layer(k, [hypotheses[i] for i in where.tolist()])
            scores = self.metric.scores(statistics)
            better = scores > best_scores[where]
            best[where[better]] = statistics[better]
            best_scores[where[better]] = scores[better]
        return best

    def _layer(self, k: int, hypotheses: Sequence[str]) -> np.ndarray:
        parts = [index.statistics(hypotheses) for index in self.layers[k][1]]
        return np.concatenate(parts, axis=1).reshape(len(hypotheses), 3 * self.metric.order)
