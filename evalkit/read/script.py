"""Which of the two languages a stretch of text is in, by its script."""

from __future__ import annotations

import re

SOURCE, PROVIDED = "source", "provided"

CYRILLIC = re.compile("[\u0400-\u052f\u1c80-\u1c8f\u2de0-\u2dff\ua640-\ua69f]")
LETTER = re.compile(r"[^\W\d_]")
ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w+")

WORD = re.compile(r"[^\W\d_]+")

# Russian prose names things in Latin letters (Windows, NATO); English prose hardly ever has Cyrillic.
RUSSIAN_FROM = 0.35


def letter_counts(text: str) -> tuple[int, int]:
    """Cyrillic letters, and letters of any other script."""
    if text.isascii():
        return 0, len(LETTER.findall(text))
    cyrillic = len(CYRILLIC.findall(text))
    return cyrillic, len(LETTER.findall(text)) - cyrillic


def side_of(text: str) -> str | None:
    """``SOURCE`` for Cyrillic text, ``PROVIDED`` for other letters, None for numbers and addresses."""
    if "." in text:
        text = ADDRESS.sub(" ", text)
    cyrillic, other = letter_counts(text)
    if not cyrillic and not other:
        return None
    if cyrillic and other:
        # Words in small letters make the sentence; names say little about its language.
        cyrillic, other = _small_words(text) or (cyrillic, other)
    return SOURCE if cyrillic >= RUSSIAN_FROM * (cyrillic + other) else PROVIDED


def _small_words(text: str) -> tuple[int, int] | None:
    """Letters of words in small letters, Cyrillic and other; None if there is no such word."""
    counts = letter_counts(" ".join(word for word in WORD.findall(text) if word.islower()))
    return counts if any(counts) else None
