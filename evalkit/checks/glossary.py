"""Glossaries: prescribed translations of terms, out of TSV and TBX files."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evalkit.errors import InputError

_HEADER = {"source", "src", "term", "ru", "en", "target", "translation", "provided"}
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the source and its translations, any of which will do."""

    source: str
    translations: tuple[str, ...]


def read_glossary(path: str | Path, source: str = "ru", provided: str = "en") -> tuple[Term, ...]:
    """The terms of a file: TBX by its suffix, otherwise TSV (source, translation; several with "|").

    Args:
        source, provided: language codes, to tell the languages of a TBX.

    Raises:
        InputError: the file cannot be read, has no term, or a line without translation.
    """
    path = Path(path)
    found: dict[str, dict[str, None]] = {}
    rows = _tbx(path, source, provided) if path.suffix.lower() == ".tbx" else _tsv(path)
    for term, translation in rows:
        found.setdefault(term, {})[translation] = None
    if not found:
        raise InputError(f"{path}: no term in this glossary")
    return tuple(Term(term, tuple(translations)) for term, translations in found.items())


def _tsv(path: Path) -> Iterator[tuple[str, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read as UTF-8 text: {error}") from error
    rows = csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    for number, row in enumerate(rows, 1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or cells[0].startswith("#"):
            continue
        if number == 1 and {cell.lower() for cell in cells[:2]} <= _HEADER:
            continue
        if len(cells) < 2 or not cells[0] or not cells[1]:
            raise InputError(
                f"{path}, line {number}: a term needs a translation: two columns with a tab between"
            )
        for translation in cells[1].split("|"):
            if translation.strip():
                yield cells[0], translation.strip()


def _tbx(path: Path, source: str, provided: str) -> Iterator[tuple[str, str]]:
    from xml.etree import ElementTree
    from xml.parsers import expat

    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error}") from error
    _refuse_entities(path, data)
    try:
        root = ElementTree.fromstring(data)
    except (ElementTree.ParseError, expat.ExpatError) as error:
        raise InputError(f"{path} is not XML: {error}") from error
    for entry in root.iter():
        if _tag(entry) not in ("termEntry", "conceptEntry"):
            continue
        terms: dict[str, list[str]] = {}
        for section in entry:
            if _tag(section) not in ("langSet", "langSec"):
                continue
            language = (section.get(_XML_LANG) or section.get("lang") or "").lower()[:2]
            texts = ["".join(e.itertext()).strip() for e in section.iter() if _tag(e) == "term"]
            terms.setdefault(language, []).extend(text for text in texts if text)
        for term in terms.get(source, ()):
            for translation in terms.get(provided, ()):
                yield term, translation


def _tag(element: object) -> str:
    tag = getattr(element, "tag", "")
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def _refuse_entities(path: Path, data: bytes) -> None:
    """Entities are the means of every attack by XML; no glossary needs its own."""
    from xml.parsers import expat

    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise InputError(f"{path}: the XML declares an entity: refused")

    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise InputError(f"{path} is not XML: {error}") from error
