"""evalkit align: pair the sentences of two texts, and print what corresponds."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from typing import IO, TYPE_CHECKING, Any

import click

from evalkit.cli.plan_options import plan_from_options
from evalkit.cli.reading_options import (
    exit_if_failed,
    reading_options,
    report_failures,
    report_warnings,
)
from evalkit.cli.system_options import system_options
from evalkit.data import SOURCE_ONLY
from evalkit.files.outputs import check_outputs
from evalkit.plan_paths import files_of

if TYPE_CHECKING:
    from evalkit.data import Document, Pair

COLUMNS = tuple(
    "document pair status alignment confidence source_line provided_line source provided".split()
)


@click.command(short_help="Pair the sentences of a source and its translation.")
@reading_options
@system_options("By default none.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["tsv", "csv", "jsonl", "indices"]),
    default="tsv",
    show_default=True,
    help="indices: [source]:[provided]:confidence, counted from 0, as vecalign writes them.",
)
@click.option("-o", "--output", default="-", metavar="FILE", help="By default standard output.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bars.")
def command(format_: str, output: str, quiet: bool, **options: Any) -> None:
    """Pair the sentences of each PATH (or of -s FILE and -p FILE) with each other.

    With --mt (of several, the first) the provided text is compared with a translation; without,
    names, numbers and lengths are compared, which is much less sure.

    \b
    evalkit align article.txt --mt builtin
    evalkit align -s text.de -p text.en -l de-en --mt file:text.de-en --align sentences --presplit --format indices
    """
    from evalkit.files.writing import write_atomically
    from evalkit.flow.alignment import align_input

    plan = plan_from_options(options)
    check_outputs({"--output": output}, files_of(plan))
    plan = plan.with_options({"reports": {format_: output}})
    found = align_input(plan, quiet=quiet)
    report_warnings(found.warnings)
    report_failures(found.failures)
    with write_atomically(output) as stream:
        WRITERS[format_](stream, found.documents, options["presplit"])
    exit_if_failed(found.failures)


# A document and its pairs.
Aligned = Sequence["tuple[Document, Sequence[Pair]]"]


def _numbered(documents: Aligned) -> Iterator[tuple[int, Pair]]:
    pairs = (pair for _, of_document in documents for pair in of_document)
    return enumerate(pairs, 1)


def _records(documents: Aligned) -> Iterator[list[str]]:
    for number, pair in _numbered(documents):
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


def _write_tsv(stream: IO[str], documents: Aligned, presplit: bool) -> None:
    """Tabs and line ends within a text become spaces: a TSV has no way to hold them."""
    for record in (COLUMNS, *_records(documents)):
        stream.write("\t".join(" ".join(cell.splitlines()).replace("\t", " ") for cell in record))
        stream.write("\n")


def _write_csv(stream: IO[str], documents: Aligned, presplit: bool) -> None:
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    writer.writerows(_records(documents))


def _write_jsonl(stream: IO[str], documents: Aligned, presplit: bool) -> None:
    for number, pair in _numbered(documents):
        names = [name for name in COLUMNS if name not in ("pair", "provided")]
        provided = pair.provided[0] if len(pair.provided) == 1 else pair.provided
        record = {name: getattr(pair, name) for name in names}
        record |= {"pair": number, "provided": provided, "flags": pair.flags}
        stream.write(json.dumps(record, ensure_ascii=False) + "\n")


def _write_indices(stream: IO[str], documents: Aligned, presplit: bool) -> None:
    """With ``presplit`` positions are lines of the files, else units in the order of the input."""
    first_source = first_provided = 0
    for document, pairs in documents:
        position = 0
        for pair in pairs:
            if document.rows:
                count = int(pair.status != SOURCE_ONLY)
                right = [first_provided + position] * count
                position += 1
            else:
                count = int(pair.alignment.partition("-")[2])
                right = list(range(first_provided + position, first_provided + position + count))
                position += count
            left = [first_source + index for index in pair.source_index]
            if presplit and document.rows and document.source_lines:
                line = document.rows[position - 1].line - 1
                left, right = [line] * len(left), [line] * count
            elif presplit and not document.rows:
                left = [document.source[index].line - 1 for index in pair.source_index]
                begin = position - count
                right = [document.provided[k].line - 1 for k in range(begin, position)]
            stream.write(f"{left}:{right}:{pair.confidence:.6f}\n")
        first_source += len(document.sources)
        first_provided += len(document.rows) or len(document.provided)


WRITERS: dict[str, Callable[[IO[str], Aligned, bool], None]] = {
    "tsv": _write_tsv,
    "csv": _write_csv,
    "jsonl": _write_jsonl,
    "indices": _write_indices,
}
