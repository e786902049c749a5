"""Which provided translations to look at first: where the systems agree, but not with the provided text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np

from evalkit.errors import InputError
from evalkit.metrics.base import SENTENCE
from evalkit.metrics.chrf import CHRF
from evalkit.metrics.ngrams.prepared import Prepared

_CHRF = CHRF()


# What the systems' agreement weighs against the distance of the provided text. A full weight would rank
# easy sentences, on which systems agree most, above those that are wrong.
AGREEMENT_WEIGHT = 0.5


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
    return sum(np.mean(_directions(prepared[a], systems[b]), axis=0) for a, b in pairs) / len(pairs)


def triage(
    translations: Mapping[str, Sequence[str]], provided: Sequence[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Agreement between the systems, and how far the provided text falls short of it: two (n,) arrays.

    triage = agreement / 2 - (mean over systems of the chrF between the provided text and the
    system's, the lower of both directions), from -100 to 50; the highest come first. The lower
    direction, so that a provided text that is only a part of the sentence stands out. See docs/scoring.md.

    Raises:
        InputError: as `agreement`, or not as many provided texts as translations.
    """
    between = agreement(translations)
    prepared = _CHRF.prepare([[text] for text in provided])
    systems = list(translations.values())
    closeness = sum(np.min(_directions(prepared, texts), axis=0) for texts in systems)
    return between, AGREEMENT_WEIGHT * between - closeness / len(systems)


def _directions(prepared: Prepared, texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Sentence chrF with the prepared side as the reference, and with it as the hypothesis."""
    statistics = prepared.statistics(texts)
    # The other direction has the same matches, with precision and recall exchanged.
    exchanged = statistics.reshape(len(texts), -1, 3)[:, :, [1, 0, 2]].reshape(statistics.shape)
    return _CHRF.scores(statistics, SENTENCE), _CHRF.scores(exchanged, SENTENCE)
