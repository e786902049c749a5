"""Where two texts that should be parallel begin not to be."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np

# Slips of more lines than this are not looked for, and no more lines than this are looked at.
WIDEST_SLIP = 40
LONGEST_SEARCH = 100_000

# How much better the lines after a slip must fit, so that one odd line is not taken for it: with fits as `text_fits`
# gives them, three lines two standard deviations off.
SLIP_COST = 6.0
NUMBER = re.compile(r"\d+")

Fits = Callable[[Sequence[str], Sequence[str]], np.ndarray]


def first_shifted_line(
    left: Sequence[str],
    right: Sequence[str],
    fits: Fits | None = None,
    *,
    cost: float = SLIP_COST,
    widest: int = WIDEST_SLIP,
) -> int:
    """The first line (from 1) that fits better with a later line of the longer text.

    The best path through "so many lines slipped by now" is found by dynamic programming; its first slip is the
    answer, the line after the shorter text if there is none.

    Args:
        fits: a function of two lists of lines that gives how well each line fits the line beside it; by
            default `text_fits`. cost: what a slip must gain in fit.
    """
    longer, shorter = (left, right) if len(left) > len(right) else (right, left)
    slips = min(len(longer) - len(shorter), widest)
    rows = min(len(shorter), LONGEST_SEARCH)
    if not rows or not slips:
        return min(len(left), len(right)) + 1
    fit = fits or text_fits
    found = np.stack([fit(longer[s : s + rows], shorter[:rows]) for s in range(slips + 1)])
    return _first_slip(found, cost)


def _first_slip(fits: np.ndarray, cost: float) -> int:
    """``fits[s, row]``: how well a row fits after s lines have slipped."""
    slips, rows = fits.shape[0] - 1, fits.shape[1]
    best = np.concatenate(([0.0], np.full(slips, -np.inf)))
    slipped = np.zeros((rows, slips + 1), dtype=int)
    for row in range(rows):
        # At a line any number of lines may have slipped at once.
        before = np.maximum.accumulate(best)
        came_from = np.maximum.accumulate(np.where(best == before, np.arange(slips + 1), 0))
        by_slip = before - cost
        slipped[row] = np.where(by_slip > best, came_from, np.arange(slips + 1))
        best = np.maximum(best, by_slip) + fits[:, row]
    state, first = int(best.argmax()), rows + 1
    for row in range(rows - 1, -1, -1):
        if slipped[row, state] != state:
            state, first = int(slipped[row, state]), row + 1
    return first


def text_fits(left: Sequence[str], right: Sequence[str]) -> np.ndarray:
    """How well lines of two languages fit, by their lengths (as Gale and Church 1993 do) and numbers: (n,), at most 0."""
    scale = max(0.5, min(2.0, sum(map(len, left)) / max(1, sum(map(len, right)))))
    fits = np.empty(len(right))
    for index, (a, b) in enumerate(zip(left, right, strict=True)):
        spread = (2 * 6.8 * (len(a) + len(b) + 1) / 2) ** 0.5
        away = min(4.0, abs(len(a) - scale * len(b)) / spread)
        if bool(a.strip()) != bool(b.strip()):
            away = 4.0
        numbers = set(NUMBER.findall(a)) ^ set(NUMBER.findall(b))
        fits[index] = -(away**2) / 2 - 2.0 * min(2, len(numbers))
    return fits
