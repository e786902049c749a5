"""Metrics. BLEU, chrF and TER are exactly sacreBLEU's. A new one is one file here and a line in `evalkit.plugins`."""

from evalkit.metrics.base import CORPUS, SENTENCE, Judgement, JudgingMetric, Metric, MetricCard
from evalkit.metrics.registry import get_metric, metrics_from
from evalkit.plan import DEFAULT_METRICS

__all__ = [
    "CORPUS",
    "DEFAULT_METRICS",
    "SENTENCE",
    "Judgement",
    "JudgingMetric",
    "Metric",
    "MetricCard",
    "get_metric",
    "metrics_from",
]
