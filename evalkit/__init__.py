"""evalkit: BLEU and chrF of an English translation against machine translations of its source.

The names below are loaded when first used, so that importing evalkit imports neither torch,
transformers nor pandas.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOME = {
    "Evaluation": "evalkit.evaluation",
    "evaluate": "evalkit.evaluate",
    "read": "evalkit.read",
    "align": "evalkit.pair",
    "translate": "evalkit.translate",
    "score": "evalkit.score",
    "compare": "evalkit.score",
}

__all__ = [
    "Evaluation",
    "__version__",
    "align",
    "compare",
    "evaluate",
    "read",
    "score",
    "translate",
]

if TYPE_CHECKING:
    from evalkit.evaluate import evaluate
    from evalkit.evaluation import Evaluation
    from evalkit.pair import align
    from evalkit.read import read
    from evalkit.score import compare, score
    from evalkit.translate import translate


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'evalkit' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)
