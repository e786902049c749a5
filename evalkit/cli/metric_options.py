"""The options that choose and set metrics, named as sacreBLEU's; shared by evaluate, score and compare."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from evalkit.plan import DEFAULT_METRICS, JUDGE, JUDGED_PAIR
from evalkit.plugins import METRICS

_SMOOTHING: dict[str, Any] = {
    "type": click.Choice(["exp", "floor", "add-k", "none"]),
    "default": "exp",
    "show_default": True,
    "help": "BLEU's smoothing of orders without a match.",
}
_METRIC: dict[str, Any] = {
    "multiple": True,
    "metavar": "[NAME=]METRIC",
    "default": DEFAULT_METRICS,
    "help": f"Metric: {', '.join(METRICS.own)}, or a checkpoint (`evalkit metrics list`). Repeatable.",
}
_FIRST_OPTIONS = (
    click.option(
        "-tok",
        "--tokenize",
        default="13a",
        show_default=True,
        metavar="NAME",
        help="BLEU's tokenizer: 13a, intl, char, none, zh, ja-mecab, ko-mecab, flores101, flores200...",
    ),
    click.option("-lc", "--lowercase", is_flag=True, help="BLEU ignores case."),
)
_LATER_OPTIONS = (
    click.option(
        "-sv", "--smooth-value", type=float, help="Value of floor (default 0.1) and add-k (1)."
    ),
    click.option(
        "-cc",
        "--chrf-char-order",
        type=click.IntRange(min=0),
        default=6,
        show_default=True,
        help="Longest character n-gram of chrF.",
    ),
    click.option(
        "-cw",
        "--chrf-word-order",
        type=click.IntRange(min=0),
        help="Longest word n-gram of chrF (0; 2 for chrf++).",
    ),
    click.option(
        "--chrf-beta",
        type=click.IntRange(min=0),
        default=2,
        show_default=True,
        help="Weight of chrF's recall against precision.",
    ),
    click.option("--chrf-whitespace", is_flag=True, help="chrF counts white space."),
    click.option("--chrf-lowercase", is_flag=True, help="chrF ignores case."),
    click.option("--chrf-eps-smoothing", is_flag=True, help="chrF smooths as chrF++.py does."),
    click.option("--ter-case-sensitive", is_flag=True, help="TER minds case."),
    click.option("--ter-asian-support", is_flag=True, help="TER splits Asian characters."),
    click.option("--ter-no-punct", is_flag=True, help="TER leaves out punctuation."),
    click.option("--ter-normalized", is_flag=True, help="TER tokenizes punctuation."),
)


class _Seed(click.ParamType):
    """A whole number, or "none" to draw differently each time, as sacreBLEU's SACREBLEU_SEED."""

    name = "NUMBER|none"

    def convert(self, value: Any, parameter: Any, ctx: Any) -> int | None:
        if str(value).lower() == "none":
            return None
        return click.INT.convert(value, parameter, ctx)


seed_option = click.option(
    "--seed",
    type=_Seed(),
    default=12345,
    show_default=True,
    envvar="SACREBLEU_SEED",
    help="Seed of all random draws.",
)


def metric_options(command: Callable) -> Callable:
    """Add the options to a command that translates, where a judge may join the default."""
    default = f"{', '.join(DEFAULT_METRICS)}; for {JUDGED_PAIR} also {JUDGE} where a translation model is loaded"
    return _add(command, default, click.option("--smooth-method", **_SMOOTHING))


def sacrebleu_metric_options(command: Callable) -> Callable:
    """Add them with sacreBLEU's ``-s`` for the smoothing, which elsewhere is the source."""
    return _add(command, True, click.option("-s", "--smooth-method", **_SMOOTHING))


def _add(command: Callable, default: str | bool, smoothing: Callable) -> Callable:
    flags = ("-m", "--metric", "--metrics")
    metric = click.option(*flags, "metric", show_default=default, **_METRIC)
    for option in (*reversed(_LATER_OPTIONS), smoothing, *reversed(_FIRST_OPTIONS), metric):
        command = option(command)
    return command


class SeveralValues(click.Command):
    """A command whose repeatable options also take their values as sacreBLEU's do: `-m bleu chrf`.

    Such an option takes all that follows until the next flag, so positional arguments come first.
    """

    def parse_args(self, ctx: click.Context, arguments: list[str]) -> list[str]:
        repeatable = {
            flag
            for parameter in self.params
            if isinstance(parameter, click.Option) and parameter.multiple
            for flag in parameter.opts
        }
        spread, current, taken = [], None, 0
        for argument in arguments:
            if argument.startswith("-") and argument != "-":
                current, taken = (argument if argument in repeatable else None), 0
            elif current is not None:
                taken += 1
                if taken > 1:
                    spread.append(current)
            spread.append(argument)
        return super().parse_args(ctx, spread)
