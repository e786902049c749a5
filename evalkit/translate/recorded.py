"""`file:`: translations that were made before, line by line or in a table keyed by source."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence

from evalkit.data import Translation
from evalkit.errors import InputError
from evalkit.text.encodings import decode
from evalkit.text.lines import settle, split_lines
from evalkit.text.opening import load, suffix
from evalkit.text.records import RECORDS, Record, plain_name
from evalkit.translate.settings import Settings

SOURCE_COLUMNS = ("source", "src", "ru", "russian")
TRANSLATION_COLUMNS = ("translation", "mt", "hypothesis", "hyp", "target", "tgt", "en", "english")


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
    """Open ``file:PATH``: a table by its suffix (.tsv, .csv, .jsonl), else a translation a line.

    Raises:
        InputError: the file cannot be read, is not text, or is a table without the columns.
    """
    text = decode(load(path, "recorded translations")).text
    format = suffix(path).removeprefix(".")
    if format in RECORDS:
        return RecordedTable(name, _pairs(path, RECORDS[format](text, path)), spec)
    return Recorded(name, split_lines(text), spec)


def _pairs(path: str, records: Iterator[Record]) -> list[tuple[str, str]]:
    """(source, translation) of every record after the header."""
    header = next(records, (1, ()))[1]
    source = _column(path, header, SOURCE_COLUMNS, "source")
    translation = _column(path, header, TRANSLATION_COLUMNS, "translation")
    # Editors cut empty cells off the end of a line.
    width = max(source, translation) + 1
    padded = ([*cells, *[""] * (width - len(cells))] for _, cells in records)
    return [(settle(cells[source])[0], settle(cells[translation])[0]) for cells in padded]


def _column(path: str, header: Sequence[str], names: Sequence[str], what: str) -> int:
    plain = [plain_name(column) for column in header]
    found = next((plain.index(name) for name in names if name in plain), None)
    if found is None:
        raise InputError(
            f"{path} has no {what} column: it has {', '.join(header) or 'none'}; "
            f"name one of them {names[0]!r}"
        )
    return found


def _translation(text: str) -> Translation:
    return Translation(text, () if text.strip() else ("empty_output",))


def _shortened(text: str, width: int = 60) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
