"""What a bead gains when only lengths are known: Gale and Church (1993), "A program for aligning
sentences in bilingual corpora", https://aclanthology.org/J93-1004/.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evalkit.pair.beads import Band, Bead

# Their estimates: provided characters to a source character, its variance, the chances of the beads.
RATIO, VARIANCE = 1.0, 6.8
PRIORS: dict[Bead, float] = {
    (1, 1): 0.89,
    (1, 0): 0.0099 / 2,
    (0, 1): 0.0099 / 2,
    (2, 1): 0.089 / 2,
    (1, 2): 0.089 / 2,
    (2, 2): 0.011,
}


class LengthGains:
    """Log-probabilities of beads by Gale and Church, less those of leaving their sentences out.

    Their program minimizes the cost of a whole path. What it would cost to leave out every sentence is
    the same for all paths, so taking each sentence's share of that from its bead changes no choice, and
    gives the drops the gain 0 that `beads.best_path` wants.
    """

    beads: tuple[Bead, ...] = tuple(bead for bead in PRIORS if min(bead) > 0)

    def __init__(self, left: Sequence[str], right: Sequence[str]) -> None:
        lengths = [np.array([len(text) for text in side], dtype=float) for side in (left, right)]
        self.left, self.right = (np.concatenate(([0.0], side.cumsum())) for side in lengths)
        zero = np.zeros(1)
        self.left_drops, self.right_drops = (
            np.concatenate(([0.0], np.cumsum(log_probability(bead, source, provided))))
            for bead, source, provided in (((1, 0), lengths[0], zero), ((0, 1), zero, lengths[1]))
        )

    def rows(self, i0: int, i1: int, band: Band) -> tuple[int, np.ndarray]:
        """See `beads.Gains`."""
        j0, j1 = int(band.lo[i0]), int(band.hi[i1 - 1])
        values = np.full((len(self.beads), i1 - i0, j1 - j0), -np.inf)
        for code, (a, b) in enumerate(self.beads):
            i, j = np.arange(max(i0, a), i1), np.arange(max(j0, b), j1)
            source = (self.left[i] - self.left[i - a])[:, None]
            provided = (self.right[j] - self.right[j - b])[None, :]
            instead = (self.left_drops[i] - self.left_drops[i - a])[:, None] + (
                self.right_drops[j] - self.right_drops[j - b]
            )
            if i.size and j.size:
                values[code, i[0] - i0 :, j[0] - j0 :] = (
                    log_probability((a, b), source, provided) - instead
                )
        return j0, values


def log_probability(bead: Bead, source: np.ndarray, provided: np.ndarray) -> np.ndarray:
    """log(P(bead) * P(delta)) for lengths in characters; delta as in their section 3.1."""
    mean = (source + provided / RATIO) / 2
    delta = np.abs(provided - source * RATIO) / np.sqrt(np.maximum(mean, 1.0) * VARIANCE)
    return np.log(PRIORS[bead]) + _log_two_sided_tail(delta)


def _log_two_sided_tail(delta: np.ndarray) -> np.ndarray:
    """log(2 * (1 - Phi(delta))), exact far into the tail."""
    from scipy.special import log_ndtr

    tail: np.ndarray = np.log(2) + log_ndtr(-delta)
    return tail
