"""Tables as text: TSV, CSV and JSON Lines, a record a row."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from evalkit.errors import InputError
from evalkit.files.lines import split_lines

# A line of the file and its cells.
Record = tuple[int, Sequence[str]]

# The csv module's own limit is 128 KiB a cell, for the whole process; a paragraph may be longer.
CELL_LIMIT = (1 << 31) - 1


def tsv_records(text: str, path: str) -> Iterator[Record]:
    """Tab-separated values: a line a row, quotation marks are text (RFC 4180 has no say here)."""
    for number, line in enumerate(split_lines(text), 1):
        if line.strip():
            yield number, line.split("\t")


def csv_records(text: str, path: str) -> Iterator[Record]:
    """Comma-separated values as RFC 4180 has them; also with semicolons or tabs, told by the header.

    Raises:
        InputError: a line that is not a row of CSV.
    """
    csv.field_size_limit(CELL_LIMIT)
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


def json_records(text: str, path: str) -> Iterator[Record]:
    """One JSON object a line; the names of the first come as a record before it, as a header.

    Raises:
        InputError: a line that is not a JSON object.
    """
    header: list[str] = []
    for number, line in enumerate(split_lines(text), 1):
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


# Format -> a function of (text, path); the first record is the header, if there is one.
RECORDS: dict[str, Callable[[str, str], Iterator[Record]]] = {
    "tsv": tsv_records,
    "csv": csv_records,
    "jsonl": json_records,
}


def plain_name(column: str) -> str:
    """A column's name as names are compared: "Source_Text" is "source text"."""
    return re.sub(r"[\s_.\-]+", " ", column).strip().lower()


def _json_text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
