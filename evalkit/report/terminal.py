"""What every report on the terminal has in common: how it is written, and how changed words are marked."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, NamedTuple

from rich.console import Console
from rich.text import Text

from evalkit.report.diff import Piece
from evalkit.report.printable import printable

# From this width on lines are hard to read: blocks get no wider.
READABLE = 132


class Mark(NamedTuple):
    """How a changed word looks: a style where there is colour, else between two marks."""

    style: str
    begin: str
    end: str


# wdiff's brackets.
REMOVED = Mark("bold red underline", "[-", "-]")
ADDED = Mark("bold green underline", "{+", "+}")


@contextmanager
def report_console(stream: IO[str] | None, width: int | None) -> Iterator[Console]:
    """A console; what is printed on it is written to ``stream`` at the end of the block.

    Args:
        stream: standard output by default. width: columns; by default those of the terminal, or 80.
    """
    stream = sys.stdout if stream is None else stream
    console = Console(file=stream, width=width, highlight=False, markup=False, emoji=False)
    with console.capture() as capture:
        yield console
    text = capture.get().lstrip("\n")
    if console.color_system is None:
        # rich fills table cells with blanks, which only bother a reader of the file.
        text = re.sub(r" +$", "", text, flags=re.MULTILINE)
    encoding = getattr(stream, "encoding", None) or "utf-8"
    # A Windows code page has no Cyrillic: a "?" is better than no report.
    stream.write(text.encode(encoding, "replace").decode(encoding))
    stream.flush()


def is_plain(console: Console) -> bool:
    """Whether marks must stand for colours."""
    return console.color_system is None or console.no_color


def marked(pieces: Iterable[Piece], mark: Mark, plain: bool) -> Text:
    """A text with its changed words marked."""
    text = Text()
    for piece in pieces:
        shown = printable(piece.text)
        if piece.changed and plain:
            shown = f"{mark.begin}{shown}{mark.end}"
        text.append(shown, mark.style if piece.changed else "")
    return text
