"""What a bead gains by the words that both sides share: the bridge and the provided text, or names and numbers.

Four things are looked at: how much of both sides' n-grams is shared (Dice's coefficient of weighted bags,
near to chrF's F1, and computable for any span from sums over its sentences), how far the lengths
are apart, how many sentences are grouped, and whether the bead would cut a sentence in two.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from evalkit.pair.beads import Band, Bead
from evalkit.pair.features import Bags
from evalkit.pair.weights import PENALTIES, WITH_BRIDGE, Weights

# Columns into which the n-grams are folded; the error of a similarity is about 1 / sqrt of it. The few are
# enough to find the neighbourhood of the path.
DIMENSIONS, FEW_DIMENSIONS = 4096, 512
# Characters added to both lengths, so that a word more or less means little in a short sentence.
LENGTH_FLOOR = 10.0

ENDED = re.compile(r"[.!?…。:;][\"»”’')\]]*\s*$")


class SimilarityGains:
    """Gains (see `beads.Gains`) from bags of n-grams and lengths.

    Args:
        left, right: a bag for each sentence.
        texts: the sentences whose lengths are compared: translations of the source, provided ones.
        source: the source sentences themselves, to see where one is cut in two.
        quality: the similarity of a usual good pair, which tells how good the translation is.
    """

    def __init__(
        self,
        left: Bags,
        right: Bags,
        texts: tuple[Sequence[str], Sequence[str]],
        source: Sequence[str],
        quality: float,
        beads: Sequence[Bead] = tuple(PENALTIES),
        weights: Weights = WITH_BRIDGE,
        dimensions: int = DIMENSIONS,
    ) -> None:
        self.dimensions = dimensions
        self.left, self.right = left, right
        self.beads, self.weights, self.quality = tuple(beads), weights, quality
        self.deepest = max(a for a, _ in beads)
        self.widest = max(b for _, b in beads)
        self.left_lengths, self.right_lengths = map(_running_length, texts)
        self.left_squares = _span_squares(left, self.deepest, dimensions)
        self.right_squares = _span_squares(right, self.widest, dimensions)
        self.left_cuts, self.right_cuts = _cuts(source), _cuts(texts[1])

    def rows(self, i0: int, i1: int, band: Band) -> tuple[int, np.ndarray]:
        """See `beads.Gains`."""
        j0, j1 = int(band.lo[i0]), int(band.hi[i1 - 1])
        top, first = max(0, i0 - self.deepest), max(0, j0 - self.widest)
        # sums[r, c]: the scalar products of all sentences before top + r with all before first + c
        sums = np.zeros((i1 - top, j1 - first))
        x = self.left.dense(top, i1 - 1, self.dimensions)
        y = self.right.dense(first, j1 - 1, self.dimensions)
        sums[1:, 1:] = x @ y.T
        sums = sums.cumsum(0).cumsum(1)
        values = np.full((len(self.beads), i1 - i0, j1 - j0), -np.inf)
        for code, (a, b) in enumerate(self.beads):
            i, j = np.arange(max(i0, a), i1), np.arange(max(j0, b), j1)
            if not i.size or not j.size:
                continue
            r, c = slice(i[0] - top, i1 - top), slice(j[0] - first, j1 - first)
            r_, c_ = slice(r.start - a, r.stop - a), slice(c.start - b, c.stop - b)
            shared = sums[r, c] - sums[r_, c] - sums[r, c_] + sums[r_, c_]
            values[code, i[0] - i0 :, j[0] - j0 :] = self._gain((a, b), i, j, shared)
            if (a, b) == (1, 1):
                values[code, i[0] - i0 :, j[0] - j0 :] -= self._claimed(i, j)
        return j0, values

    def between(self, i: int, j: int) -> float | None:
        """The similarity of source sentence i and provided sentence j; None if neither has a word."""
        x, y = self.left.dense(i, i + 1, DIMENSIONS)[0], self.right.dense(j, j + 1, DIMENSIONS)[0]
        squares = x @ x + y @ y
        return float(np.clip(2 * (x @ y) / squares, 0.0, 1.0)) if squares else None

    def similarity(
        self, bead: Bead, i: np.ndarray, j: np.ndarray, shared: np.ndarray
    ) -> np.ndarray:
        """Dice's coefficient of the spans that end at each (i, j) and the text unseen, in [0, 1]."""
        (a, b), w = bead, self.weights
        squares = self.left_squares[a][i][:, None] + self.right_squares[b][j][None, :]
        alike = 2 * shared + w.unseen * w.unseen_alike * self.quality
        return np.clip(alike / (squares + w.unseen), 0.0, 1.0)

    def _claimed(self, i: np.ndarray, j: np.ndarray) -> np.ndarray:
        """What a 1-1 bead loses because one of its sentences is more like a neighbour of the other: (len(i), len(j)).

        So it is where two sentences are one on the other side, and each would else take the next for its partner.
        """
        top, first = max(0, i[0] - 2), max(0, j[0] - 2)
        x = self.left.dense(top, min(len(self.left), i[-1] + 1), self.dimensions)
        y = self.right.dense(first, min(len(self.right), j[-1] + 1), self.dimensions)
        shared = np.zeros((len(i) + 2, len(j) + 2))
        up, before = 1 - (i[0] - 1 - top), 1 - (j[0] - 1 - first)
        shared[up : up + len(x), before : before + len(y)] = x @ y.T
        here = shared[1:-1, 1:-1]
        aside = np.maximum(shared[1:-1, :-2], shared[1:-1, 2:]) - here
        across = np.maximum(shared[:-2, 1:-1], shared[2:, 1:-1]) - here
        left, right = self.left_squares[1][i][:, None], self.right_squares[1][j][None, :]
        slack = self.weights.slack
        lost = np.clip(aside / left - slack, 0.0, 1.0) + np.clip(across / right - slack, 0.0, 1.0)
        claimed: np.ndarray = self.weights.claim * lost / self.quality
        return claimed

    def _gain(self, bead: Bead, i: np.ndarray, j: np.ndarray, shared: np.ndarray) -> np.ndarray:
        (a, b), w = bead, self.weights
        alike = (self.similarity(bead, i, j, shared) / self.quality) ** w.bend
        left = np.log(self.left_lengths[i] - self.left_lengths[i - a] + LENGTH_FLOOR)
        right = np.log(self.right_lengths[j] - self.right_lengths[j - b] + LENGTH_FLOOR)
        distance = np.minimum((right[None, :] - left[:, None]) ** 2, w.farthest)
        left_cuts = self.left_cuts[i] + self.left_cuts[i - a]
        right_cuts = self.right_cuts[j] + self.right_cuts[j - b]
        size = (a + b) / 2
        gain = size**w.grouping * (alike - w.threshold - w.length * distance)
        return gain - PENALTIES[bead] - w.cut * (left_cuts[:, None] + right_cuts[None, :])


