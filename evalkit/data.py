"""The plain data that the steps hand to each other: read -> pair -> translate -> score -> report.

Nothing here does any work. A step takes these, returns these, and never changes what it was given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

#: The states of a pair. Only a paired one is scored.
PAIRED = "paired"
SOURCE_ONLY = "source_only"
PROVIDED_ONLY = "provided_only"

#: Names that no system can have: the provided text as a candidate, and all systems as references together.
PROVIDED = "provided"
ALL_SYSTEMS = "all"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text in one language: a paragraph as read, or a sentence once split.

    ``line`` is the 1-based line of the file on which it begins (0: not known). ``paragraph`` counts
    paragraphs from 0 within its side of the document.
    """

    text: str
    line: int = 0
    paragraph: int = 0
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A unit that the input itself has paired: a line of two parallel files, a table row, a TMX unit.

    ``provided`` has one text for each provided side (several when several references are given).
    ``recorded`` holds translations that came in the same row, by system name.
    """

    source: str
    provided: tuple[str, ...]
    id: str = ""
    line: int = 0
    recorded: Mapping[str, str] = field(default_factory=dict)
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Translation:
    """A system's translation of one source, and what looks wrong with it (flags such as "cut")."""

    text: str
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """The unit of all work: its pairs and scores depend on nothing outside it.

    A document has either ``rows``, which are pairs already, or the two texts ``source`` and ``provided``, of
    which it is not yet known what corresponds to what.

    name: what reports call it; "" where the input names no documents.
    input, position: the input it came from, and its place there. They order the documents of a run.
    source_lines: the lines of the source's file, blank ones too (0: not known, or not of two files).
    by_line: each line of the source corresponds to the line of the same number, so that no pair crosses their borders.
    recorded: translations made before, by system: one for each of ``sources``.
    """

    name: str
    source: tuple[Segment, ...] = ()
    provided: tuple[Segment, ...] = ()
    rows: tuple[Row, ...] = ()
    input: str = ""
    position: int = 0
    source_lines: int = 0
    by_line: bool = False
    recorded: Mapping[str, tuple[Translation, ...]] = field(default_factory=dict)

    @property
    def sources(self) -> list[str]:
        """The source sentences: what is translated, and what `Pair.source_index` counts."""
        return [row.source for row in self.rows] or [segment.text for segment in self.source]


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
class Failure:
    """An input that could not be read, and why."""

    input: str
    reason: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """The result of reading one input. ``documents`` may be an iterator, which can be gone through once."""

    documents: Iterable[Document] = ()
    files: tuple[InputFile, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """One aligned unit of a document.

    ``source_index`` are the positions of its source sentences in `Document.sources`; empty for
    ``provided_only``. ``alignment`` is "1-1", "2-1", "0-1"...: source sentences, then provided ones.
    ``confidence`` is in [0, 1]; 1 where the input itself gave the pair.
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
class Slip:
    """From which line on (from 1) a source corresponds to the text so many lines later (``by``; or earlier, below 0)."""

    line: int
    by: int


@dataclass(frozen=True, slots=True)
class Doubts:
    """What looks wrong with a document as a whole.

    languages: the codes of those that its sides are in; "" where a side is in the language it should be in.
    slip: where its rows slip against each other.
    """

    languages: tuple[str, str] = ("", "")
    slip: Slip | None = None


class Example(NamedTuple):
    """What a metric scores: a hypothesis with its references, its source, or both."""

    hypothesis: str
    references: tuple[str, ...] = ()
    source: str = ""
