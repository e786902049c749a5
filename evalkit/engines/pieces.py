"""Sources longer than a model takes: split where a reader would pause, never cut."""

from __future__ import annotations

import re
from collections.abc import Callable

# From the best place to the worst: after a sentence, after a clause, between words.
_BOUNDARIES = (
    re.compile(r"(?<=[.!?…])[\"'»”)\]]*\s+"),
    re.compile(r"(?<=[;:,])\s+|\s+(?=[—–-]\s)"),
    re.compile(r"\s+"),
)
# A cut nearer to an end than this part of the text leaves a fragment: rather a worse place.
_MARGIN = 0.15


def split_long(text: str, fits: Callable[[str], bool]) -> list[str]:
    """Halve ``text`` near its middle until every piece fits; joined by spaces they are the text.

    A single word that does not fit is halved between letters.
    """
    text = text.strip()
    if fits(text) or len(text) < 2:
        return [text]
    left, right = _halves(text)
    return split_long(left, fits) + split_long(right, fits)


def _halves(text: str) -> tuple[str, str]:
    middle = len(text) / 2
    for boundary in _BOUNDARIES:
        places = [
            match
            for match in boundary.finditer(text)
            if _MARGIN * len(text) <= match.end() <= (1 - _MARGIN) * len(text)
        ]
        if places:
            best = min(places, key=lambda match: abs(match.end() - middle))
            return text[: best.end()].rstrip(), text[best.end() :]
    if words := list(_BOUNDARIES[-1].finditer(text)):
        best = min(words, key=lambda match: abs(match.end() - middle))
        return text[: best.end()].rstrip(), text[best.end() :]
    return text[: len(text) // 2], text[len(text) // 2 :]
