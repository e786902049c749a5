"""The report as one HTML file that needs nothing else, and the short form for notebooks."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import math
import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from evalkit.files.writing import write_atomically
from evalkit.metrics.base import MetricCard
from evalkit.report.contents import (
    READING_NOTE,
    candidate_name,
    compared_sides,
    coverage,
    failure_notes,
    interval,
    leading_metric,
    number,
    provided_columns,
    signatures,
    system_notes,
    worst,
)
from evalkit.report.diff import changes
from evalkit.report.groups import group_tables
from evalkit.report.html_data import metric_data, page_data, shown_pairs
from evalkit.report.manifest import plain

if TYPE_CHECKING:
    import pandas as pd

    from evalkit.flow.result import Evaluation

log = logging.getLogger("evalkit")

SCRIPTS = ("diff.js", "model.js", "cells.js", "table.js", "lists.js", "charts.js", "main.js")
NOTEBOOK_PAIRS = 5
# Inputs that are named at the head of the page.
SHOWN_INPUTS = 5


def write_html(evaluation: Evaluation, path: str | Path) -> None:
    """Write the report as one HTML file that opens from disk and loads nothing.

    Of very many pairs it shows those that differ most, and a warning is logged.

    Raises:
        EvalkitError: the file cannot be written.
    """
    shown = shown_pairs(evaluation)
    partial = _partial(evaluation, shown)
    if partial:
        log.warning("evalkit: warning: %s: %s", path, partial)
    scripts = [_chart_js(), *(_asset(name) for name in SCRIPTS)]
    style = _asset("report.css")
    manifest = plain(evaluation.manifest)
    page = (
        _templates()
        .get_template("report.html")
        .render(
            **_summary(evaluation),
            policy=_content_policy(scripts, style),
            input_names=_input_names(manifest),
            style=Markup(style),
            scripts=[Markup(script) for script in scripts],
            partial=partial,
            groups=group_tables(evaluation),
            data=embedded_json(page_data(evaluation, shown)),
            manifest=manifest,
            manifest_text=json.dumps(manifest, indent=2, ensure_ascii=False),
        )
    )
    with write_atomically(path) as stream:
        stream.write(page)


def notebook_html(evaluation: Evaluation) -> str:
    """The table of systems and the pairs that differ most, as a fragment for a notebook."""
    numbers = worst(evaluation, NOTEBOOK_PAIRS)
    segments = evaluation.segments
    pairs = []
    for pair_number in numbers:
        rows = segments[(segments["pair"] == pair_number) & (segments["translation"] != "")]
        first = evaluation.pairs.set_index("pair").loc[pair_number]
        texts = [first[c] for c in provided_columns(evaluation.pairs.columns) if first[c]]
        provided, translations = changes(texts, rows["translation"].tolist())
        scores = [
            [number(row[m.name], m.decimals) for m in evaluation.metrics.values()]
            for _, row in rows.iterrows()
        ]
        pairs.append(
            {
                "number": pair_number,
                "source": first["source"],
                "provided": provided,
                "translations": list(zip(rows["system"], translations, scores, strict=True)),
            }
        )
    template = _templates().get_template("notebook.html")
    return template.render(
        **_summary(evaluation), worst=pairs, order=leading_metric(evaluation).label
    )


def _partial(evaluation: Evaluation, shown: frozenset[int] | None) -> str:
    """In words, which pairs are shown, if not all."""
    total = coverage(evaluation).pairs
    count = len(evaluation.pairs) if shown is None else len(shown)
    if count == total:
        return ""
    return (
        f"of {total:,} pairs the page shows the {count:,} that differ most by"
        f" {leading_metric(evaluation).label}; all are in the CSV (--csv)"
    )


def _input_names(manifest: Mapping[str, Any]) -> list[str]:
    """The paths of the inputs for the head of the page; of a shelf the first few, the others are under its provenance."""
    names = [str(file["path"]) for file in manifest.get("inputs") or ()]
    more = len(names) - SHOWN_INPUTS
    return names if more <= 1 else [*names[:SHOWN_INPUTS], f"and {more:,} more"]


def embedded_json(value: Any) -> Markup:
    """JSON that cannot end the script element it stands in, nor open a comment in it."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def _summary(evaluation: Evaluation) -> dict[str, Any]:
    """What the page and the notebook fragment say before the pairs."""
    cards = evaluation.metrics.values()
    scales = {card.name: _scale(evaluation.systems, card) for card in cards}
    systems = [
        {
            "name": candidate_name(row["system"]),
            "spec": row.get("spec", ""),
            "segments": row["segments"],
            "scores": [
                {
                    "value": number(row[card.name], card.decimals + 1),
                    "interval": interval(row, card),
                    "at": [
                        scales[card.name](row[f"{card.name}{e}"]) for e in ("", "_low", "_high")
                    ],
                }
                for card in cards
            ],
        }
        for _, row in evaluation.systems.iterrows()
    ]
    return {
        "systems": systems,
        "metrics": [metric_data(card) for card in cards],
        "compared_sides": compared_sides(evaluation),
        "target": evaluation.languages.target.label,
        "reading_note": READING_NOTE,
        "coverage": coverage(evaluation),
        "notes": list(system_notes(evaluation)),
        "warnings": [*evaluation.warnings, *failure_notes(evaluation)],
        "signatures": list(signatures(evaluation)),
        "clusters": _clusters(evaluation),
        "comparison": _comparison(evaluation),
    }


