"""The frames of an `Evaluation`, built from pairs, translations and scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evalkit.data import Pair, Translation

if TYPE_CHECKING:
    from evalkit.pair_scores import Scores
    from evalkit.score import Metric


def build(
    pairs: Sequence[Pair],
    suspicions: Sequence[tuple[str, ...]],
    translations: Mapping[str, Sequence[Translation]],
    scores: Scores,
    hypothesis: str,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The frames ``pairs`` and ``segments`` of `Evaluation`."""
    flags = [tuple(dict.fromkeys(p.flags + s)) for p, s in zip(pairs, suspicions, strict=True)]
    head = _head(pairs)
    tail = pd.DataFrame({"id": [p.id for p in pairs]}, dtype=str)
    tail["source_line"] = np.array([p.source_line for p in pairs], dtype=np.int64)
    tail["provided_line"] = np.array([p.provided_line for p in pairs], dtype=np.int64)
    ranking = pd.DataFrame(index=head.index)
    if scores.triage is not None:
        ranking = pd.DataFrame({"agreement": scores.agreement, "triage": scores.triage})
    own = pd.DataFrame({"flags": [" ".join(row) for row in flags]}, dtype=str)
    pair_frame = pd.concat([head, ranking, own, tail], axis=1)
    blocks = []
    for system in scores.segments:
        run = translations.get(system, [Translation("")] * len(pairs))
        block = head.copy()
        block["system"] = system
        block["translation"] = [t.text for t in run]
        block["hypothesis"] = hypothesis
        for name, metric in scores.sentence:
            if name == system:
                block[metric] = scores.sentence[name, metric]
        both = [" ".join(dict.fromkeys(row + t.flags)) for row, t in zip(flags, run, strict=True)]
        blocks.append(
            pd.concat([block, ranking, pd.DataFrame({"flags": both}, dtype=str), tail], axis=1)
        )
    # A stable sort puts the systems of a pair together, in the order they were given.
    segments = pd.concat(blocks).sort_index(kind="stable").reset_index(drop=True)
    return pair_frame, segments


def _head(pairs: Sequence[Pair]) -> pd.DataFrame:
    frame = pd.DataFrame({"document": [p.document for p in pairs]}, dtype=str)
    frame["pair"] = np.arange(1, len(pairs) + 1)
    frame["status"] = [p.status for p in pairs]
    frame["alignment"] = [p.alignment for p in pairs]
    frame["confidence"] = np.array([p.confidence for p in pairs], dtype=float)
    frame["source"] = [p.source for p in pairs]
    for k in range(max((len(p.provided) for p in pairs), default=1) or 1):
        column = "provided" if k == 0 else f"provided_{k + 1}"
        frame[column] = [p.provided[k] if k < len(p.provided) else "" for p in pairs]
    return frame


def systems_frame(
    scores: Scores, metrics: Sequence[Metric], specs: Mapping[str, str]
) -> pd.DataFrame:
    """The frame ``systems`` of `Evaluation`."""
    rows = []
    for system, segments in scores.segments.items():
        row = {"system": system, "spec": specs.get(system, ""), "segments": segments}
        for metric in metrics:
            score, low, high = scores.corpus[system, metric.name]
            row |= {metric.name: score, f"{metric.name}_low": low, f"{metric.name}_high": high}
        rows.append(row)
    return pd.DataFrame(rows)
