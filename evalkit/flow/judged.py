"""Metrics against human judgement: which columns, which systems and segments, and what the figures are."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from evalkit.data import ALL_SYSTEMS
from evalkit.errors import InputError
from evalkit.files.encodings import decode
from evalkit.files.opening import load
from evalkit.plugins import METRICS
from evalkit.statistics import correlation

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]
# What people call a column of judgements; the first that a table has is taken.
HUMAN = ("human", "judgement", "judgment", "mqm", "esa", "da", "z_mean", "da_z_mean", "da_mean")
# Numbers of a run's rows that judge no translation.
NO_METRICS = frozenset(["pair", "id", "confidence", "source_line", "provided_line", "agreement"])
# Columns of which a lower value is better, besides those of known metrics.
LOWER_IS_BETTER = frozenset(["error_probability", "triage"])
# All pairs of so many segments are compared; of more, those of a sample: pairs grow with the square.
MOST_SEGMENTS, SAMPLE_SEED = 3000, 12345

# Statistics of two arrays of (segments,) or (systems, segments) that can be tested.
SEGMENT: Mapping[str, Callable[[Floats, Floats], float]] = {
    "pearson": correlation.pearson,
    "spearman": correlation.spearman,
    "kendall": correlation.kendall,
    "accuracy": lambda metric, human: correlation.tie_calibrated_accuracy(metric, human).accuracy,
}
SYSTEM: Mapping[str, Callable[[Floats, Floats], float]] = {
    "system_accuracy": correlation.system_accuracy,
    "soft_accuracy": correlation.soft_pairwise_accuracy,
}
STATISTICS = (*SEGMENT, *SYSTEM)


@dataclass(frozen=True)
class Judged:
    """Scores and judgements side by side, all so that higher is better.

    human: (systems, segments), NaN where there is none. metrics: the same, by name.
    negated: the names whose sign was turned.
    """

    systems: tuple[str, ...]
    human_name: str
    human: Floats
    metrics: Mapping[str, Floats]
    negated: frozenset[str]

    @property
    def count(self) -> int:
        """How many translations have a judgement."""
        return int((~np.isnan(self.human)).sum())


@dataclass(frozen=True)
class Agreement:
    """How well a metric agrees with people: values by statistic, and the epsilon of the calibrated accuracy."""

    metric: str
    values: Mapping[str, float]
    epsilon: float


@dataclass(frozen=True)
class MetricTest:
    """PERM-BOTH: by how much the first metric's statistic is higher, and the p of that by chance."""

    statistic: str
    metric: str
    other: str
    difference: float
    p_value: float


def judged(
    rows: pd.DataFrame,
    human: str | None = None,
    metrics: Sequence[str] = (),
    negate: Sequence[str] = (),
) -> Judged:
    """The scores of rows, one a translation (`pair` and `system` say of what, where they are columns).

    Args:
        human: a column, or a file: a number a line, one for each row; or ``system<TAB>number`` lines, of each system
            in the order of its rows. By default the first of `HUMAN`.
        metrics: columns; by default all of numbers.
        negate: columns of which lower is better. Of known metrics that is known.

    Raises:
        InputError: a column is missing or has no numbers, or the file does not fit.
    """
    if "system" in rows.columns:
        rows = rows[rows["system"] != ALL_SYSTEMS].reset_index(drop=True)
    if human is None:
        human = next((name for name in HUMAN if name in rows.columns), None)
        if human is None:
            raise InputError(
                f"no column of human judgement; name one with --human: {', '.join(rows.columns)}"
            )
    values = _column(rows, human) if human in rows.columns else _file(rows, human)
    names = list(metrics) or [
        name
        for name in rows.columns
        if name not in NO_METRICS and name not in (human, *HUMAN) and rows[name].dtype.kind == "f"
    ]
    if not names:
        raise InputError("no column of scores; name one with --metric")
    place, systems, shape = _places(rows)
    negated = frozenset(n for n in (human, *names) if n in negate or _lower_is_better(n))
    if unknown := set(negate) - {human, *names}:
        raise InputError(f"--negate {sorted(unknown)[0]}: there is no such metric here")

    def grid(name: str, column: Floats) -> Floats:
        found = np.full(shape, np.nan)
        found[place] = -column if name in negated else column
        return found

    scores = {name: grid(name, _column(rows, name)) for name in names}
    return Judged(systems, Path(human).name, grid(human, values), scores, negated)


def _lower_is_better(name: str) -> bool:
    metric = name.removeprefix("provided_")
    if metric in LOWER_IS_BETTER:
        return True
    return (
        metric in METRICS.own and getattr(METRICS.load(metric), "higher_is_better", True) is False
    )


def _column(rows: pd.DataFrame, name: str) -> Floats:
    if name not in rows.columns:
        raise InputError(f"no column {name!r}; there are {', '.join(rows.columns)}")
    return _numbers([str(cell) for cell in rows[name]], f"column {name}")


