"""COMET checkpoints (Rei et al. 2020 and after) on transformers, as unbabel-comet 2.2.7 scores them."""

from evalkit.metrics.comet.metric import Comet

__all__ = ["Comet"]
