"""Resampled sums of statistics: the bootstrap (Koehn 2004) and approximate randomization (Riezler and
Maxwell 2005), drawn from the same random streams as sacreBLEU's.

Both are products of a matrix of draws with the statistics, made a block of trials at a time: memory
does not grow with the number of trials, nor, beyond one row of draws, with that of segments.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from evalkit.score.base import SEED, Metric

# Draws held at once: 4 M of them are 32 MB.
BLOCK_DRAWS = 1 << 22
# Whole numbers up to here are exact in single precision, and so are sums that stay below.
EXACT_SINGLE = 1 << 24


def bootstrap_sums(statistics: np.ndarray, trials: int, seed: int | None = SEED) -> np.ndarray:
    """Sums over segments drawn with replacement: (n, k) statistics -> (trials, k) float64.

    The draws are those of sacreBLEU for this seed. The sums are exact where the statistics are whole
    numbers (sacreBLEU adds in single precision, exact up to 16.7 million); fractions are added as it does.
    """
    segments = len(statistics)
    rng = np.random.default_rng(seed)
    fractions = _fractional(statistics)
    single = statistics[:, fractions].astype(np.float32)
    product = _Product(statistics)
    sums = np.empty((trials, statistics.shape[1]))
    for first, last in _blocks(trials, segments):
        draws = rng.integers(0, segments, size=(last - first, segments))
        if fractions.any():
            added = [single[draw].sum(axis=0) for draw in draws]
        offsets = np.arange(last - first)[:, None] * segments
        counts = np.bincount((draws + offsets).ravel(), minlength=draws.size)
        sums[first:last] = product(counts.reshape(draws.shape))
        if fractions.any():
            sums[first:last, fractions] = added
    return sums


def randomization_sums(statistics: np.ndarray, trials: int, seed: int | None = SEED) -> np.ndarray:
    """Sums over the segments that keep their system in each trial: (n, k) -> (trials, k) float64.

    Which segments those are is sacreBLEU's draw for this seed; the others are all the rest.
    """
    segments = len(statistics)
    rng = np.random.default_rng(seed)
    product = _Product(statistics)
    sums = np.empty((trials, statistics.shape[1]))
    # NumPy takes 32 coin flips from one random number and begins each call with a new one: blocks
    # of a multiple of 32 trials continue the stream of a single call.
    for first, last in _blocks(trials, segments, multiple=32):
        kept = rng.integers(2, size=(last - first, segments), dtype=bool)
        sums[first:last] = product(kept)
    return sums


class _Product:
    """Multiplies counts (trials, n) with statistics (n, k), a stretch of segments at a time."""

    STRETCH = 1 << 16

    def __init__(self, statistics: np.ndarray) -> None:
        self.statistics = statistics
        self.exact_single = (
            statistics.dtype.kind in "iu"
            and len(statistics) * int(statistics.max(initial=0)) < EXACT_SINGLE
        )
        self.dtype = np.float32 if self.exact_single else np.float64
        short = len(statistics) <= self.STRETCH
        self.converted = statistics.astype(self.dtype) if short else None

    def __call__(self, counts: np.ndarray) -> np.ndarray:
        if self.converted is not None:
            return counts.astype(self.dtype) @ self.converted
        total = np.zeros((len(counts), self.statistics.shape[1]), dtype=self.dtype)
        for start in range(0, counts.shape[1], self.STRETCH):
            part = slice(start, start + self.STRETCH)
            total += counts[:, part].astype(self.dtype) @ self.statistics[part].astype(self.dtype)
        return total


def _fractional(statistics: np.ndarray) -> np.ndarray:
    """Which columns hold numbers that are not whole: (k,) bool."""
    if statistics.dtype.kind in "iu":
        return np.zeros(statistics.shape[1], dtype=bool)
    return (statistics != np.floor(statistics)).any(axis=0)


def _blocks(trials: int, segments: int, multiple: int = 1) -> Iterator[tuple[int, int]]:
    rows = max(1, BLOCK_DRAWS // max(1, segments * multiple)) * multiple
    for first in range(0, trials, rows):
        yield first, min(first + rows, trials)


def resampled_scores(metric: Metric, sums: np.ndarray) -> np.ndarray:
    """Corpus scores of bootstrap sums, (trials, k) -> (trials,), in the single precision of sacreBLEU's.

    As sacreBLEU's list of them becomes an array: of double precision if one of them is the plain 0.0
    that stands for "no match".
    """
    scores = metric.raw_scores(sums.astype(np.float32))
    plain_zero = bool((scores == 0).any())
    return scores.astype(np.float64) if plain_zero else scores


def interval(scores: np.ndarray) -> tuple[float, float, float]:
    """Mean and 95% interval of resampled scores, as sacreBLEU cuts it: a fortieth from either end."""
    ordered = np.sort(scores)
    cut = len(ordered) // 40
    return float(scores.mean(dtype=np.float64)), float(ordered[cut]), float(ordered[-cut - 1])


def bootstrap_interval(
    metric: Metric, statistics: np.ndarray, trials: int = 1000, seed: int | None = SEED
) -> tuple[float, float, float]:
    """Mean, low and high end of the 95% bootstrap interval of the corpus score.

    sacreBLEU prints it as "μ = mean ± (high - low) / 2".

    Args:
        statistics: (n, k), one row a segment, at least one.
        trials: number of resamples.
        seed: None draws differently each time.
    """
    return interval(resampled_scores(metric, bootstrap_sums(statistics, trials, seed)))
