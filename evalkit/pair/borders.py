"""Alignment within pairs of lines: what corresponds to a line's sentences is in the same line of the other side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evalkit.data import Segment
from evalkit.pair.beads import Band, Bead, Gains


@dataclass(frozen=True)
class Borders:
    """The lines of all sentences of both sides, ascending: (n,) and (m,)."""

    source: np.ndarray
    provided: np.ndarray

    @staticmethod
    def of(source: Sequence[Segment], provided: Sequence[Segment]) -> Borders:
        lines = [np.array([s.line for s in side], dtype=np.int64) for side in (source, provided)]
        return Borders(*lines)

    @property
    def band(self) -> Band:
        """The states that a path within the lines goes through."""
        n, m = len(self.source), len(self.provided)
        lo, hi = np.zeros(n + 1, dtype=np.int64), np.full(n + 1, m + 1, dtype=np.int64)
        lo[1:] = np.searchsorted(self.provided, self.source, side="left")
        hi[:n] = np.searchsorted(self.provided, self.source, side="right") + 1
        return Band(lo, hi)


class WithinLines:
    """Gains (see `beads.Gains`) of which those of beads that cross the border of a line are -inf."""

    def __init__(self, gains: Gains, borders: Borders) -> None:
        self.gains, self.borders = gains, borders
        self.beads: tuple[Bead, ...] = gains.beads

    def rows(self, i0: int, i1: int, band: Band) -> tuple[int, np.ndarray]:
        """See `beads.Gains`."""
        j0, values = self.gains.rows(i0, i1, band)
        source, provided = self.borders.source, self.borders.provided
        for code, (a, b) in enumerate(self.beads):
            i, j = np.arange(max(i0, a), i1), np.arange(max(j0, b), j0 + values.shape[2])
            if not i.size or not j.size:
                continue
            last, last_provided = source[i - 1], provided[j - 1]
            inside = (source[i - a] == last)[:, None] & (provided[j - b] == last_provided)[None, :]
            inside &= last[:, None] == last_provided[None, :]
            values[code, i[0] - i0 :, j[0] - j0 :][~inside] = -np.inf
        return j0, values
