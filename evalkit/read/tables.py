"""Tables: TSV, CSV, JSON Lines and XLSX, a row a unit."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from evalkit.data import Corpus, InputFile, Row
from evalkit.errors import InputError
from evalkit.read.columns import Columns, columns_without_header, find_columns
from evalkit.read.encodings import decode
from evalkit.read.lines import settle, split_lines
from evalkit.read.opening import load
from evalkit.read.options import Options

# A line of the file and its cells.
Record = tuple[int, Sequence[str]]

# The csv module's own limit is 128 KiB a cell, for the whole process; a paragraph may be longer.
CELL_LIMIT = (1 << 31) - 1


def read_tsv(path: str | Path, options: Options) -> Corpus:
    """Tab-separated values: a line a row, quotation marks are text (RFC 4180 has no say here)."""
    text, file, warnings = _text(path, "tsv", options)
    lines = [(n, line.split("\t")) for n, line in enumerate(split_lines(text), 1) if line.strip()]
    if _looks_quoted(lines):
        warnings += (
            f"{file.path}: cells look quoted as in CSV; --input-format csv reads them without the quotes",
        )
    return _from_records(lines, file, warnings, options)


def read_csv(path: str | Path, options: Options) -> Corpus:
    """Comma-separated values as RFC 4180 has them; also with semicolons or tabs, told by the header."""
    text, file, warnings = _text(path, "csv", options)
    csv.field_size_limit(CELL_LIMIT)
    return _from_records(_csv_records(text, file.path), file, warnings, options)


def read_jsonl(path: str | Path, options: Options) -> Corpus:
    """One JSON object a line; its first object tells which names there are."""
    text, file, warnings = _text(path, "jsonl", options)
    records = _json_records(split_lines(text), file.path)
    return _from_records(records, file, warnings, options, headed=True)


def read_xlsx(path: str | Path, options: Options) -> Corpus:
    """The first sheet of a workbook (extra ``formats``)."""
    from evalkit.read.xlsx import sheet_records

    loaded = load(path, "document")
    file = loaded.described("utf-8", "xlsx")
    return _from_records(sheet_records(loaded), file, (), options)


def _text(
    path: str | Path, format: str, options: Options
) -> tuple[str, InputFile, tuple[str, ...]]:
    loaded = load(path, "document")
    decoded = decode(loaded, options.encoding, options.errors)
    return decoded.text, loaded.described(decoded.encoding, format), decoded.warnings


def _looks_quoted(lines: Sequence[Record]) -> bool:
    cells = [cell for _, row in lines[:100] for cell in row if cell]
    quoted = sum(len(cell) > 1 and cell[0] == cell[-1] == '"' for cell in cells)
    return bool(cells) and quoted > len(cells) / 2


def _csv_records(text: str, path: str) -> Iterator[Record]:
    header = text[: text.find("\n") + 1 or len(text)]
    # Excel writes semicolons where the comma is the decimal mark, Russia among them.
    delimiter = max(",;\t", key=lambda mark: (header.count(mark), mark == ","))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(
            f"{path}, line {line}: not a row of CSV ({error}): quote a cell that holds"
            " quotation marks and double those, or give --input-format tsv"
        ) from error


def _json_records(lines: Sequence[str], path: str) -> Iterator[Record]:
    header: list[str] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise InputError(
                f"{path}, line {number}: not JSON ({error}): give one JSON object a line"
            ) from error
        if not isinstance(value, dict):
            raise InputError(f"{path}, line {number}: not a JSON object: give one object a line")
        if not header:
            header = list(value)
            yield number, header
        yield number, [_json_text(value.get(name)) for name in header]


def _json_text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _from_records(
    records: Iterable[Record],
    file: InputFile,
    warnings: tuple[str, ...],
    options: Options,
    headed: bool = False,
) -> Corpus:
    iterator = iter(records)
    first = next(iterator, None)
    if first is None:
        raise InputError(f"{file.path} has no rows: give a table with a header and text")
    header = [settle(cell)[0].strip() for cell in first[1]]
    columns = None if headed else columns_without_header(first[1], file.path, options)
    if columns is None:
        columns = find_columns(header, file.path, options)
    else:
        iterator = chain([first], iterator)
    rows = tuple(_row(line, cells, columns, len(header), file.path) for line, cells in iterator)
    if not rows:
        raise InputError(f"{file.path} has a header and no rows: there is nothing to read")
    return Corpus(rows=rows, files=(file,), warnings=(*warnings, *columns.warnings))


def _row(line: int, cells: Sequence[str], columns: Columns, width: int, path: str) -> Row:
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
        text, found = settle(cells[position])
        flags.update(dict.fromkeys(found))
        return text

    return Row(
        source=cell(columns.source),
        provided=tuple(cell(position) for position in columns.provided),
        document=cell(columns.document),
        id=cell(columns.id),
        line=line,
        recorded={name: cell(position) for name, position in columns.translations.items()},
        flags=tuple(flags),
    )
