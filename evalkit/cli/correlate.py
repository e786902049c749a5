"""evalkit correlate: how well metrics agree with people, on any table of scores."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from evalkit.plan import SEED

if TYPE_CHECKING:
    from evalkit.flow.judged import Agreement, Judged, MetricTest

TESTED = ("pearson", "system_accuracy")
STATISTICS = ("pearson", "spearman", "kendall", "accuracy", "system_accuracy", "soft_accuracy")
LABELS = ("Pearson", "Spearman", "Kendall", "acc*", "sys acc", "SPA")
# A metric's name beside six figures fits 80 columns.
NAME_WIDTH = 20


@click.command(short_help="How well metrics agree with human judgement.")
@click.argument("table", metavar="CSV")
@click.option(
    "--human",
    metavar="COLUMN|FILE",
    help="The judgements: a column; or a file with a number, or system and number, a line.",
)
@click.option(
    "--metric",
    "-m",
    multiple=True,
    metavar="COLUMN",
    help="By default all columns of numbers. Repeatable.",
)
@click.option(
    "--negate",
    multiple=True,
    metavar="COLUMN",
    help="A column of which lower is better, if that is not known. Repeatable.",
)
@click.option(
    "--test",
    "tested",
    multiple=True,
    type=click.Choice(STATISTICS),
    default=TESTED,
    show_default=True,
    help="What is tested between metrics. Repeatable; accuracy and soft_accuracy take minutes.",
)
@click.option(
    "--trials",
    type=click.IntRange(min=0),
    default=1000,
    show_default=True,
    help="Of each test; 0: no test.",
)
@click.option("--seed", type=int, default=SEED, show_default=True, help="Of the tests.")
@click.option("--csv", "csv_path", metavar="FILE", help="Write all figures; - is standard output.")
@click.option("--json", "json_path", metavar="FILE", help="Likewise.")
def command(
    table: str,
    human: str | None,
    metric: tuple[str, ...],
    negate: tuple[str, ...],
    tested: tuple[str, ...],
    trials: int,
    seed: int,
    csv_path: str | None,
    json_path: str | None,
) -> None:
    """Correlate the scores of CSV, a row a translation, with human judgement.

    Segments: Pearson, Spearman, Kendall (tau-b) over all translations, and pairwise accuracy with
    tie calibration (acc*; of each segment the systems, or of one system the segments). Systems:
    pairwise accuracy and soft pairwise accuracy (SPA). Metrics are tested by PERM-BOTH.

    \b
    evalkit evaluate table.tsv --csv scores.csv
    evalkit correlate scores.csv --human judgements.txt
    evalkit correlate scores.csv --human mqm --metric chrf --metric bleu --json figures.json
    """
    from evalkit.flow.judged import agreements, judged, tests
    from evalkit.report.tables import read_table

    data = judged(read_table(table), human, metric, negate)
    figures = agreements(data)
    found = tests(data, tested, trials, seed) if trials else []
    if csv_path:
        _write_csv(csv_path, figures, found)
    if json_path:
        _write_json(json_path, data, figures, found)
    if "-" not in (csv_path, json_path):
        click.echo("\n".join(_lines(data, figures, found)))


def _lines(
    data: Judged, figures: Sequence[Agreement], found: Sequence[MetricTest]
) -> Sequence[str]:
    shown = len(figures[0].values)
    lines = [
        f"{data.count} judgements ({data.human_name}), {len(data.systems)} system"
        f"{'s' if len(data.systems) > 1 else ''}",
        "",
        " ".join([f"{'metric':{NAME_WIDTH}}", *(f"{label:>8}" for label in LABELS[:shown])]),
    ]
    for each in figures:
        cells = [f"{value:8.3f}" for value in each.values.values()]
        lines.append(" ".join([f"{each.metric[:NAME_WIDTH]:{NAME_WIDTH}}", *cells]))
    lines += ["", "acc*: ties up to " + ", ".join(f"{f.metric} {f.epsilon:.4g}" for f in figures)]
    if data.negated:
        lines.append(f"lower is better, so negated: {', '.join(sorted(data.negated))}")
    if found:
        lines += ["", "PERM-BOTH: is the first metric better than the second?"]
    for test in found:
        names = f"{test.metric} > {test.other}"
        lines.append(
            f"{test.statistic:16} {names:36} {test.difference:+7.3f}  p {test.p_value:.3f}"
        )
    return lines


def _write_csv(path: str, figures: Sequence[Agreement], found: Sequence[MetricTest]) -> None:
    """One row a figure, then one a test, whose value is the difference between the two metrics."""
    from evalkit.files.writing import write_atomically

    with write_atomically(path) as stream:
        writer = csv.writer(stream)
        writer.writerow(("statistic", "metric", "other", "value", "epsilon", "p_value"))
        for each in figures:
            for name, value in each.values.items():
                epsilon = each.epsilon if name == "accuracy" else ""
                writer.writerow((name, each.metric, "", _known(value), epsilon, ""))
        for test in found:
            row = (test.statistic, test.metric, test.other, _known(test.difference), "")
            writer.writerow((*row, test.p_value))


def _write_json(
    path: str, data: Judged, figures: Sequence[Agreement], found: Sequence[MetricTest]
) -> None:
    from evalkit.files.writing import write_atomically

    content = {
        "human": data.human_name,
        "judgements": data.count,
        "systems": data.systems,
        "negated": sorted(data.negated),
        "metrics": {
            each.metric: {
                **{name: _known(value) for name, value in each.values.items()},
                "epsilon": each.epsilon,
            }
            for each in figures
        },
        "tests": [
            {
                "statistic": test.statistic,
                "metric": test.metric,
                "other": test.other,
                "difference": _known(test.difference),
                "p_value": test.p_value,
            }
            for test in found
        ],
    }
    with write_atomically(path) as stream:
        json.dump(content, stream, ensure_ascii=False, indent=2)
        stream.write("\n")


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
