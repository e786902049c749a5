"""Plots for notebooks and papers, with matplotlib."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from evalkit.errors import InputError
from evalkit.evaluation import ALL_SYSTEMS
from evalkit.report.findings import label, leading_metric

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from evalkit.evaluation import Evaluation

BINS = 20


def plot(evaluation: Evaluation, kind: str = "distribution", metric: str | None = None) -> Any:
    """Draw sentence scores and return the matplotlib ``Axes``.

    ``kind``: "distribution" (a histogram a system), "metrics" (``metric`` against the first other
    metric) or "systems" (the first system against each other one). ``metric``: chrF by default.

    Raises:
        InputError: no such kind or metric, too few metrics or systems for it, or no matplotlib.
    """
    metric = metric or leading_metric(evaluation)
    if kind not in _KINDS:
        raise InputError(f"there is no plot {kind!r}; kinds: {', '.join(_KINDS)}")
    if metric not in evaluation.metrics:
        raise InputError(
            f"{metric!r} was not scored; metrics here: {', '.join(evaluation.metrics)}"
        )
    draw = _KINDS[kind](evaluation, metric)
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
        name = "all together" if system == ALL_SYSTEMS else str(system)
        # Between two dollar signs matplotlib would set mathematics.
        yield name.replace("$", r"\$"), rows.set_index("pair")[list(evaluation.metrics)].dropna()


def _distribution(evaluation: Evaluation, metric: str) -> Any:
    def draw(axes: Axes) -> None:
        for name, scores in _scores(evaluation):
            # TER has no upper end; what is above 100 is counted in the last bin.
            axes.hist(
                scores[metric].clip(0, 100), bins=BINS, range=(0, 100), histtype="step", label=name
            )
        axes.set(xlabel=f"sentence {label(metric)}", ylabel="pairs")

    return draw


def _metrics(evaluation: Evaluation, metric: str) -> Any:
    others = [m for m in evaluation.metrics if m != metric]
    if not others:
        raise InputError(f"only {label(metric)} was scored; a plot of metrics needs two")

    def draw(axes: Axes) -> None:
        for name, scores in _scores(evaluation):
            axes.scatter(scores[others[0]], scores[metric], s=8, alpha=0.6, label=name)
        axes.set(xlabel=f"sentence {label(others[0])}", ylabel=f"sentence {label(metric)}")

    return draw


def _systems(evaluation: Evaluation, metric: str) -> Any:
    (first, base), *others = _scores(evaluation)
    if not others:
        raise InputError("only one system was scored; a plot of systems needs two")

    def draw(axes: Axes) -> None:
        for name, scores in others:
            # With `--hypothesis provided` a system may lack a score that the other has.
            shared = base.index.intersection(scores.index)
            x, y = base.loc[shared, metric], scores.loc[shared, metric]
            axes.scatter(x, y, s=8, alpha=0.6, label=name)
        axes.axline((0, 0), slope=1, color="0.6", linewidth=0.8, linestyle="--")
        ylabel = others[0][0] if len(others) == 1 else "other systems"
        axes.set(xlabel=f"{label(metric)}, {first}", ylabel=f"{label(metric)}, {ylabel}")

    return draw


_KINDS = {"distribution": _distribution, "metrics": _metrics, "systems": _systems}
