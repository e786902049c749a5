"""`file:`: translations that were made before, line by line or in a table keyed by source."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence

from evalkit.data import Translation
from evalkit.errors import InputError
from evalkit.files.encodings import decode
from evalkit.files.lines import split_lines, writable
from evalkit.files.opening import load, suffix
from evalkit.files.records import RECORDS, Record, plain_name
from evalkit.systems.base import Batch, Request

SOURCE_COLUMNS = ("source", "src", "ru", "russian")
TRANSLATION_COLUMNS = ("translation", "mt", "hypothesis", "hyp", "target", "tgt", "en", "english")


class Recorded:
    """Translations by position: the n-th belongs to the n-th source, even where sources repeat."""

    recorded = True
    note = ""
    location = ""

    def __init__(self, name: str, lines: Sequence[str], spec: str = "") -> None:
        self.name = name
        self.spec = spec or f"column:{name}"
        self.lines = list(lines)

    @property
    def fingerprint(self) -> Mapping[str, str]:
        digest = hashlib.sha256("\n".join(self.lines).encode("utf-8", "surrogatepass"))
        return {"kind": "recorded", "sha256": digest.hexdigest()}

    def translate(self, sources: Sequence[str]) -> Iterator[Batch]:
        """Yield the recorded translations.

        Raises:
            InputError: there are more or fewer of them than sources.
        """
        if len(sources) != len(self.lines):
            raise self.miscounted(len(sources))
        yield [(index, recorded_translation(line)) for index, line in enumerate(self.lines)]

    def miscounted(self, sources: int) -> InputError:
        """The error of another number of sources than of translations."""
        return InputError(
            f"{self.spec} has {len(self.lines):,} translations for {sources:,} source "
            "sentences: they must be line-parallel (if the source was split into sentences and "
            "its lines are sentences already, give --presplit)"
        )


class RecordedTable:
    """Translations in a table with a source column: found by their source.

    A source recorded several times gives its translations in the order of the table.
    """

    recorded = True
    note = ""
    location = ""

    def __init__(self, name: str, rows: Sequence[tuple[str, str]], spec: str = "") -> None:
        self.name, self.spec, self.rows = name, spec or f"table:{name}", list(rows)

    @property
    def fingerprint(self) -> Mapping[str, str]:
        digest = hashlib.sha256(json.dumps(self.rows).encode())
        return {"kind": "recorded", "sha256": digest.hexdigest()}

    def translate(self, sources: Sequence[str]) -> Iterator[Batch]:
        """Yield the recorded translations.

        Raises:
            InputError: sources that the table does not have.
        """
        yield list(enumerate(self.finder()(sources)))

    def finder(self) -> Callable[[Sequence[str]], list[Translation]]:
        """A function from sources to their translations; it goes on in the table where it was called before."""
        by_source: dict[str, list[str]] = {}
        for source, translation in self.rows:
            by_source.setdefault(source.strip(), []).append(translation)
        seen: dict[str, int] = {}

        def find(sources: Sequence[str]) -> list[Translation]:
            missing = [source for source in sources if source.strip() not in by_source]
            if missing:
                raise InputError(
                    f"{self.spec} has no translation for {len(missing):,} of {len(sources):,} sources, "
                    f"the first: {_shortened(missing[0])!r}"
                )
            found = []
            for source in map(str.strip, sources):
                nth = seen.get(source, 0)
                seen[source] = nth + 1
                own = by_source[source]
                found.append(recorded_translation(own[min(nth, len(own) - 1)]))
            return found

        return find


def open_recorded(request: Request) -> Recorded | RecordedTable:
    """Open ``file:PATH``: a table by its suffix (.tsv, .csv, .jsonl), else a translation a line.

    Raises:
        InputError: the file cannot be read, is not text, or is a table without the columns.
    """
    path = request.argument
    text = decode(load(path, "recorded translations")).text
    format = suffix(path).removeprefix(".")
    if format in RECORDS:
        return RecordedTable(request.name, _pairs(path, RECORDS[format](text, path)), request.spec)
    return Recorded(request.name, split_lines(text), request.spec)


def _pairs(path: str, records: Iterator[Record]) -> list[tuple[str, str]]:
    """(source, translation) of every record after the header."""
    header = next(records, (1, ()))[1]
    source = _column(path, header, SOURCE_COLUMNS, "source")
    translation = _column(path, header, TRANSLATION_COLUMNS, "translation")
    # Editors cut empty cells off the end of a line.
    width = max(source, translation) + 1
    padded = ([*cells, *[""] * (width - len(cells))] for _, cells in records)
    return [(writable(cells[source])[0], writable(cells[translation])[0]) for cells in padded]


def _column(path: str, header: Sequence[str], names: Sequence[str], what: str) -> int:
    plain = [plain_name(column) for column in header]
    found = next((plain.index(name) for name in names if name in plain), None)
    if found is None:
        raise InputError(
            f"{path} has no {what} column: it has {', '.join(header) or 'none'}; "
            f"name one of them {names[0]!r}"
        )
    return found


def recorded_translation(text: str) -> Translation:
    """A translation that was made before, flagged if it is empty."""
    return Translation(text, () if text.strip() else ("empty_output",))


def _shortened(text: str, width: int = 60) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
