"""Which words differ between the provided text and the translations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

# A word keeps its apostrophes and hyphens; every other mark is a token of its own.
_TOKEN = re.compile(r"\w+(?:['’\-]\w+)*|[^\w\s]")


class Piece(NamedTuple):
    """A stretch of a text; the pieces of a text joined give the text back."""

    text: str
    changed: bool


def changes(
    provided: Sequence[str], translations: Sequence[str]
) -> tuple[list[list[Piece]], list[list[Piece]]]:
    """Cut both sides into pieces that are or are not found, in order, on the other side.

    A word is changed if it has no counterpart in *any* text of the other side, so that with several
    systems the provided text shows what no system wrote.
    """
    left, right = (
        [list(_TOKEN.finditer(text)) for text in side] for side in (provided, translations)
    )
    kept_left: list[set[int]] = [set() for _ in left]
    kept_right: list[set[int]] = [set() for _ in right]
    for i, ours in enumerate(left):
        for j, theirs in enumerate(right):
            matcher = SequenceMatcher(None, [m[0] for m in ours], [m[0] for m in theirs], False)
            for a, b, size in matcher.get_matching_blocks():
                kept_left[i].update(range(a, a + size))
                kept_right[j].update(range(b, b + size))
    return (
        [_pieces(*side) for side in zip(provided, left, kept_left, strict=True)],
        [_pieces(*side) for side in zip(translations, right, kept_right, strict=True)],
    )


def _pieces(text: str, tokens: Sequence[re.Match[str]], kept: set[int]) -> list[Piece]:
    """Neighbouring changed words and the space between them make one piece."""
    pieces: list[Piece] = []
    begin = end = 0
    for index, token in enumerate(tokens):
        if index in kept:
            continue
        if index == 0 or index - 1 in kept:
            if end > begin:
                pieces.append(Piece(text[begin:end], True))
            if token.start() > end:
                pieces.append(Piece(text[end : token.start()], False))
            begin = token.start()
        end = token.end()
    if end > begin:
        pieces.append(Piece(text[begin:end], True))
    if end < len(text):
        pieces.append(Piece(text[end:], False))
    return pieces
