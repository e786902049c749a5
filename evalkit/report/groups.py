"""The scores by group, as the HTML report shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evalkit.flow.buckets import WAYS, lacking
from evalkit.report.contents import candidate_name, number

if TYPE_CHECKING:
    import pandas as pd

    from evalkit.flow.result import Evaluation

# What a table is called, what its groups are, and what is said of it.
TITLES = {
    "length": ("By length", "Words", "Words of the source"),
    "document": ("By document", "Document", "Documents in their order"),
    "finding": ("By finding", "Finding", "A pair with several kinds is in each of them"),
    "quality": ("By quality", "Quality", "The estimate for the provided text, 0 to 100"),
    "frequency": (
        "By frequency of words",
        "Occurrences",
        "How many words that occur so often in the references are translated: precision, recall and F1",
    ),
}
# More rows than this nobody reads; all are in `Evaluation.buckets`.
MOST_ROWS = 60


def group_tables(evaluation: Evaluation) -> list[dict[str, Any]]:
    """A table for each way to group that the run has what it takes for and that makes more than one group."""
    tables = []
    for by in WAYS:
        if lacking(evaluation, by):
            continue
        frame = evaluation.buckets(by)
        if len(frame) and frame["group"].nunique() > 1:
            tables.append(_table(evaluation, by, frame))
    return tables


def _table(evaluation: Evaluation, by: str, frame: pd.DataFrame) -> dict[str, Any]:
    title, group, caption = TITLES[by]
    # The systems of a group stand together, the groups in their order.
    order = {label: at for at, label in enumerate(frame["group"].drop_duplicates())}
    rows = frame.sort_values("group", key=lambda labels: labels.map(order), kind="stable")
    figures = _word_figures if by == "frequency" else _score_figures
    left = len(rows) - MOST_ROWS
    columns = (
        ["Words of hypothesis", "Words of reference", "Precision", "Recall", "F1"]
        if by == "frequency"
        else ["Pairs", "Share", *(card.label for card in evaluation.metrics.values())]
    )
    return {
        "title": title,
        "group": group,
        "caption": caption,
        "columns": columns,
        "left": f"{left:,} more rows: Evaluation.buckets({by!r}) has all." if left > 0 else "",
        "rows": [
            {
                "group": row["group"] or "-",
                "system": candidate_name(row["system"]),
                "figures": figures(evaluation, row),
            }
            for row in rows.head(MOST_ROWS).to_dict("records")
        ],
    }


def _score_figures(evaluation: Evaluation, row: dict[str, Any]) -> list[str]:
    scores = [number(row[card.name], card.decimals) for card in evaluation.metrics.values()]
    return [f"{row['pairs']:,}", f"{row['share']:.0%}", *scores]


def _word_figures(evaluation: Evaluation, row: dict[str, Any]) -> list[str]:
    counts = [f"{row[name]:,}" for name in ("hypothesis_words", "reference_words")]
    return [*counts, *(number(row[name], 3) for name in ("precision", "recall", "f1"))]
