"""PDF with a text layer, through pypdf (extra ``formats``). A page knows lines alone; paragraphs are guessed."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator, Sequence

from evalkit.errors import InputError
from evalkit.files.opening import Loaded
from evalkit.languages import LanguagePair
from evalkit.read.options import Options
from evalkit.read.structured import Contents, Paragraph, StructuredReader, unwrapped

# A line that ends before this share of the widest one ends a paragraph, if a sentence ends with it (or a heading:
# what follows begins with a capital).
SHORT_LINE = 0.85
ENDS = re.compile(r"[.!?…:;»”\"')\]]\s*$")
PAGE_NUMBER = re.compile(r"[-–—\s]*\d{1,4}[-–—\s]*")
SOFT_HYPHEN, HYPHENS = "\u00ad", ("-", "\u2010", "\u00ad")


def pdf_contents(loaded: Loaded, options: Options) -> Contents:
    """The text page by page, page numbers left out, lines joined to paragraphs, words cut by a hyphen made whole."""
    import pypdf

    # It warns on standard error of every fault that it can mend.
    logging.getLogger("pypdf").setLevel(logging.ERROR)
    reader = pypdf.PdfReader(io.BytesIO(loaded.data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise InputError(f"{loaded.path} is locked by a password: save it without one")
    lines: list[str] = []
    numbers = 0
    for page in reader.pages:
        of_page = [line.strip() for line in page.extract_text().split("\n")]
        while of_page and not of_page[-1]:
            of_page.pop()
        for position in (-1, 0):
            if of_page and PAGE_NUMBER.fullmatch(of_page[position]):
                of_page.pop(position)
                numbers += 1
        lines += of_page
    if not any(lines):
        raise InputError(
            f"{loaded.path} has no text in it, only pictures: put it through text recognition first"
        )
    blocks = [Paragraph(text) for text in _paragraphs(lines, options.pair)]
    warnings = [f"{loaded.path}: paragraphs of a PDF are guessed from its lines"]
    if numbers:
        warnings.append(f"{loaded.path}: {numbers} page numbers left out")
    return Contents(blocks, "", tuple(warnings))


read_pdf = StructuredReader("pdf", pdf_contents, "pypdf")


def _paragraphs(lines: Sequence[str], pair: LanguagePair) -> Iterator[str]:
    width = max(map(len, lines))
    paragraph: list[str] = []
    for line, following in zip([*lines, ""], [*lines[1:], "", ""], strict=True):
        if line:
            if paragraph and paragraph[-1].endswith(HYPHENS) and line[0].islower():
                # A word that is written with a hyphen loses it here; there is no telling.
                paragraph[-1] = paragraph[-1][:-1] + line
            else:
                paragraph.append(line)
        ends = ENDS.search(line) or following[:1].isupper()
        if not line or (len(line) < SHORT_LINE * width and ends):
            yield from (text.replace(SOFT_HYPHEN, "") for text in unwrapped(paragraph, pair))
            paragraph = []
