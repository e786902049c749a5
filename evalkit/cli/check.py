"""evalkit check: what looks wrong with each sentence of a translation, by rules; no model is run without --mt."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from evalkit.cli.outputs import carry_out
from evalkit.cli.plan_options import glossary_option, plan_from_options
from evalkit.cli.reading_options import (
    exit_if_failed,
    reading_options,
    report_failures,
    report_warnings,
)
from evalkit.cli.system_options import system_options
from evalkit.files.outputs import check_outputs
from evalkit.plan_paths import files_of


@click.command(short_help="Wrong numbers, missing names, left-out clauses, sentence by sentence.")
@reading_options
@system_options("By default none: rules alone, in seconds.")
@glossary_option
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
@click.option("-q", "--quiet", is_flag=True, help="No progress bars, the summary alone.")
def command(
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

    plan = plan_from_options(options)
    check_outputs({"--csv": csv_path}, files_of(plan))
    if csv_path:
        plan = plan.with_options({"reports": {"csv": csv_path}})
    checked = at_least(check_input(plan, quiet=quiet), min_score)
    report_warnings(checked.warnings)
    report_failures(checked.failures)
    tasks = [partial(write_findings, checked, csv_path)] if csv_path else []
    if csv_path != "-":
        tasks.append(partial(print_findings, checked, top=0 if quiet else top))
    carry_out(tasks)
    exit_if_failed(checked.failures)
