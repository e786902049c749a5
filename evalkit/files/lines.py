"""Lines of a text, and what must not end one.

LF, CRLF and a lone CR end a line. U+2028, U+0085, vertical tab and form feed do not: they occur
inside sentences of real corpora, and `str.splitlines` would shift every line after them.
"""

from __future__ import annotations

import re

REPLACED = "replaced_bytes"
LONE_SURROGATE = re.compile("[\ud800-\udfff]+")


def split_lines(text: str) -> list[str]:
    """The lines without their ends; a last line end begins no further line."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines[-1] == "":
        lines.pop()
    return lines


def writable(text: str) -> tuple[str, tuple[str, ...]]:
    """Text that can be written as UTF-8, and the flag ``replaced_bytes`` if it had to be changed."""
    if not LONE_SURROGATE.search(text):
        return text, ()
    return LONE_SURROGATE.sub("\ufffd", text), (REPLACED,)
