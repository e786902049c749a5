"""Where a name stands, or should: whether another is in its place, and whether the words around it have closed over a gap."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from evalkit.checks.base import Checked
from evalkit.checks.evidence import Evidence
from evalkit.checks.words import Word, words
from evalkit.languages.words import CheckWords

_STOP = re.compile(r"([^\W\d_]+)\s*(?:[.,;:!?)]|['’]s\b|$)")


def in_place(found: Evidence, new: Sequence[Word], lost: Sequence[Word]) -> float:
    """1 if a new name stands between the words between which a system has a lost one, 0.5 if beside one of them."""
    best = 0
    lost_stems = {word.stem for word in lost}
    places = [j for j, word in enumerate(found.provided) if word in new]
    for theirs in found.translated:
        for t, word in enumerate(theirs.words):
            if word.stem not in lost_stems:
                continue
            for j in places:
                same = sum(
                    _stem(theirs.words, t + step) == _stem(found.provided, j + step)
                    for step in (-1, 1)
                )
                best = max(best, same)
    return best / 2


def dropped_in_place(found: Evidence, lost: Sequence[tuple[Word, float]]) -> float:
    """The share of systems whose words around a lost name are neighbours here."""
    neighbours = {(a.stem, b.stem) for a, b in pairwise(found.provided)}
    stems = {word.stem for word, _ in lost}
    hits = 0
    for theirs in found.translated:
        around = [
            (_stem(theirs.words, t - 1), _stem(theirs.words, t + 1))
            for t, word in enumerate(theirs.words)
            if word.stem in stems
        ]
        hits += any(pair in neighbours for pair in around)
    return hits / max(1, len(found.translated))


def dangles(pair: Checked, found: Evidence, language: CheckWords) -> bool:
    """A gap: an article or preposition is followed by nothing ("injured near.", "the 's office", "in the of") or by what
    cannot follow it ("residents of were"). What a system writes too is none.
    """
    if any(match[1].lower() in language.never_last for match in _STOP.finditer(pair.provided)):
        return True
    gaps = _gaps(found.provided, language)
    return bool(gaps) and not any(
        gaps & _gaps(words(text, language), language) for text in pair.translations.values()
    )


def _gaps(found: Sequence[Word], language: CheckWords) -> set[tuple[str, str]]:
    """Neighbours between which something is missing. "For and against", "to and from" miss nothing."""
    following = [word.folded for word in found[2:]] + ["", ""]
    return {
        (word.folded, after.folded)
        for (word, after), then in zip(pairwise(found), following, strict=False)
        if (word.folded in language.articles and after.folded in language.never_last)
        or (
            word.folded in language.never_last
            and after.folded in language.never_after
            and then not in language.never_last
        )
    }


def _stem(found: Sequence[Word], at: int) -> str:
    return found[at].stem if 0 <= at < len(found) else ""
