"""Tables: TSV, CSV, cells between bars, JSON, JSON Lines and XLSX, a row a unit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from io import TextIOBase
from itertools import chain

from evalkit.data import Corpus, Document, InputFile, Row
from evalkit.errors import InputError
from evalkit.files.encodings import decode
from evalkit.files.lines import writable
from evalkit.files.opening import Readable, load, stem
from evalkit.files.records import (
    Record,
    csv_records,
    json_array_records,
    json_records,
    psv_records,
    tsv_records,
)
from evalkit.files.streaming import LargeText, large_text, stream_lines
from evalkit.read.blocks import row_documents
from evalkit.read.columns import Columns, columns_without_header, find_columns
from evalkit.read.options import Options


def read_tsv(path: Readable, options: Options) -> Corpus:
    """Tab-separated values."""
    text, file, warnings = _text(path, "tsv", options)
    lines = list(tsv_records(text, file.path))
    if _looks_quoted(lines):
        warnings += (
            f"{file.path}: cells look quoted as in CSV; --input-format csv reads them without the quotes",
        )
    return _from_records(lines, file, warnings, options)


def read_csv(path: Readable, options: Options) -> Corpus:
    """Comma-separated values, also with semicolons or tabs."""
    text, file, warnings = _text(path, "csv", options)
    return _from_records(csv_records(text, file.path), file, warnings, options)


def read_jsonl(path: Readable, options: Options) -> Corpus:
    """One JSON object a line; its first object tells which names there are."""
    text, file, warnings = _text(path, "jsonl", options)
    return _from_records(json_records(text, file.path), file, warnings, options, headed=True)


def read_json(path: Readable, options: Options) -> Corpus:
    """A JSON array of objects or of lists; or JSON Lines that were called .json."""
    text, file, warnings = _text(path, "json", options)
    try:
        records = list(json_array_records(text, file.path))
    except InputError:
        lines = text.lstrip().partition("\n")[0].strip()
        if not (lines.startswith("{") and lines.endswith("}")):
            raise
        records = list(json_records(text, file.path))
    headed = bool(records) and text.lstrip()[:1] + text.lstrip()[1:].lstrip()[:1] != "[["
    return _from_records(records, file, warnings, options, headed=headed)


def read_psv(path: Readable, options: Options) -> Corpus:
    """Cells between bars."""
    text, file, warnings = _text(path, "psv", options)
    return _from_records(psv_records(text, file.path), file, warnings, options)


def read_xlsx(path: Readable, options: Options) -> Corpus:
    """The first sheet of a workbook (extra ``formats``)."""
    from evalkit.read.xlsx import sheet_records

    loaded = load(path, "document")
    file = loaded.described("utf-8", "xlsx")
    return _from_records(sheet_records(loaded), file, (), options)


# Tables that a large file may be, of which one row is read after the other.
STREAMED: Mapping[str, Callable[[TextIOBase, str], Iterator[Record]]] = {
    "tsv": lambda stream, path: tsv_records(stream_lines(stream), path),
    "csv": csv_records,
    "jsonl": lambda stream, path: json_records(stream_lines(stream), path),
}


def read_large_table(path: str, format: str, options: Options) -> Corpus | None:
    """A table of `STREAMED` whose documents are read as they are taken; None if the file is not large, or not UTF-8.

    What is wrong with a row is told when it is reached.
    """
    if options.reading.encoding not in (None, "utf-8", "UTF-8", "utf8"):
        return None
    large = large_text(path)
    if large is None:
        return None
    records = _streamed(large, format)
    file = large.described("document", format)
    return _from_records(records, file, (), options, headed=format == "jsonl", whole=False)


def _streamed(large: LargeText, format: str) -> Iterator[Record]:
    with large.open() as stream:
        yield from STREAMED[format](stream, large.path)


def _text(path: Readable, format: str, options: Options) -> tuple[str, InputFile, tuple[str, ...]]:
    loaded = load(path, "document")
    decoded = decode(loaded, options.reading.encoding, options.reading.errors, options.languages)
    return decoded.text, loaded.described(decoded.encoding, format), decoded.warnings


def _looks_quoted(lines: Sequence[Record]) -> bool:
    cells = [cell for _, row in lines[:100] for cell in row if cell]
    quoted = sum(len(cell) > 1 and cell[0] == cell[-1] == '"' for cell in cells)
    return bool(cells) and quoted > len(cells) / 2


def _from_records(
    records: Iterable[Record],
    file: InputFile,
    warnings: tuple[str, ...],
    options: Options,
    headed: bool = False,
    whole: bool = True,
) -> Corpus:
    """The corpus of a table. headed: the first record is a header for certain. whole: read all rows now."""
    iterator = iter(records)
    first = next(iterator, None)
    if first is None:
        raise InputError(f"{file.path} has no rows: give a table with a header and text")
    header = [writable(cell)[0].strip() for cell in first[1]]
    columns = None if headed else columns_without_header(first[1], file.path, options)
    if columns is None:
        columns = find_columns(header, file.path, options)
    else:
        iterator = chain([first], iterator)
    rows = (row_of_cells(line, cells, columns, len(header), file.path) for line, cells in iterator)
    first_row = next(rows, None)
    if first_row is None:
        raise InputError(f"{file.path} has a header and no rows: there is nothing to read")
    documents: Iterable[Document] = row_documents(
        chain([first_row], rows), options.name or stem(file.path)
    )
    if whole:
        documents = tuple(documents)
    return Corpus(documents, (file,), (*warnings, *columns.warnings))


def row_of_cells(
    line: int, cells: Sequence[str], columns: Columns, width: int, path: str
) -> tuple[str, Row]:
    """The name of the document, and the row."""
    if any(cell.strip() for cell in cells[width:]):
        raise InputError(
            f"{path}, line {line}: {len(cells)} cells where the header has {width}:"
            " a separator inside a text must be quoted (CSV) or removed (TSV)"
        )
    flags: dict[str, None] = {}

    def cell(position: int | None) -> str:
        # Editors cut empty cells off the end of a line.
        if position is None or position >= len(cells):
            return ""
        text, found = writable(cells[position])
        flags.update(dict.fromkeys(found))
        return text

    row = Row(
        source=cell(columns.source),
        provided=tuple(cell(position) for position in columns.provided),
        id=cell(columns.id),
        line=line,
        recorded={name: cell(position) for name, position in columns.translations.items()},
        flags=tuple(flags),
    )
    return cell(columns.document), row
