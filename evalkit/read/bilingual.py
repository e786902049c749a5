"""One text that holds both languages: which stretch of it is the source, which the translation."""

from __future__ import annotations

import re
from collections.abc import Iterable

from evalkit.data import Corpus, Document, Segment
from evalkit.files.encodings import decode
from evalkit.files.lines import split_lines, writable
from evalkit.files.opening import Readable, load, stem
from evalkit.languages import LanguagePair
from evalkit.languages.detection import PROVIDED, SOURCE, WORDS_OF_A_STRETCH, letter_counts, side_of
from evalkit.read.options import Options

# Where one language may stop and the other begin within a line: after the end of a sentence, at the
# marks that glossaries and bilingual layouts use, at a bracket that opens.
BREAK = re.compile(
    r"(?<=[.!?…])[»”\"')\]]*\s+(?:[|/=]+\s+)?|\s*\t+\s*|\s+[|/=]+\s+|\s+[—–-]\s+|\s+(?=[(\[])"
)
# Marks that nothing but a layout puts between words; the rest also stand inside sentences.
LAYOUT = re.compile(r"\t|\s[|/=]+\s")
# A mark of layout at the end of a stretch, or at the beginning of a line.
BAR = re.compile(r"^\s*\|+\s+|\s+\|+\s*$")
WORD = re.compile(r"[^\W\d_]{2,}")


def read_bilingual(path: Readable, options: Options) -> Corpus:
    """Sort the paragraphs of a text into one ``Document``; every visible character is in one of its sides."""
    loaded = load(path, "document")
    decoded = decode(loaded, options.reading.encoding, options.reading.errors, options.languages)
    name = options.name or stem(loaded.path)
    document = sorted_document(enumerate(split_lines(decoded.text), 1), name, options.pair)
    warnings = decoded.warnings
    if not document.source:
        warnings += (without_source(loaded.path, options),)
    file = loaded.described(decoded.encoding, "text")
    return Corpus((document,), (file,), warnings)


def sorted_document(lines: Iterable[tuple[int, str]], name: str, pair: LanguagePair) -> Document:
    """A document of paragraphs, given with the numbers of their lines, sorted into its two sides."""
    sides: dict[str, list[Segment]] = {SOURCE: [], PROVIDED: []}
    for line, side, stretch in _stretches(lines, pair):
        text, flags = writable(stretch)
        sides[side].append(Segment(text, line, len(sides[side]), flags))
    return Document(name, tuple(sides[SOURCE]), tuple(sides[PROVIDED]), input=name)


def without_source(path: str, options: Options) -> str:
    """The warning that a file has no text to translate."""
    return f"{path}: no {options.pair.source.label} text in it, so nothing can be compared"


def _stretches(lines: Iterable[tuple[int, str]], pair: LanguagePair) -> list[tuple[int, str, str]]:
    """(line number, side, text) of each stretch, in order.

    A paragraph without letters (a number, "* * *", an address) goes where the text before it went,
    or at the head of the file where the text after it goes.
    """
    found: list[tuple[int, str | None, str]] = []
    for number, line in lines:
        if line.strip():
            found += [(number, side, text) for side, text in by_language(line, pair)]
    known = [side for _, side, _ in found if side]
    current = known[0] if known else PROVIDED
    sorted_out = []
    for number, side, text in found:
        current = side or current
        sorted_out.append((number, current, text))
    return sorted_out


def by_language(paragraph: str, pair: LanguagePair) -> list[tuple[str | None, str]]:
    """Cut a paragraph where its language changes: [(side, text), ...], nothing lost but white space.

    Where both languages have one script a paragraph is not cut: its words tell the language of a whole, not where
    it changes.
    """
    text = paragraph.strip()
    own, other = letter_counts(text, pair.source.script)
    if pair.same_script or not own or not other:
        return [(side_of(text, pair), text)]
    stretches: list[tuple[str | None, str]] = []
    begin = 0
    for end in [*(match.end() for match in BREAK.finditer(text)), len(text)]:
        piece = text[begin:end]
        begin = end
        side = side_of(piece, pair)
        if stretches and (side is None or stretches[-1][0] in (None, side)):
            stretches[-1] = (side or stretches[-1][0], stretches[-1][1] + piece)
        elif piece:
            stretches.append((side, piece))
    kept = _without_guests([part for stretch in stretches for part in _parted(stretch, pair)])
    if len(kept) == 1:
        return [(side_of(text, pair), text)]
    return [(side, _without_bar(piece)) for side, piece in kept]


# What opens or closes a quotation or an aside: what stands in it is not the other side of the text.
QUOTED = re.compile(r"[\"'«»“”„‘’()\[\]]")
# Words of the other language that either part may have.
STRAY = 0.2


def _parted(stretch: tuple[str | None, str], pair: LanguagePair) -> list[tuple[str | None, str]]:
    """A stretch that holds both languages without a mark between them, cut where the one stops and the other begins."""
    text = stretch[1]
    words = list(WORD.finditer(text))
    sides = [SOURCE if pair.source.script.letter.match(word[0]) else PROVIDED for word in words]
    total = sides.count(SOURCE)
    if min(total, len(sides) - total) < WORDS_OF_A_STRETCH:
        return [stretch]
    # The border after which the most words are where they belong, whichever language comes first.
    right, before = [], 0
    for k, side in enumerate(sides):
        before += side == SOURCE
        first = before + (len(sides) - k - 1) - (total - before)
        right.append(max((first, SOURCE), (len(sides) - first, PROVIDED)))
    best = max(range(len(sides) - 1), key=lambda k: right[k][0])
    left_side = right[best][1]
    right_side = PROVIDED if left_side == SOURCE else SOURCE
    between = text[words[best].end() : words[best + 1].start()]
    cut = words[best + 1].start()
    parts = [(left_side, text[:cut]), (right_side, text[cut:])]
    if QUOTED.search(between) or not all(_is_whole(part, side, pair) for side, part in parts):
        return [stretch]
    return [*_parted(parts[0], pair), *_parted(parts[1], pair)]


def _is_whole(part: str, side: str, pair: LanguagePair) -> bool:
    """Whether a part is in one language but for a word or two, and makes a stretch by words in small letters."""
    words = [
        (pair.source.script.letter.match(word) is not None) == (side == SOURCE)
        for word in WORD.findall(part)
    ]
    small = [word for word in WORD.findall(part) if word.islower()]
    return words.count(False) <= STRAY * len(words) and len(small) >= WORDS_OF_A_STRETCH


def _without_bar(piece: str) -> str:
    """A stretch without the mark that parts it from the next, which belongs to neither."""
    return BAR.sub("", piece).strip()


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
