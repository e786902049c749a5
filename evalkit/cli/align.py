"""evalkit align: pair the sentences of two texts, and print what corresponds."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from typing import IO, TYPE_CHECKING, Any

import click

from evalkit.cli.reading_options import read_corpus, reading_options
from evalkit.cli.system_options import memory_from_options, system_options, systems_from_options

if TYPE_CHECKING:
    from evalkit.data import Corpus, Pair

COLUMNS = (
    *("document", "pair", "status", "alignment", "confidence"),
    *("source_line", "provided_line", "source", "provided"),
)


@click.command(short_help="Pair the sentences of a source and its translation.")
@reading_options
@system_options("By default none: lengths are compared.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["tsv", "csv", "jsonl", "indices"]),
    default="tsv",
    show_default=True,
    help="indices: [source]:[provided]:confidence, counted from 0, as vecalign writes them.",
)
@click.option("-o", "--output", default="-", metavar="FILE", help="By default standard output.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bars, no warnings.")
def command(format_: str, output: str, quiet: bool, **options: Any) -> None:
    """Pair the sentences of DOCUMENT (or of -s FILE and -p FILE) with each other.

    With --mt (of several, the first) the provided text is compared with a translation; without,
    only lengths are compared (Gale and Church 1993), which is much less sure.

    \b
    evalkit align article.txt --mt builtin
    evalkit align -s text.de -p text.fr --mt file:text.de-fr --align sentences --presplit --format indices
    """
    from evalkit.files import write_atomically
    from evalkit.pair import align, doubts

    corpus = read_corpus(options)
    _warn(corpus.warnings, quiet)
    pairs = align(corpus, _bridge(corpus, options, quiet))
    _warn(doubts(corpus, pairs), quiet)
    with write_atomically(output) as stream:
        WRITERS[format_](stream, pairs, corpus, options["presplit"])


def _warn(warnings: Sequence[str], quiet: bool) -> None:
    for warning in () if quiet else warnings:
        click.echo(f"evalkit: warning: {warning}", err=True)


def _bridge(corpus: Corpus, options: dict[str, Any], quiet: bool) -> list[str] | None:
    # Rows are pairs already: nothing is to be translated for them.
    if not options["mt"] or not corpus.documents:
        return None
    from evalkit.flow import translate_corpus

    system = systems_from_options(options["mt"][:1], options)[0]
    with memory_from_options(options) as memory:
        found = translate_corpus(
            system, corpus, presplit=options["presplit"], memory=memory, quiet=quiet
        )
    return found.texts


def _records(pairs: Sequence[Pair]) -> Iterable[list[str]]:
    for number, pair in enumerate(pairs, 1):
        yield [
            pair.document,
            str(number),
            pair.status,
            pair.alignment,
            f"{pair.confidence:.4f}",
            str(pair.source_line or ""),
            str(pair.provided_line or ""),
            pair.source,
            "\n".join(pair.provided),
        ]


def _write_tsv(stream: IO[str], pairs: Sequence[Pair], corpus: Corpus, presplit: bool) -> None:
    """Tabs and line ends within a text become spaces: a TSV has no way to hold them."""
    for record in (COLUMNS, *_records(pairs)):
        stream.write("\t".join(" ".join(cell.splitlines()).replace("\t", " ") for cell in record))
        stream.write("\n")


def _write_csv(stream: IO[str], pairs: Sequence[Pair], corpus: Corpus, presplit: bool) -> None:
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    writer.writerows(_records(pairs))


def _write_jsonl(stream: IO[str], pairs: Sequence[Pair], corpus: Corpus, presplit: bool) -> None:
    for number, pair in enumerate(pairs, 1):
        record = {name: getattr(pair, name) for name in COLUMNS if name not in ("pair", "provided")}
        provided = pair.provided[0] if len(pair.provided) == 1 else pair.provided
        record |= {"pair": number, "provided": provided, "flags": pair.flags}
        stream.write(json.dumps(record, ensure_ascii=False) + "\n")


def _write_indices(stream: IO[str], pairs: Sequence[Pair], corpus: Corpus, presplit: bool) -> None:
    """With ``presplit`` positions are lines of the files, else sentences in the order of the text."""
    rows = len(corpus.rows)
    sources = [segment.line - 1 for document in corpus.documents for segment in document.source]
    provided = [segment.line - 1 for document in corpus.documents for segment in document.provided]
    if not presplit:
        sources, provided = list(range(len(sources))), list(range(len(provided)))
    sources, provided = [*range(rows), *(rows + k for k in sources)], provided
    position = 0
    for number, pair in enumerate(pairs):
        if number < rows:
            right = [number] if pair.status != "source_only" else []
        else:
            count = int(pair.alignment.partition("-")[2])
            right = provided[position : position + count]
            position += count
        left = [sources[index] for index in pair.source_index]
        stream.write(f"{left}:{right}:{pair.confidence:.6f}\n")


WRITERS: dict[str, Callable[[IO[str], Sequence[Pair], Corpus, bool], None]] = {
    "tsv": _write_tsv,
    "csv": _write_csv,
    "jsonl": _write_jsonl,
    "indices": _write_indices,
}
