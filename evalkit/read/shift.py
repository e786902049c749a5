"""Where two files that should be line-parallel begin not to be."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

# A difference of more lines than this is not one slip; the first of them is found all the same.
WIDEST_SHIFT = 40
LONGEST_SEARCH = 100_000
# How much better the lines after a slip must fit, so that one odd line is not taken for it.
SLIP_COST = 6.0
NUMBER = re.compile(r"\d+")


def first_shifted_line(left: Sequence[str], right: Sequence[str]) -> int:
    """The 1-based line from which on lines fit better against lines some steps further.

    Line pairs are compared by length (as Gale and Church do) and by the numbers in them; a path through "so
    many lines slipped until here" is found by dynamic programming, and its first slip is reported.
    """
    longer, shorter = (left, right) if len(left) > len(right) else (right, left)
    steps = min(len(longer) - len(shorter), WIDEST_SHIFT)
    rows = min(len(shorter), LONGEST_SEARCH)
    if not rows or not steps:
        return min(len(left), len(right)) + 1
    scale = max(1.0, sum(map(len, longer)) / max(1, sum(map(len, shorter))) * rows / rows)
    fits = np.stack([_fit(longer[s : s + rows], shorter[:rows], scale) for s in range(steps + 1)])
    best = np.full(steps + 1, -np.inf)
    best[0] = 0.0
    slipped_at = np.full((rows, steps + 1), False)
    for row in range(rows):
        shifted = np.concatenate(([-np.inf], best[:-1] - SLIP_COST))
        slipped_at[row] = shifted > best
        best = np.maximum(best, shifted) + fits[:, row]
    state, first = int(best.argmax()), rows + 1
    for row in range(rows - 1, -1, -1):
        if slipped_at[row, state]:
            state, first = state - 1, row + 1
    return first


def _fit(longer: Sequence[str], shorter: Sequence[str], scale: float) -> np.ndarray:
    """How well each line fits the line beside it: 0 is perfect, negative is worse."""
    fits = np.empty(len(shorter))
    for index, (a, b) in enumerate(zip(longer, shorter, strict=True)):
        spread = (2 * 6.8 * (len(a) + len(b) + 1) / 2) ** 0.5
        away = min(4.0, abs(len(a) - scale * len(b)) / spread)
        if bool(a.strip()) != bool(b.strip()):
            away = 4.0
        numbers = set(NUMBER.findall(a)) ^ set(NUMBER.findall(b))
        fits[index] = -(away**2) / 2 - 2.0 * min(2, len(numbers))
    return fits
