"""Words of a text with their places, and a light stemmer that needs no dictionary."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import NamedTuple

from evalkit.checks.remembered import Remembered
from evalkit.languages.words import CheckWords

WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?")
# What ends a sentence, so that the next word has a capital letter anyway.
_BEFORE_SENTENCE = re.compile(r"(?:^|[.!?…:;]|[\"“”«»„'‘(\[]|[-–—]\s)\s*[\"“”«»„'‘(\[]*\s*$")
# A stem has no more letters than this: what follows is most often a suffix.
LONGEST_STEM = 8


class Word(NamedTuple):
    """A word: as it stands, folded, its stem, and its place; ``content``: it is no function word."""

    text: str
    folded: str
    stem: str
    start: int
    end: int
    capital: bool
    initial: bool
    content: bool

    @property
    def span(self) -> tuple[int, int]:
        """Character offsets."""
        return self.start, self.end


# Makes a word of its fields without a call of Python code: there are a million in 100,000 pairs.
_word: Callable[[tuple[str, str, str, int, int, bool, bool, bool]], Word] = partial(
    tuple.__new__, Word
)


@lru_cache(maxsize=4096)
def words(text: str, language: CheckWords) -> tuple[Word, ...]:
    """The words of a text in their order; digits count as words."""
    found = []
    analysed = _analysed(language)
    for match in WORD.finditer(text):
        begin, end = match.span()
        word = match[0]
        folded, its_stem, capital, content = analysed[word]
        initial = capital and (begin == 0 or _begins(text, begin))
        found.append(_word((word, folded, its_stem, begin, end, capital, initial, content)))
    return tuple(found)


def folded_words(text: str, language: CheckWords) -> tuple[str, ...]:
    """The words of a text, folded: what `words` has, without their places, in a fraction of the time."""
    folded = _folded(language)
    return tuple([folded[word] for word in WORD.findall(text)])


@lru_cache(maxsize=8)
def _folded(language: CheckWords) -> Remembered[str, str]:
    return Remembered(lambda word: fold(word, language))


@lru_cache(maxsize=8)
def _analysed(language: CheckWords) -> Remembered[str, tuple[str, str, bool, bool]]:
    """Of each word: folded, its stem, whether it has a capital letter, and whether it is no function word."""

    def analyse(word: str) -> tuple[str, str, bool, bool]:
        folded = fold(word, language)
        is_content = folded not in language.function_words
        return folded, stem(folded, language), word[0].isupper(), is_content

    return Remembered(analyse)


def _begins(text: str, begin: int) -> bool:
    """Whether a sentence may begin here; most words follow another and a space."""
    if (
        text[begin - 1] == " "
        and begin > 1
        and (text[begin - 2].isalnum() or text[begin - 2] == ",")
    ):
        return False
    return bool(_BEFORE_SENTENCE.search(text[max(0, begin - 8) : begin]))


def fold(word: str, language: CheckWords) -> str:
    """Lower case, one spelling."""
    lower = word.lower()
    for spelling, other in language.respelled.items():
        if spelling in lower:
            lower = lower.replace(spelling, other)
    return lower


@lru_cache(maxsize=8)
def _endings(language: CheckWords) -> tuple[tuple[int, frozenset[str]], ...]:
    """The endings by their length, the longest first."""
    lengths = sorted({len(ending) for ending in language.endings}, reverse=True)
    return tuple((n, frozenset(e for e in language.endings if len(e) == n)) for n in lengths)


@lru_cache(maxsize=65536)
def stem(folded: str, language: CheckWords) -> str:
    """The word without its ending, at most LONGEST_STEM letters."""
    folded = folded.removesuffix("'s")
    folded = language.irregular.get(folded, folded)
    if folded.endswith(("ся", "сь")) and len(folded) > language.shortest_stem + 2:
        folded = folded[:-2]
    for length, endings in _endings(language):
        if len(folded) - length >= language.shortest_stem and folded[-length:] in endings:
            folded = folded[:-length]
            break
    # English doubles a consonant before -ed and -ing, and drops an e.
    if len(folded) > 3 and folded[-1] == folded[-2]:
        folded = folded[:-1]
    if len(folded) > 3 and folded[-1] in "eyi":
        folded = folded[:-1]
    return folded[:LONGEST_STEM]
