"""References made ready once, for all systems that are scored against them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from evalkit.errors import InputError
from evalkit.metrics.base import CORPUS, REFERENCES, SENTENCE, Example, cited_trials
from evalkit.plan import SEED

# The references of one segment. None marks one that is absent; "" is a reference that is empty.
References = Sequence[Sequence[str | None]]

# Segments are taken in batches that stay in the processor's cache and fit n-grams into a word.
BATCH_CHARACTERS = 20_000
BATCH_SEGMENTS = 512
# Prepared references are kept up to this size; beyond it they are prepared again when used, so that
# memory stays bounded.
KEPT_CHARACTERS = 8_000_000

VARIABLE = -1


class Batch(Protocol):
    """The references of some segments, prepared."""

    def statistics(self, hypotheses: Sequence[str]) -> np.ndarray: ...


class Prepared:
    """References ready to be scored against.

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
        self.reference_count = reference_count(self._references)
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


class ReferenceMetric(ABC):
    """A metric of sacreBLEU's: needs references alone, and keeps the last ones prepared.

    A subclass is a dataclass of its options and has a ``name`` and a ``label``.
    """

    name: str
    label: str
    higher_is_better: bool = True
    range: tuple[float, float] = (0.0, 100.0)
    needs: frozenset[str] = frozenset({REFERENCES})
    optional: frozenset[str] = frozenset()
    note: str = ""

    _last: tuple[tuple[tuple[str | None, ...], ...], Prepared] | None = None

    @abstractmethod
    def prepare(self, references: References) -> Prepared:
        """Prepare the references of each segment (a list of segments, each a list of strings)."""

    @abstractmethod
    def scores(self, sums: np.ndarray, level: str = CORPUS) -> np.ndarray:
        """See `Metric`. Bit for bit what sacreBLEU computes, so 100.00000000000004 where it gives that."""

    @abstractmethod
    def sacrebleu(self, level: str) -> Any:
        """A sacreBLEU metric with these options, as it is used at this level."""

    def statistics(self, batch: Sequence[Example]) -> np.ndarray:
        references = tuple(example.references for example in batch)
        if self._last is None or self._last[0] != references:
            self._last = references, self.prepare(references)
        return self._last[1].statistics([example.hypothesis for example in batch])

    @property
    def fingerprint(self) -> Mapping[str, str]:
        return {"metric": self.name, "signature": self.signature(SENTENCE)}

    def signature(
        self,
        level: str,
        references: int = 1,
        resamples: int | None = None,
        randomizations: int | None = None,
        seed: int | None = SEED,
    ) -> str:
        """sacreBLEU's signature; see `Metric`."""
        metric = self.sacrebleu(level)
        metric.num_refs = references
        signature = metric.get_signature()
        for name, value in cited_trials(resamples, randomizations, seed).items():
            signature.update(name, value)
        formatted: str = signature.format()
        return formatted


def reference_count(references: Sequence[Sequence[str | None]]) -> int:
    """How many references a segment has, or `VARIABLE` if that differs."""
    counts = {len(present) for present in references}
    return counts.pop() if len(counts) == 1 else VARIABLE


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