def _numbers(cells: Sequence[str], where: str) -> Floats:
    """Numbers; "", "nan" and mt-metrics-eval's "None" are missing ones."""
    found = np.full(len(cells), np.nan)
    for at, cell in enumerate(cells):
        if cell.strip() and cell.strip() != "None":
            try:
                found[at] = float(cell)
            except ValueError:
                raise InputError(f"{where}, row {at + 1}: {cell!r} is no number") from None
    return found


def _file(rows: pd.DataFrame, path: str) -> Floats:
    lines = decode(load(path, "human judgement"), None).text.splitlines()
    if not any("\t" in line for line in lines):
        if len(lines) != len(rows):
            raise InputError(f"{path} has {len(lines)} lines for {len(rows)} translations")
        return _numbers(lines, path)
    of: dict[str, list[str]] = {}
    for line in lines:
        system, _, number = line.partition("\t")
        of.setdefault(system, []).append(number)
    found = np.full(len(rows), np.nan)
    names = rows["system"] if "system" in rows.columns else [""] * len(rows)
    for name in dict.fromkeys(names):
        at = [k for k, other in enumerate(names) if other == name]
        if len(of.get(name, ())) != len(at):
            raise InputError(
                f"{path} has {len(of.get(name, ()))} lines of system {name!r}, which has {len(at)} translations"
            )
        found[at] = _numbers(of[name], f"{path}, system {name}")
    return found


Place = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]


def _places(rows: pd.DataFrame) -> tuple[Place, tuple[str, ...], tuple[int, int]]:
    """Where each row stands among (systems, segments): by system, and by pair or else by order."""
    names = [str(n) for n in rows["system"]] if "system" in rows.columns else [""] * len(rows)
    systems = {name: k for k, name in enumerate(dict.fromkeys(names))}
    keys: list[object] = []
    seen = dict.fromkeys(systems, 0)
    for k, name in enumerate(names):
        keys.append(rows["pair"].iloc[k] if "pair" in rows.columns else seen[name])
        seen[name] += 1
    segments = {key: k for k, key in enumerate(dict.fromkeys(keys))}
    place = np.array([systems[n] for n in names]), np.array([segments[k] for k in keys])
    if len(set(zip(*(axis.tolist() for axis in place), strict=True))) < len(rows):
        raise InputError("several rows have the same pair and system: give a row a translation")
    return place, tuple(systems), (len(systems), len(segments))


def agreements(data: Judged) -> list[Agreement]:
    """The figures of each metric: those of `SEGMENT`, with several systems also those of `SYSTEM`."""
    found = []
    for name, scores in data.metrics.items():
        metric, human = _compared(scores, data.human)
        calibrated = correlation.tie_calibrated_accuracy(metric, human)
        values = {
            "pearson": correlation.pearson(scores, data.human),
            "spearman": correlation.spearman(scores, data.human),
            "kendall": correlation.kendall(scores, data.human),
            "accuracy": calibrated.accuracy,
        }
        if len(data.systems) > 1:
            values |= {key: of(scores, data.human) for key, of in SYSTEM.items()}
        found.append(Agreement(name, values, calibrated.epsilon))
    return found


def _compared(metric: Floats, human: Floats) -> tuple[Floats, Floats]:
    """What pairs are made of: translations of one segment, or of one system all segments, or a sample."""
    if len(metric) > 1:
        return metric, human
    known = np.flatnonzero(~np.isnan(metric[0] + human[0]))
    if len(known) > MOST_SEGMENTS:
        known = np.random.default_rng(SAMPLE_SEED).choice(known, MOST_SEGMENTS, replace=False)
    return metric[0][known], human[0][known]


def tests(data: Judged, statistics: Sequence[str], trials: int, seed: int) -> list[MetricTest]:
    """PERM-BOTH for each two metrics, the better one first."""
    found = []
    for statistic, (one, other) in itertools.product(
        statistics, itertools.combinations(data.metrics, 2)
    ):
        if statistic in SYSTEM and len(data.systems) < 2:
            continue
        of = SEGMENT.get(statistic) or SYSTEM[statistic]
        known = ~np.isnan(data.metrics[one] + data.metrics[other] + data.human)
        human = np.where(known, data.human, np.nan)
        if not known.any():
            continue
        a, b = data.metrics[one], data.metrics[other]
        if len(data.systems) == 1:
            a, b, human = a[0][known[0]], b[0][known[0]], human[0][known[0]]
        if statistic == "accuracy" and len(data.systems) == 1 and a.size > MOST_SEGMENTS:
            some = np.random.default_rng(SAMPLE_SEED).choice(a.size, MOST_SEGMENTS, replace=False)
            a, b, human = a[some], b[some], human[some]
        if of(b, human) > of(a, human):
            one, other, a, b = other, one, b, a
        result = correlation.perm_both(a, b, human, of, trials=trials, seed=seed)
        found.append(MetricTest(statistic, one, other, result.difference, result.p_value))
    return found
