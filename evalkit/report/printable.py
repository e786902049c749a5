"""Text made safe to print: what would move the cursor, colour the screen or reorder it is shown instead."""

from __future__ import annotations

import unicodedata

_LINE_ENDS = str.maketrans({"\n": "⏎", "\r": "⏎", "\u2028": "⏎", "\u2029": "⏎", "\t": " "})


def printable(text: object) -> str:
    """``text`` with control and direction characters shown by name, on one line.

    An escape sequence in a text would otherwise run in the reader's terminal, and a direction
    override would make the report show another text than the one that was scored.
    """
    line = str(text).translate(_LINE_ENDS)
    if line.isprintable():
        return line
    return "".join(c if _harmless(c) else f"<U+{ord(c):04X}>" for c in line)


def _harmless(character: str) -> bool:
    # Joiners (Cf) belong to the writing of some languages; direction marks (also Cf) do not print.
    category = unicodedata.category(character)
    if category == "Cf":
        return unicodedata.bidirectional(character) in {"BN", "AN", "ON"}
    return category not in {"Cc", "Cs"}
