"""A source file and its provided files: parallel lines, or texts still to be aligned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from evalkit.checks.parallel import MEND, SOURCE_COST, SourceFits, find_slip, told_slip
from evalkit.checks.shift import first_shifted_line
from evalkit.data import Corpus, Document, InputFile, Row
from evalkit.errors import InputError
from evalkit.files.encodings import decode
from evalkit.files.lines import split_lines, writable
from evalkit.files.opening import Loaded, Readable, load, stem
from evalkit.plugins import READERS
from evalkit.read.blocks import BLOCK_ROWS, row_documents
from evalkit.read.content import format_of_file
from evalkit.read.options import Options
from evalkit.read.paragraphs import sentences_a_line
from evalkit.read.segments import grouped, merged_order, segments_of
from evalkit.read.structured import StructuredReader
from evalkit.read.subtitles import SubtitleReader, read_pair

# What is a line a row also as one of two files.
LINE_FORMATS = frozenset({"text", "tsv", "csv", "psv", "jsonl"})
# What may be one of two files otherwise.
SIDE_FORMATS = frozenset({"docx", "html", "markdown", "pdf", "srt", "vtt"})
# Lines in which a slip is looked for at once: a second's work.
LONGEST_SEARCH = 20_000


@dataclass(frozen=True)
class Lines:
    """The lines of one file, with what is to be reported of it."""

    path: str
    lines: list[str]
    file: InputFile
    warnings: tuple[str, ...]


def read_lines(path: Readable, role: str, options: Options) -> Lines:
    """All lines of a text file, blank ones too: in parallel files they count.

    Those of a document with paragraphs (DOCX, HTML...) are its paragraphs.

    Raises:
        InputError: it cannot be read, or is of a format that holds both sides.
    """
    loaded = load(path, role)
    format, note = format_of_side(loaded, options)
    if format != "text":
        reader = READERS.load(format)
        if not isinstance(reader, StructuredReader):
            raise InputError(
                f"{loaded.path} is {format}, and cannot be one of two sides: give it alone, or as text"
            )
        texts, found = reader.lines(loaded, options)
        file = loaded.described(found.encoding, format)
        return Lines(loaded.path, texts, file, (*((note,) if note else ()), *found.warnings))
    return _text_lines(loaded, options)


def _text_lines(loaded: Loaded, options: Options) -> Lines:
    decoded = decode(loaded, options.reading.encoding, options.reading.errors, options.languages)
    file = loaded.described(decoded.encoding, "text")
    return Lines(loaded.path, split_lines(decoded.text), file, decoded.warnings)


def read_parallel(source: Readable, provided: Sequence[Readable], options: Options) -> Corpus:
    """Read ``source`` and its translations as rows (equal line counts) or as documents.

    Raises:
        InputError: ``align`` is "lines", or there are several provided files, and the counts differ.
    """
    of_source = load(source, "source")
    others = [
        load(path, "provided" if number == 1 else f"provided_{number}")
        for number, path in enumerate(provided, 1)
    ]
    subtitles = _subtitles([of_source, *others], options)
    if subtitles:
        return read_pair(*subtitles, options)
    left = read_lines(of_source, of_source.role, options)
    rights = [read_lines(right, right.role, options) for right in others]
    equal = all(len(right.lines) == len(left.lines) for right in rights)
    align = options.pairing.align
    by_line = align == "lines" or (align == "auto" and equal) or len(rights) > 1
    if by_line:
        for right in rights:
            _require_parallel(left, right)
        corpus = _line_by_line(left, rights, options)
    else:
        corpus = _documents(left, rights[0] if rights else None, options)
    inputs = (left, *rights)
    return Corpus(
        corpus.documents,
        (*(one.file for one in inputs), *corpus.files),
        (*(w for one in inputs for w in one.warnings), *corpus.warnings),
    )


def format_of_side(loaded: Loaded, options: Options) -> tuple[str, str]:
    """The format of one of two files, and what the user should be told of it; tables are lines of text here."""
    if options.reading.format:
        return options.reading.format, ""
    format, note = format_of_file(loaded, options)
    return ("text", "") if format in LINE_FORMATS else (format, note)


def _subtitles(
    sides: Sequence[Loaded], options: Options
) -> tuple[tuple[SubtitleReader, Loaded], tuple[SubtitleReader, Loaded]] | None:
    """Two subtitle files with their readers; None if one of the sides is none, or if there are not two."""
    if len(sides) != 2:
        return None
    readers = [READERS.load(format_of_side(side, options)[0]) for side in sides]
    left, right = readers
    if isinstance(left, SubtitleReader) and isinstance(right, SubtitleReader):
        return (left, sides[0]), (right, sides[1])
    return None


def _require_parallel(left: Lines, right: Lines) -> None:
    if len(left.lines) == len(right.lines):
        return
    shifted = first_shifted_line(left.lines, right.lines)
    raise InputError(
        f"{left.path} has {len(left.lines)} lines and {right.path} has {len(right.lines)}: parallel files"
        f" need as many; they look shifted from line {shifted} on. Mend the files, or give one provided"
        " file and --align sentences"
    )


def _line_by_line(left: Lines, rights: list[Lines], options: Options) -> Corpus:
    """Lines of one number correspond: they are rows, or where they are paragraphs, of two files, documents.

    What was decided is told, and so is a slip.
    """
    several = None
    if len(rights) == 1 and options.pairing.align == "auto" and not options.pairing.presplit:
        several = sentences_a_line(left.lines, rights[0].lines)
    note = ""
    if several:
        what = f"{left.path}: most lines have several sentences ({several[0]:.1f} a line; {several[1]:.1f} in {rights[0].path})"
        note = (
            f"{what}; they are scored line by line, as the recorded translations are"
            if options.recorded_lines
            else f"{what}: sentences are aligned within each line; --align lines scores whole lines"
        )
    paragraphs = several is not None and not options.recorded_lines
    corpus = _paragraphs(left, rights[0], options) if paragraphs else _rows(left, rights, options)
    notes = (note,) if note else ()
    return replace(corpus, warnings=(*corpus.warnings, *notes, *_slips(left, rights, options)))


def _slips(left: Lines, rights: list[Lines], options: Options) -> Iterator[str]:
    """Warnings of provided files that slip against the source, told by names, numbers and lengths."""
    for right in rights:
        shown = slice(0, LONGEST_SEARCH)
        slip = find_slip(
            left.lines[shown], right.lines[shown], SourceFits(options.pair), SOURCE_COST
        )
        if slip:
            yield told_slip(slip, f"{left.path} and {right.path}") + MEND


def _paragraphs(left: Lines, right: Lines, options: Options) -> Corpus:
    """Documents whose sentences are aligned within their lines; a long one in blocks, as rows are."""
    names, files = _names(options.reading.documents, left, options)
    lines: dict[str, list[int]] = {}
    for index in range(len(left.lines)):
        lines.setdefault(names[index] if names else "", []).append(index)
    name = _input_name(left, options)
    documents: list[Document] = []
    for document, indices in lines.items():
        for begin in range(0, len(indices), BLOCK_ROWS):
            block = indices[begin : begin + BLOCK_ROWS]
            numbers = [index + 1 for index in block]
            source, provided = (
                segments_of([side.lines[index] for index in block], numbers)
                for side in (left, right)
            )
            documents.append(
                Document(
                    document if names else name,
                    source,
                    provided,
                    input=name,
                    position=len(documents),
                    source_lines=len(left.lines),
                    by_line=True,
                )
            )
    return Corpus(tuple(documents), files)


def _rows(left: Lines, rights: list[Lines], options: Options) -> Corpus:
    """A row a line; blank lines that separate paragraphs are none."""
    names, files = _names(options.reading.documents, left, options)

    def rows() -> Iterator[tuple[str, Row]]:
        for index, texts in enumerate(zip(left.lines, *(r.lines for r in rights), strict=True)):
            if not any(text.strip() for text in texts):
                continue
            checked = [writable(text) for text in texts]
            flags = tuple(dict.fromkeys(flag for _, found in checked for flag in found))
            source, *provided = (text for text, _ in checked)
            row = Row(source, tuple(provided), line=index + 1, flags=flags)
            yield names[index] if names else "", row

    documents = row_documents(rows(), _input_name(left, options), len(left.lines))
    return Corpus(documents, files)


def _input_name(left: Lines, options: Options) -> str:
    return options.name or stem(left.path)


def _documents(left: Lines, right: Lines | None, options: Options) -> Corpus:
    reading, name = options.reading, _input_name(left, options)
    count = len(left.lines)
    if reading.documents is None:
        if reading.provided_documents is not None:
            raise InputError(
                "--provided-documents needs --documents, which names those of the source"
            )
        source = segments_of(left.lines)
        other = segments_of(right.lines) if right else ()
        return Corpus((Document(name, source, other, input=name, source_lines=count),))
    names, files = _names(reading.documents, left, options)
    other_names: list[str] = []
    if right is not None:
        listed = reading.provided_documents
        if listed is None and len(right.lines) != len(left.lines):
            raise InputError(
                f"{right.path} has {len(right.lines)} lines, {left.path} {len(left.lines)}: give"
                " --provided-documents too, with the document of every provided line"
            )
        other_names, more = _names(listed, right, options) if listed else (names, ())
        files += more
    sources = grouped(left.lines, names)
    provideds = grouped(right.lines, other_names) if right else {}
    every = merged_order(list(sources), list(provideds))
    return Corpus(
        tuple(
            Document(
                document,
                sources.get(document, ()),
                provideds.get(document, ()),
                input=name,
                position=position,
                source_lines=count,
            )
            for position, document in enumerate(every)
        ),
        files,
    )


def _names(
    path: Readable | None, of: Lines, options: Options
) -> tuple[list[str], tuple[InputFile, ...]]:
    """The document of every line of ``of``; an empty list if none were given."""
    if path is None:
        return [], ()
    listed = _text_lines(load(path, "documents"), options)
    if len(listed.lines) != len(of.lines):
        raise InputError(
            f"{listed.path} names the documents of {len(listed.lines)} lines, but {of.path} has"
            f" {len(of.lines)}: give one name a line"
        )
    return [writable(name.strip())[0] for name in listed.lines], (listed.file,)
