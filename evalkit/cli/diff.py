"""evalkit diff: what changed from one run to another of the same sources."""

from __future__ import annotations

import click

from evalkit.plan import SEED


@click.command(short_help="What changed between two runs of the same sources.")
@click.argument("before", metavar="RUN")
@click.argument("after", metavar="RUN")
@click.option("--csv", "csv_path", metavar="FILE", help="Write a row a pair; - is standard output.")
@click.option("--html", "html_path", metavar="FILE", help="Write a page that opens from disk.")
@click.option(
    "--trials",
    type=click.IntRange(min=1),
    default=10_000,
    show_default=True,
    help="Of the paired test of each score.",
)
@click.option("--seed", type=int, default=SEED, show_default=True, help="Of the tests.")
def command(
    before: str, after: str, csv_path: str | None, html_path: str | None, trials: int, seed: int
) -> None:
    """Compare two CSV files of `evaluate` or `check`: before and after revision, or two providers.

    Shows which sentences changed, which findings are new or gone, and by how much scores differ,
    with a paired test.

    \b
    evalkit check -s text.ru -p draft.en --csv draft.csv
    evalkit check -s text.ru -p final.en --csv final.csv
    evalkit diff draft.csv final.csv --html changes.html
    """
    from evalkit.report.differences import (
        print_differences,
        write_differences_csv,
        write_differences_html,
    )
    from evalkit.report.tables import read_run
    from evalkit.statistics.differences import differences

    found = differences(read_run(before), read_run(after), trials=trials, seed=seed)
    if csv_path:
        write_differences_csv(found, csv_path)
    if html_path:
        write_differences_html(found, before, after, html_path)
    if "-" not in (csv_path, html_path):
        print_differences(found)
