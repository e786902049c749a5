"""Two runs compared: on the terminal, as CSV and as one HTML file."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader
from markupsafe import Markup
from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from evalkit.files.writing import write_atomically
from evalkit.report.diff import Piece, changes
from evalkit.report.printable import printable
from evalkit.report.terminal import ADDED, READABLE, REMOVED, is_plain, marked, report_console
from evalkit.statistics.differences import Differences

if TYPE_CHECKING:
    import pandas as pd

SHOWN_SOURCES = 20
STYLE = """
body { font: 16px/1.45 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  color-scheme: light dark; overflow-wrap: anywhere; }
table { border-collapse: collapse; } th, td { padding: .2rem .7rem; text-align: left; }
.kinds td:nth-child(n+2), .kinds th:nth-child(n+2), .numbers td:nth-child(n+3), .numbers th:nth-child(n+3) { text-align: right; }
section { border-top: 1px solid #8886; } h3 { font-size: 1rem; margin: .6rem 0 0; }
dl { display: grid; grid-template-columns: 9rem 1fr; gap: .2rem .8rem; margin: .3rem 0 .8rem; }
dt { opacity: .75; } dd { margin: 0; }
del { background: #d334; } ins { background: #2a64; text-decoration: none; font-weight: 600; }
dt.new { color: #c22; opacity: 1; } dt.gone { color: #295; opacity: 1; }
"""


@dataclass(frozen=True)
class ChangedPair:
    """A pair that has another provided text or other findings than before."""

    number: Any
    document: str
    source: str
    changed: bool
    before: list[Piece]
    after: list[Piece]
    findings: list[dict[str, Any]]


def changed_pairs(found: Differences) -> Iterator[ChangedPair]:
    """The pairs worth showing, in the order of the first run."""
    frame = found.pairs
    differ = frame["changed"] | (frame["new_findings"] != "") | (frame["gone_findings"] != "")
    rows = found.findings
    of: dict[tuple[Any, str, str], list[dict[str, Any]]] = {}
    for row in rows.to_dict("records"):
        of.setdefault((row["pair"], row["source"], row["change"]), []).append(row)
    for row in frame[differ].to_dict("records"):
        before, after = changes([row["provided_before"]], [row["provided_after"]])
        new = of.get((row["pair_after"], row["source"], "new"), [])
        gone = of.get((row["pair_before"], row["source"], "gone"), [])
        number = row["pair_before"]
        if number != row["pair_after"]:
            number = f"{number}→{row['pair_after']}"
        yield ChangedPair(
            number, row["document"], row["source"], row["changed"], before[0], after[0], new + gone
        )


def said(found: Differences) -> str:
    """In words, how much changed."""
    counts = found.findings["change"].value_counts()
    alone = [
        f"only in the {name} run: {len(sources)}"
        for name, sources in (("first", found.only_before), ("second", found.only_after))
        if sources
    ]
    return "; ".join(
        [
            f"{found.changed} of {len(found.pairs)} sentences changed",
            f"findings: {counts.get('new', 0)} new, {counts.get('gone', 0)} gone",
            *alone,
        ]
    )


def kinds(findings: pd.DataFrame) -> list[dict[str, Any]]:
    """How many findings of each kind are new, and how many gone."""
    return [
        {
            "name": name,
            "new": int((rows["change"] == "new").sum()),
            "gone": int((rows["change"] == "gone").sum()),
        }
        for name, rows in findings.groupby("name", sort=True)
    ]


def write_differences_csv(found: Differences, path: str | Path) -> None:
    """Write `Differences.pairs`, all of them.

    Raises:
        EvalkitError: the file cannot be written.
    """
    with write_atomically(path) as stream:
        found.pairs.to_csv(stream, index=False, lineterminator="\r\n")


def write_differences_html(found: Differences, before: str, after: str, path: str | Path) -> None:
    """Write one HTML file that opens from disk, loads nothing and runs nothing.

    Raises:
        EvalkitError: the file cannot be written.
    """
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    templates = Environment(
        loader=PackageLoader("evalkit.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = templates.get_template("differences.html").render(
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'",
        style=Markup(STYLE),
        before=before,
        after=after,
        said=said(found) + ".",
        scores=found.scores.to_dict("records"),
        kinds=kinds(found.findings),
        pairs=list(changed_pairs(found)),
        alone=[
            (f"Only in {before}", found.only_before),
            (f"Only in {after}", found.only_after),
        ],
    )
    with write_atomically(path) as stream:
        stream.write(page)


def print_differences(
    found: Differences, *, stream: IO[str] | None = None, width: int | None = None
) -> None:
    """Print a block for each pair that changed, the findings by kind, the scores."""
    with report_console(stream, width) as console:
        plain = is_plain(console)
        for pair in changed_pairs(found):
            console.print("", _block(pair, console.width, plain), sep="\n")
        console.print("", Text(said(found) + ".", "bold"), sep="\n")
        for name, sources in (("first", found.only_before), ("second", found.only_after)):
            for source in sources[:SHOWN_SOURCES]:
                console.print(Text(f"  only in the {name}: {printable(source)}"))
        for table in (_kinds_table(found.findings), _scores_table(found.scores)):
            if table.row_count:
                console.print("", Padding(table, (0, 0, 0, 2)), sep="\n")


def _block(pair: ChangedPair, width: int, plain: bool) -> Group:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.width = min(width, READABLE) - 2
    table.add_column(style="dim", max_width=18, overflow="fold")
    table.add_column(ratio=1, overflow="fold")
    table.add_row("source", Text(printable(pair.source)))
    if pair.changed:
        table.add_row("before", marked(pair.before, REMOVED, plain))
        table.add_row("after", marked(pair.after, ADDED, plain))
    else:
        table.add_row("both", Text(printable("".join(piece.text for piece in pair.after))))
    for finding in pair.findings:
        style = "red" if finding["change"] == "new" else "green"
        name = Text(f"{finding['change']} {finding['name']}", style)
        table.add_row(name, Text(printable(finding["message"])))
    heading = Text(f"#{pair.number}", "bold cyan")
    heading.append(f"  {printable(pair.document)}".rstrip(), "not bold default")
    return Group(heading, Padding(table, (0, 0, 0, 2)))


def _kinds_table(findings: pd.DataFrame) -> Table:
    table = Table("finding", "new", "gone", box=None, pad_edge=False)
    for kind in kinds(findings):
        table.add_row(kind["name"], str(kind["new"]), str(kind["gone"]))
    return table


def _scores_table(scores: pd.DataFrame) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("system", "score"):
        table.add_column(name, overflow="fold", max_width=18)
    for name in ("pairs", "before", "after", "diff.", "rose", "fell", "p"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in scores.to_dict("records"):
        table.add_row(
            printable(row["system"]),
            printable(row["score"]),
            str(row["pairs"]),
            f"{row['before']:.2f}",
            f"{row['after']:.2f}",
            f"{row['difference']:+.3f}",
            str(row["better"]),
            str(row["worse"]),
            f"{row['p_value']:.3f}",
        )
    return table
