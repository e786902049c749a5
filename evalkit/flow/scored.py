"""What a shard gives: everything about its documents that a result is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from evalkit.data import PAIRED, Doubts, Pair, Translation
from evalkit.flow.scoring import Key, Statistics

if TYPE_CHECKING:
    from evalkit.checks.base import PairFindings


@dataclass(frozen=True)
class Place:
    """A document of a result: its name, where it stands in the order of documents, and how many pairs it has.

    aligned: its pairs were found, not given by the input. doubts: what looks wrong with it as a whole.
    """

    name: str
    input: str
    position: int
    pairs: int
    aligned: bool
    doubts: Doubts = field(default_factory=Doubts)


@dataclass(frozen=True)
class Counts:
    """Where a system's translations came from: see `evalkit.systems.Translations`."""

    reused: int = 0
    computed: int = 0
    recorded: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.reused + other.reused,
            self.computed + other.computed,
            self.recorded + other.recorded,
        )


@dataclass(frozen=True)
class Scored:
    """Some documents, paired, translated and scored.

    pairs: those of all documents, one document after another. translations: by system, one a pair.
    findings: what looks wrong with each pair by itself; () where it was not asked for.
    agreement, triage: (pairs,) of the systems, NaN where a pair is not scored; None with one system.
    """

    documents: tuple[Place, ...]
    pairs: tuple[Pair, ...]
    translations: Mapping[str, tuple[Translation, ...]]
    statistics: Mapping[Key, Statistics]
    findings: tuple[PairFindings, ...] = ()
    agreement: np.ndarray | None = None
    triage: np.ndarray | None = None
    counts: Mapping[str, Counts] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)


def aligned_confidences(scored: Scored) -> dict[str, list[float]]:
    """The confidences of what was paired in the documents that were aligned, by the document's name."""
    found: dict[str, list[float]] = {}
    begin = 0
    for place in scored.documents:
        if place.aligned:
            pairs = scored.pairs[begin : begin + place.pairs]
            confidences = [pair.confidence for pair in pairs if pair.status == PAIRED]
            found.setdefault(place.name, []).extend(confidences)
        begin += place.pairs
    return found


def most_references(pairs: Sequence[Pair]) -> int:
    """How many provided texts a pair has at most; a frame has a column even where there is none."""
    return max((len(pair.provided) for pair in pairs), default=1) or 1
