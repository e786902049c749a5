"""The options of the commands that read text."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import click

from evalkit.cli.plan_options import language_option
from evalkit.data import Failure
from evalkit.errors import EvalkitError
from evalkit.plan import ALIGNMENTS
from evalkit.plugins import READERS
from evalkit.report.printable import printable

_OPTIONS = (
    click.argument("paths", nargs=-1, metavar="[PATH]..."),
    click.option(
        "--from-list", metavar="FILE", help="More inputs, a path a line; - is standard input."
    ),
    click.option(
        "--test-set", metavar="NAME", help="A test set that sacreBLEU knows (and fetches): wmt21."
    ),
    click.option(
        "--strict", is_flag=True, help="Of many inputs, stop at the first that cannot be read."
    ),
    click.option("-s", "--source", metavar="FILE", help="The source text; - is standard input."),
    click.option(
        "-p",
        "--provided",
        metavar="FILE",
        multiple=True,
        help="The translation that came with it. Repeatable: line-parallel references.",
    ),
    language_option,
    click.option(
        "--input-format",
        metavar="NAME",
        help=f"Format of the input: {', '.join(READERS.own)}. By default told by its suffix, or content.",
    ),
    click.option(
        "--encoding", metavar="NAME", help="Of the input: utf-8, cp1251... By default detected."
    ),
    click.option(
        "--errors",
        type=click.Choice(["strict", "replace"]),
        default="strict",
        show_default=True,
        help="Bytes that cannot be decoded: an error, or U+FFFD in a flagged row.",
    ),
    click.option("--source-column", metavar="NAME", help="Table column of the source text."),
    click.option(
        "--provided-column",
        metavar="NAME",
        multiple=True,
        help="Table column of the provided translation. Repeatable.",
    ),
    click.option("--document-column", metavar="NAME", help="Table column of the document's name."),
    click.option("--id-column", metavar="NAME", help="Table column of the row's id."),
    click.option(
        "--translation-column",
        metavar="[SYSTEM=]NAME",
        multiple=True,
        help="Table column of a system's recorded translations. Repeatable.",
    ),
    click.option(
        "--documents", metavar="FILE", help="The document's name for each line of --source."
    ),
    click.option(
        "--provided-documents",
        metavar="FILE",
        help="The same for --provided, if it is not parallel.",
    ),
    click.option(
        "--align",
        type=click.Choice(ALIGNMENTS),
        default="auto",
        show_default=True,
        help="What corresponds: line to line, or sentences or paragraphs to be found. auto is lines "
        "if the files have as many of them.",
    ),
    click.option("--presplit", is_flag=True, help="Each line is one sentence: split no further."),
)


def reading_options(command: Callable) -> Callable:
    """Add the options above to a click command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def report_warnings(warnings: Sequence[str]) -> None:
    """Say on standard error what the user should know; --quiet does not silence it."""
    for warning in warnings:
        click.echo(f"evalkit: warning: {printable(warning)}", err=True)


def report_failures(failures: Sequence[Failure]) -> None:
    """Say which inputs could not be read, and why."""
    for failure in failures:
        click.echo(f"evalkit: not read: {failure.input}: {failure.reason}", err=True)


def exit_if_failed(failures: Sequence[Failure]) -> None:
    """Exit with code 1 if inputs could not be read."""
    if failures:
        click.get_current_context().exit(EvalkitError.exit_code)
