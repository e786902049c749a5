"""One source translated in several ways, or several sources in one way, over all pairs of a run."""

from __future__ import annotations

import hashlib
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
    """What each pair, in document order, contradicts among those before it; see `Consistency`."""
    return Consistency(languages).contradictions(pairs)


class Consistency:
    """Remembers how sources were translated, through all pairs of a run, in document order.

    Case, punctuation and white space do not count. The first of several translations is not blamed; each later one that differs
    from it is. Texts equal in both languages' stems are equal. Of a pair its source and a few hundred bytes are kept.
    """

    def __init__(self, languages: Languages) -> None:
        self._languages = languages
        self._seen = 0
        # Digest of the words -> number of the first pair that has them, digest of its other side, what is shown of that.
        self._provided: dict[bytes, tuple[int, bytes, str]] = {}
        # The same with the words of the source, of which the stems may be asked for.
        self._source: dict[bytes, tuple[int, str, str]] = {}

    def contradictions(self, pairs: Sequence[Checked]) -> list[tuple[Finding, ...]]:
        """What each of the next pairs contradicts among all before it."""
        return [self._next(pair) for pair in pairs]

    def _next(self, pair: Checked) -> tuple[Finding, ...]:
        self._seen += 1
        source = folded_words(pair.source, self._languages.source)
        provided = folded_words(pair.provided, self._languages.provided)
        if not source or not provided:
            return ()
        found: list[Finding] = []
        other = _digest(provided)
        known = (self._seen, other, _shown(pair.provided))
        before, theirs, shown = self._provided.setdefault(_digest(source), known)
        if theirs != other and len(source) >= SHORTEST_SOURCE:
            found.append(_different(pair, before, shown))
        of_source = (self._seen, " ".join(source), _shown(pair.source))
        before, words, shown = self._source.setdefault(other, of_source)
        if (
            words != of_source[1]
            and len(provided) >= SHORTEST_PROVIDED
            and self._stems(words.split(" ")) != self._stems(source)
        ):
            found.append(_same(pair, before, shown))
        return tuple(found)

    def _stems(self, folded: Sequence[str]) -> set[str]:
        return {stem(word, self._languages.source) for word in folded}


def _different(pair: Checked, before: int, earlier: str) -> Finding:
    message = f'The same source was translated "{earlier}" before (pair {before}).'
    return Finding(NAME, "minor", message, DIFFERENT, provided_spans=((0, len(pair.provided)),))


def _same(pair: Checked, before: int, earlier: str) -> Finding:
    message = f'The same translation stands for another source, "{earlier}" (pair {before}).'
    return Finding(NAME, "minor", message, SAME, source_spans=((0, len(pair.source)),))


def _digest(texts: Sequence[str]) -> bytes:
    joined = "\0".join(texts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(joined, digest_size=16).digest()


def _shown(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 4] + " ..."
