"""Names and numbers of the source, in Latin letters: a bridge of its own, that no translation can spoil."""

from __future__ import annotations

import re
from collections.abc import Sequence

from evalkit.languages import Language

WORD = re.compile(r"\w+")
# Endings differ (Дегтярева, Degtyarev); so many letters of the beginning must not.
STEM = 4


def with_names(
    bridge: Sequence[str], source: Sequence[str], provided: Sequence[str], language: Language
) -> list[str]:
    """Each translation, followed by the capitalized words and numbers of its source that occur in the provided text.

    ``language`` is that of the source; a name is taken to be nearly the same in all languages once its letters are.
    """
    known = {word[:STEM] for text in provided for word in WORD.findall(text.casefold())}
    return [
        " ".join(
            [
                translation,
                *(n for n in _names(language.romanized(text)) if n.casefold()[:STEM] in known),
            ]
        )
        for translation, text in zip(bridge, source, strict=True)
    ]


def _names(text: str) -> list[str]:
    """Its capitalized words and numbers."""
    return [
        word
        for word in WORD.findall(text)
        if word[0].isdigit() or (word[0].isupper() and len(word) >= STEM)
    ]
