"""The scores of an `Evaluation` by group: by length, document, finding, quality, and frequency of words."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import pandas as pd

from evalkit.data import PAIRED
from evalkit.errors import InputError
from evalkit.metrics.base import MetricCard
from evalkit.plan import JUDGE
from evalkit.statistics import buckets as parts
from evalkit.statistics.buckets import Bucket, Scorer

if TYPE_CHECKING:
    from evalkit.flow.result import Evaluation

# Quality estimates of the provided text, if there are, group by; see `evalkit.plan.JUDGE`.
QUALITY = f"provided_{JUDGE}"
WAYS = ("length", "document", "finding", "quality", "frequency")


def buckets(evaluation: Evaluation, by: str) -> pd.DataFrame:
    """The scores by group: see `Evaluation.buckets`.

    Raises:
        InputError: no such grouping, or the evaluation has not what it takes.
    """
    if by not in WAYS:
        raise InputError(f"there are no groups by {by!r}: use {', '.join(WAYS)}")
    missing = lacking(evaluation, by)
    if missing:
        raise InputError(f"no groups by {by}: {missing}")
    rows = evaluation.segments[evaluation.segments["status"] == PAIRED]
    frames = [
        _by_frequency(evaluation, system, of_system)
        if by == "frequency"
        else _by_scores(of_system, by, system, list(evaluation.metrics.values()))
        for system, of_system in rows.groupby("system", sort=False)
    ]
    frames = [frame for frame in frames if len(frame)]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def lacking(evaluation: Evaluation, by: str) -> str:
    """Why there are no groups of a kind; "" if there are."""
    columns = evaluation.segments.columns
    if by == "finding" and "findings" not in columns:
        return "the run has no findings (--findings)"
    if by == "quality" and (QUALITY not in columns or evaluation.segments[QUALITY].isna().all()):
        return f"the run has no {JUDGE} of the provided text (--metric {JUDGE})"
    return ""


def _by_scores(
    rows: pd.DataFrame, by: str, system: str, metrics: Sequence[MetricCard]
) -> pd.DataFrame:
    group = _grouping(rows, by)
    frame = pd.DataFrame()
    for card in metrics:
        found = group(parts.mean_of(rows[card.name].tolist()))
        if frame.empty:
            frame = pd.DataFrame(
                {
                    "group": [bucket.label for bucket in found],
                    "system": system,
                    "pairs": [bucket.count for bucket in found],
                    "share": [bucket.share for bucket in found],
                }
            )
        frame[card.name] = [bucket.score for bucket in found]
    return frame[frame["pairs"] > 0]


def _grouping(rows: pd.DataFrame, by: str) -> Callable[[Scorer], tuple[Bucket, ...]]:
    if by == "length":
        texts = rows["source"].tolist()
        return lambda score: parts.by_length(texts, score)
    if by == "document":
        documents = rows["document"].tolist()
        return lambda score: parts.by_document(documents, score)
    if by == "quality":
        quality = rows[QUALITY].tolist()
        return lambda score: parts.by_quality(quality, score)
    names = [[finding["name"] for finding in json.loads(cell or "[]")] for cell in rows["findings"]]
    return lambda score: parts.by_finding(names, score)


def _by_frequency(evaluation: Evaluation, system: str, rows: pd.DataFrame) -> pd.DataFrame:
    sides = rows["translation"].tolist(), rows["provided"].tolist()
    hypotheses, references = sides if evaluation.hypothesis == "mt" else sides[::-1]
    found = parts.by_word_frequency(hypotheses, references)
    frame = pd.DataFrame([asdict(bucket) for bucket in found])
    frame = frame.rename(columns={"label": "group"})
    frame.insert(1, "system", system)
    return frame[frame["hypothesis_words"] + frame["reference_words"] > 0]
