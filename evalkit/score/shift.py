"""Texts that should be parallel and are not: how many each has, and where they part."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evalkit.errors import InputError
from evalkit.score.base import Prepared
from evalkit.score.chrf import CHRF

# Slips beyond this many lines are not told apart from each other, nor lines beyond so many looked at.
WIDEST_SLIP = 8
LONGEST_SEARCH = 50_000
# chrF points that the lines after a slip must gain by it together.
SLIP_COST = 60.0


def require_equal_counts(
    hypotheses: Sequence[str],
    references: Sequence[str | None],
    hypothesis_name: str = "hypotheses",
    reference_name: str = "references",
    counts: Sequence[int] | None = None,
) -> None:
    """Raise InputError unless there are as many of the one as of the other, saying where they part.

    ``counts`` are the true numbers where only the beginnings of long texts are given.
    """
    ours, theirs = counts or (len(hypotheses), len(references))
    if ours == theirs:
        return
    line = first_shifted_line(hypotheses, references)
    shorter = min(ours, theirs)
    seen = min(len(hypotheses), len(references), LONGEST_SEARCH)
    if line <= seen:
        where = f"they look shifted from line {line} on"
    elif seen < shorter:
        where = f"the first {seen} lines look parallel"
    else:
        where = f"they look parallel up to line {shorter}, where the shorter one ends"
    raise InputError(f"{hypothesis_name}: {ours} lines, {reference_name}: {theirs} lines; {where}")


def first_shifted_line(hypotheses: Sequence[str], references: Sequence[str | None]) -> int:
    """The first line (from 1) that fits better with a later line of the longer text.

    Lines are compared by chrF. The best path through "so many lines slipped by now" is found by dynamic
    programming; its first slip is the answer, the line after the shorter text if there is none.
    """
    longer, shorter = [text or "" for text in references], list(hypotheses)
    if len(longer) < len(shorter):
        longer, shorter = shorter, longer
    rows = min(len(shorter), LONGEST_SEARCH)
    slips = min(len(longer) - len(shorter), WIDEST_SLIP)
    if not rows:
        return 1
    prepared = CHRF(char_order=3).prepare([[text] for text in shorter[:rows]])
    fit = np.stack([_fit(prepared, longer[slip : slip + rows]) for slip in range(slips + 1)])
    best = np.concatenate(([0.0], np.full(slips, -np.inf)))
    slipped = np.zeros((rows, slips + 1), dtype=int)
    for row in range(rows):
        # At a line any number of lines may have slipped at once.
        before = np.maximum.accumulate(best)
        came_from = np.maximum.accumulate(np.where(best == before, np.arange(slips + 1), 0))
        by_slip = before - SLIP_COST
        slipped[row] = np.where(by_slip > best, came_from, np.arange(slips + 1))
        best = np.maximum(best, by_slip) + fit[:, row]
    state, first = int(best.argmax()), rows + 1
    for row in range(rows - 1, -1, -1):
        if slipped[row, state] != state:
            state, first = int(slipped[row, state]), row + 1
    return first


def _fit(prepared: Prepared, texts: Sequence[str]) -> np.ndarray:
    return CHRF(char_order=3).sentence_scores(prepared.statistics(texts))
