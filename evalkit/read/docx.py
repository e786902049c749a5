"""DOCX, through python-docx (extra ``formats``): paragraphs, tables and notes, in the order of the text."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from evalkit.files.opening import Loaded
from evalkit.read.options import Options
from evalkit.read.structured import Block, Contents, Paragraph, StructuredReader, Table
from evalkit.read.xml import local_name, refuse_zip_bomb

if TYPE_CHECKING:
    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# What Word shows in place of other things: the old form of a drawing, and what was struck out.
UNSEEN = frozenset({"Fallback", "del", "moveFrom"})
NOTES = ("/footnotes", "/endnotes")


def docx_contents(loaded: Loaded, options: Options) -> Contents:
    """The text as it stands with all tracked changes accepted; notes follow it, page headers are left out.

    python-docx opens the file; its own ``Paragraph.text`` would leave out insertions and content controls.
    """
    import docx
    from lxml import etree

    refuse_zip_bomb(loaded)
    document = docx.Document(io.BytesIO(loaded.data))
    blocks = list(_blocks(document.element.body))
    # Word's own parts are parsed like the text itself: nothing declared in them is expanded or fetched.
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    for relation in document.part.rels.values():
        if relation.reltype.endswith(NOTES):
            notes = etree.fromstring(relation.target_part.blob, parser)
            blocks += [
                block for note in notes if not note.get(W + "type") for block in _blocks(note)
            ]
    return Contents(blocks)


read_docx = StructuredReader("docx", docx_contents, "python-docx")


def _blocks(container: _Element) -> Iterator[Block]:
    """Paragraphs and tables, also those in content controls and text boxes."""
    for child in container:
        name = local_name(child)
        if name == "tbl":
            yield Table(tuple(_rows(child)))
        elif name == "p":
            yield Paragraph("".join(_text(child)))
            for box in child.iter(W + "txbxContent"):
                if not any(local_name(parent) in UNSEEN for parent in box.iterancestors()):
                    yield from _blocks(box)
        elif name not in UNSEEN:
            yield from _blocks(child)


def _rows(table: _Element) -> Iterator[tuple[str, ...]]:
    for row in table.iterchildren(W + "tr", W + "sdt", W + "ins"):
        cells = row.iter(W + "tc")
        yield tuple(_cell(cell) for cell in cells if next(cell.iterancestors(W + "tbl")) is table)


def _cell(cell: _Element) -> str:
    texts = []
    for block in _blocks(cell):
        if isinstance(block, Paragraph):
            texts.append(block.text)
        else:
            texts += [text for row in block.rows for text in row]
    return "\n".join(text for text in texts if text.strip())


def _text(node: _Element) -> Iterator[str]:
    """The pieces of text of a paragraph, without those of text boxes in it."""
    for child in node:
        name = local_name(child)
        if name == "t":
            yield child.text or ""
        elif name in ("tab", "ptab"):
            yield "\t"
        elif name in ("br", "cr"):
            yield "\n"
        elif name == "noBreakHyphen":
            yield "-"
        elif name not in UNSEEN and name not in ("txbxContent", "pPr", "rPr"):
            yield from _text(child)
