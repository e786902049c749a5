"""What the scripts of the HTML report work on: the pairs, as plain JSON types."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from evalkit.flow.result import ALL_SYSTEMS
from evalkit.metrics.base import MetricCard
from evalkit.report.contents import leading_metric, provided_columns, worst
from evalkit.report.manifest import plain

if TYPE_CHECKING:
    from evalkit.flow.result import Evaluation


# Rows of a pair and a system that a page holds. It has about 0.7 kB for each: with these it has 20 MB, which a browser opens in
# seconds.
MOST_ROWS = 30_000


def shown_pairs(evaluation: Evaluation) -> frozenset[int] | None:
    """The numbers of the pairs that a page shows: those that differ most, of very many; None: all."""
    rows = len(evaluation.segments)
    if rows <= MOST_ROWS:
        return None
    return frozenset(worst(evaluation, MOST_ROWS * len(evaluation.pairs) // rows))


def page_data(evaluation: Evaluation, shown: frozenset[int] | None = None) -> dict[str, Any]:
    """The data of the pairs whose numbers are in ``shown`` (None: of all):

    ``metrics``, ``languages`` (codes), ``systems``, ``leading`` (index of the metric that orders pairs), and ``pairs``: for
    each ``n`` (number), ``document``, ``status``, ``alignment``, ``confidence``, ``source``,
    ``provided`` (list), ``translations`` and ``scores`` (a row a system, a column a metric), ``provided_scores`` (a column a
    metric), ``marks`` (a row a system) and ``provided_marks`` (error spans: begin, end, kind, title), ``flags``, ``id``, ``lines`` (source, provided), ``agreement`` and ``triage`` (null with one system).
    """
    segments, pairs = evaluation.segments, evaluation.pairs
    systems = segments["system"].drop_duplicates().tolist()
    if shown is not None:
        pairs = pairs[pairs["pair"].isin(shown)]
        segments = segments[segments["pair"].isin(shown)]
    by_pair = {
        pair: {row["system"]: row for row in rows}
        for pair, rows in _grouped(segments.to_dict("records")).items()
    }
    references = provided_columns(evaluation.pairs.columns)
    return plain(
        {
            "metrics": [metric_data(card) for card in evaluation.metrics.values()],
            "languages": [evaluation.languages.source.code, evaluation.languages.target.code],
            "leading": list(evaluation.metrics).index(leading_metric(evaluation).name),
            "systems": systems,
            "together": ALL_SYSTEMS,
            "pairs": [
                _pair(row, by_pair.get(row["pair"], {}), systems, references, evaluation.metrics)
                for row in pairs.to_dict("records")
            ],
        }
    )


def _marks(text: str, row: Mapping[str, Any], columns: Sequence[str]) -> list[list[Any]]:
    """What a text is marked with: [begin, end, kind, title] for each error span, in UTF-16 units as JavaScript counts."""
    found = []
    for column in columns:
        for span in json.loads(row.get(column) or "[]"):
            begin, end = span.get("start"), span.get("end")
            if begin is None or end is None or not 0 <= begin < end <= len(text):
                continue
            sure = span.get("confidence")
            title = f"{column}: {span.get('severity', '')}" + (
                f" {sure:.2f}" if sure is not None else ""
            )
            found.append([_utf16(text, begin), _utf16(text, end), span.get("severity", ""), title])
    return found


def _finding_marks(pair: Mapping[str, Any], side: str) -> list[list[Any]]:
    """The same for the spans of findings on one side."""
    text = pair[side]
    return [
        [_utf16(text, begin), _utf16(text, end), finding["severity"], finding["message"]]
        for finding in json.loads(pair.get("findings") or "[]")
        for begin, end in finding[f"{side}_spans"]
        if 0 <= begin < end <= len(text)
    ]


def _utf16(text: str, position: int) -> int:
    return len(text[:position].encode("utf-16-le", "surrogatepass")) // 2


def metric_data(card: MetricCard) -> dict[str, Any]:
    """``id``, ``label``, ``lower`` (is better), ``decimals``, and ``range`` with null for an open end."""
    return {
        "id": card.name,
        "label": card.label,
        "lower": not card.higher_is_better,
        "decimals": card.decimals,
        "range": [end if math.isfinite(end) else None for end in card.range],
    }


def _grouped(rows: list[dict[str, Any]]) -> dict[int, list[dict[str, Any]]]:
    groups: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["pair"], []).append(row)
    return groups


def _pair(
    pair: dict[str, Any],
    segments: dict[str, dict[str, Any]],
    systems: list[str],
    references: list[str],
    metrics: Mapping[str, MetricCard],
) -> dict[str, Any]:
    spans = [c for card in metrics.values() for c in card.columns if c.endswith("spans")]
    flags = [pair["flags"], *(row["flags"] for row in segments.values())]
    rows = [segments.get(system, {}) for system in systems]
    return {
        "n": pair["pair"],
        "document": pair["document"],
        "status": pair["status"],
        "alignment": pair["alignment"],
        "confidence": _rounded(pair["confidence"]),
        "source": pair["source"],
        "provided": [pair[column] for column in references if pair[column]],
        "translations": [row.get("translation", "") for row in rows],
        "scores": [[_rounded(row.get(metric)) for metric in metrics] for row in rows],
        "marks": [_marks(row.get("translation", ""), row, spans) for row in rows],
        "provided_marks": [
            *_finding_marks(pair, "provided"),
            *_marks(pair["provided"], pair, [f"provided_{column}" for column in spans]),
        ],
        "source_marks": _finding_marks(pair, "source"),
        "findings": [finding["message"] for finding in json.loads(pair.get("findings") or "[]")],
        "error_probability": _rounded(pair.get("error_probability")),
        "provided_scores": [_rounded(pair.get(f"provided_{metric}")) for metric in metrics],
        "flags": list(dict.fromkeys(name for names in flags for name in names.split())),
        "id": pair.get("id", ""),
        "lines": [pair.get("source_line", 0), pair.get("provided_line", 0)],
        "agreement": _rounded(pair.get("agreement")),
        "triage": _rounded(pair.get("triage")),
    }


def _rounded(value: float | None) -> float | None:
    """Four decimals are more than the page shows; the exact figures are in the CSV."""
    return None if value is None or math.isnan(value) else round(value, 4)
