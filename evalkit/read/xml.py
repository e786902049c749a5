"""Text out of XML that strangers wrote: hostile files are refused before they are parsed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.parsers import expat

from evalkit.errors import InputError
from evalkit.files.opening import Loaded

if TYPE_CHECKING:
    from lxml.etree import _Element

# Elements that hold codes of the document's own format ("<b>", "\cf1"), which are not text.
CODES = frozenset({"bpt", "ept", "ph", "it", "ut", "x", "bx", "ex", "sc", "ec"})
# What stands for a line break: words on its sides must not grow together.
BREAKS = frozenset({"lb", "br", "x-br", "linebreak", "x-linebreak", "fmt:lb", "xlf:lb"})


class _Prolog(Exception):
    """The root element was reached: nothing can be declared after it."""


def refuse_hostile(loaded: Loaded) -> None:
    """Raise InputError if the XML declares entities, the means of every XML attack, or is no XML.

    Only the part before the root element is looked at, and nothing in it is expanded or fetched. A
    document type without declarations of its own (as TMX files have) is harmless: it is not fetched.
    """
    parser = expat.ParserCreate()

    def refuse(name: str, *_: object) -> None:
        raise InputError(
            f"{loaded.path}, line {parser.CurrentLineNumber}: the XML declares an entity ({name!r}),"
            " which can fill the memory or fetch files: refused; write the text itself instead"
        )

    def stop(*_: object) -> None:
        raise _Prolog

    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = stop
    try:
        parser.Parse(loaded.data, True)
    except _Prolog:
        return
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise InputError(f"{loaded.path} is not XML: {error}") from error


def inline_text(node: _Element | None) -> str:
    """The text of a segment as a reader sees it: without codes, with what they enclose or translate.

    ``<sub>`` within a code is text (a footnote, the title of a link); XLIFF 2's ``<cp hex="..."/>`` is
    the character it names.
    """
    if node is None:
        return ""
    parts: list[str] = []
    # A list instead of recursion: depth is the stranger's choice.
    pending: list[tuple[object, bool]] = [(node, True)]
    while pending:
        item, visible = pending.pop()
        if isinstance(item, str):
            if visible:
                parts.append(item)
            continue
        pending += reversed(list(_content(item, visible)))
    return "".join(parts)


def _content(node: _Element, visible: bool) -> list[tuple[object, bool]]:
    """The text and the children of an element, each with whether its text is seen."""
    name = local_name(node)
    if name in CODES:
        visible = False
    elif name == "sub":
        visible = True
    content: list[tuple[object, bool]] = []
    if name == "cp":
        content.append((_character(node), visible))
    if BREAKS & {node.get("ctype", ""), node.get("type", ""), node.get("subType", "")}:
        content.append((" ", True))
    content.append((node.text or "", visible))
    for child in node:
        # Comments and processing instructions have no name; what follows them is still text.
        if isinstance(child.tag, str):
            content.append((child, visible))
        content.append((child.tail or "", visible))
    return content


def _character(node: _Element) -> str:
    try:
        return chr(int(node.get("hex", ""), 16))
    except (ValueError, OverflowError):
        return "\ufffd"


def local_name(node: _Element) -> str:
    """The name of an element without its namespace; "" for comments."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""
