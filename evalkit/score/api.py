"""Scoring from Python: texts in, frames and corpus scores out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from evalkit.score.base import SEED
from evalkit.score.registry import DEFAULT_METRICS, MetricOptions, metrics_from
from evalkit.score.resampling import bootstrap_interval
from evalkit.score.shift import require_equal_counts
from evalkit.score.significance import Comparison, compare_systems
from evalkit.score.triage import agreement

if TYPE_CHECKING:
    import pandas as pd

# One text a segment, or for each segment a list of texts.
ReferenceTexts = Sequence[str] | Sequence[Sequence[str | None]]


@dataclass(frozen=True)
class Scores:
    """Scores of one system.

    segments: one row a segment: ``segment`` (from 1), ``hypothesis``, ``reference`` (``reference_2``...), then a
        column a metric.
    corpus: metric -> corpus score. intervals: metric -> (mean, low, high), empty if not asked for.
    signatures: {"corpus": {metric: signature}, "sentence": {metric: signature}}.
    """

    segments: pd.DataFrame
    corpus: Mapping[str, float]
    intervals: Mapping[str, tuple[float, float, float]]
    signatures: Mapping[str, Mapping[str, str]]


def score(
    hypotheses: Sequence[str],
    references: ReferenceTexts,
    metrics: Sequence[str] = DEFAULT_METRICS,
    options: MetricOptions | None = None,
    *,
    resamples: int = 0,
    seed: int | None = SEED,
) -> Scores:
    """Score hypotheses against references, sentence by sentence and as a corpus.

    Args:
        hypotheses: one text a segment.
        references: one text a segment, or a list of texts for each segment (None: absent).
        metrics: "bleu", "chrf", "chrf++", "ter"; ``options`` are theirs.
        resamples: bootstrap trials of the 95% intervals; 0 for none.

    Raises:
        InputError: not as many hypotheses as references; unknown metrics or options.
    """
    import pandas as pd

    references = per_segment(references)
    require_equal_counts(hypotheses, [segment[0] for segment in references])
    columns: dict[str, Any] = {"segment": np.arange(1, len(hypotheses) + 1)}
    columns["hypothesis"] = list(hypotheses)
    columns |= reference_columns(references)
    corpus, intervals = {}, {}
    signatures: dict[str, dict[str, str]] = {"corpus": {}, "sentence": {}}
    for metric in metrics_from(metrics, options):
        prepared = metric.prepare(references)
        statistics = prepared.statistics(hypotheses)
        columns[metric.name] = metric.sentence_scores(statistics)
        corpus[metric.name] = metric.corpus_score(statistics)
        if resamples:
            intervals[metric.name] = bootstrap_interval(metric, statistics, resamples, seed)
        count = prepared.reference_count
        signatures["corpus"][metric.name] = metric.signature("corpus", count, resamples)
        signatures["sentence"][metric.name] = metric.signature("sentence", count)
    return Scores(pd.DataFrame(columns), corpus, intervals, signatures)


@dataclass(frozen=True)
class Ranking(Comparison):
    """`Comparison`, with what sacreBLEU calls each metric (``labels``), the ``signatures`` of the corpus
    scores, and the ``agreement`` of the systems on each segment, (n,) 0 to 100."""

    labels: Mapping[str, str]
    signatures: Mapping[str, str]
    agreement: np.ndarray


def compare(
    systems: Mapping[str, Sequence[str]],
    references: ReferenceTexts,
    metrics: Sequence[str] = DEFAULT_METRICS,
    options: MetricOptions | None = None,
    *,
    baseline: str | None = None,
    bootstrap: int = 1000,
    randomization: int = 10000,
    seed: int | None = SEED,
) -> Ranking:
    """Rank systems by corpus score, and test their differences.

    Args:
        systems: name -> one text a segment.
        references: as for `score`; prepared once for all systems.
        baseline, bootstrap, randomization, seed: as for `compare_systems`.

    Raises:
        InputError: not as many texts as references; fewer than two systems.
    """
    references = per_segment(references)
    chosen = metrics_from(metrics, options)
    for name, texts in systems.items():
        require_equal_counts(texts, [segment[0] for segment in references], name)
    statistics: dict[str, dict[str, np.ndarray]] = {name: {} for name in systems}
    signatures = {}
    for metric in chosen:
        prepared = metric.prepare(references)
        for name, texts in systems.items():
            statistics[name][metric.name] = prepared.statistics(texts)
        signatures[metric.name] = metric.signature(
            "corpus", prepared.reference_count, bootstrap, randomization, seed
        )
    found = compare_systems(chosen, statistics, baseline, bootstrap, randomization, seed)
    labels = {metric.name: metric.label for metric in chosen}
    return Ranking(
        **vars(found), labels=labels, signatures=signatures, agreement=agreement(systems)
    )


def per_segment(references: ReferenceTexts) -> list[list[str | None]]:
    """References as lists, also where each segment was given a single text."""
    return [[texts] if isinstance(texts, str) else list(texts) for texts in references]


def reference_columns(references: Sequence[Sequence[str | None]]) -> dict[str, list[str | None]]:
    """``reference``, ``reference_2``...: one column for each reference a segment may have."""
    columns = {}
    for k in range(max(map(len, references), default=1)):
        name = "reference" if k == 0 else f"reference_{k + 1}"
        columns[name] = [texts[k] if k < len(texts) else None for texts in references]
    return columns
