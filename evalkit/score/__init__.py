"""Scoring: exact sacreBLEU statistics for whole batches, and everything that follows from them."""

from evalkit.score.api import Ranking, Scores, compare, score
from evalkit.score.base import Metric, Prepared
from evalkit.score.registry import (
    DEFAULT_METRICS,
    REGISTRY,
    MetricOptions,
    get_metric,
    metrics_from,
)
from evalkit.score.resampling import bootstrap_interval
from evalkit.score.significance import Comparison, compare_systems
from evalkit.score.triage import agreement, triage

__all__ = [
    "DEFAULT_METRICS",
    "REGISTRY",
    "Comparison",
    "Metric",
    "MetricOptions",
    "Prepared",
    "Ranking",
    "Scores",
    "agreement",
    "bootstrap_interval",
    "compare",
    "compare_systems",
    "get_metric",
    "metrics_from",
    "score",
    "triage",
]
