"""What the model is given of an example, and what it says of that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Reading:
    """A hypothesis with its source and at most one reference, as the model reads them."""

    hypothesis: str
    source: str = ""
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A score; ``cut`` where the model did not read all; sub-scores and spans in ``details``."""

    score: float
    cut: bool
    details: Mapping[str, Any] = field(default_factory=dict)


class Model(Protocol):
    """A loaded checkpoint."""

    def read(self, readings: Sequence[Reading]) -> list[Verdict]:
        """A verdict of each reading, in order."""
        ...
