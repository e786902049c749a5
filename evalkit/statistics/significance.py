"""Paired significance tests between systems.

A p-value counts the trials that are at least as far from zero as the real difference, so that systems that do the same are not
told apart. sacreBLEU's own p-values, from the same draws, count only those that are further (0.0001 for a system and its copy);
they are given under its name, and no claim rests on them. Claims of difference are corrected for the number of pairs by Holm (1979).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from evalkit.errors import InputError
from evalkit.metrics.base import Metric, clipped
from evalkit.plan import SEED
from evalkit.statistics.resampling import (
    bootstrap_sums,
    exchanged_sums,
    interval,
    is_sacrebleus,
    randomization_sums,
    resampled_scores,
    whole,
)

if TYPE_CHECKING:
    import pandas as pd

SIGNIFICANT = 0.05
# Columns of p-values.
P_VALUES = (
    "p_bootstrap",
    "p_randomization",
    "p_holm",
    "p_bootstrap_sacrebleu",
    "p_randomization_sacrebleu",
)
# Differences of scores that are equal up to rounding: of single precision (resampled scores of sacreBLEU's metrics), and double.
SINGLE_ROUNDING, DOUBLE_ROUNDING = 1e-4, 1e-9

Statistics = Mapping[str, Mapping[str, np.ndarray]]


@dataclass(frozen=True)
class Comparison:
    """Systems compared pair by pair.

    comparison: one row a metric and ordered pair of systems (only those with ``other`` the baseline, if one was
        given): ``metric, system, other, difference`` (score of system minus score of other)``,
        p_bootstrap, p_randomization, p_holm, p_bootstrap_sacrebleu, p_randomization_sacrebleu``; NaN where that test
        was not made. p_holm is the p-value of randomization where made, else of bootstrap, corrected by Holm for all
        pairs of the metric; the last two are sacreBLEU's own, NaN for a metric that is not sacreBLEU's.
    clusters: one row a metric and system, best first: ``metric, system, score, rank, cluster`` (NA with a
        baseline). Systems are in different clusters if every system of the one is significantly
        different (p_holm < 0.05) from every system of the other.
    intervals: (metric, system) -> bootstrap mean, low and high end of the 95% interval; empty
        without bootstrap.
    """

    comparison: pd.DataFrame
    clusters: pd.DataFrame
    intervals: Mapping[tuple[str, str], tuple[float, float, float]]


def compare_systems(
    metrics: Sequence[Metric],
    statistics: Statistics,
    baseline: str | None = None,
    bootstrap: int = 1000,
    randomization: int = 10000,
    seed: int | None = SEED,
) -> Comparison:
    """Test every pair of systems, or each against a baseline.

    Args:
        metrics: what to compare by.
        statistics: system -> metric name -> (n, k) statistics, on the same n segments.
        baseline: a system; only differences from it are tested then.
        bootstrap, randomization: trials of each test, 0 to leave it out.
        seed: None draws differently each time.

    Raises:
        InputError: fewer than two systems, an unknown baseline, or different numbers of segments.
    """
    import pandas as pd

    systems = list(statistics)
    _check(systems, statistics, baseline)
    pairs = [
        (a, b)
        for i, a in enumerate(systems)
        for b in systems[i + 1 :]
        if baseline is None or baseline in (a, b)
    ]
    rows, ranks, intervals = [], [], {}
    for metric in metrics:
        of_metric = {system: statistics[system][metric.name] for system in systems}
        test = _MetricTest(metric, of_metric, bootstrap, randomization, seed)
        found = _corrected({frozenset(pair): test.p_values(*pair) for pair in pairs})
        rows += _differences(test, baseline, found)
        ranks += _ranking(test, None if baseline else found)
        for system, scores in test.resampled.items():
            intervals[metric.name, system] = interval(metric, scores)
    ranking = pd.DataFrame(ranks, columns=["metric", "system", "score", "rank", "cluster"])
    if baseline is not None:
        ranking["cluster"] = ranking["cluster"].astype("Int64")
    columns = ["metric", "system", "other", "difference", *P_VALUES]
    return Comparison(pd.DataFrame(rows, columns=columns), ranking, intervals)


@dataclass(frozen=True, slots=True)
class PValues:
    """The p-values of a pair of systems, NaN where a test was not made; see `Comparison`."""

    bootstrap: float
    randomization: float
    bootstrap_sacrebleu: float
    randomization_sacrebleu: float
    holm: float = float("nan")

    @property
    def decisive(self) -> float:
        """That of randomization where it was made, else of bootstrap."""
        return self.bootstrap if np.isnan(self.randomization) else self.randomization

    def columns(self) -> tuple[float, ...]:
        """In the order of `P_VALUES`."""
        return (
            self.bootstrap,
            self.randomization,
            self.holm,
            self.bootstrap_sacrebleu,
            self.randomization_sacrebleu,
        )


class _MetricTest:
    """All systems under one metric: their scores, and their scores in every trial.

    The draws depend on the seed alone, so those of sacreBLEU's separate tests are the same for every pair,
    and each system is resampled once.
    """

    def __init__(
        self,
        metric: Metric,
        statistics: Mapping[str, np.ndarray],
        bootstrap: int,
        randomization: int,
        seed: int | None,
    ) -> None:
        self.metric = metric
        self.totals = {name: stats.sum(axis=0) for name, stats in statistics.items()}
        self.scores = {n: float(metric.scores(total)) for n, total in self.totals.items()}
        everything = np.concatenate(list(statistics.values()), axis=1)

        def by_system(sums: np.ndarray) -> dict[str, np.ndarray]:
            parts = np.split(sums, len(statistics), axis=1)
            return dict(zip(statistics, parts, strict=True))

        self.resampled, self.kept = {}, {}
        if bootstrap:
            drawn = bootstrap_sums(everything, bootstrap, seed, as_sacrebleu=is_sacrebleus(metric))
            sums = by_system(drawn)
            self.resampled = {name: resampled_scores(metric, part) for name, part in sums.items()}
        self.exchange = None
        if randomization and (whole(everything) or not is_sacrebleus(metric)):
            self.kept = by_system(randomization_sums(everything, randomization, seed))
        elif randomization:
            self.exchange = lambda a, b: exchanged_sums(
                statistics[a], statistics[b], randomization, seed
            )

    def p_values(self, system: str, other: str) -> PValues:
        """p of the difference between two systems."""
        difference = abs(self.scores[other] - self.scores[system])
        by_bootstrap = by_randomization = (float("nan"), float("nan"))
        if self.resampled:
            # The difference of each resample, centred, so that it is one under the null hypothesis.
            differences = np.abs(self.resampled[system] - self.resampled[other])
            single = is_sacrebleus(self.metric)
            rounding = SINGLE_ROUNDING if single else DOUBLE_ROUNDING
            own = np.abs(differences - differences.mean())
            by_bootstrap = (
                _p_value(own, difference, rounding),
                _sacrebleus_p_value(differences - differences.mean(), difference),
            )
        if self.kept or self.exchange:
            first, second = map(self.metric.scores, self._exchanged(other, system))
            trials = np.abs(first - second)
            by_randomization = (
                _p_value(trials, difference, DOUBLE_ROUNDING),
                _sacrebleus_p_value(trials, difference),
            )
        theirs = (by_bootstrap[1], by_randomization[1])
        if not is_sacrebleus(self.metric):
            theirs = (float("nan"), float("nan"))
        return PValues(by_bootstrap[0], by_randomization[0], *theirs)

    def _exchanged(self, first: str, second: str) -> tuple[np.ndarray, np.ndarray]:
        """Sums of the statistics of two systems after each trial's exchange: two of (trials, k)."""
        if self.exchange:
            return self.exchange(first, second)
        kept = self.kept[first] - self.kept[second]
        return kept + self.totals[second], self.totals[first] - kept


