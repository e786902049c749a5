"""TMX, XLIFF 1.2 and 2, PO, through the translate-toolkit (extra ``formats``).

Which side of a unit is the source is told by language, not by position: in a Russian text made from an English
original the Russian is the target, and in a run for ru-en it is what is translated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalkit.data import Corpus, Row
from evalkit.errors import InputError
from evalkit.files.lines import writable
from evalkit.files.opening import Loaded, load, stem
from evalkit.languages import LanguagePair
from evalkit.languages.detection import SOURCE, side_of
from evalkit.read.blocks import row_documents
from evalkit.read.options import Options
from evalkit.read.xml import inline_text, local_name, refuse_hostile

if TYPE_CHECKING:
    from lxml.etree import _Element

FUZZY = "fuzzy"
XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"

# States of an XLIFF 1.2 target that its translator would not call done.
UNFINISHED = ("new", "needs-")
GUESSED = ("fuzzy-match", "leveraged-mt", "mt-suggestion")


def read_tmx(path: str | Path, options: Options) -> Corpus:
    """A unit a row: its first variant in each of the languages."""
    loaded = _loaded_xml(path)
    store = _parsed(loaded, "TMX", lambda: _toolkit("tmx").tmxfile.parsestring(loaded.data))
    header = store.document.getroot().find("{*}header")
    original = "" if header is None else header.get("srclang", "")
    rows, left_out = [], 0
    for unit in store.units:
        variants = [(_language(node), node) for node in unit.getlanguageNodes()]
        source, provided = _pick(variants, original, options.pair)
        left_out += len(variants) - (source is not None) - (provided is not None)
        rows.append(
            _row(
                _segment(source),
                _segment(provided),
                unit.xmlelement.get("tuid", ""),
                unit.xmlelement.sourceline,
            )
        )
    warnings: tuple[str, ...] = ()
    if left_out:
        warnings = (
            f"{loaded.path}: {left_out} variants in other languages (or second ones) left out",
        )
    return _corpus(loaded, options, rows, "tmx", warnings)


def read_xliff(path: str | Path, options: Options) -> Corpus:
    """A unit (XLIFF 2: a segment) a row; ``document`` is the file it says it is from."""
    loaded = _loaded_xml(path)
    store = _parsed(loaded, "XLIFF", lambda: _xliff_store(loaded))
    rows = []
    for unit in store.units:
        element = unit.xmlelement
        nodes = {local_name(child): child for child in element if isinstance(child.tag, str)}
        source, target = nodes.get("source"), nodes.get("target")
        source_language, target_language, document = _xliff_context(element)
        text, other = inline_text(source), inline_text(target)
        flags = (FUZZY,) if other.strip() and _is_unfinished(element, target) else ()
        language = options.pair.source
        if language.is_named(target_language) or (
            not language.is_named(source_language) and side_of(other, options.pair) == SOURCE
        ):
            text, other = other, text
        rows.append(_row(text, other, _xliff_id(element), element.sourceline, document, flags))
    return _corpus(loaded, options, rows, "xliff")


def read_po(path: str | Path, options: Options) -> Corpus:
    """A message a row, a plural form a row; obsolete messages are left out, with a warning."""
    loaded = load(path, "document")
    store = _parsed(
        loaded,
        "PO",
        lambda: _toolkit("pypo").pofile.parsestring(loaded.data),
        options.reading.encoding,
    )
    units = [unit for unit in store.units if not unit.isheader() and unit.source]
    live = [unit for unit in units if not unit.isobsolete()]
    turned = _is_turned(store, live, options.pair)
    rows = []
    for unit in live:
        flags = (FUZZY,) if unit.isfuzzy() else ()
        for original, translated in _plural_forms(unit):
            text, other = (translated, original) if turned else (original, translated)
            rows.append(_row(text, other, unit.getcontext(), _po_line(unit), flags=flags))
    warnings: tuple[str, ...] = ()
    if len(live) < len(units):
        warnings = (f"{loaded.path}: {len(units) - len(live)} obsolete messages left out",)
    return _corpus(loaded, options, rows, "po", warnings, store.encoding or "utf-8")


def _loaded_xml(path: str | Path) -> Loaded:
    loaded = load(path, "document")
    refuse_hostile(loaded)
    return loaded


def _toolkit(module: str) -> Any:
    import importlib

    return importlib.import_module(f"translate.storage.{module}")


def _parsed(
    loaded: Loaded, what: str, parse: Callable[[], Any], encoding: str | None = None
) -> Any:
    try:
        return parse()
    except ImportError as error:
        raise InputError(
            f"{loaded.path}: reading {what} needs the translate-toolkit: pip install 'evalkit[formats]'"
        ) from error
    # The toolkit lets out what its parsers raise (lxml, assertions, plain ValueErrors).
    except Exception as error:
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise InputError(f"{loaded.path} is not {what} that can be read: {reason}") from error


def _corpus(
    loaded: Loaded,
    options: Options,
    rows: Iterable[tuple[str, Row]],
    format: str,
    warnings: tuple[str, ...] = (),
    encoding: str = "utf-8",
) -> Corpus:
    kept = [(n, row) for n, row in rows if row.source.strip() or row.provided[0].strip()]
    if not kept:
        names = " or ".join(language.label for language in options.languages)
        raise InputError(f"{loaded.path} has no text in {names}: nothing to compare")
    documents = tuple(row_documents(kept, options.name or stem(loaded.path)))
    return Corpus(documents, (loaded.described(encoding, format),), warnings)


def _row(
    source: str,
    provided: str,
    id: str,
    line: int | None,
    document: str = "",
    flags: tuple[str, ...] = (),
) -> tuple[str, Row]:
    """The name of the document, and the row."""
    source, found = writable(source)
    provided, more = writable(provided)
    every = tuple(dict.fromkeys((*flags, *found, *more)))
    return document, Row(source, (provided,), id or "", line or 0, flags=every)


def _language(node: _Element) -> str:
    return node.get(XML_LANGUAGE) or node.get("lang") or ""


def _pick(
    variants: list[tuple[str, _Element]], original: str, pair: LanguagePair
) -> tuple[_Element | None, _Element | None]:
    """The source and the provided variant: those in the languages of the pair, else the original and the next."""
    source = next((node for name, node in variants if pair.source.is_named(name)), None)
    provided = next((node for name, node in variants if pair.target.is_named(name)), None)
    if source is not None or provided is not None:
        return source, provided
    source = next((node for name, node in variants if name.lower() == original.lower()), None)
    if source is None and variants:
        source = variants[0][1]
    return source, next((node for _, node in variants if node is not source), None)


def _segment(variant: _Element | None) -> str:
    return "" if variant is None else inline_text(variant.find("{*}seg"))


def _xliff_store(loaded: Loaded) -> Any:
    # Without the zero bytes UTF-16 is as readable as UTF-8 here.
    if b"urn:oasis:names:tc:xliff:document:2" in loaded.data[:8000].replace(b"\x00", b""):
        return _toolkit("xliff2").Xliff2File.parsestring(loaded.data)
    return _toolkit("xliff").xlifffile.parsestring(loaded.data)


def _xliff_context(element: _Element) -> tuple[str, str, str]:
    """(source language, target language, document) of a unit, from the elements around it."""
    source, target, document = "", "", ""
    for parent in element.iterancestors():
        name = local_name(parent)
        source = source or parent.get("source-language") or parent.get("srcLang") or ""
        target = target or parent.get("target-language") or parent.get("trgLang") or ""
        if name == "file":
            document = parent.get("original") or parent.get("id") or ""
    return source, target, document


def _xliff_id(element: _Element) -> str:
    if local_name(element) != "segment":
        return element.get("id", "")
    parts = (element.getparent().get("id", ""), element.get("id", ""))
    return "/".join(part for part in parts if part)


def _is_unfinished(element: _Element, target: _Element | None) -> bool:
    """The file itself says that the translation is a guess or not yet approved."""
    if target is None:
        return False
    return (
        element.get("approved") == "no"
        or element.get("state") == "initial"
        or target.get("state", "").startswith(UNFINISHED)
        or target.get("state-qualifier", "") in GUESSED
    )


def _is_turned(store: Any, units: list[Any], pair: LanguagePair) -> bool:
    """Whether the messages are in the target language and their translations in the source's, as in most PO files."""
    language = store.gettargetlanguage() or ""
    if language:
        return pair.source.is_named(language)
    return sum(side_of(str(unit.target or ""), pair) == SOURCE for unit in units) > sum(
        side_of(str(unit.source), pair) == SOURCE for unit in units
    )


def _plural_forms(unit: Any) -> list[tuple[str, str]]:
    """(message, translation) of each form: Russian has three, English two; the last English serves the rest."""
    if not unit.hasplural():
        return [(str(unit.source), str(unit.target or ""))]
    originals = [str(text) for text in unit.source.strings]
    translated = [str(text) for text in getattr(unit.target, "strings", [unit.target or ""])]
    count = max(len(originals), len(translated))
    originals += originals[-1:] * (count - len(originals))
    return list(zip(originals, translated + [""] * (count - len(translated)), strict=True))


def _po_line(unit: Any) -> int:
    return getattr(unit, "_line_number", 0) or 0
