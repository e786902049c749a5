"""Markdown, through markdown-it-py: the text of its blocks, and its tables."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from evalkit.files.encodings import decode
from evalkit.files.opening import Loaded
from evalkit.read.options import Options
from evalkit.read.structured import Block, Contents, Paragraph, StructuredReader, Table, unwrapped

if TYPE_CHECKING:
    from markdown_it.token import Token

# Settings of the page in front of its text, as site generators write them.
FRONT_MATTER = re.compile(r"\A\ufeff?---\s*\n(.*\n)*?(---|\.\.\.)\s*(\n|\Z)")
TAG = re.compile(r"<!--(?s:.*?)-->|</?[A-Za-z][^>]*>")


def markdown_contents(loaded: Loaded, options: Options) -> Contents:
    """Paragraphs, headings, items and tables (CommonMark with tables); blocks of code are left out, with a warning."""
    from markdown_it import MarkdownIt

    decoded = decode(loaded, options.reading.encoding, options.reading.errors, options.languages)
    # What stands in front keeps its lines, so that the numbers of those after it stay right.
    text = FRONT_MATTER.sub(lambda match: "\n" * match[0].count("\n"), decoded.text)
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    blocks: list[Block] = []
    rows: list[list[str]] = []
    table = code = 0
    for token in tokens:
        line = token.map[0] + 1 if token.map else 0
        if token.type == "table_open":
            rows, table = [], line
        elif token.type == "table_close":
            blocks.append(Table(tuple(map(tuple, rows)), table))
            table = 0
        elif token.type == "tr_open":
            rows.append([])
        elif token.type in ("fence", "code_block"):
            code += 1
        elif token.type == "html_block":
            blocks.append(Paragraph(html.unescape(TAG.sub("", token.content)), line))
        elif token.type == "inline" and table:
            rows[-1].append(" ".join(_text(token.children or ()).split()))
        elif token.type == "inline":
            lines = unwrapped(_text(token.children or ()).split("\n"), options.pair)
            blocks.append(Paragraph("\n".join(lines), line))
    warnings = decoded.warnings
    if code:
        warnings += (f"{loaded.path}: {code} blocks of code left out",)
    if text != decoded.text:
        warnings += (f"{loaded.path}: the settings in front of the text (---) left out",)
    return Contents(blocks, decoded.encoding, warnings)


read_markdown = StructuredReader("markdown", markdown_contents, "markdown-it-py")


def _text(tokens: Sequence[Token]) -> str:
    """The text of a line as it is shown, without marks of emphasis and addresses of links."""
    parts = []
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif token.type == "image":
            parts.append(_text(token.children or ()))
        elif token.type != "html_inline":
            parts.append(token.content)
        elif token.content.lower().startswith("<br"):
            parts.append("\n")
    return "".join(parts)
