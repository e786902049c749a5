"""Tables as text: TSV, CSV, cells between bars, JSON and JSON Lines, a record a row."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import TextIOBase
from itertools import chain
from typing import Any

from evalkit.errors import InputError
from evalkit.files.lines import split_lines

# A line of the file and its cells.
Record = tuple[int, Sequence[str]]

# The csv module's own limit is 128 KiB a cell, for the whole process; a paragraph may be longer.
CELL_LIMIT = (1 << 31) - 1
# A bar that parts cells, and a cell of the rule under a header ("---", ":-:").
BAR = re.compile(r"(?<!\\)\|")
RULE = re.compile(r":?-+:?")


def tsv_records(text: str | Iterable[str], path: str) -> Iterator[Record]:
    """Tab-separated values: a line a row, quotation marks are text (RFC 4180 has no say here).

    Args:
        text: the whole of it, or its lines.
    """
    for number, line in enumerate(_lines(text), 1):
        if line.strip():
            yield number, line.split("\t")


def csv_records(text: str | TextIOBase, path: str) -> Iterator[Record]:
    """Comma-separated values as RFC 4180 has them; also with semicolons or tabs, told by the header.

    Args:
        text: the whole of it, or a stream opened with newline="".

    Raises:
        InputError: a line that is not a row of CSV.
    """
    csv.field_size_limit(CELL_LIMIT)
    stream = io.StringIO(text, newline="") if isinstance(text, str) else text
    header = stream.readline()
    # Excel writes semicolons where the comma is the decimal mark, Russia among them.
    delimiter = max(",;\t", key=lambda mark: (header.count(mark), mark == ","))
    reader = csv.reader(chain([header], stream), delimiter=delimiter, strict=True)
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


def psv_records(text: str, path: str) -> Iterator[Record]:
    """Cells between bars, as ``a | b`` or ``| a | b |``; ``\\|`` is a bar in a text, a line of dashes none of a table."""
    for number, line in enumerate(split_lines(text), 1):
        cells = [cell.strip().replace("\\|", "|") for cell in BAR.split(line.strip())]
        if line.strip().startswith("|"):
            cells = cells[1:]
        if line.strip().endswith("|") and cells and not cells[-1]:
            cells = cells[:-1]
        if any(cells) and not all(RULE.fullmatch(cell) for cell in cells):
            yield number, cells


def json_records(text: str | Iterable[str], path: str) -> Iterator[Record]:
    """One JSON object a line (``text``: the whole of it, or its lines); the names of the first come as a record before it,
    as a header.

    Hugging Face's ``{"translation": {"ru": ..., "en": ...}}`` is read as the object inside.

    Raises:
        InputError: a line that is not a JSON object.
    """
    return object_records(_json_lines(text, path), path)


def json_array_records(text: str, path: str) -> Iterator[Record]:
    """The objects, or the lists of cells, of a JSON array; it may stand alone in an object: ``{"data": [...]}``.

    Objects come with a header as in `json_records`. The number of a record is its place in the array.

    Raises:
        InputError: not JSON, or no such array.
    """
    try:
        value = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"{path}: not JSON ({error}): mend it, or give it as JSON Lines"
        ) from error
    if isinstance(value, dict):
        arrays = [item for item in value.values() if isinstance(item, list)]
        value = arrays[0] if len(arrays) == 1 else [value]
    if not isinstance(value, list) or not all(isinstance(v, dict | list) for v in value):
        raise InputError(
            f"{path}: a JSON array of objects is wanted, with a source and a provided text in each"
        )
    if all(isinstance(item, dict) for item in value):
        return object_records(enumerate(value, 1), path)
    if any(isinstance(item, dict) for item in value):
        raise InputError(f"{path}: the JSON array holds objects and lists: give one or the other")
    return iter((n, [_json_text(cell) for cell in item]) for n, item in enumerate(value, 1))


def object_records(objects: Iterable[tuple[int, Any]], path: str) -> Iterator[Record]:
    """Numbered objects as records, the names of the first before them as a header."""
    header: list[str] = []
    for number, value in objects:
        value = _without_wrapper(value)
        if not header:
            header = list(value)
            yield number, header
        yield number, [_json_text(value.get(name)) for name in header]


def _without_wrapper(value: dict[str, Any]) -> dict[str, Any]:
    inner = value.get("translation")
    if not isinstance(inner, dict):
        return value
    return {**{name: v for name, v in value.items() if name != "translation"}, **inner}


def _lines(text: str | Iterable[str]) -> Iterable[str]:
    return split_lines(text) if isinstance(text, str) else text


def _json_lines(text: str | Iterable[str], path: str) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(_lines(text), 1):
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
        yield number, value


# Format -> a function of (text, path); the first record is the header, if there is one.
RECORDS: dict[str, Callable[[str, str], Iterator[Record]]] = {
    "tsv": tsv_records,
    "csv": csv_records,
    "jsonl": json_records,
    "json": json_array_records,
    "psv": psv_records,
}


def plain_name(column: str) -> str:
    """A column's name as names are compared: "Source_Text" is "source text"."""
    return re.sub(r"[\s_.\-]+", " ", column).strip().lower()


def _json_text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
