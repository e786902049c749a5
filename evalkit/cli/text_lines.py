"""Line-parallel text files for the commands that only score: opened, decoded, gone through by line."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evalkit.cli.reading_options import report_warnings

if TYPE_CHECKING:
    from evalkit.flow.stream import TextLines
    from evalkit.metrics import Metric

encoding_option = click.option(
    "-e", "--encoding", metavar="NAME", help="Of all files; by default it is detected."
)


def open_lines(path: str, encoding: str | None, role: str) -> TextLines:
    """The lines of a file (`.gz`, `.xz`, `.zst` by suffix; "-" is standard input), without trailing
    white space, as sacreBLEU's command takes them.

    The bytes are held, the lines are made as they are asked for.

    Raises:
        InputError: the file cannot be read, is empty, or is not text.
    """
    from evalkit.files.encodings import decode, detect, refuse_binary
    from evalkit.files.opening import load
    from evalkit.flow.stream import TextLines

    loaded = load(path, role)
    if encoding is None:
        refuse_binary(loaded)
    if loaded.data.startswith(codecs.BOM_UTF8):
        report_warnings(
            [
                f"{loaded.path} begins with a byte order mark, which is not scored"
                " (sacreBLEU would score it as a character)"
            ]
        )
    # Only to raise its error, which names the line, should the bytes not be of this encoding.
    name, guessed = (decode(loaded, encoding).encoding, False) if encoding else detect(loaded.data)
    if guessed:
        report_warnings(
            [f"{loaded.path}: read as {name} (detected; --encoding says it for certain)"]
        )

    def lines() -> Iterator[str]:
        # LF, CRLF and CR end a line here, and nothing else does.
        stream = io.TextIOWrapper(io.BytesIO(loaded.data), encoding=name)
        first = True
        for line in stream:
            yield (line.removeprefix("\ufeff") if first else line).rstrip()
            first = False

    return TextLines("standard input" if path == "-" else path, lines, loaded.data.count(b"\n"))


def check_needs(metrics: Sequence[Metric], references: Sequence[str], source: str | None) -> None:
    """Raise a usage error if a metric needs a file that was not given."""
    from evalkit.metrics.base import REFERENCES, SOURCE

    for metric in metrics:
        if REFERENCES in metric.needs and not references:
            raise click.UsageError(f"{metric.label} needs a reference: give -r REFERENCE")
        if SOURCE in metric.needs and not source:
            raise click.UsageError(f"{metric.label} needs the source: give --source FILE")


def system_names(paths: list[str] | tuple[str, ...]) -> list[str]:
    """What to call each file: its name without folder and suffix, or its path where two would be the same."""
    from evalkit.files.lines import writable
    from evalkit.files.opening import stem

    short = [stem(path) for path in paths]
    return [
        name if short.count(name) == 1 else writable(str(Path(path)))[0]
        for name, path in zip(short, paths, strict=True)
    ]
