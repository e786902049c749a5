"""The dynamic program: which beads (groups of source and provided sentences) a text falls into.

A state (i, j) means that the first i source and the first j provided sentences are dealt with. Only
states inside a band are looked at. Leaving a sentence out gains nothing (0); every other bead gains what its
`Gains` say, so that a bead with a negative gain is never better than leaving its sentences out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

Bead = tuple[int, int]
# (first source, one past the last, first provided, one past the last)
Span = tuple[int, int, int, int]

DROP_SOURCE: Bead = (1, 0)
DROP_PROVIDED: Bead = (0, 1)


@dataclass(frozen=True)
class Band:
    """For each i in 0..n the states lo[i] <= j < hi[i]; (0, 0) and (n, m) are inside."""

    lo: np.ndarray
    hi: np.ndarray

    @staticmethod
    def full(n: int, m: int) -> Band:
        return Band(np.zeros(n + 1, dtype=np.int64), np.full(n + 1, m + 1, dtype=np.int64))

    @staticmethod
    def around(path: Sequence[Span], n: int, m: int, margin: int) -> Band:
        """The states no further than ``margin`` from a path, in either direction."""
        first, last = np.full(n + 1, m, dtype=np.int64), np.zeros(n + 1, dtype=np.int64)
        first[0], last[n] = 0, m
        for s0, s1, p0, p1 in path:
            first[s0 : s1 + 1] = np.minimum(first[s0 : s1 + 1], p0)
            last[s0 : s1 + 1] = np.maximum(last[s0 : s1 + 1], p1)
        return Band.between(first, last, m, margin)

    @staticmethod
    def between(first: np.ndarray, last: np.ndarray, m: int, margin: int) -> Band:
        """The states between two monotone curves, widened by ``margin`` in both directions."""
        n = len(first) - 1
        rows = np.arange(n + 1)
        lo = np.maximum(first[np.maximum(rows - margin, 0)] - margin, 0)
        hi = np.minimum(last[np.minimum(rows + margin, n)] + margin, m) + 1
        return Band(lo, hi)

    @property
    def area(self) -> int:
        return int((self.hi - self.lo).sum())


class Gains(Protocol):
    """What beads are worth."""

    beads: tuple[Bead, ...]

    def rows(self, i0: int, i1: int, band: Band) -> tuple[int, np.ndarray]:
        """Gains of beads that end in rows i0 <= i < i1.

        Returns:
            (j0, values): ``values[bead, i - i0, j - j0]`` is the gain of the bead that ends at (i, j);
            covers the band of those rows. Where the bead does not fit, -inf.
        """
        ...


def blocks(band: Band, cells: int) -> list[tuple[int, int]]:
    """Rows 1..n in blocks whose rectangles hold about ``cells`` states."""
    n, found, begin = len(band.lo) - 1, [], 1
    while begin <= n:
        end = begin + 1
        while end <= n and (end + 1 - begin) * (band.hi[end] - band.lo[begin]) <= cells:
            end += 1
        found.append((begin, end))
        begin = end
    return found


BLOCK_CELLS = 40_000


def best_path(gains: Gains, band: Band) -> list[Span]:
    """The path of beads with the greatest total gain."""
    n = len(band.lo) - 1
    best = [np.zeros(int(band.hi[0] - band.lo[0]))]
    chosen = [np.full(len(best[0]), _PROVIDED, dtype=np.int8)]
    for i0, i1 in blocks(band, BLOCK_CELLS):
        j0, values = gains.rows(i0, i1, band)
        for i in range(i0, i1):
            row, choice = _best_row(i, best, values[:, i - i0], j0, band, gains.beads)
            best.append(row)
            chosen.append(choice)
            if len(best) > _DEEPEST:
                best[-_DEEPEST - 1] = best[-_DEEPEST - 1][:0]
    return _traced(chosen, band, gains.beads, n)


# Codes of the two drops in the table of choices; the beads have 0, 1, ...
_SOURCE, _PROVIDED = -1, -2
# No bead has more source sentences: older rows of the table are not needed.
_DEEPEST = 8


def _best_row(
    i: int,
    best: list[np.ndarray],
    values: np.ndarray,
    j0: int,
    band: Band,
    beads: Sequence[Bead],
) -> tuple[np.ndarray, np.ndarray]:
    lo, hi = int(band.lo[i]), int(band.hi[i])
    row = np.full(hi - lo, -np.inf)
    choice = np.full(hi - lo, _PROVIDED, dtype=np.int8)
    for code, (a, b) in [(_SOURCE, DROP_SOURCE), *enumerate(beads)]:
        if a > i:
            continue
        begin, end = max(lo, int(band.lo[i - a]) + b), min(hi, int(band.hi[i - a]) + b)
        if begin >= end:
            continue
        offset = b + int(band.lo[i - a])
        candidate = best[i - a][begin - offset : end - offset]
        if code >= 0:
            candidate = candidate + values[code, begin - j0 : end - j0]
        window = slice(begin - lo, end - lo)
        better = candidate > row[window]
        row[window][better] = candidate[better]
        choice[window][better] = code
    # Leaving out provided sentences moves along the row, and gains 0.
    reached = np.maximum.accumulate(row)
    choice[reached > row] = _PROVIDED
    return reached, choice


def _traced(chosen: list[np.ndarray], band: Band, beads: Sequence[Bead], n: int) -> list[Span]:
    i, j, path = n, int(band.hi[n]) - 1, []
    while i or j:
        code = int(chosen[i][j - band.lo[i]])
        a, b = {_SOURCE: DROP_SOURCE, _PROVIDED: DROP_PROVIDED}.get(code) or beads[code]
        path.append((i - a, i, j - b, j))
        i, j = i - a, j - b
    return path[::-1]


def posteriors(gains: Gains, band: Band, path: Sequence[Span], sharpness: float) -> list[float]:
    """For each bead of ``path``, its probability if a path's is proportional to exp(sharpness * gain).

    The forward-backward algorithm over the band; leaving a sentence out has gain 0 there too. Memory is
    proportional to the area of the band: give a narrow one.
    """
    n = len(band.lo) - 1
    table: list[tuple[int, np.ndarray]] = [(0, np.empty((0, 0)))]
    for i0, i1 in blocks(band, BLOCK_CELLS):
        j0, values = gains.rows(i0, i1, band)
        scaled = (values * sharpness).astype(np.float32)
        table += [(j0, scaled[:, i - i0]) for i in range(i0, i1)]
    forward = [np.zeros(int(band.hi[0] - band.lo[0]))]
    for i in range(1, n + 1):
        row = np.full(int(band.hi[i] - band.lo[i]), -np.inf)
        for code, (a, b) in [(_SOURCE, DROP_SOURCE), *enumerate(gains.beads)]:
            _flow(row, i, forward, i - a, b, table, code, band)
        forward.append(np.logaddexp.accumulate(row))
    backward = _backward(table, band, gains.beads)
    total = forward[n][-1]
    chances = []
    for s0, s1, p0, p1 in path:
        bead = (s1 - s0, p1 - p0)
        gain = 0.0
        if bead not in (DROP_SOURCE, DROP_PROVIDED):
            j0, values = table[s1]
            gain = float(values[gains.beads.index(bead), p1 - j0])
        log = forward[s0][p0 - band.lo[s0]] + gain + backward[s1][p1 - band.lo[s1]] - total
        chances.append(float(min(1.0, np.exp(log))))
    return chances


def _flow(
    row: np.ndarray,
    i: int,
    other: list[np.ndarray],
    k: int,
    b: int,
    table: list[tuple[int, np.ndarray]],
    code: int,
    band: Band,
) -> None:
    """Add to ``row`` (states of row i) what comes by one bead from row k < i (forward) or k > i (backward)."""
    n = len(band.lo) - 1
    if not 0 <= k <= n:
        return
    step = b if k < i else -b
    begin = max(int(band.lo[i]), int(band.lo[k]) + step)
    end = min(int(band.hi[i]), int(band.hi[k]) + step)
    if begin >= end:
        return
    offset = step + int(band.lo[k])
    arriving = other[k][begin - offset : end - offset]
    if code >= 0:
        # The gain is kept where the bead ends: in row i going forward, in row k going backward.
        j0, values = table[max(i, k)]
        ends = slice(begin - j0, end - j0) if k < i else slice(begin + b - j0, end + b - j0)
        arriving = arriving + values[code, ends]
    window = row[begin - int(band.lo[i]) : end - int(band.lo[i])]
    np.logaddexp(window, arriving, out=window)


def _backward(
    table: list[tuple[int, np.ndarray]], band: Band, beads: Sequence[Bead]
) -> list[np.ndarray]:
    n = len(band.lo) - 1
    rows: list[np.ndarray] = [np.empty(0)] * (n + 1)
    rows[n] = np.zeros(int(band.hi[n] - band.lo[n]))
    for i in range(n - 1, -1, -1):
        row = np.full(int(band.hi[i] - band.lo[i]), -np.inf)
        for code, (a, b) in [(_SOURCE, DROP_SOURCE), *enumerate(beads)]:
            _flow(row, i, rows, i + a, b, table, code, band)
        rows[i] = np.logaddexp.accumulate(row[::-1])[::-1]
    return rows
