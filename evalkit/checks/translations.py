"""What looks wrong with a translation, as flags; nothing is repaired."""

from __future__ import annotations

import re

from evalkit.data import Translation

EMPTY_OUTPUT = "empty_output"
COPIED_SOURCE = "copied_source"
REPETITION = "repetition"
CUT = "cut"

_LETTER = re.compile(r"[^\W\d_]")
# A run of one to eight words, three times or more in a row; or one sign twenty times.
_REPEATED_WORDS = re.compile(r"(?<!\S)(\S+(?:\s+\S+){0,7}?)(?:\s+\1){2,}(?!\S)")
_REPEATED_SIGN = re.compile(r"(\S)\1{19,}")
_FEWEST_REPEATED_WORDS = 6


def checked(source: str, text: str, *, cut: bool = False) -> Translation:
    """The translation with its flags; ``cut`` says that the output reached its limit."""
    flags = []
    if source.strip() and not text.strip():
        flags.append(EMPTY_OUTPUT)
    elif _LETTER.search(source) and source.split() == text.split():
        flags.append(COPIED_SOURCE)
    if _runs_away(text) and not _runs_away(source):
        flags.append(REPETITION)
    if cut:
        flags.append(CUT)
    return Translation(text, tuple(flags))


def _runs_away(text: str) -> bool:
    if _REPEATED_SIGN.search(text):
        return True
    repeated = _REPEATED_WORDS.finditer(text)
    return any(len(match.group().split()) >= _FEWEST_REPEATED_WORDS for match in repeated)
