"""Metrics by specification, `[NAME=]KIND[:ARGUMENT]`, with their options."""

from __future__ import annotations

import inspect
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from evalkit.errors import InputError
from evalkit.metrics.base import Metric
from evalkit.metrics.checkpoints import SHORT_NAMES, open_checkpoint
from evalkit.plan import Decoding, MetricOptions
from evalkit.plugins import METRICS

if TYPE_CHECKING:
    from evalkit.languages import LanguagePair

_NAMED = re.compile(r"(?P<name>[^\s:/\\=]+)=(?P<rest>.+)", re.DOTALL)


def get_metric(spec: str, **options: Any) -> Metric:
    """The metric of a specification: ``bleu``, or ``mine=comet:FOLDER`` for one with a name of its own.

    Args:
        options: those of the metric, for BLEU, chrF and TER sacreBLEU's. ``decoding`` is for metrics that run a model,
            ``pair`` (of languages) for those that name the languages.

    Raises:
        InputError: no such metric, option, tokenizer or smoothing method.
    """
    name, kind, argument = parse_metric(spec)
    decoding, pair = options.pop("decoding", None), options.pop("pair", None)
    if kind in SHORT_NAMES:
        own_name = name or (spec if argument else kind)
        return open_checkpoint(kind, argument or "", own_name, decoding or Decoding())
    make = METRICS.load(kind)
    parameters = inspect.signature(make).parameters
    if argument is not None and "argument" not in parameters:
        raise InputError(f"{kind} takes no argument: give {kind}, not {spec!r}")
    if (
        argument is None
        and parameters.get("argument", _OPTIONAL).default is inspect.Parameter.empty
    ):
        raise InputError(f"{kind} needs an argument: {kind}:MODEL")
    every = {"argument": argument, "decoding": decoding, "pair": pair}
    every["name"] = name or (kind if argument is None else spec)
    given = {n: value for n, value in every.items() if n in parameters and value is not None}
    known = [option for option in parameters if option not in every]
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


_OPTIONAL = inspect.Parameter("argument", inspect.Parameter.KEYWORD_ONLY, default=None)


def parse_metric(spec: str) -> tuple[str, str, str | None]:
    """The name ("" if none is given), the kind and the argument (None if there is none) of a specification.

    The case of a kind does not matter, unless another package brings one that is written just so.

    Raises:
        InputError: there is no such kind.
    """
    named = _NAMED.fullmatch(spec)
    name, rest = (named["name"], named["rest"]) if named else ("", spec)
    kind, colon, argument = rest.partition(":")
    kind = kind if kind in METRICS else kind.lower()
    if kind not in SHORT_NAMES and kind not in METRICS:
        every = ", ".join([*METRICS.names(), *SHORT_NAMES])
        raise InputError(f"unknown metric {kind!r}; choose from {every}")
    return name, kind, argument if colon else None


def metrics_from(
    specs: Sequence[str],
    options: MetricOptions | None = None,
    decoding: Decoding | None = None,
    pair: LanguagePair | None = None,
) -> list[Metric]:
    """The metrics of these specifications, in this order, each once.

    Raises:
        InputError: as `get_metric`; or two metrics of one name.
    """
    if isinstance(specs, str):
        raise InputError(f"metrics are a list of names, such as [{specs!r}], not a text")
    options = options or MetricOptions()
    found = [
        get_metric(spec, decoding=decoding, pair=pair, **_options_of(kind, options))
        for (_, kind, _), spec in {parse_metric(spec): spec for spec in specs}.items()
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
