"""Plots for notebooks and papers, with matplotlib."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from evalkit.errors import InputError
from evalkit.metrics.base import MetricCard
from evalkit.report.contents import candidate_name, leading_metric

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from evalkit.flow.result import Evaluation

BINS = 20


def plot(evaluation: Evaluation, kind: str = "distribution", metric: str | None = None) -> Any:
    """Draw sentence scores and return the matplotlib ``Axes``.

    ``kind``: "distribution" (a histogram a system), "metrics" (``metric`` against the first other
    metric) or "systems" (the first system against each other one). ``metric``: chrF by default.

    Raises:
        InputError: no such kind or metric, too few metrics or systems for it, or no matplotlib.
    """
    metric = metric or leading_metric(evaluation).name
    if kind not in _KINDS:
        raise InputError(f"there is no plot {kind!r}; kinds: {', '.join(_KINDS)}")
    if metric not in evaluation.metrics:
        raise InputError(
            f"{metric!r} was not scored; metrics here: {', '.join(evaluation.metrics)}"
        )
    draw = _KINDS[kind](evaluation, evaluation.metrics[metric])
    try:
        from matplotlib import pyplot
    except ImportError:
        raise InputError("plots need matplotlib; pip install 'evalkit[plot]'") from None
    _, axes = pyplot.subplots(layout="constrained")
    draw(axes)
    handles, labels = axes.get_legend_handles_labels()
    if len(labels) > 1:
        axes.legend(handles, labels)
    return axes


def _scores(evaluation: Evaluation) -> Iterator[tuple[str, pd.DataFrame]]:
    """(name, scores indexed by pair) of each system, without pairs that were not scored."""
    for system, rows in evaluation.segments.groupby("system", sort=False):
        name = candidate_name(str(system))
        # Between two dollar signs matplotlib would set mathematics.
        yield name.replace("$", r"\$"), rows.set_index("pair")[list(evaluation.metrics)].dropna()


def _distribution(evaluation: Evaluation, metric: MetricCard) -> Any:
    def draw(axes: Axes) -> None:
        scores = {name: frame[metric.name] for name, frame in _scores(evaluation)}
        every = np.concatenate(list(scores.values()) or [np.zeros(1)])
        low, high = (end if np.isfinite(end) else None for end in metric.range)
        low = min(0.0, every.min(initial=0.0)) if low is None else low
        # TER has no upper end, and is nearly always below 100; what is above is counted in the last bin.
        high = (
            (100.0 if low == 0 and metric.decimals == 1 else every.max(initial=1.0))
            if high is None
            else high
        )
        for name, values in scores.items():
            axes.hist(
                values.clip(low, high), bins=BINS, range=(low, high), histtype="step", label=name
            )
        axes.set(xlabel=f"sentence {metric.label}", ylabel="pairs")

    return draw


def _metrics(evaluation: Evaluation, metric: MetricCard) -> Any:
    other = next((card for card in evaluation.metrics.values() if card != metric), None)
    if other is None:
        raise InputError(f"only {metric.label} was scored; a plot of metrics needs two")

    def draw(axes: Axes) -> None:
        for name, scores in _scores(evaluation):
            axes.scatter(scores[other.name], scores[metric.name], s=8, alpha=0.6, label=name)
        axes.set(xlabel=f"sentence {other.label}", ylabel=f"sentence {metric.label}")

    return draw


def _systems(evaluation: Evaluation, metric: MetricCard) -> Any:
    (first, base), *others = _scores(evaluation)
    if not others:
        raise InputError("only one system was scored; a plot of systems needs two")

    def draw(axes: Axes) -> None:
        for name, scores in others:
            # With `--hypothesis provided` a system may lack a score that the other has.
            shared = base.index.intersection(scores.index)
            x, y = base.loc[shared, metric.name], scores.loc[shared, metric.name]
            axes.scatter(x, y, s=8, alpha=0.6, label=name)
        axes.axline((0, 0), slope=1, color="0.6", linewidth=0.8, linestyle="--")
        ylabel = others[0][0] if len(others) == 1 else "other systems"
        axes.set(xlabel=f"{metric.label}, {first}", ylabel=f"{metric.label}, {ylabel}")

    return draw


_KINDS = {"distribution": _distribution, "metrics": _metrics, "systems": _systems}
