"""What a bead gains when there is a translation of the source to compare with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evalkit.pair.beads import Band, Bead
from evalkit.pair.features import Bags

DIMENSIONS = 4096
BEADS: tuple[Bead, ...] = ((1, 1), (1, 2), (2, 1), (2, 2), (1, 3), (3, 1))


@dataclass(frozen=True)
class Weights:
    """The numbers of the model; see `docs/alignment.md` for what they were chosen on."""

    threshold: float = 0.2
    length: float = 0.3
    size_penalty: float = 0.05
    many: float = 0.5


class SimilarityGains:
    """Gains from the cosine of bags of n-grams and from the lengths in characters."""

    def __init__(
        self,
        left: Bags,
        right: Bags,
        left_lengths: Sequence[int],
        right_lengths: Sequence[int],
        beads: tuple[Bead, ...] = BEADS,
        weights: Weights = Weights(),
    ) -> None:
        self.left, self.right, self.beads, self.weights = left, right, beads, weights
        self.x_len = np.concatenate(([0], np.cumsum(np.asarray(left_lengths, dtype=float))))
        self.y_len = np.concatenate(([0], np.cumsum(np.asarray(right_lengths, dtype=float))))
        self.x_norm = _span_norms(left, max(a for a, _ in beads))
        self.y_norm = _span_norms(right, max(b for _, b in beads))

    def rows(self, i0: int, i1: int, band: Band) -> tuple[int, np.ndarray]:
        j0, j1 = int(band.lo[i0]), int(band.hi[i1 - 1])
        deep, wide = max(a for a, _ in self.beads), max(b for _, b in self.beads)
        top, left = max(0, i0 - deep), max(0, j0 - wide)
        x = self.left.dense(top, i1 - 1, DIMENSIONS)
        y = self.right.dense(left, j1 - 1, DIMENSIONS)
        dots = np.zeros((i1 - top, j1 - left))
        dots[1:, 1:] = x @ y.T
        sums = dots.cumsum(0).cumsum(1)
        i, j = np.arange(i0, i1), np.arange(j0, j1)
        values = np.full((len(self.beads), i1 - i0, j1 - j0), -np.inf)
        for code, (a, b) in enumerate(self.beads):
            vi, vj = i[i >= a], j[j >= b]
            if not len(vi) or not len(vj):
                continue
            r, c = vi - top, vj - left
            span = (
                sums[np.ix_(r, c)]
                - sums[np.ix_(r - a, c)]
                - sums[np.ix_(r, c - b)]
                + sums[np.ix_(r - a, c - b)]
            )
            cosine = span / np.outer(self.x_norm[a][vi], self.y_norm[b][vj])
            lx = (self.x_len[vi] - self.x_len[vi - a])[:, None] + 10
            ly = (self.y_len[vj] - self.y_len[vj - b])[None, :] + 10
            away = np.log(ly / lx)
            w = self.weights
            gain = ((a + b) / 2) ** w.many * (
                cosine - w.threshold - w.length * np.minimum(away**2, 1)
            ) - w.size_penalty * (a + b - 2)
            values[code, len(i) - len(vi) :, len(j) - len(vj) :] = gain
        return j0, values


def _span_norms(bags: Bags, longest: int) -> list[np.ndarray]:
    """norms[a][i]: the length of the sum of the a rows before row i (1 where there are not so many)."""
    n = len(bags)
    own = np.zeros(n)
    near = np.zeros((longest, n))
    step = 256
    for begin in range(0, n, step):
        end = min(n, begin + step + longest)
        rows = bags.dense(begin, end, DIMENSIONS)
        count = min(step, n - begin)
        for k in range(longest):
            usable = max(0, min(count, end - begin - k))
            near[k, begin : begin + usable] = np.einsum(
                "ij,ij->i", rows[:usable], rows[k : k + usable]
            )
    own = near[0]
    norms = [np.ones(n + 1)]
    square = np.zeros(n + 1)
    for a in range(1, longest + 1):
        # ||x_{i-a} + ... + x_{i-1}||^2 = that of a-1 rows, plus the new row and its products with the rest
        grown = np.ones(n + 1)
        new = own.copy()
        for k in range(1, a):
            new[: n - k] += 2 * near[k, : n - k]
        grown[a:] = square[a:] + new[: n + 1 - a]
        square = grown
        norms.append(np.sqrt(np.maximum(square, 1e-9)))
    return norms
