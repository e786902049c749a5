"""What stands against what: words of the source, of the provided text and of the translations, linked.

Everything that checks of content need is computed here once a pair. Nothing in it depends on other pairs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from evalkit.checks.base import Checked
from evalkit.checks.lexicon import Lexicon, lexicon
from evalkit.checks.numbers import numbers
from evalkit.checks.sounds import alike, romanized
from evalkit.checks.words import Word, words
from evalkit.languages.words import CheckWords

# Sounds nearer than this are the same name.
SAME_SOUND = 0.72
# Two words of one language with so many equal first letters are forms of one word.
SAME_BEGINNING = 5


@dataclass(frozen=True, slots=True)
class Languages:
    """The words of both languages, and the lexicon between them."""

    source: CheckWords
    provided: CheckWords
    lexicon: Lexicon

    @classmethod
    def of(cls, source: CheckWords, provided: CheckWords) -> Languages:
        """With the lexicon that ships for them, if there is one."""
        return cls(source, provided, lexicon(source.code, provided.code))


@dataclass(frozen=True, slots=True)
class Translated:
    """One system's translation, against the provided text.

    Attributes:
        words: its words.
        covered: of each, whether the provided text has it or another translation of the same source word.
        supported: of each provided word, whether this translation has it, or the source calls for it.
    """

    words: tuple[Word, ...]
    covered: tuple[bool, ...]
    supported: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words of a pair and how they are linked.

    Attributes:
        source, provided: the words.
        links: of each source word, the positions of provided words that translate it.
        covered: of each source word, whether the provided text has it, by a link or by what the systems wrote for it.
        known: of each source word, whether lexicon, sound or systems could tell that it is covered.
        told: of each source word, the share of systems that have a word for it; 0 without systems.
        called: of each provided word, whether the source calls for it.
        nowhere: of each provided word, whether neither the source calls for it nor a system supports it.
        translated: one for each system.
    """

    source: tuple[Word, ...]
    provided: tuple[Word, ...]
    links: tuple[tuple[int, ...], ...]
    covered: tuple[bool, ...]
    known: tuple[bool, ...]
    told: tuple[float, ...]
    called: tuple[bool, ...]
    nowhere: tuple[bool, ...]
    translated: tuple[Translated, ...]


def evidence(pair: Checked, languages: Languages) -> Evidence:
    """The evidence of a pair; remembered while its checks run."""
    return _evidence(pair.source, pair.provided, tuple(pair.translations.values()), languages)


@lru_cache(maxsize=16)
def _evidence(
    source: str, provided: str, translations: tuple[str, ...], languages: Languages
) -> Evidence:
    left, right = words(source, languages.source), words(provided, languages.provided)
    links = link(source, left, provided, right, languages)
    called = [False] * len(right)
    for places in links:
        for j in places:
            called[j] = True
    translated, through = [], [[] for _ in left]  # type: list[Translated], list[list[bool]]
    for text in translations:
        theirs = words(text, languages.provided)
        bridge = link(source, left, text, theirs, languages)
        found = _against(theirs, right, bridge, links, tuple(called))
        translated.append(found)
        for i, places in enumerate(bridge):
            if places:
                through[i].append(any(found.covered[t] for t in places))
    covered = tuple([bool(here) or any(t) for here, t in zip(links, through, strict=True)])
    translations_of = languages.lexicon.translations
    known = tuple(
        [
            bool(here) or bool(t) or w.stem in translations_of
            for here, t, w in zip(links, through, left, strict=True)
        ]
    )
    told = tuple([len(t) / max(1, len(translated)) for t in through])
    nowhere = [not call for call in called]
    for one in translated:
        nowhere = [new and not has for new, has in zip(nowhere, one.supported, strict=True)]
    return Evidence(
        *(left, right, links, covered, known, told),
        tuple(called),
        tuple(nowhere),
        tuple(translated),
    )


