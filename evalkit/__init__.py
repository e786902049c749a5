"""evalkit: BLEU and chrF of an English translation against machine translations of its source.

`evaluate` does the whole job. The steps alone are `evalkit.read.read`, `evalkit.pair.align`,
`evalkit.translate.translate`, `evalkit.score.score` and `evalkit.score.compare`.

The names below are loaded when first used, so that importing evalkit imports neither torch,
transformers nor pandas.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOME = {"Evaluation": "evalkit.evaluation", "evaluate": "evalkit.flow"}

__all__ = ["Evaluation", "__version__", "evaluate"]

if TYPE_CHECKING:
    from evalkit.evaluation import Evaluation
    from evalkit.flow import evaluate


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'evalkit' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)
