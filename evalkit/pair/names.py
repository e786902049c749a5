"""Names and numbers of the source, in Latin letters: a bridge of its own, that no translation can spoil."""

from __future__ import annotations

import re
from collections.abc import Sequence

# After the BGN/PCGN romanization, without its apostrophes: near to what newspapers write.
LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "e",
            "e",
            "zh",
            "z",
            "i",
            "y",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "kh",
            "ts",
            "ch",
            "sh",
            "shch",
            "",
            "y",
            "",
            "e",
            "yu",
            "ya",
        ],
        strict=True,
    )
)
TABLE = str.maketrans(LATIN | {letter.upper(): latin.title() for letter, latin in LATIN.items()})
WORD = re.compile(r"\w+")
# Endings differ (Дегтярева, Degtyarev); so many letters of the beginning must not.
STEM = 4


def romanized(text: str) -> str:
    """Cyrillic letters of Russian in Latin ones; the rest stays."""
    return text.translate(TABLE)


def with_names(bridge: Sequence[str], source: Sequence[str], provided: Sequence[str]) -> list[str]:
    """Each translation, followed by the capitalized words and numbers of its source that occur in the provided text.

    Works for any language in Latin letters or Cyrillic: a name is the same in French and German.
    """
    known = {word[:STEM] for text in provided for word in WORD.findall(text.casefold())}
    return [
        " ".join([translation, *(n for n in _names(text) if n.casefold()[:STEM] in known)])
        for translation, text in zip(bridge, source, strict=True)
    ]


def _names(text: str) -> list[str]:
    return [
        word
        for word in WORD.findall(romanized(text))
        if word[0].isdigit() or (word[0].isupper() and len(word) >= STEM)
    ]
