"""The end of the console report: scores, coverage, signatures, ranking, what to look at first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from evalkit.report.contents import (
    READING_NOTE,
    candidate_name,
    compared_sides,
    coverage,
    interval,
    least_sure,
    number,
    signatures,
    system_notes,
    triage,
)
from evalkit.report.printable import printable

if TYPE_CHECKING:
    import pandas as pd

    from evalkit.flow.result import Evaluation

TRIAGE_SHOWN = UNSURE_SHOWN = 5


def summary(evaluation: Evaluation, plain: bool) -> Iterator[object]:
    """The parts of the summary, in the order in which they are printed."""
    yield ""
    yield Text("== Scores ==") if plain else Rule(Text("Scores", "bold"), align="left")
    yield ""
    yield Text(compared_sides(evaluation))
    yield ""
    yield scores_table(evaluation)
    yield ""
    yield Text(READING_NOTE, "italic")
    for name, note in system_notes(evaluation):
        yield Text.assemble((f"{printable(name)}: ", "bold"), printable(note))
    yield ""
    yield _coverage(evaluation)
    yield from _ranking(evaluation)
    yield from _triage(evaluation)
    yield from _least_sure(evaluation)
    yield ""
    yield from _signatures(evaluation)
    for warning in evaluation.warnings:
        yield Text.assemble(("warning: ", "bold yellow"), printable(warning))


def scores_table(evaluation: Evaluation) -> Table:
    """One row a system: pairs scored, and each corpus score with its 95% interval."""
    # Three metrics with their intervals side by side do not fit 80 columns: then one beneath the other.
    stacked = len(evaluation.metrics) > 2
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("system", overflow="fold")
    table.add_column("pairs", justify="right")
    for metric in evaluation.metrics.values():
        # A long name of a metric is folded, never a figure.
        figures = (number(score, metric.decimals + 1) for score in evaluation.systems[metric.name])
        spreads = (interval(row, metric) for _, row in evaluation.systems.iterrows())
        shown = (*figures, *(spreads if stacked else ()))
        table.add_column(
            printable(metric.label),
            justify="right",
            overflow="fold",
            min_width=max(map(len, shown)),
        )
        if not stacked:
            table.add_column("95%", justify="right", no_wrap=True)
    for _, row in evaluation.systems.iterrows():
        cells = []
        for metric in evaluation.metrics.values():
            score = Text(number(row[metric.name], metric.decimals + 1), "bold")
            spread = Text(interval(row, metric), "dim")
            both = [part for part in (score, spread) if part]
            cells += [Text("\n").join(both)] if stacked else [score, spread]
        table.add_row(printable(candidate_name(row["system"])), str(row["segments"]), *cells)
    return table


def _coverage(evaluation: Evaluation) -> Text:
    found = coverage(evaluation)
    text = Text.assemble(
        ("Pairs: ", "bold"),
        f"{found.paired} paired, {found.provided_only} provided_only, {found.source_only} source_only",
    )
    if found.left_out:
        text.append(f"; {found.left_out}", "yellow")
    if found.flagged:
        names = ", ".join(f"{name} {count}" for name, count in found.flags.most_common())
        text.append(f"; {found.flagged} flagged ({names})", "yellow")
    return text


def _ranking(evaluation: Evaluation) -> Iterator[object]:
    """One line a metric and significance cluster: the systems in it that are not told apart."""
    clusters = evaluation.clusters
    if clusters is None or clusters.empty:
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for heading in ("ranking", "cluster", "systems"):
        table.add_column(heading, overflow="fold")
    for (metric, cluster), rows in clusters.groupby(["metric", "cluster"], sort=False):
        card = evaluation.metrics[metric]
        systems = ", ".join(
            f"{printable(candidate_name(row.system))} {number(row.score, card.decimals + 1)}"
            for row in rows.itertuples(index=False)
        )
        table.add_row(card.label, str(cluster), systems)
    yield ""
    yield table
    yield Text(
        "Systems in the same cluster are not significantly different (p < 0.05, Holm).", "italic"
    )


def _least_sure(evaluation: Evaluation) -> Iterator[object]:
    rows = least_sure(evaluation, UNSURE_SHOWN)
    if rows.empty:
        return
    yield ""
    yield Text("These may not belong together: pairs of the least confidence.", "bold")
    yield _list_of_pairs(rows, "confidence", 2)


def _triage(evaluation: Evaluation) -> Iterator[object]:
    rows = triage(evaluation, TRIAGE_SHOWN)
    if rows.empty:
        return
    yield ""
    yield Text(
        "Look at these first: the systems agree with each other and not with the provided "
        f"{evaluation.languages.target.label}.",
        "bold",
    )
    yield _list_of_pairs(rows, "triage", 1)


def _list_of_pairs(rows: pd.DataFrame, column: str, digits: int) -> Padding:
    """Number, a figure and the provided text of each pair."""
    table = Table.grid(padding=(0, 2, 0, 0), expand=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    # Only the text gives way where the line is too narrow.
    table.add_column(overflow="ellipsis", no_wrap=True, ratio=1)
    for row in rows.to_dict("records"):
        shown = Text(printable(row["provided"]))
        table.add_row(f"#{row['pair']}", number(row[column], digits), shown)
    return Padding(table, (0, 0, 0, 2))


def _signatures(evaluation: Evaluation) -> Iterator[Text]:
    """Each on a line of its own, which it just fits at 80 columns, so that it can be copied whole."""
    for label, level, signature in signatures(evaluation):
        yield Text(f"{label} of a {level}:", "bold")
        yield Text(printable(signature), "dim", overflow="fold", no_wrap=False)
