"""HTML, through lxml (extra ``formats``): the text of the page without its menus, and its tables."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from evalkit.files.encodings import decode
from evalkit.files.opening import Loaded
from evalkit.read.options import Options
from evalkit.read.structured import Block, Contents, Paragraph, StructuredReader, Table

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Elements that hold no text a reader sees, and those around the text: menus, forms, what stands on every page.
UNSEEN = frozenset("script style noscript template head svg math iframe object canvas del".split())
AROUND = frozenset("nav footer aside form button select dialog menu".split())
AROUND_ROLES = frozenset("navigation banner contentinfo complementary search menu dialog".split())
# Elements that stay within a line; every other one begins a paragraph.
INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data dfn em font i ins kbd label mark q rp rt ruby s samp small span"
    " strike strong sub sup time tt u var wbr img".split()
)
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def html_contents(loaded: Loaded, options: Options) -> Contents:
    """The main part of a page (``<main>``, a lone ``<article>``, or all of it) without what stands around it."""
    from lxml import html

    encoding = options.reading.encoding or _declared(loaded.data)
    decoded = decode(loaded, encoding, options.reading.errors, options.languages)
    # Without `huge_tree` what is nested deep is dropped without a word; where that is too deep to walk, it is an error.
    parser = html.HTMLParser(huge_tree=True)
    root = html.document_fromstring(DECLARATION.sub("", decoded.text) or "<p></p>", parser)
    found = _Found()
    main = _main(root)
    _walk(main, found)
    found.end()
    warnings = decoded.warnings
    around = found.around + len(_seen(root).split()) - len(_seen(main).split())
    if around:
        warnings += (
            f"{loaded.path}: {around} word{'s' * (around != 1)} of menus, page headers and the like left out",
        )
    return Contents(found.blocks, decoded.encoding, warnings)


read_html = StructuredReader("html", html_contents, "lxml")


@dataclass
class _Found:
    """Blocks so far, the text of the one that is being read, and how many words around the text were passed over."""

    blocks: list[Block] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    line: int = 0
    around: int = 0

    def end(self) -> None:
        text = "".join(self.text)
        lines = [" ".join(line.split()) for line in text.split("\v")]
        if any(lines):
            self.blocks.append(Paragraph("\n".join(lines).strip(), self.line))
        self.text, self.line = [], 0


def _declared(data: bytes) -> str | None:
    """The encoding that the page names, if it has no byte order mark, which would know better."""
    match = CHARSET.search(data[:4096])
    if match is None or data.startswith(
        (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    ):
        return None
    name = match[1].decode("ascii")
    try:
        codecs.lookup(name)
    except LookupError:
        return None
    # A page that can be read says that it is no UTF-16, whatever it names.
    return None if name.lower().startswith("utf") else name


def _main(root: HtmlElement) -> HtmlElement:
    for path in ("//main | //*[@role='main']", "//article"):
        candidates = root.xpath(path)
        if len(candidates) == 1 and _seen(candidates[0]).strip():
            return candidates[0]
    body = root.find("body")
    return root if body is None else body


def _walk(node: HtmlElement, found: _Found) -> None:
    for child in node:
        name = child.tag if isinstance(child.tag, str) else ""
        if name == "br":
            found.text.append("\v")
        elif name and _is_around(child):
            found.around += len(_seen(child).split())
            found.end()
        elif name == "table" and not child.xpath(".//table"):
            found.end()
            found.blocks.append(_table(child))
        elif name and _is_note_mark(child):
            pass
        elif name in INLINE:
            _put(child.text, found, child)
            _walk(child, found)
        elif name and name not in UNSEEN:
            found.end()
            _put(child.text, found, child)
            _walk(child, found)
            found.end()
        # A comment has no name, but text may follow it.
        _put(child.tail, found, child)


def _put(text: str | None, found: _Found, node: HtmlElement) -> None:
    if text and text.strip() and not found.line:
        found.line = node.sourceline or 0
    if text:
        inside = next((n for n in node.iterancestors("pre")), None) is not None or node.tag == "pre"
        found.text.append(text.replace("\n", "\v") if inside else text)


def _table(table: HtmlElement) -> Table:
    rows = []
    for row in table.iter("tr"):
        cells = []
        for cell in row.iterchildren("td", "th"):
            inner = _Found()
            _put(cell.text, inner, cell)
            _walk(cell, inner)
            inner.end()
            cells.append("\n".join(b.text for b in inner.blocks if isinstance(b, Paragraph)))
        rows.append(tuple(cells))
    return Table(tuple(rows), table.sourceline or 0)


def _is_around(node: HtmlElement) -> bool:
    return (
        node.tag in AROUND
        # The header of an article is its title; that of a page is its banner.
        or (
            node.tag == "header"
            and not any(n.tag in ("main", "article") for n in node.iterancestors())
        )
        or node.get("role") in AROUND_ROLES
        or node.get("hidden") is not None
        or HIDDEN.search(node.get("style", "")) is not None
    )


def _is_note_mark(node: HtmlElement) -> bool:
    """The number of a footnote in the text, or the arrow back from it."""
    role = node.get("role") or ""
    return role in ("doc-noteref", "doc-backlink") or (
        node.tag == "sup" and node.find(".//a") is not None
    )


def _seen(node: HtmlElement) -> str:
    """All text of an element but that of scripts and styles."""
    unseen = " or ".join(f"self::{name}" for name in sorted(UNSEEN))
    return " ".join(node.xpath(f".//text()[not(ancestor::*[{unseen}])]"))
