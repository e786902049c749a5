"""The plain data that the steps hand to each other: read -> pair -> translate -> score -> report.

Nothing here does any work. A step takes these, returns these, and never changes what it was given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

PAIRED = "paired"
SOURCE_ONLY = "source_only"
PROVIDED_ONLY = "provided_only"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text in one language: a paragraph as read, or a sentence once split.

    ``line`` is the 1-based line of the file on which it begins (0: not known); ``paragraph`` counts
    paragraphs from 0 within its side of the document.
    """

    text: str
    line: int = 0
    paragraph: int = 0
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """Two texts of which it is not yet known what corresponds to what."""

    name: str
    source: tuple[Segment, ...]
    provided: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A unit that the input itself has paired: a line of two parallel files, a table row, a TMX unit.

    ``provided`` has one text for each provided side (several when several references are given).
    ``recorded`` holds translations that came in the same row, by system name.
    """

    source: str
    provided: tuple[str, ...]
    document: str = ""
    id: str = ""
    line: int = 0
    recorded: Mapping[str, str] = field(default_factory=dict)
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InputFile:
    """What was read, for the manifest and the report. ``path`` is "-" for standard input."""

    role: str
    path: str
    sha256: str
    bytes: int
    encoding: str
    format: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """The result of reading: ``rows`` the input has paired, or ``documents`` still to be aligned."""

    documents: tuple[Document, ...] = ()
    rows: tuple[Row, ...] = ()
    files: tuple[InputFile, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """One aligned unit.

    ``source_index`` are the positions of its source sentences in the list of all source sentences
    of the run (the list that is translated), so that a translation is found again without its text;
    empty for ``provided_only``. ``alignment`` is "1-1", "2-1", "0-1"...: source sentences, then
    provided ones. ``confidence`` is in [0, 1]; 1 where the input itself gave the pair.
    """

    document: str
    status: str
    alignment: str
    confidence: float
    source: str
    provided: tuple[str, ...]
    source_index: tuple[int, ...] = ()
    id: str = ""
    source_line: int = 0
    provided_line: int = 0
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Translation:
    """A system's English for one source, and what looks wrong with it (flags such as "cut")."""

    text: str
    flags: tuple[str, ...] = ()
