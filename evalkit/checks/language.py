"""Whether both sides of a document are in the languages that they should be in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from evalkit.data import Document
from evalkit.languages import LanguagePair
from evalkit.languages.identification import LOOKED_AT, NAMES, other_language

#: The codes of the languages of both sides; "" where a side is in the language it should be in, or none can be told.
Strange = tuple[str, str]


def strange_languages(document: Document, pair: LanguagePair) -> Strange:
    """In which other languages than those of the pair the sides of a document are."""
    rows = document.rows
    source = [row.source for row in rows] or [segment.text for segment in document.source]
    provided = [text for row in rows for text in row.provided]
    provided = provided or [segment.text for segment in document.provided]
    return (
        other_language(_beginning(source), pair.source) or "",
        other_language(_beginning(provided), pair.target) or "",
    )


def wrong_languages(
    documents: Mapping[str, Strange], pair: LanguagePair, options: tuple[str, str] = ("-s", "-p")
) -> tuple[str, ...]:
    """Warnings about the documents that are in other languages than those of the pair.

    Args:
        documents: what `strange_languages` says of each, by name.
    """
    exchanged = (pair.target.code, pair.source.code)
    swapped = [name for name, found in documents.items() if found == exchanged]
    warnings = []
    if swapped:
        warnings.append(
            f"{_which(swapped, documents)}the source is {pair.target.label} and the provided text"
            f" {pair.source.label}: you seem to have exchanged {options[0]} and {options[1]}"
        )
    sides = (("source", pair.source.label), ("provided text", pair.target.label))
    for side, (what, expected) in enumerate(sides):
        others: dict[str, list[str]] = {}
        for name, found in documents.items():
            if found[side] and found != exchanged:
                others.setdefault(found[side], []).append(name)
        warnings += [
            f"{_which(names, documents)}the {what} looks {NAMES[code]}, not {expected}"
            for code, names in others.items()
        ]
    return tuple(warnings)


def _beginning(texts: Iterable[str]) -> str:
    kept: list[str] = []
    size = 0
    for text in texts:
        kept.append(text)
        size += len(text)
        if size > LOOKED_AT:
            break
    return " ".join(kept)


def _which(names: list[str], documents: Mapping[str, Strange]) -> str:
    """Of which of several documents something is said; "" where there is but one."""
    if len(documents) == 1:
        return ""
    return (
        f"in {len(names)} of {len(documents)} documents ({names[0]}{', ...' if names[1:] else ''}) "
    )
