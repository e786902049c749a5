"""The frames of an `Evaluation`, built from a combined run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from evalkit.checks.base import findings_json
from evalkit.data import ALL_SYSTEMS, PROVIDED, Pair, Translation
from evalkit.flow.combine import Combined
from evalkit.flow.scored import Scored, most_references
from evalkit.flow.scoring import sentence_scores, written_details
from evalkit.metrics.base import Metric


def pair_frames(
    scored: Scored,
    metrics: Sequence[Metric],
    hypothesis: str,
    *,
    first: int = 1,
    references: int | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The frames ``pairs`` and ``segments`` of `Evaluation`, for all pairs of a run or a part of them.

    Args:
        first: the number of the first pair. references: how many provided texts the pairs of the run have at most; None
            where these are all its pairs.
    """
    if references is None:
        references = most_references(scored.pairs)
    head, tail = _head(scored.pairs, first, references), _tail(scored.pairs)
    provided = _columns(scored, metrics, PROVIDED, "provided_")
    middle = pd.concat([provided, _ranking(scored), _findings(scored)], axis=1)
    names = [found.names for found in scored.findings] or [()] * len(scored.pairs)
    flags = [(*pair.flags, *own) for pair, own in zip(scored.pairs, names, strict=True)]
    judged = _judged_flags(scored, PROVIDED)
    own = _flag_frame([(*a, *b) for a, b in zip(flags, judged, strict=True)])
    pairs = pd.concat([head, middle, own, tail], axis=1)
    blocks = []
    for system in _systems(scored):
        run = scored.translations.get(system, [Translation("")] * len(scored.pairs))
        block = head.copy()
        block["system"] = system
        block["translation"] = [translation.text for translation in run]
        block["hypothesis"] = hypothesis
        every = [
            (*of_pair, *translation.flags, *of_metric, *of_provided)
            for of_pair, translation, of_metric, of_provided in zip(
                flags, run, _judged_flags(scored, system), judged, strict=True
            )
        ]
        scores = _columns(scored, metrics, system)
        blocks.append(pd.concat([block, scores, middle, _flag_frame(every), tail], axis=1))
    # A stable sort puts the systems of a pair together, in the order they were given.
    segments = pd.concat(blocks).sort_index(kind="stable").reset_index(drop=True)
    return pairs, segments


def systems_frame(
    combined: Combined, metrics: Sequence[Metric], specs: Mapping[str, str]
) -> pd.DataFrame:
    """The frame ``systems`` of `Evaluation`: a row a candidate."""
    rows = []
    statistics = combined.counted
    candidates = [*_systems(combined.scored), PROVIDED]
    for candidate in candidates:
        counts = [len(statistics[key].index) for key in statistics if key[0] == candidate]
        if not counts:
            continue
        row: dict[str, Any] = {"system": candidate, "spec": specs.get(candidate, "")}
        row["segments"] = max(counts)
        for metric in metrics:
            found = combined.scores.get((candidate, metric.name))
            numbers = (found.score, found.low, found.high) if found else (np.nan,) * 3
            for ending, number in zip(("", "_low", "_high"), numbers, strict=True):
                row[f"{metric.name}{ending}"] = number
        rows.append(row)
    return pd.DataFrame(rows)


def _systems(scored: Scored) -> list[str]:
    """The systems, and all of them together where they were scored as references."""
    together = [ALL_SYSTEMS] if any(c == ALL_SYSTEMS for c, _ in scored.statistics) else []
    return [*scored.translations, *together]


def _head(pairs: Sequence[Pair], first: int, references: int) -> pd.DataFrame:
    frame = pd.DataFrame({"document": [p.document for p in pairs]}, dtype=str)
    frame["pair"] = np.arange(first, first + len(pairs))
    frame["status"] = [p.status for p in pairs]
    frame["alignment"] = [p.alignment for p in pairs]
    frame["confidence"] = np.array([p.confidence for p in pairs], dtype=float)
    frame["source"] = [p.source for p in pairs]
    for k in range(references):
        column = "provided" if k == 0 else f"provided_{k + 1}"
        frame[column] = [p.provided[k] if k < len(p.provided) else "" for p in pairs]
    return frame


def _tail(pairs: Sequence[Pair]) -> pd.DataFrame:
    frame = pd.DataFrame({"id": [p.id for p in pairs]}, dtype=str)
    frame["source_line"] = np.array([p.source_line for p in pairs], dtype=np.int64)
    frame["provided_line"] = np.array([p.provided_line for p in pairs], dtype=np.int64)
    return frame


def _columns(
    scored: Scored, metrics: Sequence[Metric], candidate: str, prefix: str = ""
) -> pd.DataFrame:
    """A candidate's sentence score by each metric, and the details that a judging metric has columns for."""
    frame = pd.DataFrame(index=range(len(scored.pairs)))
    for metric in metrics:
        found = scored.statistics.get((candidate, metric.name))
        if found is None:
            if not prefix:
                frame[metric.name] = np.nan
            continue
        scores = np.full(len(scored.pairs), np.nan)
        scores[found.index] = sentence_scores(metric, found.values)
        frame[f"{prefix}{metric.name}"] = scores
        for column, texts in written_details(metric, found).items():
            every = np.full(len(scored.pairs), "", dtype=object)
            every[found.index] = texts
            frame[f"{prefix}{column}"] = pd.Series(every, dtype=str)
    return frame


def _ranking(scored: Scored) -> pd.DataFrame:
    if scored.triage is None:
        return pd.DataFrame(index=range(len(scored.pairs)))
    return pd.DataFrame({"agreement": scored.agreement, "triage": scored.triage})


def _findings(scored: Scored) -> pd.DataFrame:
    """``error_probability``, and ``findings`` as JSON: what looks wrong, with spans and a sentence that explains it."""
    if not scored.findings:
        return pd.DataFrame(index=range(len(scored.pairs)))
    texts = [findings_json(found.findings) for found in scored.findings]
    return pd.DataFrame(
        {
            "error_probability": [found.probability for found in scored.findings],
            "findings": pd.Series(texts, dtype=str),
        }
    )


def _judged_flags(scored: Scored, candidate: str) -> list[tuple[str, ...]]:
    """For each pair the flags of all judgements of a candidate; those of the provided text are marked as such."""
    prefix = "provided_" if candidate == PROVIDED else ""
    flags: list[tuple[str, ...]] = [()] * len(scored.pairs)
    for (name, _), found in scored.statistics.items():
        if name == candidate and found.judgements:
            for position, judgement in zip(found.index.tolist(), found.judgements, strict=True):
                flags[position] += tuple(f"{prefix}{flag}" for flag in judgement.flags)
    return flags


def _names(flags: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(flags))


def _flag_frame(flags: Sequence[Sequence[str]]) -> pd.DataFrame:
    return pd.DataFrame({"flags": [" ".join(_names(names)) for names in flags]}, dtype=str)
