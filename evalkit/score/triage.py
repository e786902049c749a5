"""Which provided translations to look at first: where the systems agree, but not with the provided text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np

from evalkit.errors import InputError
from evalkit.score.chrf import CHRF

_CHRF = CHRF()


def agreement(translations: Mapping[str, Sequence[str]]) -> np.ndarray:
    """How much the systems' translations of each segment have in common: (n,), 0 to 100.

    The mean over all pairs of systems of their sentence chrF, the mean of both directions.

    Raises:
        InputError: fewer than two systems, or not as many translations of each.
    """
    systems = list(translations.values())
    if len(systems) < 2:
        raise InputError("agreement needs at least two systems")
    prepared = [_CHRF.prepare([[text] for text in texts]) for texts in systems]
    pairs = list(combinations(range(len(systems)), 2))
    return sum(_both_ways(prepared[a], systems[b]) for a, b in pairs) / len(pairs)


def triage(
    translations: Mapping[str, Sequence[str]], provided: Sequence[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Agreement between the systems, and how far the provided text falls short of it: two (n,) arrays.

    triage = agreement - (mean over systems of the chrF between the provided text and the system's,
    both directions), from -100 to 100; the highest come first. See docs/scoring.md.

    Raises:
        InputError: as `agreement`, or not as many provided texts as translations.
    """
    between = agreement(translations)
    prepared = _CHRF.prepare([[text] for text in provided])
    systems = list(translations.values())
    return between, between - sum(_both_ways(prepared, texts) for texts in systems) / len(systems)


def _both_ways(prepared, texts: Sequence[str]) -> np.ndarray:
    """Sentence chrF, the mean of either side as the reference."""
    statistics = prepared.statistics(texts)
    # The other direction has the same matches, with precision and recall exchanged.
    exchanged = statistics.reshape(len(texts), -1, 3)[:, :, [1, 0, 2]].reshape(statistics.shape)
    return (_CHRF.sentence_scores(statistics) + _CHRF.sentence_scores(exchanged)) / 2