def link(
    source: str,
    left: Sequence[Word],
    provided: str,
    right: Sequence[Word],
    languages: Languages,
) -> tuple[tuple[int, ...], ...]:
    """Of each source word, the positions of words that translate it: by lexicon, sound or value."""
    by_stem: dict[str, list[int]] = {}
    for j, word in enumerate(right):
        by_stem.setdefault(word.stem, []).append(j)
    named = [j for j, word in enumerate(right) if word.capital or len(word.folded) > 4]
    valued = _valued(source, left, provided, right, languages)
    translations = languages.lexicon.translations
    stems = by_stem.keys()
    found: list[tuple[int, ...]] = []
    for word, places in zip(left, valued, strict=True):
        known = translations.get(word.stem)
        shared = known.keys() & stems if known else ()
        if shared:
            places = [*places, *(j for stem in shared for j in by_stem[stem])]
        # A word that the lexicon knows, without a capital letter, is no name or loan.
        if not places and len(word.folded) > 2 and (word.capital or known is None):
            places = _by_sound(word, right, named, languages)
        found.append(tuple(sorted(set(places))) if places else ())
    return tuple(found)


def _by_sound(
    word: Word, right: Sequence[Word], named: Sequence[int], languages: Languages
) -> list[int]:
    latin = romanized(word.folded, languages.source)
    # Words without a capital letter must be nearer: only loans sound alike.
    least = SAME_SOUND if word.capital else 0.8
    full = languages.source.diminutives.get(word.folded)
    if full is not None:
        return [j for j in named if max(alike(n, right[j].folded) for n in (full, latin)) >= least]
    return [
        j
        for j in named
        if (right[j].capital or not word.capital)
        and alike(latin, romanized(right[j].folded, languages.provided)) >= least
    ]


def _valued(
    source: str,
    left: Sequence[Word],
    provided: str,
    right: Sequence[Word],
    languages: Languages,
) -> list[list[int]]:
    """Links between words that are parts of equal numbers."""
    found: list[list[int]] = [[] for _ in left]
    theirs = numbers(provided, languages.provided)
    if not theirs:
        return found
    for number in numbers(source, languages.source):
        ends = [n for n in theirs if number.agrees(n)]
        if not ends:
            continue
        places = [j for j, w in enumerate(right) for n in ends if n.start <= w.start < n.end]
        for i, word in enumerate(left):
            if number.start <= word.start < number.end:
                found[i] = places
    return found


def _against(
    theirs: Sequence[Word],
    right: Sequence[Word],
    bridge: Sequence[tuple[int, ...]],
    links: Sequence[tuple[int, ...]],
    called: tuple[bool, ...],
) -> Translated:
    stems = {word.stem for word in right}
    covered = [word.stem in stems for word in theirs]
    for mine, others in zip(bridge, links, strict=True):
        if others:
            for t in mine:
                covered[t] = True
    their_stems = {word.stem for word in theirs}
    supported = [call or word.stem in their_stems for word, call in zip(right, called, strict=True)]
    free = [t for t, is_covered in enumerate(covered) if not is_covered]
    for j, is_supported in enumerate(supported):
        if is_supported:
            continue
        for t in free:
            if near(theirs[t], right[j]):
                supported[j] = covered[t] = True
    return Translated(tuple(theirs), tuple(covered), tuple(supported))


def near(one: Word, other: Word) -> bool:
    """Forms of one word, or spellings of one name."""
    a, b = one.folded, other.folded
    if a[:3] == b[:3] and len(a) > 3 and len(b) > 3:
        shorter = min(len(a), len(b))
        if a[: max(4, shorter - 2)] == b[: max(4, shorter - 2)]:
            return True
        if a[:SAME_BEGINNING] == b[:SAME_BEGINNING]:
            return True
    return one.capital and other.capital and len(a) > 2 and len(b) > 2 and alike(a, b) >= SAME_SOUND
