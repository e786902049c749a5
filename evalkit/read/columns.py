"""Which column of a table holds what: by the user's word, else by names that people give them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from evalkit.errors import InputError
from evalkit.files.records import plain_name
from evalkit.languages import LanguagePair
from evalkit.languages.detection import PROVIDED, SOURCE, side_of
from evalkit.read.options import Options

# Headings that say what a column is for, as `plain_name` writes them. Those of the languages come from
# `evalkit.languages`, after these.
SOURCE_NAMES = ("source", "src", "source text", "source sentence", "source segment")
PROVIDED_NAMES = (
    *("provided", "target", "tgt", "trg", "target text", "target sentence", "target segment"),
    *("reference", "ref", "human", "human translation", "translation"),
)
DOCUMENT_NAMES = ("document", "doc", "docid", "doc id", "document id")
ID_NAMES = ("id", "segid", "seg id", "segment id", "key")


@dataclass(frozen=True)
class Names:
    """The usual headings of the columns, in order of preference."""

    source: tuple[str, ...]
    provided: tuple[str, ...]
    document: tuple[str, ...]
    id: tuple[str, ...]

    @staticmethod
    def of(pair: LanguagePair) -> Names:
        source, target = pair.source, pair.target
        both = (source, target)
        return Names(
            (
                *SOURCE_NAMES,
                f"source {source.code}",
                f"src {source.code}",
                *source.headings,
                *tuple(name for one in both for name in one.source_headings),
            ),
            PROVIDED_NAMES
            + target.headings
            + (f"target {target.code}", f"tgt {target.code}")
            + tuple(name for one in both for name in one.provided_headings),
            DOCUMENT_NAMES + tuple(name for one in both for name in one.document_headings),
            ID_NAMES + tuple(name for one in both for name in one.id_headings),
        )


@dataclass(frozen=True)
class Columns:
    """Positions of columns; ``translations`` by the name of the system."""

    source: int
    provided: tuple[int, ...]
    document: int | None = None
    id: int | None = None
    translations: dict[str, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def find_columns(header: Sequence[str], path: str, options: Options) -> Columns:
    """Find the columns of a table with a header.

    Raises:
        InputError: a column named by the user is not there, or none looks like source or provided.
    """
    warnings: list[str] = []
    reading, names = options.reading, Names.of(options.pair)
    source = _one(header, reading.source_column, names.source, path, warnings)
    if source is None:
        raise _missing("source", "--source-column", header, path)
    if reading.provided_columns:
        provided = tuple(_position(header, name, path) for name in reading.provided_columns)
    else:
        found = _one(header, None, names.provided, path, warnings)
        if found is None:
            raise _missing("provided", "--provided-column", header, path)
        provided = (found,)
    if source in provided:
        raise InputError(f"{path}: column {header[source]!r} cannot be both source and provided")
    return Columns(
        source,
        provided,
        _one(header, reading.document_column, names.document, path, []),
        _one(header, reading.id_column, names.id, path, []),
        _translations(header, path, reading.translation_columns),
        tuple(warnings),
    )


def columns_without_header(first: Sequence[str], path: str, options: Options) -> Columns | None:
    """The columns of a table whose first line is already data: one cell in each language.

    None when the first line may be a header: it has a name that is known, or the user named columns.
    """
    reading, names = options.reading, Names.of(options.pair)
    known = {*names.source, *names.provided, *names.document, *names.id}
    if reading.source_column or reading.provided_columns or reading.translation_columns:
        return None
    if reading.document_column or reading.id_column:
        return None
    if any(plain_name(cell) in known for cell in first):
        return None
    sides = [side_of(cell, options.pair) for cell in first]
    if sides.count(SOURCE) != 1 or sides.count(PROVIDED) != 1:
        return None
    how = "language" if options.pair.same_script else "script"
    return Columns(
        sides.index(SOURCE),
        (sides.index(PROVIDED),),
        warnings=(f"{path}: no header; source and provided were told apart by their {how}",),
    )


def _one(
    header: Sequence[str],
    named: str | None,
    names: Sequence[str],
    path: str,
    warnings: list[str],
) -> int | None:
    if named is not None:
        return _position(header, named, path)
    plain = [plain_name(column) for column in header]
    found = [plain.index(name) for name in names if name in plain]
    if len(found) > 1:
        others = ", ".join(repr(header[i]) for i in found[1:])
        warnings.append(f"{path}: column {header[found[0]]!r} was taken, not {others}")
    return found[0] if found else None


def _position(header: Sequence[str], name: str, path: str) -> int:
    """Of a column by its name, or by its number from 1."""
    for position, column in enumerate(header):
        if column == name:
            return position
    for position, column in enumerate(header):
        if plain_name(column) == plain_name(name):
            return position
    if name.isdecimal() and 1 <= int(name) <= len(header):
        return int(name) - 1
    raise InputError(f"{path} has no column {name!r}: its columns are {_listed(header)}")


def _translations(header: Sequence[str], path: str, columns: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for given in columns:
        name, equals, column = given.partition("=")
        if not equals or given in header:
            name = column = given
        if name in found:
            raise InputError(f"two translation columns are named {name!r}: give NAME=COLUMN")
        found[name] = _position(header, column, path)
    return found


def _listed(header: Sequence[str]) -> str:
    shown = ", ".join(repr(column[:40]) for column in header[:20])
    return shown + (", ..." if len(header) > 20 else "")


def _missing(what: str, option: str, header: Sequence[str], path: str) -> InputError:
    return InputError(
        f"{path}: no column looks like the {what} text; name it with {option}."
        f" The columns are {_listed(header)}"
    )
