"""evalkit merge: the shares of a run, computed in several places, into its result."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from evalkit.cli.evaluate import show
from evalkit.cli.outputs import option_of
from evalkit.cli.report_options import report_options, require_csv
from evalkit.files.outputs import check_outputs
from evalkit.flow.result import SUMMARIES
from evalkit.plan import Plan, Reporting, Running


@click.command(short_help="Put the shares of a run in parts together.")
@click.argument("folders", nargs=-1, required=True, metavar="FOLDER...")
@click.option("--out", metavar="FOLDER", help="Write the CSV and the manifest of the whole there.")
@report_options
@click.option("--top", type=click.IntRange(min=0), metavar="N", help="Show only the N worst pairs.")
@click.option("-q", "--quiet", is_flag=True, help="Only the summary.")
def command(folders: tuple[str, ...], quiet: bool, **options: Any) -> None:
    """Put the shares of a run together that `evalkit evaluate --shard I/N --out FOLDER` computed, and report as
    `evalkit evaluate` does.

    FOLDER... are the folders of all shares, in any order. What is missing, there twice, of another plan or of other inputs is
    refused.

    \b
    evalkit merge share1 share2 share3 --csv scores.csv --html report.html
    """
    from evalkit.flow.in_folder import merge, plan_of

    reports = {kind: options[kind] for kind in ("csv", *SUMMARIES) if options[kind] is not None}
    require_csv(options["wide"], options["excel_safe"], reports)
    check_outputs({option_of(kind): path for kind, path in reports.items()}, ())
    reporting = Reporting(reports, options["wide"], options["excel_safe"], options["top"])
    plan: Plan = replace(plan_of(folders), reporting=reporting, running=Running())
    show(merge(folders, plan=plan, out=options["out"]), plan, quiet)
