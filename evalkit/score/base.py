"""What a metric is: statistics for each segment, and scores from statistics or from sums of them.

The statistics of a segment are computed once; sentence scores, corpus scores, bootstrap intervals and
paired tests all come from them, since sacreBLEU defines each from (sums of) the same counts.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Protocol

import numpy as np

from evalkit.errors import InputError

# The references of one segment. None marks one that is absent; "" is a reference that is empty.
References = Sequence[Sequence[str | None]]

# Segments are taken in batches that stay in the processor's cache and fit n-grams into a word.
BATCH_CHARACTERS = 20_000
BATCH_SEGMENTS = 512
# Prepared references are kept up to this size; beyond it they are prepared again when used, so that
# memory stays bounded.
KEPT_CHARACTERS = 8_000_000

VARIABLE = -1
SEED = 12345


class Batch(Protocol):
    """The references of some segments, prepared."""

    def statistics(self, hypotheses: Sequence[str]) -> np.ndarray: ...


class Prepared:
    """References ready to be scored against, once for all systems.

    Attributes:
        segments: how many.
        reference_count: references a segment has, or `VARIABLE` (-1) if they differ, as sacreBLEU's nrefs.

    Raises:
        InputError: a segment has no reference at all.
    """

    def __init__(
        self, references: References, columns: int, prepare: Callable[[list[list[str]]], Batch]
    ) -> None:
        self._references = _present(references)
        self._columns, self._prepare = columns, prepare
        self.segments = len(self._references)
        counts = {len(present) for present in self._references}
        self.reference_count = counts.pop() if len(counts) == 1 else VARIABLE
        self._slices, characters = _batches(self._references)
        self._kept: dict[int, Batch] | None = {} if characters <= KEPT_CHARACTERS else None

    def statistics(self, hypotheses: Sequence[str]) -> np.ndarray:
        """Exact statistics of one hypothesis for each segment: (segments, k).

        Raises:
            InputError: not as many hypotheses as segments.
        """
        if len(hypotheses) != self.segments:
            raise InputError(
                f"{len(hypotheses)} hypotheses for {self.segments} segments with references"
            )
        parts = [
            self._batch(number).statistics(hypotheses[part])
            for number, part in enumerate(self._slices)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, self._columns), dtype=np.int64)

    def _batch(self, number: int) -> Batch:
        if self._kept is not None and number in self._kept:
            return self._kept[number]
        batch = self._prepare(self._references[self._slices[number]])
        if self._kept is not None:
            self._kept[number] = batch
        return batch


class Metric(ABC):
    """A score for a hypothesis and its references.

    ``name`` is how it is asked for and the name of its column ("chrf"); ``label`` how sacreBLEU prints it ("chrF2").
    """

    name: str
    label: str
    higher_is_better: ClassVar[bool] = True

    @abstractmethod
    def prepare(self, references: References) -> Prepared:
        """Prepare the references of each segment (a list of segments, each a list of strings)."""

    @abstractmethod
    def raw_scores(self, statistics: np.ndarray, *, sentence: bool = False) -> np.ndarray:
        """Scores in sacreBLEU's own arithmetic, in the precision of the statistics: (..., k) -> (...).

        Bit for bit what sacreBLEU computes, so not cut to 100 where it gives 100.00000000000004.
        """

    @abstractmethod
    def _signature(self, sentence: bool) -> Any:
        """A sacreBLEU metric with these options, and its number of references still unset."""

    def sentence_scores(self, statistics: np.ndarray) -> np.ndarray:
        """The score of each segment: (n, k) -> (n,), 0 to 100."""
        return self.bounded(self.raw_scores(statistics, sentence=True))

    def corpus_scores(self, sums: np.ndarray) -> np.ndarray:
        """The corpus score of each sum of statistics: (..., k) -> (...), 0 to 100."""
        return self.bounded(self.raw_scores(np.asarray(sums)))

    def corpus_score(self, statistics: np.ndarray) -> float:
        """The corpus score of all segments: (n, k) -> a number."""
        return float(self.corpus_scores(statistics.sum(axis=0)))

    def bounded(self, scores: np.ndarray) -> np.ndarray:
        """Raw scores cut to 100."""
        return np.minimum(scores, 100.0)

    def signature(
        self,
        level: str,
        references: int,
        resamples: int | None = None,
        randomizations: int | None = None,
        seed: int | None = SEED,
    ) -> str:
        """sacreBLEU's signature of a score.

        Args:
            level: "corpus" or "sentence".
            references: how many a segment has (`Prepared.reference_count`), -1 if that varies.
            resamples: trials, if a bootstrap interval or test comes with the score.
            randomizations: trials, if an approximate randomization test comes with it.
        """
        metric = self._signature(level == "sentence")
        metric.num_refs = references
        signature = metric.get_signature()
        if resamples:
            signature.update("bs", resamples)
        if randomizations:
            signature.update("ar", randomizations)
        if resamples or randomizations:
            signature.update("seed", "none" if seed is None else seed)
        return signature.format()


def _present(references: References) -> list[list[str]]:
    present = []
    for number, texts in enumerate(references, start=1):
        if isinstance(texts, str):
            raise InputError(f"the references of segment {number} are a text; give a list of texts")
        kept = [text for text in texts if text is not None]
        if not kept:
            raise InputError(f"segment {number} has no reference")
        present.append(kept)
    return present


def _batches(references: list[list[str]]) -> tuple[list[slice], int]:
    """Consecutive segments of about `BATCH_CHARACTERS` of references, and the characters of all."""
    slices, start, size, characters = [], 0, 0, 0
    for number, texts in enumerate(references):
        length = sum(map(len, texts))
        if number > start and (
            size + length > BATCH_CHARACTERS or number - start == BATCH_SEGMENTS
        ):
            slices.append(slice(start, number))
            start, size = number, 0
        size += length
        characters += length
    if references:
        slices.append(slice(start, len(references)))
    return slices, characters
