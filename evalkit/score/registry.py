"""Metrics by name, and all their options in one place for the command line."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from evalkit.errors import InputError
from evalkit.score.base import Metric
from evalkit.score.bleu import BLEU
from evalkit.score.chrf import CHRF
from evalkit.score.ter import TER

# Name -> what makes the metric from its options. Adding one is its file and a line here.
REGISTRY: dict[str, Callable[..., Metric]] = {
    "bleu": BLEU,
    "chrf": CHRF,
    "chrf++": partial(CHRF, name="chrf++", word_order=2),
    "ter": TER,
}

DEFAULT_METRICS = ("bleu", "chrf")


def get_metric(name: str, **options: Any) -> Metric:
    """The metric ``name`` ("bleu", "chrf", "chrf++", "ter") with sacreBLEU's options for it.

    Raises:
        InputError: no such metric, option, tokenizer or smoothing method.
    """
    make = REGISTRY.get(name.lower())
    if make is None:
        raise InputError(f"unknown metric {name!r}; choose from {', '.join(REGISTRY)}")
    known = [option for option in inspect.signature(make).parameters if option != "name"]
    for option in options:
        if option not in known:
            raise InputError(f"{name} has no option {option!r}; it has {', '.join(known)}")
    return make(**options)


@dataclass(frozen=True)
class MetricOptions:
    """The options of all metrics together, named as on the command line."""

    tokenize: str = "13a"
    lowercase: bool = False
    smooth_method: str = "exp"
    smooth_value: float | None = None
    chrf_char_order: int = 6
    chrf_word_order: int | None = None
    chrf_beta: int = 2
    chrf_whitespace: bool = False
    chrf_lowercase: bool = False
    chrf_eps_smoothing: bool = False
    ter_normalized: bool = False
    ter_no_punct: bool = False
    ter_asian_support: bool = False
    ter_case_sensitive: bool = False

    def of(self, name: str) -> dict[str, Any]:
        """The options of one metric, as `get_metric` takes them."""
        if name == "bleu":
            return {
                "tokenize": self.tokenize,
                "lowercase": self.lowercase,
                "smooth_method": self.smooth_method,
                "smooth_value": self.smooth_value,
            }
        prefix = name.rstrip("+") + "_"
        options = {
            option.removeprefix(prefix): value
            for option, value in vars(self).items()
            if option.startswith(prefix)
        }
        if options.get("word_order", 0) is None:
            del options["word_order"]  # not given: what the name stands for, 0 or 2
        return options


def metrics_from(names: Sequence[str], options: MetricOptions | None = None) -> list[Metric]:
    """The metrics of these names, in this order, each once."""
    options = options or MetricOptions()
    distinct = dict.fromkeys(name.lower() for name in names)
    return [get_metric(name, **options.of(name)) for name in distinct]
