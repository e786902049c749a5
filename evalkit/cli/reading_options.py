"""The options of the commands that read text, and from them a split corpus."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from evalkit.data import Corpus

# Written out, so that a help page imports no reader.
FORMATS = ("text", "tsv", "csv", "jsonl", "xlsx", "tmx", "xliff", "po")
ALIGNMENTS = ("auto", "lines", "sentences", "paragraphs")

_OPTIONS = (
    click.argument("document", required=False, metavar="[DOCUMENT]"),
    click.option("-s", "--source", metavar="FILE", help="The Russian text; - is standard input."),
    click.option(
        "-p",
        "--provided",
        metavar="FILE",
        multiple=True,
        help="The English text that came with it. Repeatable: line-parallel references.",
    ),
    click.option(
        "--input-format",
        type=click.Choice(FORMATS),
        help="Format of DOCUMENT. By default told by its suffix.",
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
    click.option("--source-column", metavar="NAME", help="Table column of the Russian text."),
    click.option(
        "--provided-column",
        metavar="NAME",
        multiple=True,
        help="Table column of the English text. Repeatable.",
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


def read_corpus(options: Mapping[str, Any]) -> Corpus:
    """Read and split what a command's options name.

    Raises:
        InputError: as `evalkit.read.read`.
    """
    from evalkit.pair import split
    from evalkit.read import read

    corpus = read(
        options["document"],
        source=options["source"],
        provided=options["provided"],
        format=options["input_format"],
        encoding=options["encoding"],
        errors=options["errors"],
        align=options["align"],
        source_column=options["source_column"],
        provided_columns=options["provided_column"],
        document_column=options["document_column"],
        id_column=options["id_column"],
        translation_columns=options["translation_column"],
        documents=options["documents"],
        provided_documents=options["provided_documents"],
    )
    unit = "paragraphs" if options["align"] == "paragraphs" else "sentences"
    return split(corpus, presplit=options["presplit"], unit=unit)
