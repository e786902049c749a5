"""Hypotheses and references that should be as many, and are not: where they part."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evalkit.checks.parallel import find_slip, told_slip
from evalkit.checks.shift import first_shifted_line
from evalkit.errors import InputError
from evalkit.metrics.base import SENTENCE
from evalkit.metrics.chrf import CHRF

# Lines looked at, slips told apart, and the chrF points that the lines after a slip must gain by it together.
LONGEST_SEARCH = 50_000
WIDEST_SLIP = 8
SLIP_COST = 60.0
# Lines in which a slip at equal counts is looked for; and where: so many in a row whose words agree less than this. Lines of two
# sentences agree in a tenth of them, those of a poor translation and its reference in a third.
LOOKED_AT = 4096
STRETCH, FEW_SHARED = 20, 0.2


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


def slip_note(
    hypotheses: Sequence[str], references: Sequence[str | None], name: str, reference_name: str
) -> str:
    """A warning where equally many hypotheses and references slip against each other, as far as they are looked at; "" else.

    So that scoring stays fast, only texts with a stretch of hardly a word in common are looked at closely.
    """
    left, right = hypotheses[:LOOKED_AT], [text or "" for text in references[:LOOKED_AT]]
    if not _has_strange_stretch(left, right):
        return ""
    slip = find_slip(left, right, chrf_fits, SLIP_COST)
    return told_slip(slip, f"{name} and {reference_name}") if slip else ""


def _has_strange_stretch(left: Sequence[str], right: Sequence[str]) -> bool:
    shares = []
    for ours, theirs in zip(left, right, strict=True):
        a, b = set(ours.split()), set(theirs.split())
        shares.append(2 * len(a & b) / max(1, len(a) + len(b)))
    running = np.cumsum([0.0, *shares])
    width = min(STRETCH, len(shares))
    return bool(width) and float((running[width:] - running[:-width]).min()) < FEW_SHARED * width


def chrf_fits(left: Sequence[str], right: Sequence[str]) -> np.ndarray:
    """How well lines of one language fit the lines beside them: chrF with n-grams up to three, (n,)."""
    metric = CHRF(char_order=3)
    return metric.scores(metric.prepare([[text] for text in right]).statistics(left), SENTENCE)