def _clusters(evaluation: Evaluation) -> list[tuple[str, int, list[tuple[str, str]]]]:
    if evaluation.clusters is None:
        return []
    found = []
    for (name, cluster), rows in evaluation.clusters.groupby(["metric", "cluster"], sort=False):
        card = evaluation.metrics[name]
        members = [
            (candidate_name(row.system), number(row.score, card.decimals + 1))
            for row in rows.itertuples()
        ]
        found.append((card.label, cluster, members))
    return found


def _comparison(evaluation: Evaluation) -> list[dict[str, Any]]:
    if evaluation.comparison is None:
        return []
    rows = []
    for row in evaluation.comparison.to_dict("records"):
        card = evaluation.metrics[row["metric"]]
        shown = {
            "metric": card.label,
            "system": candidate_name(row["system"]),
            "other": candidate_name(row["other"]),
            "shown": number(row["difference"], card.decimals + 1),
            "p": [number(row[f"p_{test}"], 4) for test in ("bootstrap", "randomization", "holm")],
        }
        rows.append({**row, **shown})
    # An ordered pair and its reverse say the same: keep that whose difference is not negative.
    return [row for row in rows if row["difference"] >= 0]


def _scale(systems: pd.DataFrame, card: MetricCard) -> Callable[[float], float | None]:
    """Where a score lies, in percent, on an axis that holds the intervals of all systems."""
    ends = systems[[card.name, f"{card.name}_low", f"{card.name}_high"]]
    low, high = ends.min(axis=None), ends.max(axis=None)
    # A margin of a tenth, and at least five points of a hundred lest a small difference look large.
    least = 5 if card.decimals == 1 else 0.05
    width = max(high - low, least) * 1.2
    begin = (low + high - width) / 2
    return lambda score: None if math.isnan(score) else round((score - begin) / width * 100, 2)


def _content_policy(scripts: list[str], style: str) -> str:
    """Only these scripts and this style may run, and nothing may be fetched from anywhere."""
    hashes = " ".join(_source_hash(script) for script in scripts)
    return (
        f"default-src 'none'; script-src {hashes}; style-src {_source_hash(style)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _source_hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("evalkit.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _asset(name: str) -> str:
    return (resources.files("evalkit.report") / "templates" / name).read_text("utf-8")


@cache
def _chart_js() -> str:
    script = resources.files("evalkit.report") / "vendor" / "chart.umd.min.js"
    # Without its source map, which a browser's tools would otherwise look for.
    return re.sub(r"//# sourceMappingURL=.*", "", script.read_text("utf-8"))
