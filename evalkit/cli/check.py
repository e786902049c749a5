"""evalkit check: what looks wrong with each sentence of a translation, by rules; no model is run without --mt."""

from __future__ import annotations

from typing import Any

import click

from evalkit.cli.plan_options import plan_from_options
from evalkit.cli.reading_options import reading_options, report_failures
from evalkit.cli.system_options import system_options


@click.command(short_help="Wrong numbers, missing names, left-out clauses, sentence by sentence.")
@reading_options
@system_options("By default none: rules alone, in seconds.")
@click.option(
    "--glossary",
    metavar="FILE",
    help="Prescribed translations of terms: TSV (source, translation) or TBX.",
)
@click.option("--csv", "csv_path", metavar="FILE", help="Write all pairs; - is standard output.")
@click.option(
    "--min-score",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="Leave out findings less sure than this.",
)
@click.option(
    "--top",
    type=click.IntRange(min=0),
    metavar="N",
    help="Print only the N pairs that most probably have an error, those first. By default all "
    "pairs with findings, in order.",
)
@click.option(
    "-q", "--quiet", is_flag=True, help="No progress bars, no warnings, the summary alone."
)
def command(
    glossary: str | None,
    csv_path: str | None,
    min_score: float,
    top: int | None,
    quiet: bool,
    **options: Any,
) -> None:
    """Say what looks wrong in each pair of each PATH (or of -s FILE and -p FILE).

    Translations are evidence: with --mt, or with translations recorded in a file or a column, more
    is found and less of it wrongly.

    \b
    evalkit check -s text.ru -p text.en
    evalkit check article.txt --glossary terms.tsv --csv findings.csv
    evalkit check -s text.ru -p text.en --mt file:system.en --top 20
    """
    from evalkit.flow.checking import check_input
    from evalkit.report.findings import at_least, print_findings, write_findings

    checked = at_least(check_input(plan_from_options(options), glossary, quiet=quiet), min_score)
    for warning in () if quiet else checked.warnings:
        click.echo(f"evalkit: warning: {warning}", err=True)
    if csv_path:
        write_findings(checked, csv_path)
    if csv_path != "-":
        print_findings(checked, top=0 if quiet else top)
    report_failures(checked.failures)
