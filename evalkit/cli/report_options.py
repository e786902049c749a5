"""Options of the reports that every result of a run can be written as."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import click

_OPTIONS = (
    click.option("--csv", metavar="FILE", help="One row a pair and system; Parquet by suffix."),
    click.option("--wide", is_flag=True, help="In the CSV, one row a pair."),
    click.option(
        "--excel-safe", is_flag=True, help="Guard cells a spreadsheet would run as formulas."
    ),
    click.option("--json", metavar="FILE", help="The manifest: enough to repeat the run (--plan)."),
    click.option("--html", metavar="FILE", help="A self-contained report for the browser."),
    click.option("--markdown", metavar="FILE", help="The table of systems as Markdown."),
    click.option("--latex", metavar="FILE", help="The table of systems as LaTeX."),
)


def report_options(command: Callable) -> Callable:
    """Add the options above to a click command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def require_csv(wide: bool, excel_safe: bool, reports: Mapping[str, str]) -> None:
    """Raise UsageError if options of the CSV are given without one."""
    if (wide or excel_safe) and "csv" not in reports:
        raise click.UsageError("--wide and --excel-safe are about the CSV: give --csv FILE too")
