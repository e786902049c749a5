"""Scoring: exact sacreBLEU statistics for whole batches, and everything that follows from them."""

from evalkit.score.base import Metric, Prepared
from evalkit.score.registry import (
    DEFAULT_METRICS,
    REGISTRY,
    MetricOptions,
    get_metric,
    metrics_from,
)

__all__ = [
    "DEFAULT_METRICS",
    "REGISTRY",
    "Metric",
    "MetricOptions",
    "Prepared",
    "get_metric",
    "metrics_from",
]
