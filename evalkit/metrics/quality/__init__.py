"""Quality estimation with the built-in model."""

from evalkit.metrics.quality.metric import Quality

__all__ = ["Quality"]
