"""Findings on the terminal and as CSV."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO

from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from evalkit.checks.base import PairFindings, findings_json
from evalkit.checks.triage import order
from evalkit.data import Pair
from evalkit.files.writing import write_atomically
from evalkit.flow.checking import CheckedInput
from evalkit.flow.findings import examined_text
from evalkit.report.printable import printable
from evalkit.report.terminal import READABLE, report_console

COLUMNS = tuple(
    "document pair status alignment confidence source provided findings error_probability flags".split()
)
# Wider lines are hard to read.
STYLES = {"major": "bold red", "minor": "yellow"}


def at_least(checked: CheckedInput, score: float) -> CheckedInput:
    """The same without findings less sure than ``score``; probabilities stay."""
    found = [
        replace(each, findings=tuple(f for f in each.findings if f.score >= score))
        for each in checked.found
    ]
    return replace(checked, found=found)


def write_findings(checked: CheckedInput, path: str | Path) -> None:
    """Write one row a pair, with findings or without: `COLUMNS`. Names of findings are among the flags.

    Raises:
        EvalkitError: the file cannot be written.
    """
    with write_atomically(path) as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for number, (pair, found) in enumerate(zip(checked.pairs, checked.found, strict=True), 1):
            writer.writerow(
                (
                    pair.document,
                    number,
                    pair.status,
                    pair.alignment,
                    round(pair.confidence, 4),
                    pair.source,
                    examined_text(pair),
                    findings_json(found.findings),
                    found.probability,
                    " ".join(dict.fromkeys((*pair.flags, *found.names))),
                )
            )


def print_findings(
    checked: CheckedInput,
    *,
    top: int | None = None,
    stream: IO[str] | None = None,
    width: int | None = None,
) -> None:
    """Print a block a pair that has findings, then how many findings of each kind there are.

    Args:
        top: only so many pairs, the likeliest errors first, with findings or without; by default all with findings, in order.
        stream: standard output by default. width: columns; by default those of the terminal, or 80.
    """
    with report_console(stream, width) as console:
        document = ""
        for at in _chosen(checked.found, top):
            pair = checked.pairs[at]
            if pair.document != document:
                document = pair.document
                console.print("", Text(f"== {printable(document)} ==", "bold"), sep="\n")
            console.print("", _block(at + 1, pair, checked.found[at], console.width), sep="\n")
        for part in _summary(checked.found):
            console.print(part)


def _chosen(found: Sequence[PairFindings], top: int | None) -> list[int]:
    if top is None:
        return [at for at, each in enumerate(found) if each.findings]
    return order(dict(enumerate(each.probability for each in found)))[:top] if top else []


def _block(number: int, pair: Pair, found: PairFindings, width: int) -> Group:
    heading = Text(f"#{number}", "bold cyan")
    details = (
        [pair.alignment]
        if pair.confidence == 1
        else [
            pair.alignment,
            f"confidence {pair.confidence:.2f}",
        ]
    )
    details.append(f"error probability {found.probability:.2f}")
    if pair.id:
        details.append(f"id {printable(pair.id)}")
    heading.append("  " + "  ".join(part for part in details if part), "not bold default")
    table = Table.grid(padding=(0, 2, 0, 0))
    table.width = min(width, READABLE) - 2
    table.add_column(style="dim", min_width=8, no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for name, text in (("source", pair.source), ("provided", examined_text(pair))):
        if text:
            table.add_row(name, Text(printable(text)))
    for finding in found.findings:
        message = Text(printable(finding.message))
        message.append(f" ({finding.severity}, {finding.score:.2f})", "dim")
        table.add_row(Text(finding.name, STYLES.get(finding.severity, "")), message)
    return Group(heading, Padding(table, (0, 0, 0, 2)))


def _summary(found: Sequence[PairFindings]) -> list[Padding | Text | str]:
    counts: Counter[str] = Counter(name for each in found for name in each.names)
    wrong = sum(bool(each.findings) for each in found)
    said = f"{len(found)} pairs, {wrong} with findings"
    if not counts:
        return ["", Text(said + ".", "bold")]
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column()
    table.add_column(justify="right")
    for name, count in counts.most_common():
        table.add_row(name, str(count))
    return ["", Text(said + ":", "bold"), Padding(table, (0, 0, 0, 2))]
