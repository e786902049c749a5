"""How well a metric agrees with human judgement, for segments and for systems.

Higher is better on both sides; give the negative of an error rate. NaN stands for a missing value: pairs of which one is
missing are left out. NaN is also the answer where a coefficient is not defined.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evalkit.errors import InputError

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
# WMT's number of random exchanges, and a seed, so that a figure can be had again.
TRIALS, SEED = 1000, 12345
# Sums of equal numbers in another order differ in the last digits: this share of the largest is nothing.
_ROUNDING = 1e-12


def pearson(metric: npt.ArrayLike, human: npt.ArrayLike) -> float:
    """Pearson's r: the covariance over the product of the standard deviations.

    Args:
        metric, human: (n,) scores of the same things.

    Raises:
        InputError: not as many scores on both sides.
    """
    x, y = _pairs(metric, human)
    if len(x) < 2:
        return float("nan")
    x, y = x - x.mean(), y - y.mean()
    scale = np.sqrt((x @ x) * (y @ y))
    return float(np.clip((x @ y) / scale, -1.0, 1.0)) if scale > 0 else float("nan")


def spearman(metric: npt.ArrayLike, human: npt.ArrayLike) -> float:
    """Spearman's rho: Pearson's r of the ranks; equal scores have the mean of their ranks."""
    x, y = _pairs(metric, human)
    return pearson(ranks(x), ranks(y))


def ranks(values: Floats) -> Floats:
    """Ranks from 1 on; equal values have the mean of theirs."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts).astype(float)
    return np.asarray((last - (counts - 1) / 2.0)[inverse])


def kendall(metric: npt.ArrayLike, human: npt.ArrayLike) -> float:
    """Kendall's tau-b (1945): (C - D) / sqrt((P - T_m)(P - T_h)).

    Of P pairs of things, C are in the same order on both sides, D in the opposite one, T_m and T_h have equal
    scores on one side or both.
    """
    x, y = _pairs(metric, human)
    a, b = _classes(x), _classes(y)
    total = len(x) * (len(x) - 1) // 2
    tied_a, tied_b = _tied(a), _tied(b)
    if total in (tied_a, tied_b):
        return float("nan")
    tied_both = _tied(a * (int(b.max()) + 1) + b)
    discordant = _inversions(b[np.lexsort((b, a))])
    concordant = total - tied_a - tied_b + tied_both - discordant
    return float((concordant - discordant) / np.sqrt((total - tied_a) * float(total - tied_b)))


def _classes(values: Floats) -> Integers:
    """Equal values as equal whole numbers, in the same order."""
    _, inverse = np.unique(values, return_inverse=True)
    return np.asarray(inverse, dtype=np.int64)


