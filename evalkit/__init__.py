"""evalkit: scores of a translation against machine translations of its source, and against the source itself.

`evaluate` does the whole job. `score`, `compare`, `align` and `translate` are its steps, on lists of texts.

The names below are loaded when first used, so that importing evalkit imports neither torch,
transformers nor pandas.
"""

from __future__ import annotations

import importlib

# As in `typing`, which takes a third of the time until the program can answer Ctrl-C (`evalkit.__main__`).
TYPE_CHECKING = False

__version__ = "0.2.0"

_HOME = {
    "Evaluation": "evalkit.flow.result",
    "Plan": "evalkit.plan",
    "align": "evalkit.flow.lists",
    "compare": "evalkit.flow.lists",
    "evaluate": "evalkit.flow.api",
    "evaluate_rows": "evalkit.flow.rows",
    "merge": "evalkit.flow.in_folder",
    "score": "evalkit.flow.lists",
    "translate": "evalkit.flow.lists",
}

__all__ = [
    "Evaluation",
    "Plan",
    "__version__",
    "align",
    "compare",
    "evaluate",
    "evaluate_rows",
    "merge",
    "score",
    "translate",
]

if TYPE_CHECKING:
    from typing import Any

    from evalkit.flow.api import evaluate
    from evalkit.flow.in_folder import merge
    from evalkit.flow.lists import align, compare, score, translate
    from evalkit.flow.result import Evaluation
    from evalkit.flow.rows import evaluate_rows
    from evalkit.plan import Plan


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'evalkit' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)
