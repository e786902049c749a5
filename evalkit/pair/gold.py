"""An alignment against a gold one: strict and lax precision, recall, F1.

As defined by Sennrich and Volk (2011, https://aclanthology.org/W11-4624/) and computed by the scorer
of vecalign (https://github.com/thompsonb/vecalign, `score.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

Alignment = Iterable[tuple[Iterable[int], Iterable[int]]]
_Beads = set[tuple[tuple[int, ...], tuple[int, ...]]]


def compare_with_gold(gold: Alignment, found: Alignment) -> dict[str, float]:
    """Scores of an alignment: a list of (source positions, provided positions).

    Returns:
        ``strict_precision, strict_recall, strict_f1, lax_precision, lax_recall, lax_f1`` in [0, 1]. A
        strict hit is the same bead; a lax one shares a source and a provided sentence with a gold bead.
        Sentences left out count for precision, not for recall.
    """
    gold_beads, found_beads = _beads(gold), _beads(found)
    strict_precision, lax_precision = _hit_rates(gold_beads, found_beads)
    strict_recall, lax_recall = _hit_rates(_paired(found_beads), _paired(gold_beads))
    return {
        "strict_precision": strict_precision,
        "strict_recall": strict_recall,
        "strict_f1": _f1(strict_precision, strict_recall),
        "lax_precision": lax_precision,
        "lax_recall": lax_recall,
        "lax_f1": _f1(lax_precision, lax_recall),
    }


def _beads(alignment: Alignment) -> _Beads:
    beads = {(tuple(source), tuple(provided)) for source, provided in alignment}
    return beads - {((), ())}


def _paired(beads: _Beads) -> _Beads:
    return {(source, provided) for source, provided in beads if source and provided}


def _hit_rates(truth: _Beads, tested: _Beads) -> tuple[float, float]:
    """The shares of ``tested`` beads that hit ``truth``, strictly and laxly."""
    partners: dict[int, set[int]] = defaultdict(set)
    for source, provided in truth:
        for sentence in source:
            partners[sentence].update(provided)
    strict = len(tested & truth)
    lax = sum(
        not partners_of.isdisjoint(provided)
        for source, provided in tested - truth
        for partners_of in [set().union(*(partners[sentence] for sentence in source))]
    )
    count = len(tested)
    return (strict / count, (strict + lax) / count) if count else (0.0, 0.0)


def _f1(precision: float, recall: float) -> float:
    total = precision + recall
    return 2 * precision * recall / total if total else 0.0