def _tied(values: Integers) -> int:
    _, counts = np.unique(values, return_counts=True)
    return int((counts * (counts - 1) // 2).sum())


def _inversions(values: Integers) -> int:
    """Pairs of which the first is larger than the second: a merge sort that counts, bottom up."""
    found, size = 0, 1
    values = values.copy()
    while size < len(values):
        for begin in range(0, len(values) - size, 2 * size):
            left = values[begin : begin + size]
            right = values[begin + size : begin + 2 * size]
            found += int((size - np.searchsorted(left, right, side="right")).sum())
            values[begin : begin + 2 * size] = np.sort(
                values[begin : begin + 2 * size], kind="stable"
            )
        size *= 2
    return found


@dataclass(frozen=True, slots=True)
class Calibrated:
    """Pairwise accuracy, and the difference of metric scores up to which they count as equal."""

    accuracy: float
    epsilon: float


def pairwise_accuracy(
    metric: npt.ArrayLike, human: npt.ArrayLike, *, epsilon: float = 0.0
) -> float:
    """acc_eq of Deutsch et al. (2023, "Ties Matter"): (C + T_hm) / (C + D + T_h + T_m + T_hm).

    A pair is right if both sides put it in the same order, or both call it equal. Two metric scores are equal
    if they differ by at most ``epsilon``.

    Args:
        metric, human: (n,) scores, or (systems, segments): then pairs are translations of the same
            segment, and the accuracies of segments are averaged.
    """
    pairs = _SegmentPairs.of(metric, human)
    right = np.where(pairs.distance <= epsilon, pairs.tied, pairs.right)
    return float(right @ pairs.weight) if len(right) else float("nan")


def tie_calibrated_accuracy(metric: npt.ArrayLike, human: npt.ArrayLike) -> Calibrated:
    """`pairwise_accuracy` with the epsilon for which it is highest (the smallest of several).

    Tie calibration of Deutsch et al. (2023), over all pairs and all epsilons that make a difference, 0 among them.
    """
    pairs = _SegmentPairs.of(metric, human)
    if not len(pairs.distance):
        return Calibrated(float("nan"), 0.0)
    order = np.argsort(pairs.distance, kind="stable")
    distance = pairs.distance[order]
    gains = ((pairs.tied - pairs.right) * pairs.weight)[order]
    after = float(pairs.right @ pairs.weight) + np.cumsum(gains)
    last = np.append(distance[1:] != distance[:-1], True)
    # At 0, only scores that are equal anyway are equal: the order of which is right or wrong already.
    epsilons = np.append(0.0, distance[last])
    accuracies = np.append(pairwise_accuracy(metric, human), after[last])
    best = int(np.flatnonzero(accuracies >= accuracies.max() - _ROUNDING)[0])
    return Calibrated(float(accuracies[best]), float(epsilons[best]))


@dataclass(frozen=True)
class _SegmentPairs:
    """All pairs: how far metric scores are apart, whether the order is right, whether a tie would be, the weight."""

    distance: Floats
    right: Floats
    tied: Floats
    weight: Floats

    @classmethod
    def of(cls, metric: npt.ArrayLike, human: npt.ArrayLike) -> _SegmentPairs:
        x, y = np.asarray(metric, dtype=float), np.asarray(human, dtype=float)
        if x.shape != y.shape or x.ndim not in (1, 2):
            raise InputError(f"metric scores are {x.shape}, human scores {y.shape}")
        if x.ndim == 1:
            x, y = x[:, None], y[:, None]
        first, second = np.triu_indices(len(x), 1)
        difference, judged = x[first] - x[second], y[first] - y[second]
        known = ~(np.isnan(difference) | np.isnan(judged))
        counts = known.sum(axis=0)
        weight = np.broadcast_to(
            1.0 / np.maximum(1, counts) / max(1, int((counts > 0).sum())), known.shape
        )[known]
        difference, judged = difference[known], judged[known]
        right = np.sign(difference) == np.sign(judged)
        return cls(np.abs(difference), right.astype(float), (judged == 0).astype(float), weight)


def system_accuracy(metric: npt.ArrayLike, human: npt.ArrayLike) -> float:
    """Pairwise accuracy of Kocmi et al. (2021): pairs of systems that both sides rank alike, over all pairs.

    Args:
        metric, human: (systems, segments); a system's score is the mean over the segments that all have.
    """
    x, y = _complete(metric, human)
    return pairwise_accuracy(x.mean(axis=1), y.mean(axis=1))


def soft_pairwise_accuracy(
    metric: npt.ArrayLike, human: npt.ArrayLike, *, trials: int = TRIALS, seed: int = SEED
) -> float:
    """SPA of Thompson et al. (2024): 1 - the mean over pairs of systems of |p_human - p_metric|.

    p is that of `system_p_values`: how sure either side is that the one system is better than the other.

    Args:
        metric, human: (systems, segments); segments of which a score is missing are left out.

    Raises:
        InputError: other shapes, or fewer than two systems.
    """
    x, y = _complete(metric, human)
    if len(x) < 2:
        raise InputError("soft pairwise accuracy needs at least two systems")
    above = np.triu_indices(len(x), 1)
    theirs = system_p_values(x, trials=trials, seed=seed)[above]
    people = system_p_values(y, trials=trials, seed=seed)[above]
    return float(1.0 - np.abs(people - theirs).mean())


def system_p_values(scores: npt.ArrayLike, *, trials: int = TRIALS, seed: int = SEED) -> Floats:
    """One-sided paired permutation test of every pair of systems: (systems, systems).

    p[i, j] is how often the difference of the sums is at least that of systems i and j when their scores of
    each segment are exchanged at random. All pairs see the same exchanges. The diagonal is 1.
    """
    values = np.asarray(scores, dtype=float)
    signs = np.random.default_rng(seed).integers(0, 2, (trials, values.shape[1])) * 2.0 - 1.0
    sums, exchanged = values.sum(axis=1), signs @ values.T
    rounding = _ROUNDING * max(1.0, float(np.abs(values).sum(axis=1).max(initial=0.0)))
    found = np.ones((len(values), len(values)))
    for i in range(len(values)):
        for j in range(len(values)):
            if i != j:
                difference = exchanged[:, i] - exchanged[:, j]
                found[i, j] = np.mean(difference >= sums[i] - sums[j] - rounding)
    return found


@dataclass(frozen=True, slots=True)
class Significance:
    """Two metrics compared: the statistic of the first minus that of the second, and how often chance does as much."""

    difference: float
    p_value: float


def perm_both(
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    human: npt.ArrayLike,
    statistic: Callable[[Floats, Floats], float],
    *,
    trials: int = TRIALS,
    seed: int = SEED,
) -> Significance:
    """PERM-BOTH of Deutsch, Dror and Roth (2021): is the first metric's statistic higher than the second's?

    Both metrics' scores are standardized (mean 0, deviation 1 over all); in each trial each score, of any system and segment,
    is exchanged with the other metric's with probability one half. p is one-sided: the share of trials whose
    difference is at least the observed one.

    Args:
        first, second, human: of one shape, (n,) or (systems, segments).
        statistic: a function of (metric, human), e.g. `kendall` or `soft_pairwise_accuracy`.
    """
    a, b = _standardized(first), _standardized(second)
    judged = np.asarray(human, dtype=float)
    if not a.shape == b.shape == judged.shape:
        raise InputError(f"scores have different shapes: {a.shape}, {b.shape}, {judged.shape}")
    observed = statistic(a, judged) - statistic(b, judged)
    generator = np.random.default_rng(seed)
    reached = 0
    for _ in range(trials):
        exchange = generator.integers(0, 2, a.shape).astype(bool)
        one, other = np.where(exchange, b, a), np.where(exchange, a, b)
        difference = statistic(one, judged) - statistic(other, judged)
        reached += difference >= observed - _ROUNDING
    return Significance(float(observed), reached / trials)


def _standardized(scores: npt.ArrayLike) -> Floats:
    values = np.asarray(scores, dtype=float)
    deviation = np.nanstd(values)
    return np.asarray((values - np.nanmean(values)) / (deviation if deviation > 0 else 1.0))


def _pairs(metric: npt.ArrayLike, human: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Both sides flat, without what is missing on either."""
    x, y = np.asarray(metric, dtype=float), np.asarray(human, dtype=float)
    if x.shape != y.shape:
        raise InputError(f"{x.size} metric scores, {y.size} human scores")
    x, y = x.ravel(), y.ravel()
    known = ~(np.isnan(x) | np.isnan(y))
    return x[known], y[known]


def _complete(metric: npt.ArrayLike, human: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Both (systems, segments), without segments of which a score is missing."""
    x, y = np.asarray(metric, dtype=float), np.asarray(human, dtype=float)
    if x.shape != y.shape or x.ndim != 2:
        raise InputError(
            f"metric and human scores must be (systems, segments) alike, not {x.shape} and {y.shape}"
        )
    known = ~np.isnan(x + y).any(axis=0)
    return x[:, known], y[:, known]