def _p_value(trials: np.ndarray, difference: float, rounding: float) -> float:
    """How often a trial is at least as far from zero as the real difference, which counts as one trial itself."""
    least = difference - rounding * max(1.0, difference)
    return (int(np.sum(trials >= least)) + 1) / (len(trials) + 1)


def _sacrebleus_p_value(trials: np.ndarray, difference: float) -> float:
    """The same as sacreBLEU has it: how often a trial exceeds the real difference."""
    # A plain float, so that NumPy compares in the precision of the trials, as in sacreBLEU.
    return (int(np.sum(trials > float(difference))) + 1) / (len(trials) + 1)


def _corrected(found: Mapping[frozenset[str], PValues]) -> dict[frozenset[str], PValues]:
    """With Holm's correction (1979): the k-th smallest of m p-values times m - k + 1, never below the one before."""
    order = sorted(found, key=lambda pair: found[pair].decisive)
    corrected, least = {}, 0.0
    for rank, pair in enumerate(order):
        least = max(least, min(1.0, found[pair].decisive * (len(order) - rank)))
        corrected[pair] = replace(found[pair], holm=least)
    return corrected


def _differences(
    test: _MetricTest, baseline: str | None, found: Mapping[frozenset[str], PValues]
) -> list[tuple[Any, ...]]:
    """Rows of ``Comparison.comparison`` for one metric, in the order in which the systems were given."""
    return [
        (
            test.metric.name,
            a,
            b,
            test.scores[a] - test.scores[b],
            *found[frozenset((a, b))].columns(),
        )
        for a in test.scores
        for b in test.scores
        if a != b and baseline in (None, b)
    ]


def _ranking(
    test: _MetricTest, found: Mapping[frozenset[str], PValues] | None
) -> list[tuple[Any, ...]]:
    """Rows of ``Comparison.clusters`` for one metric, best system first."""
    sign = -1 if test.metric.higher_is_better else 1
    order = sorted(test.scores, key=lambda system: sign * test.scores[system])
    rows, cluster = [], 1
    for place, system in enumerate(order):
        if found is not None and place and _apart(order[:place], order[place:], found):
            cluster += 1
        score = float(clipped(test.metric, np.float64(test.scores[system])))
        ahead = sum(sign * test.scores[s] < sign * test.scores[system] for s in order)
        group = None if found is None else cluster
        rows.append((test.metric.name, system, score, ahead + 1, group))
    return rows


def _apart(above: list[str], below: list[str], found: Mapping[frozenset[str], PValues]) -> bool:
    """Whether every system above differs significantly from every one below."""
    return all(found[frozenset((a, b))].holm < SIGNIFICANT for a in above for b in below)


def _check(systems: list[str], statistics: Statistics, baseline: str | None) -> None:
    if len(systems) < 2:
        raise InputError("comparing needs at least two systems")
    if baseline is not None and baseline not in systems:
        raise InputError(f"no system is called {baseline!r}; there are {', '.join(systems)}")
    counts = {len(stats) for by_metric in statistics.values() for stats in by_metric.values()}
    if len(counts) != 1 or not counts.pop():
        raise InputError("systems can only be compared on the same segments, at least one")
