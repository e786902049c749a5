"""In which of the two languages of a pair a stretch of text is."""

from __future__ import annotations

import re
from copy import copy
from functools import cache
from itertools import groupby
from typing import Any

from evalkit.languages.base import LATIN, Script
from evalkit.languages.pairs import LanguagePair

SOURCE, PROVIDED = "source", "provided"

LETTER = re.compile(r"[^\W\d_]")
WORD = re.compile(r"[^\W\d_]+")
# Names of files, sites and variables: no words of a language.
IDENTIFIER = re.compile(r"\S*\w[./_@:\\]\w\S*")
ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w+")

# Russian prose names things in Latin letters (Windows, NATO); English prose hardly ever has Cyrillic ones.
# So a text is in the language of the script that is not Latin from this share of its letters on.
LEAST_SHARE = 0.35

# Fewer words in a row beside the other language are a name or a quotation in it. Of words here and there it takes
# some more, and more than the commands and terms that technical prose has.
WORDS_OF_A_STRETCH = 3
WORDS_OF_A_MIXTURE, LEAST_MIXTURE = 3, 0.3


def letter_counts(text: str, script: Script) -> tuple[int, int]:
    """Letters of a script, and letters of any other."""
    every = sum(map(len, WORD.findall(text)))
    if text.isascii() and script is not LATIN:
        return 0, every
    own = sum(map(len, script.letters.findall(text)))
    return own, every - own


def side_of(text: str, pair: LanguagePair) -> str | None:
    """``SOURCE`` or ``PROVIDED``; None for numbers and addresses, which are in no language.

    By script, or where the pair has but one, by the words.
    """
    if "." in text:
        text = ADDRESS.sub(" ", text)
    if pair.same_script:
        return _by_words(text, pair)
    telling = pair.target.script if pair.source.script is LATIN else pair.source.script
    own, other = letter_counts(text, telling)
    if not own and not other:
        return None
    if own and other:
        # Words in small letters make the sentence; names say little about its language.
        own, other = _small_words(text, telling) or (own, other)
    found = own >= LEAST_SHARE * (own + other)
    return SOURCE if found == (telling is pair.source.script) else PROVIDED


def has_two_languages(text: str, pair: LanguagePair) -> bool:
    """Whether words in small letters of both languages make a text: more than a name or a term in the other script.

    False where both languages have one script, which letters do not tell.
    """
    if pair.same_script or text.isascii():
        return False
    source, target = pair.source.script.letter, pair.target.script.letter
    if not source.search(text) or not target.search(text):
        return False
    sides = [
        SOURCE if source.match(word) else PROVIDED
        for word in WORD.findall(IDENTIFIER.sub(" ", text))
        if len(word) > 1 and word.islower()
    ]
    fewer = min(sides.count(SOURCE), sides.count(PROVIDED))
    runs = [(side, len(list(run))) for side, run in groupby(sides)]
    longest = [max((n for side, n in runs if side == own), default=0) for own in (SOURCE, PROVIDED)]
    return min(longest) >= WORDS_OF_A_STRETCH or (
        fewer >= WORDS_OF_A_MIXTURE and fewer >= LEAST_MIXTURE * len(sides)
    )


def _small_words(text: str, script: Script) -> tuple[int, int] | None:
    """Letters of words in small letters, of the script and of others; None if there is no such word."""
    words = " ".join(word for word in WORD.findall(text) if word.islower())
    counts = letter_counts(words, script)
    return counts if any(counts) else None


def _by_words(text: str, pair: LanguagePair) -> str | None:
    if not LETTER.search(text):
        return None
    found, _ = identifier(pair.source.code, pair.target.code).classify(text)
    return SOURCE if found == pair.source.code else PROVIDED


@cache
def identifier(*codes: str) -> Any:
    """py3langid, restricted to these languages."""
    found = copy(_all_languages())
    found.set_languages(list(codes))
    return found


@cache
def _all_languages() -> Any:
    # Half a second and 70 MB: loaded once.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
