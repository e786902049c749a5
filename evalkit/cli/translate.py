"""evalkit translate: Russian lines in, English lines out."""

from __future__ import annotations

from typing import Any

import click

from evalkit.cli.system_options import memory_from_options, system_options, systems_from_options


@click.command(short_help="Translate Russian sentences, one a line.")
@click.argument("source", metavar="[FILE]", default="-")
@system_options("Repeatable. Default: builtin.")
@click.option(
    "-o", "--output", metavar="FILE", default="-", help="Write here, whole or not at all."
)
@click.option("--encoding", help="Encoding of FILE; by default it is detected.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bars and no closing line.")
def command(source: str, output: str, quiet: bool, **options: Any) -> None:
    """Translate the lines of FILE (standard input if it is missing or "-").

    One system gives a line of English for each line; several give a tab-separated table with a
    header, the source first.

    \b
    evalkit translate article.ru -o article.en
    evalkit translate article.ru --mt builtin --mt opus-mt -o article.tsv
    """
    from evalkit.files import write_atomically
    from evalkit.text.encodings import decode
    from evalkit.text.lines import split_lines
    from evalkit.text.opening import load
    from evalkit.translate import translate

    systems = systems_from_options(options["mt"] or ["builtin"], options)
    lines = split_lines(decode(load(source, "source"), options["encoding"]).text)
    columns = {}
    with memory_from_options(options) as memory:
        for system in systems:
            result = translate(system, lines, memory=memory, quiet=quiet)
            columns[system.name] = [_one_line(text) for text in result.texts]
            if not quiet:
                _closing_line(system.name, result)
    with write_atomically(output) as stream:
        if len(columns) == 1:
            stream.writelines(f"{line}\n" for line in columns[systems[0].name])
            return
        stream.write("\t".join(["source", *columns]) + "\n")
        for row in zip([_one_line(line) for line in lines], *columns.values(), strict=True):
            stream.write("\t".join(row) + "\n")


def _closing_line(name: str, result: Any) -> None:
    flagged = sum(bool(translation.flags) for translation in result)
    suspicious = f", {flagged:,} flagged" if flagged else ""
    click.echo(
        f"{name}: {result.computed:,} translated, {result.reused:,} known before{suspicious}",
        err=True,
    )


def _one_line(text: str) -> str:
    """Without what would break a line or a tab-separated table."""
    return " ".join(text.replace("\t", " ").split("\n")).replace("\r", " ")
