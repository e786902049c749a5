"""The score step over pairs: both directions, all systems, intervals, significance, triage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from evalkit.data import PAIRED, Pair, Translation
from evalkit.evaluation import ALL_SYSTEMS

if TYPE_CHECKING:
    from evalkit.score import Metric

RESAMPLES = 1000


@dataclass(frozen=True)
class Scores:
    """Everything computed from the texts. Arrays run over all pairs, NaN where nothing was scored.

    sentence: (system, metric) -> array (pairs,). corpus: (system, metric) -> (score, low, high).
    segments: system -> number of pairs scored. Systems include `ALL_SYSTEMS` where it was scored.
    """

    sentence: Mapping[tuple[str, str], np.ndarray]
    corpus: Mapping[tuple[str, str], tuple[float, float, float]]
    segments: Mapping[str, int]
    signatures: Mapping[str, Mapping[str, str]]
    agreement: np.ndarray | None = None
    triage: np.ndarray | None = None
    comparison: pd.DataFrame | None = None
    clusters: pd.DataFrame | None = None


@dataclass(frozen=True)
class _Comparison:
    """The two sides of one system's comparison, over the pairs at ``index``."""

    index: np.ndarray
    hypotheses: list[str]
    references: list[list[str]]


def score_pairs(
    pairs: Sequence[Pair],
    translations: Mapping[str, Sequence[Translation]],
    metrics: Sequence[Metric],
    hypothesis: str,
) -> Scores:
    """Score every paired pair for every system, and the systems against each other.

    ``translations`` are parallel to ``pairs``. With ``hypothesis="provided"`` and several systems,
    the provided text is also scored against all translations as multiple references.
    """
    paired = np.array([i for i, pair in enumerate(pairs) if pair.status == PAIRED], dtype=np.int64)
    texts = {name: [run[i].text for i in paired] for name, run in translations.items()}
    provided = [[text for text in pairs[i].provided if text] for i in paired]
    sides = _sides(paired, texts, provided, hypothesis)
    sentence, corpus, statistics = {}, {}, {}
    prepared: dict[tuple[str, int], Any] = {}
    signatures: dict[str, dict[str, str]] = {"corpus": {}, "sentence": {}}
    for name, side in sides.items():
        for metric in metrics:
            # References shared by all systems are tokenized once.
            key = (metric.name, id(side.references))
            if key not in prepared:
                prepared[key] = metric.prepare(side.references)
            stats = prepared[key].statistics(side.hypotheses)
            statistics.setdefault(name, {})[metric.name] = stats
            scores = np.full(len(pairs), np.nan)
            scores[side.index] = metric.sentence_scores(stats)
            sentence[name, metric.name] = scores
            corpus[name, metric.name] = _corpus_score(metric, stats)
    for metric in metrics:
        signatures["corpus"][metric.name], signatures["sentence"][metric.name] = _signatures(
            metric, sides
        )
    comparison, clusters = _compare(metrics, statistics, hypothesis, len(paired))
    agreement, triage = _triage(paired, len(pairs), texts, provided)
    counts = {name: len(side.index) for name, side in sides.items()}
    return Scores(sentence, corpus, counts, signatures, agreement, triage, comparison, clusters)


def _sides(
    paired: np.ndarray, texts: Mapping[str, list[str]], provided: list[list[str]], hypothesis: str
) -> dict[str, _Comparison]:
    if hypothesis == "mt":
        return {name: _Comparison(paired, text, provided) for name, text in texts.items()}
    references = {name: [[t] if t else [] for t in text] for name, text in texts.items()}
    if len(texts) > 1:
        references[ALL_SYSTEMS] = [
            [t for t in row if t] for row in zip(*texts.values(), strict=True)
        ]
    sides = {}
    for name, rows in references.items():
        # An empty translation is no reference: such a pair has no score for this system.
        usable = [k for k, row in enumerate(rows) if row]
        sides[name] = _Comparison(
            paired[usable], [provided[k][0] for k in usable], [rows[k] for k in usable]
        )
    return sides


def _corpus_score(metric: Metric, stats: np.ndarray) -> tuple[float, float, float]:
    """Corpus score and its 95% interval; no interval from fewer than two segments."""
    from evalkit.score import bootstrap_interval

    if not len(stats):
        return (np.nan, np.nan, np.nan)
    score = float(metric.corpus_scores(stats.sum(axis=0)))
    if len(stats) < 2:
        return (score, np.nan, np.nan)
    _, low, high = bootstrap_interval(metric, stats, trials=RESAMPLES)
    return (score, float(low), float(high))


def _signatures(metric: Metric, sides: Mapping[str, _Comparison]) -> tuple[str, str]:
    """The corpus and the sentence signature; number of references as sacreBLEU counts it."""
    counts = {len(row) for side in sides.values() for row in side.references}
    references = counts.pop() if len(counts) == 1 else -1
    resamples = RESAMPLES if any(len(side.index) > 1 for side in sides.values()) else None
    return (
        metric.signature("corpus", references, resamples),
        metric.signature("sentence", references),
    )


def _compare(
    metrics: Sequence[Metric],
    statistics: Mapping[str, Mapping[str, np.ndarray]],
    hypothesis: str,
    segments: int,
) -> tuple[pd.DataFrame | None, pd.DataFrame | None]:
    """Significance tests; only where all systems are scored against the same references."""
    if hypothesis != "mt" or len(statistics) < 2 or segments < 2:
        return None, None
    from evalkit.score import compare_systems

    result = compare_systems(metrics, statistics)
    return result.comparison, result.clusters


def _triage(
    paired: np.ndarray, pairs: int, texts: Mapping[str, list[str]], provided: list[list[str]]
) -> tuple[np.ndarray | None, np.ndarray | None]:
    if len(texts) < 2:
        return None, None
    from evalkit.score import triage

    agreement, ranks = np.full(pairs, np.nan), np.full(pairs, np.nan)
    if len(paired):
        agreement[paired], ranks[paired] = triage(texts, [row[0] for row in provided])
    return agreement, ranks
