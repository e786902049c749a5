"""What `evalkit compare` prints and writes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import click
import pandas as pd

from evalkit.cli.score_output import shown_decimals, signature_lines
from evalkit.files.writing import write_atomically
from evalkit.report.printable import printable
from evalkit.statistics.significance import SIGNIFICANT

if TYPE_CHECKING:
    from evalkit.flow.lists import Ranking

NAME_WIDTH = 18
HOLM = "p_holm"
# Column of p-values -> its heading on the terminal. sacreBLEU's are as its own program prints them.
TESTS = {"p_bootstrap": "bootst.", "p_randomization": "random.", HOLM: "Holm"}
SACREBLEUS_TESTS = {"p_bootstrap_sacrebleu": "sB bs", "p_randomization_sacrebleu": "sB ar"}


def print_ranking(ranking: Ranking, decimals: int | None, sacrebleus: bool = False) -> None:
    """The ranking under each metric, then every difference; on request with sacreBLEU's own p-values."""
    click.echo("\n".join(_ranking_lines(ranking, decimals, sacrebleus)))


def write_ranking(ranking: Ranking, form: str, path: str, decimals: int | None) -> None:
    """Write as "csv" (the comparison frame), "json", "markdown" or "latex"."""
    write = {"csv": _csv, "json": _json, "markdown": _markdown, "latex": _latex}[form]
    with write_atomically(path) as stream:
        stream.write(write(ranking, decimals))


def _ranking_lines(ranking: Ranking, wanted: int | None, sacrebleus: bool) -> Iterator[str]:
    for metric, clusters in ranking.clusters.groupby("metric", sort=False):
        decimals = shown_decimals(ranking.metrics[metric], wanted)
        yield ranking.metrics[metric].label
        yield from signature_lines(ranking.signatures[metric])
        yield f"{'rank':>4}  {'system':<{NAME_WIDTH}}  {'score':>7}  {'95% interval':>16}  cluster"
        for row in clusters.itertuples():
            around = ranking.intervals.get((metric, row.system))
            shown = f"{around[1]:.{decimals}f} to {around[2]:.{decimals}f}" if around else ""
            cluster = "" if pd.isna(row.cluster) else row.cluster
            yield (
                f"{row.rank:>4}  {_name(row.system):<{NAME_WIDTH}}  {row.score:>7.{decimals}f}"
                f"  {shown:>16}  {cluster}"
            ).rstrip()
        yield ""
        yield from _difference_lines(ranking, str(metric), decimals, sacrebleus)
        yield ""
    yield f"agreement of the systems: {ranking.agreement.mean():.2f} (mean sentence chrF2)"


def _difference_lines(
    ranking: Ranking, metric: str, decimals: int, sacrebleus: bool
) -> Iterator[str]:
    """Each pair once, the better system first; * marks p < 0.05 once corrected by Holm."""
    tests = TESTS | (SACREBLEUS_TESTS if sacrebleus else {})
    made = [test for test in tests if ranking.comparison[test].notna().any()]
    heads = "".join(f"  {'p ' + tests[test]:>9}" for test in made)
    yield f"{'better':<{NAME_WIDTH}}  {'worse':<{NAME_WIDTH}}  {'by':>6}{heads}"
    clusters = ranking.clusters[ranking.clusters["metric"] == metric]
    place = {system: number for number, system in enumerate(clusters["system"])}
    rows = ranking.comparison[ranking.comparison["metric"] == metric]
    seen = set()
    for row in sorted(rows.to_dict("records"), key=lambda row: place[row["system"]]):
        better, worse = sorted((row["system"], row["other"]), key=place.__getitem__)
        if (better, worse) in seen:
            continue
        seen.add((better, worse))
        marks = "".join(
            f"  {row[test]:>8.4f}{'*' if test == HOLM and row[test] < SIGNIFICANT else ' '}"
            for test in made
        )
        by = f"{abs(row['difference']):>6.{decimals}f}"
        yield f"{_name(better):<{NAME_WIDTH}}  {_name(worse):<{NAME_WIDTH}}  {by}{marks}".rstrip()


def _name(system: str) -> str:
    """A system's name, cut so that tables keep to 80 columns."""
    name = printable(system)
    return name if len(name) <= NAME_WIDTH else "..." + name[3 - NAME_WIDTH :]


def _csv(ranking: Ranking, decimals: int | None) -> str:
    return ranking.comparison.to_csv(index=False, lineterminator="\r\n")


def _json(ranking: Ranking, decimals: int | None) -> str:
    from evalkit import __version__

    clusters = ranking.clusters.astype(object).where(ranking.clusters.notna(), None)
    comparison = ranking.comparison.astype(object).where(ranking.comparison.notna(), None)
    ranks = clusters.to_dict("records")
    for row in ranks:
        around = ranking.intervals.get((row["metric"], row["system"]))
        if around:
            row |= dict(zip(("mean", "low", "high"), around, strict=True))
    content = {
        "evalkit": __version__,
        "signatures": dict(ranking.signatures),
        "ranking": ranks,
        "comparison": comparison.to_dict("records"),
        "agreement": float(ranking.agreement.mean()),
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _markdown(ranking: Ranking, decimals: int | None) -> str:
    from evalkit.report.summary import markdown

    labels = [markdown(card.label) for card in ranking.metrics.values()]
    lines = [
        f"| system | {' | '.join(labels)} |",
        f"|---|{'--:|' * len(labels)}",
        *(f"| {' | '.join(row)} |" for row in _rows(ranking, decimals, markdown, "**{}**")),
        "",
        "Corpus scores, 95% bootstrap intervals. Bold: the first cluster (p < 0.05, corrected by Holm).",
        "",
        *(f"- `{label}|{signature}`" for label, signature in _signed(ranking)),
    ]
    return "\n".join(lines) + "\n"


def _latex(ranking: Ranking, decimals: int | None) -> str:
    from evalkit.report.summary import latex

    labels = [latex(card.label) for card in ranking.metrics.values()]
    lines = [
        *(f"% {label}|{signature}" for label, signature in _signed(ranking)),
        rf"\begin{{tabular}}{{l{'r' * len(labels)}}}",
        r"\toprule",
        rf"System & {' & '.join(labels)} \\",
        r"\midrule",
        *(rf"{' & '.join(row)} \\" for row in _rows(ranking, decimals, latex, r"\textbf{{{}}}")),
        r"\bottomrule",
        r"\end{tabular}",
    ]
    return "\n".join(lines) + "\n"


def _signed(ranking: Ranking) -> Iterator[tuple[str, str]]:
    """Label and signature of each metric, without what would end a line (of a LaTeX comment, say)."""
    for card, signature in zip(ranking.metrics.values(), ranking.signatures.values(), strict=True):
        yield printable(card.label), printable(signature)


def _rows(
    ranking: Ranking, wanted: int | None, escape: Callable[[str], str], strong: str
) -> Iterator[list[str]]:
    """A row of cells for each system, by rank under the first metric; strong is the first cluster."""
    found = {(row.metric, row.system): row for row in ranking.clusters.itertuples()}
    for system in dict.fromkeys(ranking.clusters["system"]):
        cells = [escape(system)]
        for metric, card in ranking.metrics.items():
            row, decimals = found[metric, system], shown_decimals(card, wanted)
            score = f"{row.score:.{decimals}f}"
            first = not pd.isna(row.cluster) and row.cluster == 1
            around = ranking.intervals.get((metric, system))
            spread = f" ({around[1]:.{decimals}f} to {around[2]:.{decimals}f})" if around else ""
            cells.append((strong.format(score) if first else score) + spread)
        yield cells
