"""`file:`: translations that were made before, line by line or in a table keyed by source."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from evalkit.data import Translation
from evalkit.errors import InputError
from evalkit.translate.settings import Settings

SOURCE_COLUMNS = ("source", "src", "ru", "russian")
TRANSLATION_COLUMNS = ("translation", "mt", "hypothesis", "hyp", "target", "tgt", "en", "english")
TABLES = (".tsv", ".csv", ".jsonl")


class Recorded:
    """Translations by position: the n-th belongs to the n-th source, even where sources repeat."""

    recorded = True

    def __init__(self, name: str, lines: Sequence[str], spec: str = "") -> None:
        self.name = name
        self.spec = spec or f"column:{name}"
        self.lines = list(lines)

    @property
    def fingerprint(self) -> Mapping[str, str]:
        digest = hashlib.sha256("\n".join(self.lines).encode("utf-8", "surrogatepass"))
        return {"kind": "recorded", "sha256": digest.hexdigest()}

    def translate(self, sources: Sequence[str]) -> Iterator[list[tuple[int, Translation]]]:
        """Yield the recorded translations.

        Raises:
            InputError: there are more or fewer of them than sources.
        """
        if len(sources) != len(self.lines):
            raise InputError(
                f"{self.spec} has {len(self.lines):,} translations for {len(sources):,} source "
                "sentences: they must be line-parallel (if the source was split into sentences and "
                "its lines are sentences already, give --presplit)"
            )
        yield [(index, _translation(line)) for index, line in enumerate(self.lines)]


class RecordedTable:
    """Translations in a table with a source column: found by their source.

    A source recorded several times gives its translations in the order of the table.
    """

    recorded = True

    def __init__(self, name: str, rows: Sequence[tuple[str, str]], spec: str = "") -> None:
        self.name, self.spec, self.rows = name, spec or f"table:{name}", list(rows)

    @property
    def fingerprint(self) -> Mapping[str, str]:
        digest = hashlib.sha256(json.dumps(self.rows).encode())
        return {"kind": "recorded", "sha256": digest.hexdigest()}

    def translate(self, sources: Sequence[str]) -> Iterator[list[tuple[int, Translation]]]:
        """Yield the recorded translations.

        Raises:
            InputError: sources that the table does not have.
        """
        by_source: dict[str, list[str]] = {}
        for source, translation in self.rows:
            by_source.setdefault(source.strip(), []).append(translation)
        missing = [source for source in sources if source.strip() not in by_source]
        if missing:
            raise InputError(
                f"{self.spec} has no translation for {len(missing):,} of {len(sources):,} sources, "
                f"the first: {_shortened(missing[0])!r}"
            )
        seen: dict[str, int] = {}
        found = []
        for index, source in enumerate(sources):
            recorded = by_source[source.strip()]
            nth = seen.get(source.strip(), 0)
            seen[source.strip()] = nth + 1
            found.append((index, _translation(recorded[min(nth, len(recorded) - 1)])))
        yield found


def open_recorded(name: str, spec: str, path: str, settings: Settings) -> Recorded | RecordedTable:
    """Open ``file:PATH``: a table by its suffix (.tsv, .csv, .jsonl), else a translation a line."""
    suffixes = [suffix.lower() for suffix in Path(path).suffixes[-2:]]
    table = next((suffix for suffix in suffixes if suffix in TABLES), None)
    if table is None:
        return Recorded(name, read_lines(path), spec)
    return RecordedTable(name, _read_table(path, table), spec)


def read_lines(path: str) -> list[str]:
    """The lines of a text file; CRLF and a lone CR end a line too, U+2028 and U+0085 do not."""
    text = _read_text(path).replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def _read_table(path: str, suffix: str) -> list[tuple[str, str]]:
    if suffix == ".jsonl":
        records = [_json_record(path, *numbered) for numbered in enumerate(read_lines(path), 1)]
        columns = list(records[0]) if records else []
    else:
        text = io.StringIO(_read_text(path), newline="")
        if suffix == ".tsv":
            reader = csv.DictReader(text, delimiter="\t", quoting=csv.QUOTE_NONE)
        else:
            reader = csv.DictReader(text)
        records, columns = list(reader), list(reader.fieldnames or [])
    source = _column(path, columns, SOURCE_COLUMNS, "source")
    translation = _column(path, columns, TRANSLATION_COLUMNS, "translation")
    return [(str(row.get(source) or ""), str(row.get(translation) or "")) for row in records]


def _json_record(path: str, number: int, line: str) -> dict:
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise InputError(f"{path}, line {number}: not JSON ({error.msg})") from error
    if not isinstance(record, dict):
        raise InputError(f"{path}, line {number}: not a JSON object")
    return record


def _column(path: str, columns: Sequence[str], names: Sequence[str], what: str) -> str:
    by_lower = {column.strip().lower(): column for column in columns if column}
    for name in names:
        if name in by_lower:
            return by_lower[name]
    raise InputError(
        f"{path} has no {what} column: it has {', '.join(map(str, columns)) or 'none'}; "
        f"name one of them {names[0]!r}"
    )


def _read_text(path: str) -> str:
    try:
        data = Path(path).read_bytes()
        if path.endswith(".gz"):
            import gzip

            data = gzip.decompress(data)
        elif path.endswith(".xz"):
            import lzma

            data = lzma.decompress(data)
        elif path.endswith(".zst"):
            import zstandard

            data = zstandard.ZstdDecompressor().decompressobj().decompress(data)
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}") from error
    except Exception as error:  # each library has an error of its own for a damaged file
        raise InputError(f"{path} is damaged: {error}") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InputError(f"{path}, line {line}: not UTF-8; convert it first") from error


def _translation(text: str) -> Translation:
    return Translation(text, () if text.strip() else ("empty_output",))


def _shortened(text: str, width: int = 60) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
