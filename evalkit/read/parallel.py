"""A source file and its provided files: parallel lines, or texts still to be aligned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from evalkit.checks.shift import first_shifted_line
from evalkit.data import Corpus, Document, InputFile, Row, Segment
from evalkit.errors import InputError
from evalkit.files.encodings import decode
from evalkit.files.lines import split_lines, writable
from evalkit.files.opening import load, stem
from evalkit.read.blocks import row_documents
from evalkit.read.options import Options


@dataclass(frozen=True)
class Lines:
    """The lines of one file, with what is to be reported of it."""

    path: str
    lines: list[str]
    file: InputFile
    warnings: tuple[str, ...]


def read_lines(path: str | Path, role: str, options: Options) -> Lines:
    """All lines of a text file, blank ones too: in parallel files they count."""
    loaded = load(path, role)
    decoded = decode(loaded, options.reading.encoding, options.reading.errors, options.languages)
    file = loaded.described(decoded.encoding, "text")
    return Lines(loaded.path, split_lines(decoded.text), file, decoded.warnings)


def read_parallel(source: str | Path, provided: Sequence[str | Path], options: Options) -> Corpus:
    """Read ``source`` and its translations as rows (equal line counts) or as documents.

    Raises:
        InputError: ``align`` is "lines", or there are several provided files, and the counts differ.
    """
    left = read_lines(source, "source", options)
    rights = [
        read_lines(path, "provided" if number == 1 else f"provided_{number}", options)
        for number, path in enumerate(provided, 1)
    ]
    equal = all(len(right.lines) == len(left.lines) for right in rights)
    align = options.pairing.align
    by_line = align == "lines" or (align == "auto" and equal) or len(rights) > 1
    if by_line:
        for right in rights:
            _require_parallel(left, right)
        corpus = _rows(left, rights, options)
    else:
        corpus = _documents(left, rights[0] if rights else None, options)
    inputs = (left, *rights)
    return Corpus(
        corpus.documents,
        (*(one.file for one in inputs), *corpus.files),
        (*(w for one in inputs for w in one.warnings), *corpus.warnings),
    )


def _require_parallel(left: Lines, right: Lines) -> None:
    if len(left.lines) == len(right.lines):
        return
    shifted = first_shifted_line(left.lines, right.lines)
    raise InputError(
        f"{left.path} has {len(left.lines)} lines and {right.path} has {len(right.lines)}: parallel files"
        f" need as many; they look shifted from line {shifted} on. Mend the files, or give one provided"
        " file and --align sentences"
    )


def _rows(left: Lines, rights: list[Lines], options: Options) -> Corpus:
    names, files = _names(options.reading.documents, left, options)

    def rows() -> Iterator[tuple[str, Row]]:
        for index, texts in enumerate(zip(left.lines, *(r.lines for r in rights), strict=True)):
            checked = [writable(text) for text in texts]
            flags = tuple(dict.fromkeys(flag for _, found in checked for flag in found))
            source, *provided = (text for text, _ in checked)
            row = Row(source, tuple(provided), line=index + 1, flags=flags)
            yield names[index] if names else "", row

    return Corpus(row_documents(rows(), _input_name(left, options)), files)


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
        segments = _segments(left.lines)
        other = _segments(right.lines) if right else ()
        return Corpus((Document(name, segments, other, input=name, source_lines=count),))
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
    sources = _grouped(left.lines, names)
    provideds = _grouped(right.lines, other_names) if right else {}
    every = _merged_order(list(sources), list(provideds))
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
    path: str | Path | None, of: Lines, options: Options
) -> tuple[list[str], tuple[InputFile, ...]]:
    """The document of every line of ``of``; an empty list if none were given."""
    if path is None:
        return [], ()
    listed = read_lines(path, "documents", options)
    if len(listed.lines) != len(of.lines):
        raise InputError(
            f"{listed.path} names the documents of {len(listed.lines)} lines, but {of.path} has"
            f" {len(of.lines)}: give one name a line"
        )
    return [writable(name.strip())[0] for name in listed.lines], (listed.file,)


def _segments(lines: Sequence[str], numbers: Sequence[int] | None = None) -> tuple[Segment, ...]:
    """One segment a line that is not blank."""
    segments: list[Segment] = []
    for number, line in zip(numbers or range(1, len(lines) + 1), lines, strict=True):
        if line.strip():
            text, flags = writable(line)
            segments.append(Segment(text, number, len(segments), flags))
    return tuple(segments)


def _grouped(lines: Sequence[str], names: Sequence[str]) -> dict[str, tuple[Segment, ...]]:
    """The lines of each document, in order of first appearance."""
    members: dict[str, list[int]] = {}
    for index, name in enumerate(names):
        members.setdefault(name, []).append(index)
    return {
        name: _segments([lines[i] for i in indices], [i + 1 for i in indices])
        for name, indices in members.items()
    }


def _merged_order(first: list[str], second: list[str]) -> list[str]:
    """All names, those only in ``second`` after the name they follow there."""
    known = set(first)
    following: dict[str | None, list[str]] = {}
    previous = None
    for name in second:
        if name in known:
            previous = name
        else:
            following.setdefault(previous, []).append(name)
    order = list(following.get(None, []))
    for name in first:
        order += [name, *following.get(name, [])]
    return order
