"""Words, phrases or sentences written twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evalkit.checks.base import Checked, Finding
from evalkit.checks.evidence import Languages
from evalkit.checks.signals import quoted
from evalkit.checks.words import Word, words

# The longest phrase that is looked for right after itself, and the shortest anywhere else.
LONGEST_AT_ONCE = 12
SHORTEST_APART = 6
# What may stand between a phrase and its repetition.
_BETWEEN = frozenset((",", ";", ".", "!", "?", "-", "–", "—"))
AT_ONCE, PERHAPS, APART = 0.95, 0.5, 0.8


class RepeatedCheck:
    """A repetition that neither the source nor a system has."""

    name = "repeated"

    def __init__(self, languages: Languages) -> None:
        self.languages = languages

    def find(self, pair: Checked) -> Iterator[Finding]:
        """See `Check`."""
        provided = words(pair.provided, self.languages.provided)
        found = _at_once(provided, pair.provided)
        if found is not None:
            begin, size = found
            if not self._meant(pair, size):
                text = pair.provided[provided[begin].start : provided[begin + size - 1].end]
                usual = size == 1 and text.lower() in self.languages.provided.repeatable
                if usual and not pair.translations:
                    return
                score = PERHAPS if usual else AT_ONCE
                yield self._finding(provided, begin + size, begin + 2 * size, text, score)
            return
        apart = _apart(provided)
        if apart is not None and not self._meant_apart(pair):
            begin, end = apart
            text = pair.provided[provided[begin].start : provided[end - 1].end]
            yield self._finding(provided, begin, end, text, APART)

    def _meant(self, pair: Checked, size: int) -> bool:
        source = words(pair.source, self.languages.source)
        if _at_once(source, pair.source) is not None:
            return True
        return any(
            _at_once(words(text, self.languages.provided), text) is not None
            for text in pair.translations.values()
        )

    def _meant_apart(self, pair: Checked) -> bool:
        source = words(pair.source, self.languages.source)
        return _apart(source, SHORTEST_APART // 2) is not None or any(
            _apart(words(text, self.languages.provided), SHORTEST_APART - 2) is not None
            for text in pair.translations.values()
        )

    def _finding(
        self, provided: Sequence[Word], begin: int, end: int, text: str, score: float
    ) -> Finding:
        shown = text if len(text) <= 60 else f"{text[:40]} ... {text[-15:]}"
        span = (provided[begin].start, provided[end - 1].end)
        return Finding(
            self.name, "minor", f"{quoted([shown])} is written twice.", score, (), (span,)
        )


def _at_once(found: Sequence[Word], text: str) -> tuple[int, int] | None:
    """(begin, size) of words that follow themselves with only white space between; None if there are none."""
    folded = [word.folded for word in found]
    if len(set(folded)) == len(folded):
        return None
    for size in range(1, min(LONGEST_AT_ONCE, len(folded) // 2) + 1):
        first = folded[: len(folded) - 2 * size + 1]
        for begin, (word, other) in enumerate(zip(first, folded[size:], strict=False)):
            middle = begin + size
            if word != other or word[0].isdecimal():
                continue
            if folded[begin:middle] != folded[middle : middle + size]:
                continue
            gap = text[found[middle - 1].end : found[middle].start]
            if not gap.strip() or (size > 2 and gap.strip() in _BETWEEN):
                return begin, size
    return None


def _apart(found: Sequence[Word], shortest: int = SHORTEST_APART) -> tuple[int, int] | None:
    """(begin, end) of the second of two equal runs of so many words."""
    folded = [word.folded for word in found]
    if len(folded) - len(set(folded)) < shortest:
        return None
    seen: dict[tuple[str, ...], int] = {}
    for begin in range(len(folded) - shortest + 1):
        run = tuple(folded[begin : begin + shortest])
        first = seen.setdefault(run, begin)
        if first + shortest <= begin:
            end = begin + shortest
            while end < len(folded) and folded[end] == folded[first + end - begin]:
                end += 1
            return begin, end
    return None
