"""One source translated in several ways, or several sources in one way, over all pairs of a run."""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.checks.base import Checked, Finding
from evalkit.checks.evidence import Languages
from evalkit.checks.words import folded_words, stem

NAME = "inconsistent"
# Sources of fewer words ("Yes", "Open") rightly have several translations.
SHORTEST_SOURCE, SHORTEST_PROVIDED = 2, 3
DIFFERENT, SAME = 0.7, 0.6
_LONGEST_SHOWN = 60


def inconsistent(pairs: Sequence[Checked], languages: Languages) -> list[tuple[Finding, ...]]:
    """What each pair, in document order, contradicts among those before it.

    Case, punctuation and white space do not count. The first of several translations is not blamed; each later one that differs
    from it is. Texts equal in both languages' stems are equal.
    """
    first_provided: dict[tuple[str, ...], tuple[int, tuple[str, ...]]] = {}
    first_source: dict[tuple[str, ...], tuple[int, tuple[str, ...]]] = {}
    found: list[tuple[Finding, ...]] = []
    for at, pair in enumerate(pairs):
        source = folded_words(pair.source, languages.source)
        provided = folded_words(pair.provided, languages.provided)
        mine: list[Finding] = []
        if source and provided:
            before, theirs = first_provided.setdefault(source, (at, provided))
            if theirs != provided and len(source) >= SHORTEST_SOURCE:
                mine.append(_different(pairs, at, before))
            before, other = first_source.setdefault(provided, (at, source))
            if (
                other != source
                and len(provided) >= SHORTEST_PROVIDED
                and _stems(other, languages) != _stems(source, languages)
            ):
                mine.append(_same(pairs, at, before))
        found.append(tuple(mine))
    return found


def _stems(folded: Sequence[str], languages: Languages) -> set[str]:
    return {stem(word, languages.source) for word in folded}


def _different(pairs: Sequence[Checked], at: int, before: int) -> Finding:
    earlier = _shown(pairs[before].provided)
    message = f'The same source was translated "{earlier}" before (pair {before + 1}).'
    whole = ((0, len(pairs[at].provided)),)
    return Finding(NAME, "minor", message, DIFFERENT, provided_spans=whole)


def _same(pairs: Sequence[Checked], at: int, before: int) -> Finding:
    earlier = _shown(pairs[before].source)
    message = f'The same translation stands for another source, "{earlier}" (pair {before + 1}).'
    whole = ((0, len(pairs[at].source)),)
    return Finding(NAME, "minor", message, SAME, source_spans=whole)


def _shown(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 4] + " ..."
