"""The report on the terminal: pair by pair with the changed words marked, then the scores."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from typing import IO, TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from evalkit.data import PAIRED, PROVIDED_ONLY, SOURCE_ONLY
from evalkit.flow.result import ALL_SYSTEMS, Evaluation
from evalkit.languages import LanguagePair
from evalkit.metrics.base import MetricCard
from evalkit.report.console_summary import scores_table, summary
from evalkit.report.contents import (
    coverage,
    leading_metric,
    number,
    provided_columns,
    worst,
)
from evalkit.report.diff import Piece, changes
from evalkit.report.printable import printable
from evalkit.report.terminal import ADDED, READABLE, REMOVED, is_plain, marked, report_console

if TYPE_CHECKING:
    import pandas as pd

# What needs nothing else scores no row of several references together.
SOURCE_ALONE = frozenset({"source"})
# Above this many pairs a terminal is no place to read them all.
MANY_PAIRS = 50
WORST_OF_MANY = 10
# From this width the scores stand beside the translation, else under it.
WIDE = 110

WITHOUT_COUNTERPART = {
    SOURCE_ONLY: "no provided {1}, not scored",
    PROVIDED_ONLY: "no {0} source, not scored",
}


def print_report(
    evaluation: Evaluation,
    *,
    stream: IO[str] | None = None,
    width: int | None = None,
    top: int | None = None,
    quiet: bool = False,
) -> None:
    """Print the report to ``stream`` (standard output by default).

    Args:
        width: columns; by default those of the terminal, or 80.
        top: show only the ``top`` pairs that differ most from the translations, worst first; 0 shows
            none. By default every pair in input order, or the worst 10 when there are more than 50.
        quiet: print nothing but the table of systems.
    """
    with report_console(stream, width) as console:
        plain = is_plain(console)
        parts: list = (
            [scores_table(evaluation, console.width)]
            if quiet
            else _report(evaluation, console.width, top, plain)
        )
        for part in parts:
            console.print(part)


def _report(evaluation: Evaluation, width: int, top: int | None, plain: bool) -> list:
    total = coverage(evaluation).pairs
    shown_of_many = top is None and total > MANY_PAIRS
    parts: list = []
    if top is None and not shown_of_many:
        numbers = evaluation.pairs["pair"].tolist()
    else:
        numbers = worst(evaluation, WORST_OF_MANY if top is None else top)
        if numbers:
            hint = "; --top N for more, --csv or --html for all" if shown_of_many else ""
            parts.append(
                Text(
                    f"The {len(numbers)} of {total} pairs that differ most by "
                    f"{leading_metric(evaluation).label}{hint}.",
                    "italic",
                )
            )
    parts += _pairs(evaluation, numbers, width, plain)
    return [*parts, *summary(evaluation, plain, width)]


def _pairs(evaluation: Evaluation, numbers: list[int], width: int, plain: bool) -> list:
    """The blocks of the pairs, under the name of their document whenever that changes."""
    pairs = evaluation.pairs.set_index("pair", drop=False)
    chosen = evaluation.segments[evaluation.segments["pair"].isin(numbers)]
    rows = dict(list(chosen.groupby("pair", sort=False)))
    parts: list = []
    document = ""  # a corpus without document names needs no headings
    for pair_number in numbers:
        pair = pairs.loc[pair_number]
        if pair["document"] != document:
            document = pair["document"]
            title = printable(document) or "(no document name)"
            parts += [
                "",
                Text(f"== {title} ==") if plain else Rule(Text(title, "bold"), align="left"),
            ]
        parts += ["", _pair(pair, rows[pair_number], evaluation, width, plain)]
    return parts


def _pair(
    pair: pd.Series, segments: pd.DataFrame, evaluation: Evaluation, width: int, plain: bool
) -> Group:
    wide = width >= WIDE
    table = Table.grid(padding=(0, 2, 0, 0))
    table.width = min(width, READABLE) - 2
    table.add_column(style="dim", max_width=18, overflow="fold")
    table.add_column(ratio=1, overflow="fold")
    if wide:
        table.add_column(justify="right", no_wrap=True)
    provided, translations = _compared(pair, segments)
    if pair["source"]:
        table.add_row("source", Text(printable(pair["source"])))
    for index, pieces in enumerate(provided, 1):
        name = "provided" if index == 1 else f"provided {index}"
        body = marked(pieces, REMOVED, plain)
        own = _scores(pair, evaluation.metrics.values(), "provided_") if index == 1 else Text()
        _add_row(table, name, body, own if pair["status"] == PAIRED else Text(), wide)
    for (_, row), pieces in zip(segments.iterrows(), translations, strict=True):
        scores = _scores(row, evaluation.metrics.values()) if pair["status"] == PAIRED else Text()
        if not (pieces or scores):
            continue
        name, body = printable(row["system"]), marked(pieces, ADDED, plain)
        if row["system"] == ALL_SYSTEMS:
            name, body = "all systems", Text("as references together", "dim")
        _add_row(table, name, body, scores, wide)
    for finding in json.loads(pair.get("findings") or "[]"):
        table.add_row("finding", Text(printable(finding["message"]), "yellow"))
    heading = _heading(pair, segments, evaluation.languages)
    return Group(heading, Padding(table, (0, 0, 0, 2)))


def _add_row(table: Table, name: str, body: Text, scores: Text, wide: bool) -> None:
    """A text with its scores: beside it, or under it."""
    if wide:
        table.add_row(name, body, scores)
    else:
        table.add_row(name, Text("\n").join(part for part in (body, scores) if part))


def _compared(
    pair: pd.Series, segments: pd.DataFrame
) -> tuple[list[list[Piece]], list[list[Piece]]]:
    """The provided texts and the translations (one a row of ``segments``) in pieces."""
    texts = [pair[c] for c in provided_columns(pair.index) if pair[c]]
    translations = segments["translation"].tolist()
    if pair["status"] == PAIRED:
        return changes(texts, translations)
    # Without a counterpart there is nothing to differ from.
    return [[Piece(text, False)] for text in texts], [
        [Piece(text, False)] if text else [] for text in translations
    ]


def _heading(pair: pd.Series, segments: pd.DataFrame, languages: LanguagePair) -> Text:
    """``#12  2-1  confidence 0.83  source line 14, provided line 9  flags: duplicate``"""
    heading = Text(f"#{pair['pair']}", "bold cyan")
    if pair["status"] == PAIRED:
        details = [pair["alignment"]]
        if pair["confidence"] < 1:
            details.append(f"confidence {pair['confidence']:.2f}")
    else:
        why = WITHOUT_COUNTERPART[pair["status"]].format(
            languages.source.label, languages.target.label
        )
        details = [f"{pair['status']}: {why}"]
    if pair.get("id"):
        details.append(f"id {printable(pair['id'])}")
    lines = [
        f"{side} line {pair[f'{side}_line']}"
        for side in ("source", "provided")
        if pair.get(f"{side}_line")
    ]
    details += [", ".join(lines)] if lines else []
    heading.append("  " + "  ".join(str(d) for d in details if d), "not bold default")
    flags = dict.fromkeys(name for names in segments["flags"] for name in names.split())
    if flags:
        heading.append("  flags: " + " ".join(flags), "yellow")
    return heading


def _scores(row: pd.Series, metrics: Iterable[MetricCard], prefix: str = "") -> Text:
    """The scores that a row has in the columns ``prefix`` + name of the metric."""
    text = Text()
    for metric in metrics:
        score = row.get(f"{prefix}{metric.name}")
        if score is None or (prefix == "" and math.isnan(score) and metric.needs == SOURCE_ALONE):
            continue
        text.append(f"{'  ' if text else ''}{metric.label} ", "dim")
        text.append(f"{number(score, metric.decimals):>5}", "bold")
    return text
