"""In which of the two languages of a pair a stretch of text is."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from evalkit.languages.base import LATIN, Script
from evalkit.languages.pairs import LanguagePair

SOURCE, PROVIDED = "source", "provided"

LETTER = re.compile(r"[^\W\d_]")
WORD = re.compile(r"[^\W\d_]+")
ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w+")

# Russian prose names things in Latin letters (Windows, NATO); English prose hardly ever has Cyrillic ones.
# So a text is in the language of the script that is not Latin from this share of its letters on.
LEAST_SHARE = 0.35


def letter_counts(text: str, script: Script) -> tuple[int, int]:
    """Letters of a script, and letters of any other."""
    if text.isascii() and script is not LATIN:
        return 0, len(LETTER.findall(text))
    own = len(script.letter.findall(text))
    return own, len(LETTER.findall(text)) - own


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


def _small_words(text: str, script: Script) -> tuple[int, int] | None:
    """Letters of words in small letters, of the script and of others; None if there is no such word."""
    words = " ".join(word for word in WORD.findall(text) if word.islower())
    counts = letter_counts(words, script)
    return counts if any(counts) else None


def _by_words(text: str, pair: LanguagePair) -> str | None:
    if not LETTER.search(text):
        return None
    found, _ = _identifier(pair.source.code, pair.target.code).classify(text)
    return SOURCE if found == pair.source.code else PROVIDED


@cache
def _identifier(*codes: str) -> Any:
    """py3langid, restricted to these languages."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(list(codes))
    return identifier
