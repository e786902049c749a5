"""The format of a file: by its suffix, or where that says nothing, by what is in it."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace

from evalkit.errors import InputError
from evalkit.files.encodings import decode
from evalkit.files.lines import split_lines
from evalkit.files.opening import Loaded, suffix
from evalkit.files.records import Record, csv_records, plain_name, psv_records, tsv_records
from evalkit.languages.detection import PROVIDED, SOURCE, side_of
from evalkit.plugins import READERS
from evalkit.read.columns import Names
from evalkit.read.options import Options

SUFFIXES = {
    ".tsv": "tsv",
    ".tab": "tsv",
    ".csv": "csv",
    ".psv": "psv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".xlsx": "xlsx",
    ".docx": "docx",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".md": "markdown",
    ".markdown": "markdown",
    ".pdf": "pdf",
    ".srt": "srt",
    ".vtt": "vtt",
    ".tmx": "tmx",
    ".xlf": "xliff",
    ".xliff": "xliff",
    ".sdlxliff": "xliff",
    ".mxliff": "xliff",
    ".mqxliff": "xliff",
    ".po": "po",
    ".pot": "po",
}
# Suffixes of files that are read as text though nothing in them says what they are.
TEXT_SUFFIXES = (".txt", ".text")

# How much of a file is looked at, in bytes: a screenful of rows, or the head of a web page.
SAMPLE = 1 << 16
# Rows that are looked at, and the share of them that must be pairs: a table of texts has a heading or two.
SAMPLE_ROWS, PAIRED_SHARE = 100, 0.8

_ZIPPED = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
_HEADS = (
    ("vtt", re.compile(r"WEBVTT\b")),
    ("srt", re.compile(r"\d+\s*\n\s*\d+:\d\d:\d\d[,.]\d+\s*-->")),
    ("tmx", re.compile(r"(<\?xml|<!DOCTYPE tmx|<!--|<tmx\b)(?s:.*)<tmx\b|<tmx\b")),
    ("xliff", re.compile(r"(<\?xml|<!--)(?s:.*)<xliff\b|<xliff\b")),
    (
        "html",
        re.compile(r"(?i)(<\?xml[^>]*>\s*|<!--(?s:.*?)-->\s*)*<(!doctype\s+html|html|head|body)\b"),
    ),
    # A stretch of a page, such as an editor's export.
    (
        "html",
        re.compile(r"(?i)<(p|div|table|h[1-6]|article|section|main)\b[^>]*>(?s:.*)</\w+>\s*\Z"),
    ),
    ("json", re.compile(r'\[\s*[\[{"]')),
    ("po", re.compile(r'(#(?s:.*)\n)?\s*msgid "(?s:.*)\nmsgstr ')),
)
_MARKDOWN_TABLE = re.compile(r"(?m)^ {0,3}\|?\s*:?-{3,}:?\s*(\|\s*:?-{3,}:?\s*)+\|?\s*$")


def format_of_file(loaded: Loaded, options: Options) -> tuple[str, str]:
    """The format of a file, and what the user should be told of it ("" if its suffix says it)."""
    named = format_of_name(loaded.path)
    if named:
        return named, ""
    found = format_of_content(loaded, options)
    if found is None:
        return "text", ""
    return found, (
        f"{loaded.path}: read as {found}, which it looks like; --input-format text reads it as plain text"
    )


def format_of_name(path: str) -> str | None:
    """The format that the suffix of a file tells; None where it says nothing, or no more than that it is text."""
    ending = suffix(path)
    if ending in SUFFIXES:
        return SUFFIXES[ending]
    for name, reader in READERS.added():
        if ending in getattr(reader, "suffixes", ()):
            return name
    return None


def format_of_content(loaded: Loaded, options: Options) -> str | None:
    """The format that the bytes themselves tell; None for plain text and for what is not known.

    Raises:
        InputError: XML of another kind than those read here, which would be text with marks in it.
    """
    if loaded.data.startswith(b"%PDF-"):
        return "pdf"
    if loaded.data.startswith(b"PK\x03\x04"):
        return _zipped(loaded.data)
    try:
        sample = replace(loaded, data=_beginning(loaded.data))
        reading = options.reading
        text = decode(sample, reading.encoding, "replace", options.languages).text
    except InputError:
        return None
    found = _of_text(text, options)
    if found is None and text.lstrip("\ufeff \t\r\n").startswith("<?xml"):
        raise InputError(
            f"{loaded.path} is XML of a kind that is not known: give --input-format html to read all text in it"
        )
    return found


def _beginning(data: bytes) -> bytes:
    """A sample that ends with a line, or at least not within a character of UTF-8."""
    if len(data) <= SAMPLE:
        return data
    sample = data[:SAMPLE]
    return sample[: sample.rfind(b"\n") + 1] or sample.rstrip(bytes(range(0x80, 0x100)))


def _zipped(data: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    return next((format for name, format in _ZIPPED.items() if name in names), None)


def _of_text(text: str, options: Options) -> str | None:
    text = "\n".join(split_lines(text))
    head = text.lstrip()
    for format, pattern in _HEADS:
        if pattern.match(head):
            return format
    if head.startswith("{"):
        return _json_object(head)
    if _MARKDOWN_TABLE.search(text):
        return "markdown"
    return _table(text, options)


def _json_object(head: str) -> str | None:
    """JSON Lines if the first line is an object and others follow, JSON if an object begins on it."""
    line, _, others = head.partition("\n")
    try:
        first = json.loads(line)
    except (ValueError, RecursionError):
        return "json" if re.match(r'\{\s*"(\\.|[^"\\])*"\s*:', head) else None
    if not isinstance(first, dict):
        return None
    return "jsonl" if others.strip() else "json"


def _table(text: str, options: Options) -> str | None:
    for format, records, least in (
        ("tsv", tsv_records, 2),
        ("psv", psv_records, 2),
        ("csv", csv_records, 3),
    ):
        try:
            rows = [
                record for record, _ in zip(records(text, ""), range(SAMPLE_ROWS), strict=False)
            ]
        except InputError:
            continue
        if _is_table(rows, least, options):
            return format
    return None


def _is_table(rows: Sequence[Record], least: int, options: Options) -> bool:
    """Whether all rows have as many cells, and a header or the languages of the cells say what they are."""
    if len({len(cells) for _, cells in rows}) != 1 or len(rows) < 2 or len(rows[0][1]) < 2:
        return False
    names, reading = Names.of(options.pair), options.reading
    header = {plain_name(cell) for cell in rows[0][1]}
    if reading.source_column and plain_name(reading.source_column) in header:
        return True
    if header & set(names.source) and header & set(names.provided):
        return True
    sides = [tuple(side_of(cell, options.pair) for cell in cells) for _, cells in rows]
    usual = max(set(sides), key=sides.count)
    paired = usual.count(SOURCE) == usual.count(PROVIDED) == 1
    return paired and len(rows) >= least and sides.count(usual) >= PAIRED_SHARE * len(rows)
