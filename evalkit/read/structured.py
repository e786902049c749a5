"""Documents of paragraphs and tables (DOCX, HTML, Markdown, PDF): two-column tables are pairs, the rest is text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from evalkit.data import Corpus, Document, Row
from evalkit.errors import InputError
from evalkit.files.opening import Loaded, Readable, load, stem
from evalkit.files.records import plain_name
from evalkit.languages import LanguagePair
from evalkit.languages.detection import PROVIDED, SOURCE, side_of
from evalkit.read.bilingual import sorted_document, without_source
from evalkit.read.blocks import row_documents
from evalkit.read.columns import Columns, Names, find_columns
from evalkit.read.options import Options
from evalkit.read.tables import row_of_cells

# The share of a column's cells that must be in one language: the rest are headings and loan words.
COLUMN_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; a line end in it is one of the layout. ``line``: of the file, 0 where it has none."""

    text: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A table, row by row."""

    rows: tuple[tuple[str, ...], ...]
    line: int = 0


Block = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in a file, in its order; the encoding it was read in, and what the user should know."""

    blocks: Sequence[Block]
    encoding: str = "utf-8"
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class StructuredReader:
    """A reader of a format that has paragraphs and tables. Such a file may also be one side of two.

    contents: a function that gives what is in a file; it raises InputError, or whatever its library raises.
    needs: the package it needs; "" if evalkit itself brings it.
    """

    format: str
    contents: Callable[[Loaded, Options], Contents]
    needs: str = ""

    @property
    def label(self) -> str:
        return "Markdown" if self.format == "markdown" else self.format.upper()

    def __call__(self, path: Readable, options: Options) -> Corpus:
        """Read a file with both languages in it: text sorted by language, and rows of its tables."""
        loaded = load(path, "document")
        found = self.read(loaded, options)
        name = options.name or stem(loaded.path)
        warnings = list(found.warnings)
        texts, rows = _told_apart(found.blocks, loaded.path, options, warnings)
        documents: list[Document] = []
        if texts:
            documents.append(sorted_document(texts, name, options.pair))
        documents += row_documents(rows, name)
        if not rows and not documents[0].source:
            warnings.append(without_source(loaded.path, options))
        # A column of the table may name documents; where none does, they are of this one.
        named = tuple(
            replace(document, name=document.name or name, position=position)
            for position, document in enumerate(documents)
        )
        return Corpus(named, (loaded.described(found.encoding, self.format),), tuple(warnings))

    def lines(self, loaded: Loaded, options: Options) -> tuple[list[str], Contents]:
        """The paragraphs of a file in one language, the cells of its tables among them."""
        found = self.read(loaded, options)
        texts = [line for block in found.blocks for _, line in _lines_of(block)]
        return texts, found

    def read(self, loaded: Loaded, options: Options) -> Contents:
        """What is in the file.

        Raises:
            InputError: it cannot be read, holds no text, or the library is missing.
        """
        try:
            found = self.contents(loaded, options)
        except InputError:
            raise
        except ImportError as error:
            raise InputError(
                f"{loaded.path}: reading {self.label} needs {self.needs}: pip install 'evalkit[formats]'"
            ) from error
        # The libraries let out whatever their parsers and the zip reader raise.
        except Exception as error:
            reason = " ".join(str(error).split())[:200] or type(error).__name__
            raise InputError(
                f"{loaded.path} cannot be read as {self.label} ({reason}): save it again"
            ) from error
        if not any(line for block in found.blocks for _, line in _lines_of(block)):
            raise InputError(f"{loaded.path} has no text in it: there is nothing to read")
        return found


def unwrapped(lines: Iterable[str], pair: LanguagePair) -> list[str]:
    """Lines of one paragraph put together, but for those where the language changes."""
    found: list[tuple[str | None, str]] = []
    for line in map(str.strip, lines):
        side = side_of(line, pair)
        if found and (side is None or found[-1][0] in (None, side)):
            found[-1] = (side or found[-1][0], f"{found[-1][1]} {line}")
        elif line:
            found.append((side, line))
    return [text for _, text in found]


def _lines_of(block: Block) -> Iterable[tuple[int, str]]:
    if isinstance(block, Paragraph):
        texts = [block.text]
    else:
        texts = [cell for row in block.rows for cell in row]
    return [
        (block.line, line.strip()) for text in texts for line in text.split("\n") if line.strip()
    ]


def _told_apart(
    blocks: Sequence[Block], path: str, options: Options, warnings: list[str]
) -> tuple[list[tuple[int, str]], list[tuple[str, Row]]]:
    """The lines of text, and the rows of the tables that hold pairs. Other tables are text, cell by cell."""
    texts: list[tuple[int, str]] = []
    rows: list[tuple[str, Row]] = []
    for block in blocks:
        found = _pairs(block, path, options, warnings) if isinstance(block, Table) else None
        if found is None:
            texts += _lines_of(block)
        else:
            rows += found
    return texts, rows


def _pairs(
    table: Table, path: str, options: Options, warnings: list[str]
) -> list[tuple[str, Row]] | None:
    """The rows of a table of pairs; None if it is another table."""
    width = max((len(row) for row in table.rows), default=0)
    rows = [tuple(" ".join(cell.split()) for cell in row) for row in table.rows]
    rows = [row + ("",) * (width - len(row)) for row in rows if any(row)]
    if width < 2 or not rows:
        return None
    names = Names.of(options.pair)
    header = {plain_name(cell) for cell in rows[0]}
    if header & set(names.source) and header & set(names.provided):
        columns = find_columns(rows[0], path, options)
        warnings += columns.warnings
        rows = rows[1:]
    else:
        by_language = _by_language(rows, options.pair)
        if by_language is None:
            return None
        columns = by_language
    return [row_of_cells(table.line, row, columns, width, path) for row in rows]


def _by_language(rows: Sequence[Sequence[str]], pair: LanguagePair) -> Columns | None:
    """The columns of a table that has one in each language; what else it has is in none (numbers)."""
    sides = [_side_of_column([row[k] for row in rows], pair) for k in range(len(rows[0]))]
    if sides.count(SOURCE) != 1 or sides.count(PROVIDED) != 1:
        return None
    return Columns(sides.index(SOURCE), (sides.index(PROVIDED),))


def _side_of_column(cells: Sequence[str], pair: LanguagePair) -> str | None:
    sides = [side for side in (side_of(cell, pair) for cell in cells) if side]
    if not sides:
        return None
    usual = max((SOURCE, PROVIDED), key=sides.count)
    return usual if sides.count(usual) >= COLUMN_SHARE * len(sides) else "both"
