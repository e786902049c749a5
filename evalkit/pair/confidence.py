"""How sure a pair is: its posterior probability, and whether its two sides have anything in common.

The posterior says that no other pairing of this document is as good. That is no proof where nothing else was to be had: two
single sentences are each other's best partner whatever they say. So it is weighed against what the pair shares itself and,
for a short one, what the pairs beside it share.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evalkit.pair.beads import Span
from evalkit.pair.similarity import DIMENSIONS
from evalkit.pair.text import Text
from evalkit.pair.weights import Calibration

# A posterior is taken for no surer than this either way.
LEAST, MOST = 0.005, 0.998
# Beads looked at together.
BLOCK = 256


def calibrated(
    text: Text, path: Sequence[Span], posteriors: Sequence[float], numbers: Calibration
) -> list[float]:
    """The confidence in each bead of a path, in [0, 1]; that in a sentence left out is its posterior."""
    paired = paired_beads(path)
    if not paired:
        return list(posteriors)
    log_odds, evidence, most = signals(text, path, posteriors, numbers)
    weighed = numbers.base + numbers.posterior * log_odds + numbers.evidence * evidence
    found = np.minimum(1 / (1 + np.exp(-weighed)), numbers.nothing + most)
    sure = list(posteriors)
    for k, value in zip(paired, found.tolist(), strict=True):
        sure[k] = value
    return sure


def paired_beads(path: Sequence[Span]) -> list[int]:
    """The positions of the beads with both sides."""
    return [k for k, (s0, s1, p0, p1) in enumerate(path) if s1 > s0 and p1 > p0]


def signals(
    text: Text, path: Sequence[Span], posteriors: Sequence[float], numbers: Calibration
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What is weighed, of each paired bead: the log-odds of its posterior, what it shares with what its neighbours lend,
    and what it shares itself (of names alone, it or its neighbours): (n,) each."""
    paired = paired_beads(path)
    alike, sizes = _shared(text, [path[k] for k in paired])
    own = np.clip(alike / numbers.enough, 0.0, 1.0)
    padded = np.pad(own, 1)
    beside = (padded[:-2] + padded[2:]) / 2
    lent = (1 - own) * beside * np.exp(-((sizes / numbers.short) ** 2))
    chances = np.clip([posteriors[k] for k in paired], LEAST, MOST)
    most = np.maximum(own, beside) if numbers.names_alone else own
    return np.log(chances / (1 - chances)), own + lent, most


def _shared(text: Text, spans: Sequence[Span]) -> tuple[np.ndarray, np.ndarray]:
    """Dice's coefficient of the sides of each span, and the squared length of its smaller side: (n,), (n,)."""
    alike, sizes = np.zeros(len(spans)), np.zeros(len(spans))
    for begin in range(0, len(spans), BLOCK):
        block = spans[begin : begin + BLOCK]
        s_first, p_first = block[0][0], block[0][2]
        left = text.left.dense(s_first, block[-1][1], DIMENSIONS)
        right = text.right.dense(p_first, block[-1][3], DIMENSIONS)
        for k, (s0, s1, p0, p1) in enumerate(block, begin):
            x = left[s0 - s_first : s1 - s_first].sum(0)
            y = right[p0 - p_first : p1 - p_first].sum(0)
            squares = float(x @ x), float(y @ y)
            sizes[k] = min(squares)
            alike[k] = 2 * float(x @ y) / sum(squares) if sum(squares) else 0.0
    return alike, sizes
