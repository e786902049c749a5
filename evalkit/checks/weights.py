"""The numbers of the checks and of the triage: in ``weights.json``, written by `benchmarks/findings.py --fit`.

Each is a logistic model of a few signals. There are three of each: for pairs without a translation at hand ("none"), with one,
and with several.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

PATH = Path(__file__).parent / "weights.json"
LEVELS = ("none", "one", "several")
# Beyond this a logistic function is 0 or 1 for every purpose.
_FARTHEST = 30.0


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic model: probability = 1 / (1 + exp(-(intercept + sum of coefficient * signal))).

    A finding is reported from log-odds ``threshold`` on.
    """

    coefficients: Mapping[str, float]
    intercept: float
    threshold: float = 0.0

    def log_odds(self, signals: Mapping[str, float]) -> float:
        """The logarithm of p / (1 - p)."""
        known = self.coefficients
        return self.intercept + sum(
            known[name] * value for name, value in signals.items() if name in known
        )


def logistic(log_odds: float) -> float:
    """The logistic function."""
    return 1.0 / (1.0 + math.exp(-max(-_FARTHEST, min(_FARTHEST, log_odds))))


def level(translations: Sequence[object] | Mapping[str, object]) -> str:
    """Which of the models serves with so many translations at hand."""
    return LEVELS[min(2, len(translations))]


@lru_cache(maxsize=1)
def _all() -> Mapping[str, Mapping[str, Weights]]:
    stored = json.loads(PATH.read_text(encoding="utf-8"))
    return {
        kind: {
            name: Weights(model["coefficients"], model["intercept"], model["threshold"])
            for name, model in by_level.items()
        }
        for kind, by_level in stored["models"].items()
    }


def weights(kind: str, of_level: str) -> Weights:
    """The model of a kind of finding, or of the triage."""
    by_level = _all()[kind]
    # Where there was no data with several systems, one of them counts.
    return by_level.get(of_level) or by_level["one"]
