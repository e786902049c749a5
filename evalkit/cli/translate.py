"""evalkit translate: lines in, translated lines out."""

from __future__ import annotations

from typing import Any

import click

from evalkit.cli.plan_options import language_option, plan_from_options
from evalkit.cli.reading_options import report_warnings
from evalkit.cli.system_options import system_options
from evalkit.files.outputs import check_outputs
from evalkit.plan_paths import files_of


@click.command(short_help="Translate sentences, one a line.")
@click.argument("source", metavar="[FILE]", default="-")
@language_option
@system_options("Repeatable. Default: builtin.")
@click.option(
    "-o", "--output", metavar="FILE", default="-", help="Write here, whole or not at all."
)
@click.option("--encoding", help="Encoding of FILE; by default it is detected.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bars and no closing line.")
def command(source: str, output: str, quiet: bool, **options: Any) -> None:
    """Translate the lines of FILE (standard input if it is missing or "-").

    One system gives a line for each line; several give a tab-separated table with a
    header, the source first.

    \b
    evalkit translate article.ru -o article.en
    evalkit translate article.ru --mt builtin --mt opus-mt -o article.tsv
    """
    from evalkit.files.encodings import decode
    from evalkit.files.lines import split_lines
    from evalkit.files.opening import load
    from evalkit.files.writing import write_atomically
    from evalkit.languages import language_pair
    from evalkit.memory import open_memory
    from evalkit.progress import progress
    from evalkit.systems import open_systems, run_system

    plan = plan_from_options(options)
    check_outputs({"--output": output}, files_of(plan, source))
    pair = language_pair(plan.language_pair)
    systems = open_systems(plan.systems or ("builtin",), plan.decoding, pair)
    languages = (pair.source, pair.target)
    decoded = decode(load(source, "source"), plan.reading.encoding, languages=languages)
    report_warnings(decoded.warnings)
    lines = split_lines(decoded.text)
    columns = {}
    with open_memory(plan) as memory:
        for system in systems:
            description = f"Translating ({system.name})"
            with progress(description, len(lines), quiet=quiet) as advance:
                result = run_system(system, lines, memory=memory, advance=advance)
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