def _running_length(texts: Sequence[str]) -> np.ndarray:
    return np.concatenate(([0.0], np.cumsum([len(text) for text in texts], dtype=float)))


def _cuts(texts: Sequence[str]) -> np.ndarray:
    """cuts[k]: 1 if the border before sentence k lies inside a sentence, as far as can be seen.

    A line that does not end like a sentence, before one that begins with a small letter.
    """
    cuts = np.zeros(len(texts) + 1)
    for k in range(1, len(texts)):
        letter = next((c for c in texts[k] if c.isalnum()), "")
        cuts[k] = letter.islower() and not ENDED.search(texts[k - 1][-20:])
    return cuts


def _span_squares(bags: Bags, longest: int, dimensions: int) -> list[np.ndarray]:
    """squares[a][i]: the squared length of the sum of the a rows before row i (1 where there are not so many)."""
    n, step = len(bags), 256
    # near[k, i]: the scalar product of rows i and i + k
    near = np.zeros((longest, n))
    for begin in range(0, n, step):
        rows = bags.dense(begin, min(n, begin + step + longest), dimensions)
        for k in range(longest):
            count = max(0, min(step, len(rows) - k))
            near[k, begin : begin + count] = np.einsum(
                "ij,ij->i", rows[:count], rows[k : k + count]
            )
    squares, square = [np.ones(n + 1)], np.zeros(n + 1)
    for a in range(1, longest + 1):
        # A span of a rows is one of a - 1 rows and the row before it.
        added = near[0].copy()
        for k in range(1, a):
            added += 2 * near[k]
        grown = np.ones(n + 1)
        grown[a:] = square[a:] + added[: max(0, n + 1 - a)]
        # Two opposite rows may cancel by the folding.
        square = np.maximum(grown, 1e-6)
        squares.append(square)
    return squares
