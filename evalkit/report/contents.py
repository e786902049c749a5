"""What every report says about an evaluation: names, the sides of a comparison, counts, and which pairs to look at."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from evalkit.checks.unrelated import LOW_CONFIDENCE
from evalkit.data import ALL_SYSTEMS, PAIRED, PROVIDED
from evalkit.flow.coverage import Coverage
from evalkit.flow.result import Evaluation, leading
from evalkit.metrics.base import CORPUS, SENTENCE, MetricCard

if TYPE_CHECKING:
    import pandas as pd

READING_NOTE = "A low score means that two translations differ, not that one of them is bad."

SHOWN_FAILURES = 100


def failure_notes(evaluation: Evaluation) -> list[str]:
    """In words, which inputs could not be read and why; the first of very many."""
    failures = evaluation.failures
    notes = [f"not read: {f.input}: {f.reason}" for f in failures[:SHOWN_FAILURES]]
    left = len(failures) - len(notes)
    return [*notes, f"and {left} more inputs; the manifest has their reasons"] if left else notes


def compared_sides(evaluation: Evaluation) -> str:
    """In words, which side was scored against which: BLEU and chrF are not symmetric."""
    target = evaluation.languages.target.label
    if evaluation.hypothesis == "mt":
        return (
            f"Hypothesis: each system's translation. Reference: the provided {target}. "
            "How close does each system come to it?"
        )
    return (
        f"Hypothesis: the provided {target}. Reference: each system's translation. "
        "Where does it part from the machines?"
    )


def candidate_name(candidate: str) -> str:
    """What reports call a row of ``systems``."""
    return {ALL_SYSTEMS: "all systems together", PROVIDED: "provided text"}.get(
        candidate, candidate
    )


def signatures(evaluation: Evaluation) -> Iterator[tuple[str, str, str]]:
    """(label, level, signature) of every score, metric by metric."""
    for metric, card in evaluation.metrics.items():
        for name, label in (
            (metric, card.label),
            (f"{metric}:{ALL_SYSTEMS}", f"{card.label} (all)"),
        ):
            for level in (CORPUS, SENTENCE):
                if name in evaluation.signatures.get(level, {}):
                    yield label, level, evaluation.signatures[level][name]


def coverage(evaluation: Evaluation) -> Coverage:
    """That of all pairs, also where the frames hold only some of them."""
    if evaluation.coverage is not None:
        return evaluation.coverage
    pairing = evaluation.manifest.get("plan", {}).get("pairing", {})
    least = float(pairing.get("min_confidence", 0.0))
    return Coverage.of(evaluation.pairs, evaluation.segments, least)


def provided_columns(columns: Iterable[str]) -> list[str]:
    """``provided`` and, with further references, ``provided_2``, ``provided_3``..."""
    return [c for c in columns if c == "provided" or c.removeprefix("provided_").isdigit()]


def pair_scores(evaluation: Evaluation, metric: str) -> pd.Series:
    """One score a pair, indexed by pair: the mean over systems, or that against all systems at once."""
    segments = evaluation.segments
    together = segments["system"] == ALL_SYSTEMS
    rows = segments[together] if together.any() else segments
    return rows.groupby("pair", sort=False)[metric].mean()


def leading_metric(evaluation: Evaluation) -> MetricCard:
    """The metric that orders pairs."""
    return evaluation.metrics[leading(evaluation.metrics)]


def worst(evaluation: Evaluation, count: int) -> list[int]:
    """The numbers of the ``count`` scored pairs that differ most from the translations, worst first."""
    metric = leading_metric(evaluation)
    scores = pair_scores(evaluation, metric.name).dropna()
    # A stable sort keeps input order among equals, so that the same run gives the same report.
    ordered = scores.sort_values(ascending=metric.higher_is_better, kind="stable")
    return [int(pair) for pair in ordered.index[:count]]


def triage(evaluation: Evaluation, count: int) -> pd.DataFrame:
    """At most ``count`` pairs in which the systems agree more with each other than with the provided text."""
    pairs = evaluation.pairs
    if "triage" not in pairs:
        return pairs.head(0)
    disputed = pairs[pairs["triage"] > 0]
    return disputed.sort_values("triage", ascending=False, kind="stable").head(count)


def least_sure(evaluation: Evaluation, count: int) -> pd.DataFrame:
    """At most ``count`` pairs that may not belong together, the least sure first."""
    pairs = evaluation.pairs
    doubted = pairs[(pairs["status"] == PAIRED) & (pairs["confidence"] < LOW_CONFIDENCE)]
    return doubted.sort_values("confidence", kind="stable").head(count)


def system_notes(evaluation: Evaluation) -> Iterator[tuple[str, str]]:
    """(name, note) of systems and metrics with something the reader must know: that a model is a baseline."""
    for system in evaluation.manifest.get("systems") or ():
        if isinstance(system, dict) and system.get("note"):
            yield str(system.get("name") or system.get("system") or ""), str(system["note"])
    for card in evaluation.metrics.values():
        if card.note:
            yield card.label, card.note


def number(value: Any, digits: int) -> str:
    """A score for people: "-" where there is none."""
    return "-" if value is None or math.isnan(value) else f"{value:.{digits}f}"


def interval(row: Any, metric: MetricCard) -> str:
    """The 95% interval of a row of ``systems`` ("35.1-38.8"), or "" where it was not computed."""
    low, high = row.get(f"{metric.name}_low"), row.get(f"{metric.name}_high")
    if low is None or high is None or math.isnan(low) or math.isnan(high):
        return ""
    return f"{low:.{metric.decimals}f}–{high:.{metric.decimals}f}"
