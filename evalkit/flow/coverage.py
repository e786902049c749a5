"""How many pairs a run has, of which status, and which flags occur: counted from frames, and added up over parts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from evalkit.data import PAIRED, PROVIDED_ONLY, SOURCE_ONLY

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Coverage:
    """What the pairs of a run are.

    Attributes:
        pairs, segments: rows of the two frames.
        status, alignment, pair_flags: how many pairs have which.
        segment_flags: how many rows of a pair and a system carry which flag.
        flags: how many pairs carry a flag, be it of their own or of a translation. flagged: pairs with any.
        unsure: paired, but less sure than ``least``, so that corpus scores leave them out.
    """

    pairs: int = 0
    segments: int = 0
    status: Counter[str] = field(default_factory=Counter)
    alignment: Counter[str] = field(default_factory=Counter)
    pair_flags: Counter[str] = field(default_factory=Counter)
    segment_flags: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    flagged: int = 0
    unsure: int = 0
    least: float = 0.0

    @staticmethod
    def of(pairs: pd.DataFrame, segments: pd.DataFrame, least: float = 0.0) -> Coverage:
        """Count the rows of `Evaluation.pairs` and `Evaluation.segments`."""
        # A flag of the pair stands in the row of each of its systems: it is counted once.
        flagged = dict.fromkeys(
            (pair, name)
            for pair, names in zip(segments["pair"], segments["flags"], strict=True)
            for name in names.split()
        )
        return Coverage(
            len(pairs),
            len(segments),
            Counter(pairs["status"]),
            Counter(pairs["alignment"]),
            Counter(flag for flags in pairs["flags"] for flag in flags.split()),
            Counter(flag for flags in segments["flags"] for flag in flags.split()),
            Counter(name for _, name in flagged),
            len({pair for pair, _ in flagged}),
            int(((pairs["status"] == PAIRED) & (pairs["confidence"] < least)).sum()),
            least,
        )

    def __add__(self, other: Coverage) -> Coverage:
        summed = {
            name: getattr(self, name) + getattr(other, name)
            for name in self.__dataclass_fields__
            if name != "least"
        }
        return replace(other, **summed)

    @property
    def paired(self) -> int:
        return self.status[PAIRED]

    @property
    def provided_only(self) -> int:
        return self.status[PROVIDED_ONLY]

    @property
    def source_only(self) -> int:
        return self.status[SOURCE_ONLY]

    @property
    def left_out(self) -> str:
        """In words, how many pairs the corpus scores leave out; "" if none."""
        if not self.unsure:
            return ""
        return f"{self.unsure} of the pairs less sure than {self.least:g} and left out of the corpus scores"

    def as_dict(self) -> dict[str, Any]:
        """What the manifest says of it."""
        return {
            "pairs": self.pairs,
            "status": dict(self.status),
            "alignment": dict(self.alignment),
            "flags": dict(self.pair_flags),
            "segment_flags": dict(self.segment_flags),
        }
