"""Hypotheses and references that should be as many, and are not: where they part."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evalkit.checks.shift import first_shifted_line
from evalkit.errors import InputError
from evalkit.metrics.base import SENTENCE
from evalkit.metrics.chrf import CHRF

# Lines looked at, slips told apart, and the chrF points that the lines after a slip must gain by it together.
LONGEST_SEARCH = 50_000
WIDEST_SLIP = 8
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
    line = first_slip(hypotheses, references)
    shorter = min(ours, theirs)
    seen = min(len(hypotheses), len(references), LONGEST_SEARCH)
    if line <= seen:
        where = f"they look shifted from line {line} on"
    elif seen < shorter:
        where = f"the first {seen} lines look parallel"
    else:
        where = f"they look parallel up to line {shorter}, where the shorter one ends"
    raise InputError(f"{hypothesis_name}: {ours} lines, {reference_name}: {theirs} lines; {where}")


def first_slip(hypotheses: Sequence[str], references: Sequence[str | None]) -> int:
    """The first line from which on lines of one language fit better, by chrF, with later lines of the longer text."""
    left, right = list(hypotheses), [text or "" for text in references]
    shorter = min(len(left), len(right))
    if shorter > LONGEST_SEARCH:
        left, right = (
            left[: LONGEST_SEARCH + len(left) - shorter],
            right[: LONGEST_SEARCH + len(right) - shorter],
        )
    return first_shifted_line(left, right, chrf_fits, cost=SLIP_COST, widest=WIDEST_SLIP)


def chrf_fits(left: Sequence[str], right: Sequence[str]) -> np.ndarray:
    """How well lines of one language fit the lines beside them: chrF with n-grams up to three, (n,)."""
    metric = CHRF(char_order=3)
    return metric.scores(metric.prepare([[text] for text in right]).statistics(left), SENTENCE)
