"""Large files of UTF-8 text, read twice a block at a time instead of held in memory: once to be sure of them, once for use."""

from __future__ import annotations

import codecs
import hashlib
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evalkit.data import InputFile
from evalkit.files.opening import COMPRESSIONS, STANDARD_INPUT

# From this size on a file is streamed; below it is held in memory, where its encoding can be told by the look of it.
LARGE = 64 << 20
BLOCK = 1 << 20


@dataclass(frozen=True)
class LargeText:
    """A large file that is known to be UTF-8 throughout."""

    path: str
    sha256: str
    bytes: int

    def described(self, role: str, format: str) -> InputFile:
        """The record of this file for `Corpus.files`."""
        return InputFile(role, self.path, self.sha256, self.bytes, "utf-8", format)

    def open(self) -> io.TextIOWrapper:
        """The text, line ends as they are."""
        return open(self.path, encoding="utf-8-sig", newline="")


def large_text(path: str | Path) -> LargeText | None:
    """The file if it is large, not compressed, and UTF-8 without zero bytes; else None: it is to be read whole."""
    name = str(path)
    if name == STANDARD_INPUT or Path(name).suffix.lower() in COMPRESSIONS:
        return None
    try:
        if not os.path.isfile(name) or os.path.getsize(name) < LARGE:
            return None
        digest, size = hashlib.sha256(), 0
        decoder = codecs.getincrementaldecoder("utf-8")()
        with open(name, "rb") as stream:
            while block := stream.read(BLOCK):
                if b"\x00" in block:
                    return None
                decoder.decode(block)
                digest.update(block)
                size += len(block)
        decoder.decode(b"", final=True)
    except (OSError, UnicodeDecodeError):
        return None
    return LargeText(name, digest.hexdigest(), size)


def stream_lines(stream: io.TextIOBase) -> Iterator[str]:
    """The lines without their ends, as `evalkit.files.lines.split_lines` has them. The stream must be opened with newline=""."""
    held = ""
    while block := stream.read(BLOCK):
        text = held + block
        # A carriage return at the end may be half of a line end.
        whole = text if not text.endswith("\r") else text[:-1]
        lines = whole.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        held = lines.pop() + text[len(whole) :]
        yield from lines
    if held:
        yield held.removesuffix("\r")
