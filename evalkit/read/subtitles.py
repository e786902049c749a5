"""Subtitles (SRT, WebVTT), through pysubs2 (extra ``formats``): a cue a row, paired by time."""

from __future__ import annotations

import html
import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evalkit.data import Corpus, Row
from evalkit.errors import InputError
from evalkit.files.encodings import decode
from evalkit.files.lines import writable
from evalkit.files.opening import Loaded, Readable, load, stem
from evalkit.languages.detection import PROVIDED, SOURCE
from evalkit.read.bilingual import by_language, without_source
from evalkit.read.blocks import row_documents
from evalkit.read.options import Options

# Two cues belong together if they are seen together for this share of the shorter one's time.
OVERLAP = 0.5
# Fewer cues with a counterpart than this share: the files are not of one film, or one is late.
LEAST_PAIRED = 0.5
TIME_TAG = re.compile(r"<\d+:[\d:.]+>")


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue: its time in milliseconds, its lines, and its number in the file, from 1."""

    begin: int
    end: int
    lines: tuple[str, ...]
    number: int

    @property
    def text(self) -> str:
        return " ".join(self.lines)


@dataclass(frozen=True, slots=True)
class Subtitles:
    """The cues of a file in the order of time, the encoding, and what the user should know."""

    cues: Sequence[Cue]
    encoding: str
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class SubtitleReader:
    """A reader of subtitles in two languages; and of two files, a language each (`read_pair`)."""

    format: str

    def __call__(self, path: Readable, options: Options) -> Corpus:
        """Each cue, or all cues of the same time, is a row: its lines in the source's language, and the others."""
        loaded = load(path, "document")
        found = self.read(loaded, options)
        together: dict[tuple[int, int], list[Cue]] = {}
        for cue in found.cues:
            together.setdefault((cue.begin, cue.end), []).append(cue)
        rows = [_row(*_sides(cues, options), cues[0].number) for cues in together.values()]
        warnings = found.warnings
        if not any(row.source for row in rows):
            warnings += (without_source(loaded.path, options),)
        name = options.name or stem(loaded.path)
        documents = tuple(row_documents(((name, row) for row in rows), name))
        return Corpus(documents, (loaded.described(found.encoding, self.format),), warnings)

    def read(self, loaded: Loaded, options: Options) -> Subtitles:
        """The cues of a file, without marks of style.

        Raises:
            InputError: the file cannot be read, or has no cues; or the library is missing.
        """
        try:
            import pysubs2
        except ImportError as error:
            raise InputError(
                f"{loaded.path}: reading {self.format.upper()} needs pysubs2: pip install 'evalkit[formats]'"
            ) from error
        decoded = decode(
            loaded, options.reading.encoding, options.reading.errors, options.languages
        )
        try:
            events = list(pysubs2.SSAFile.from_string(decoded.text, self.format))
        except Exception as error:  # it lets out whatever its parsers meet
            raise InputError(
                f"{loaded.path} cannot be read as {self.format.upper()} ({error})"
            ) from error
        cues = []
        for number, event in enumerate(events, 1):
            lines = [_plain(line) for line in event.plaintext.split("\n")]
            if any(lines) and not event.is_comment:
                cues.append(Cue(event.start, event.end, tuple(filter(None, lines)), number))
        if not cues:
            raise InputError(
                f"{loaded.path} has no cues: it is not {self.format.upper()}, or empty"
            )
        ordered = sorted(cues, key=lambda cue: (cue.begin, cue.end, cue.number))
        return Subtitles(ordered, decoded.encoding, decoded.warnings)


read_srt = SubtitleReader("srt")
read_vtt = SubtitleReader("vtt")


def read_pair(
    source: tuple[SubtitleReader, Loaded],
    provided: tuple[SubtitleReader, Loaded],
    options: Options,
) -> Corpus:
    """Two files of one film: cues that are seen at the same time are a row, however each side cuts them.

    A cue without a counterpart is a row with an empty side.
    """
    (reader, left), (other_reader, right) = source, provided
    found, other = reader.read(left, options), other_reader.read(right, options)
    groups = list(paired_by_time(found.cues, other.cues))
    rows = [
        _row(
            " ".join(cue.text for cue in ours),
            " ".join(cue.text for cue in theirs),
            (ours or theirs)[0].number,
        )
        for ours, theirs in groups
    ]
    warnings = (*found.warnings, *other.warnings)
    paired = sum(bool(ours) and bool(theirs) for ours, theirs in groups)
    if paired < LEAST_PAIRED * len(groups):
        warnings += (
            f"only {paired} of {len(groups)} cues of {left.path} and {right.path} are seen at the same"
            " time: are they of one film, and is neither late?",
        )
    name = options.name or stem(left.path)
    return Corpus(
        tuple(row_documents(((name, row) for row in rows), name)),
        (
            left.described(found.encoding, reader.format),
            right.described(other.encoding, other_reader.format),
        ),
        warnings,
    )


def paired_by_time(
    left: Sequence[Cue], right: Sequence[Cue]
) -> Iterator[tuple[list[Cue], list[Cue]]]:
    """Groups of cues that are seen together, directly or through others, in the order of time.

    Both lists are in that order already; each group has cues of the left, and of the right.
    """
    cues = [(0, cue) for cue in left] + [(1, cue) for cue in right]
    group = list(range(len(cues)))

    def first(k: int) -> int:
        while group[k] != k:
            group[k] = k = group[group[k]]
        return k

    longest = max((cue.end - cue.begin for cue in right), default=0)
    begins = [cue.begin for cue in right]
    for k, cue in enumerate(left):
        near = range(bisect(begins, cue.begin - longest - 1), bisect(begins, cue.end))
        for other in near:
            if _together(cue, right[other]):
                one, two = sorted((first(k), first(len(left) + other)))
                group[two] = one
    found: dict[int, tuple[list[Cue], list[Cue]]] = {}
    for k, (side, cue) in enumerate(cues):
        found.setdefault(first(k), ([], []))[side].append(cue)
    yield from sorted(
        found.values(), key=lambda sides: min(c.begin for c in (*sides[0], *sides[1]))
    )


def _together(one: Cue, other: Cue) -> bool:
    seen = min(one.end, other.end) - max(one.begin, other.begin)
    shorter = min(one.end - one.begin, other.end - other.begin)
    return seen > 0 and seen >= OVERLAP * shorter


def _sides(cues: Sequence[Cue], options: Options) -> tuple[str, str]:
    sides: dict[str, list[str]] = {SOURCE: [], PROVIDED: []}
    current = None
    for line in (line for cue in cues for line in cue.lines):
        for side, text in by_language(line, options.pair):
            current = side or current or SOURCE
            sides[current].append(text)
    return " ".join(sides[SOURCE]), " ".join(sides[PROVIDED])


def _row(source: str, provided: str, number: int) -> Row:
    (text, found), (other, more) = writable(source), writable(provided)
    flags = tuple(dict.fromkeys((*found, *more)))
    return Row(text, (other,), id=str(number), flags=flags)


def _plain(line: str) -> str:
    return " ".join(html.unescape(TIME_TAG.sub("", line)).split())
