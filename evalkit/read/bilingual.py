"""One text that holds both languages: which stretch of it is the source, which the translation."""

from __future__ import annotations

import re
from pathlib import Path

from evalkit.data import Corpus, Document, Segment
from evalkit.read.options import Options
from evalkit.read.script import PROVIDED, SOURCE, letter_counts, side_of
from evalkit.text.encodings import decode
from evalkit.text.lines import settle, split_lines
from evalkit.text.opening import load, stem

# Where one language may stop and the other begin within a line: after the end of a sentence, at the
# marks that glossaries and bilingual layouts use, at a bracket that opens.
BREAK = re.compile(r"(?<=[.!?…])[»”\"')\]]*\s+|\s*\t+\s*|\s+[|/=]+\s+|\s+[—–-]\s+|\s+(?=[(\[])")
# Marks that nothing but a layout puts between words; the rest also stand inside sentences.
LAYOUT = re.compile(r"\t|\s[|/=]+\s")
# Fewer words than this beside the other language are a name or a quotation in it.
WORDS_OF_A_STRETCH = 3
WORD = re.compile(r"[^\W\d_]{2,}")


def read_bilingual(path: str | Path, options: Options) -> Corpus:
    """Sort the paragraphs of a text into one ``Document``; every visible character is in one of its sides."""
    loaded = load(path, "document")
    decoded = decode(loaded, options.encoding, options.errors)
    sides: dict[str, list[Segment]] = {SOURCE: [], PROVIDED: []}
    for line, side, stretch in _stretches(split_lines(decoded.text)):
        text, flags = settle(stretch)
        sides[side].append(Segment(text, line, len(sides[side]), flags))
    document = Document(stem(path), tuple(sides[SOURCE]), tuple(sides[PROVIDED]))
    warnings = decoded.warnings
    if not document.source:
        warnings += (f"{loaded.path}: no Russian text in it, so nothing can be compared",)
    file = loaded.described(decoded.encoding, "text")
    return Corpus(documents=(document,), files=(file,), warnings=warnings)


def _stretches(lines: list[str]) -> list[tuple[int, str, str]]:
    """(line number, side, text) of each stretch, in order.

    A paragraph without letters (a number, "* * *", an address) goes where the text before it went,
    or at the head of the file where the text after it goes.
    """
    found: list[tuple[int, str | None, str]] = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            found += [(number, side, text) for side, text in by_language(line)]
    known = [side for _, side, _ in found if side]
    current = known[0] if known else PROVIDED
    sorted_out = []
    for number, side, text in found:
        current = side or current
        sorted_out.append((number, current, text))
    return sorted_out


def by_language(paragraph: str) -> list[tuple[str | None, str]]:
    """Cut a paragraph where its language changes: [(side, text), ...], nothing lost but white space."""
    text = paragraph.strip()
    cyrillic, other = letter_counts(text)
    if not cyrillic or not other:
        return [(side_of(text), text)]
    stretches: list[tuple[str | None, str]] = []
    begin = 0
    for end in [*(match.end() for match in BREAK.finditer(text)), len(text)]:
        piece = text[begin:end]
        begin = end
        side = side_of(piece)
        if stretches and (side is None or stretches[-1][0] in (None, side)):
            stretches[-1] = (side or stretches[-1][0], stretches[-1][1] + piece)
        elif piece:
            stretches.append((side, piece))
    kept = _without_guests(stretches)
    if len(kept) == 1:
        return [(side_of(text), text)]
    return [(side, piece.strip()) for side, piece in kept]


def _without_guests(stretches: list[tuple[str | None, str]]) -> list[tuple[str | None, str]]:
    """Give names and short quotations back to the sentence they stand in."""
    # Two stretches on either side of a tab or bar are a line of a glossary, however short.
    if len(stretches) == 2 and LAYOUT.search(stretches[0][1]):
        return stretches
    kept: list[tuple[str | None, str]] = []
    for side, piece in stretches:
        guest = len(WORD.findall(piece)) < WORDS_OF_A_STRETCH
        if kept and (guest or kept[-1][0] == side):
            kept[-1] = (kept[-1][0], kept[-1][1] + piece)
        else:
            kept.append((side, piece))
    # A short beginning belongs to what follows it.
    if len(kept) > 1 and len(WORD.findall(kept[0][1])) < WORDS_OF_A_STRETCH:
        kept[:2] = [(kept[1][0], kept[0][1] + kept[1][1])]
    return kept
