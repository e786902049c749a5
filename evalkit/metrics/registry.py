"""Metrics by specification, `[NAME=]KIND[:ARGUMENT]`, with their options."""

from __future__ import annotations

import inspect
import re
from collections.abc import Sequence
from typing import Any

from evalkit.errors import InputError
from evalkit.metrics.base import Metric
from evalkit.plan import Decoding, MetricOptions, Plan
from evalkit.plugins import METRICS

DEFAULT_METRICS = Plan().metrics

_NAMED = re.compile(r"(?P<name>[^\s:/\\=]+)=(?P<rest>.+)", re.DOTALL)


def get_metric(spec: str, **options: Any) -> Metric:
    """The metric of a specification: ``bleu``, or ``mine=comet:FOLDER`` for one with a name of its own.

    Args:
        options: those of the metric, for BLEU, chrF and TER sacreBLEU's. ``decoding`` is for metrics that run a model.

    Raises:
        InputError: no such metric, option, tokenizer or smoothing method.
    """
    name, kind, argument = _parts(spec)
    make = METRICS.load(kind)
    parameters = inspect.signature(make).parameters
    if argument is not None and "argument" not in parameters:
        raise InputError(f"{kind} takes no argument: give {kind}, not {spec!r}")
    given: dict[str, Any] = {} if argument is None else {"argument": argument}
    if "name" in parameters:
        given["name"] = name or (kind if argument is None else spec)
    decoding = options.pop("decoding", None)
    if "decoding" in parameters:
        given["decoding"] = decoding or Decoding()
    known = [option for option in parameters if option not in ("name", "argument", "decoding")]
    takes_any = any(p.kind is p.VAR_KEYWORD for p in parameters.values())
    for option in options:
        if option not in known and not takes_any:
            raise InputError(
                f"{kind} has no option {option!r}; it has {', '.join(known) or 'none'}"
            )
    made: Metric = make(**given, **options)
    if name and made.name != name:
        made.name = name
    return made


def _parts(spec: str) -> tuple[str, str, str | None]:
    """The name ("" if none is given), the kind and the argument (None if there is none) of a specification.

    The case of a kind does not matter, unless another package brings one that is written just so.
    """
    named = _NAMED.fullmatch(spec)
    name, rest = (named["name"], named["rest"]) if named else ("", spec)
    kind, colon, argument = rest.partition(":")
    return name, kind if kind in METRICS else kind.lower(), argument if colon else None


def metrics_from(
    specs: Sequence[str], options: MetricOptions | None = None, decoding: Decoding | None = None
) -> list[Metric]:
    """The metrics of these specifications, in this order, each once.

    Raises:
        InputError: as `get_metric`; or two metrics of one name.
    """
    if isinstance(specs, str):
        raise InputError(f"metrics are a list of names, such as [{specs!r}], not a text")
    options = options or MetricOptions()
    found = [
        get_metric(spec, decoding=decoding, **_options_of(kind, options))
        for (_, kind, _), spec in {_parts(spec): spec for spec in specs}.items()
    ]
    names = [metric.name for metric in found]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"two metrics are called {name!r}: name one, -m NAME=METRIC")
    return found


def _options_of(kind: str, options: MetricOptions) -> dict[str, Any]:
    """Of all options those of one kind of metric, as `get_metric` takes them."""
    every = {field: getattr(options, field) for field in MetricOptions.__dataclass_fields__}
    if kind == "bleu":
        own = ("tokenize", "lowercase", "smooth_method", "smooth_value")
        return {option: every[option] for option in own}
    prefix = kind.rstrip("+") + "_"
    found = {o.removeprefix(prefix): value for o, value in every.items() if o.startswith(prefix)}
    if found.get("word_order", 0) is None:
        del found["word_order"]  # not given: what the name stands for, 0 or 2
    return found
