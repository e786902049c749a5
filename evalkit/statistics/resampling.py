"""Resampled sums of statistics: the bootstrap (Koehn 2004) and approximate randomization (Riezler and
Maxwell 2005), drawn from the same random streams as sacreBLEU's.

Both are products of a matrix of draws with the statistics, made a block of trials at a time: memory
does not grow with the number of trials, nor, beyond one row of draws, with that of segments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

import numpy as np

from evalkit.metrics.base import Metric, clipped
from evalkit.metrics.ngrams.prepared import ReferenceMetric
from evalkit.plan import SEED

# Draws held at once: 4 M of them are 32 MB.
BLOCK_DRAWS = 1 << 22
# A product goes through all statistics, whatever the number of trials: so many share it, if that many counts fit (128 MB).
PRODUCT_TRIALS, BLOCK_COUNTS = 16, 1 << 25
# Whole numbers up to here are exact in single precision, and so are sums that stay below.
EXACT_SINGLE = 1 << 24
# Multiplications in a product from which on OpenBLAS uses threads.
THREADED_PRODUCT = 1 << 18


def bootstrap_sums(
    statistics: np.ndarray, trials: int, seed: int | None = SEED, *, as_sacrebleu: bool = True
) -> np.ndarray:
    """Sums over segments drawn with replacement: (n, k) statistics -> (trials, k) float64.

    The draws are those of sacreBLEU for this seed. The sums are exact where the statistics are whole
    numbers (sacreBLEU's single precision is exact only up to 16.7 million); fractions are added as it does, or with
    ``as_sacrebleu=False`` in double precision.
    """
    segments = len(statistics)
    sums = np.empty((trials, statistics.shape[1]))
    if as_sacrebleu and not whole(statistics):
        add = _added_in_single_precision(statistics)
        for first, last, draws in _draws(trials, segments, np.random.default_rng(seed)):
            sums[first:last] = add(draws)
        return sums
    product = _Product(statistics)
    for first, last, counts in _draw_counts(trials, segments, seed):
        sums[first:last] = product(counts)
    return sums


def _draws(
    trials: int, segments: int, rng: np.random.Generator
) -> Iterator[tuple[int, int, np.ndarray]]:
    """Blocks of trials: the first, the one after the last, and the segments drawn (trials, segments)."""
    for first, last in _blocks(trials, segments):
        yield first, last, rng.integers(0, segments, size=(last - first, segments))


def _draw_counts(
    trials: int, segments: int, seed: int | None
) -> Iterable[tuple[int, int, np.ndarray]]:
    """Blocks of trials with how often each segment was drawn: (trials, segments) float32."""
    if trials * segments <= BLOCK_DRAWS and seed is not None:
        return _single_block(trials, segments, seed)
    return _counted(trials, segments, seed)


@lru_cache(maxsize=1)
def _single_block(trials: int, segments: int, seed: int) -> list[tuple[int, int, np.ndarray]]:
    """The same for small sets, remembered: every metric and system of a run is resampled alike."""
    return list(_counted(trials, segments, seed))


def _counted(trials: int, segments: int, seed: int | None) -> Iterator[tuple[int, int, np.ndarray]]:
    rng = np.random.default_rng(seed)
    together = min(PRODUCT_TRIALS, BLOCK_COUNTS // max(1, segments)) * segments
    for first, last in _blocks(trials, segments, draws=max(BLOCK_DRAWS, together)):
        counts = np.empty((last - first, segments), dtype=np.float32)
        # Draws take twice the room of counts, so that fewer are made at once; the stream of random numbers is the same.
        for begin, _, draws in _draws(last - first, segments, rng):
            for row, drawn in enumerate(draws, begin):
                counts[row] = np.bincount(drawn, minlength=segments)
        yield first, last, counts


def _added_in_single_precision(statistics: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """Sums of fractions (the mean reference lengths of TER), rounded at each step as sacreBLEU's are."""
    single = statistics.astype(np.float32)
    return lambda draws: np.stack([single[draw].sum(axis=0) for draw in draws])


def whole(statistics: np.ndarray) -> bool:
    """Whether all are whole numbers, so that sums of them are exact in any order."""
    return statistics.dtype.kind in "iu" or bool((statistics == np.floor(statistics)).all())


def randomization_sums(statistics: np.ndarray, trials: int, seed: int | None = SEED) -> np.ndarray:
    """Sums over the segments that keep their system in each trial: (n, k) -> (trials, k) float64.

    Which segments those are is sacreBLEU's draw for this seed; the others are all the rest. The
    statistics must be whole numbers: for others there is `exchanged_sums`.
    """
    product = _Product(statistics)
    sums = np.empty((trials, statistics.shape[1]))
    for first, last, kept in _coins(trials, len(statistics), seed):
        sums[first:last] = product(kept)
    return sums


def exchanged_sums(
    first: np.ndarray, second: np.ndarray, trials: int, seed: int | None = SEED
) -> tuple[np.ndarray, np.ndarray]:
    """Sums of two systems that exchange segments in each trial: two of (n, k) -> two of (trials, k).

    Fractions (the mean reference lengths of TER) are the same for both systems, so trials tie with
    the real difference by the dozen, and rounding breaks the ties: these are the very products that
    sacreBLEU takes, over all trials at once.
    """
    ((_, _, kept),) = _coins(trials, len(first), seed, blocks=False)
    return kept @ first + ~kept @ second, ~kept @ first + kept @ second


def _coins(
    trials: int, segments: int, seed: int | None, blocks: bool = True
) -> Iterator[tuple[int, int, np.ndarray]]:
    """Blocks of trials: the first, the one after the last, and (trials, segments) booleans."""
    rng = np.random.default_rng(seed)
    # NumPy takes 32 coin flips from one random number and begins each call with a new one: blocks
    # of a multiple of 32 trials continue the stream of a single call.
    spans = _blocks(trials, segments, multiple=32) if blocks else [(0, trials)]
    for first, last in spans:
        yield first, last, rng.integers(2, size=(last - first, segments), dtype=bool)


class _Product:
    """Multiplies counts (trials, n) with statistics (n, k), a stretch of segments at a time."""

    STRETCH = 1 << 16

    def __init__(self, statistics: np.ndarray) -> None:
        self.statistics = statistics
        exact_single = (
            statistics.dtype.kind in "iu"
            and len(statistics) * int(statistics.max(initial=0)) < EXACT_SINGLE
        )
        self.dtype = np.float32 if exact_single else np.float64
        short = len(statistics) <= self.STRETCH
        self.converted = statistics.astype(self.dtype) if short else None

    def __call__(self, counts: np.ndarray) -> np.ndarray:
        if self.converted is not None:
            return _multiply(counts.astype(self.dtype, copy=False), self.converted)
        total = np.zeros((len(counts), self.statistics.shape[1]), dtype=self.dtype)
        for start in range(0, counts.shape[1], self.STRETCH):
            part = slice(start, start + self.STRETCH)
            stretch = counts[:, part].astype(self.dtype, copy=False)
            total += stretch @ self.statistics[part].astype(self.dtype)
        return total


def _multiply(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """``left @ right``, in parts small enough that OpenBLAS does not share them among threads.

    On a busy machine those wait for each other twenty times as long as a product of this shape takes.
    """
    columns = min(20, right.shape[1])
    rows = THREADED_PRODUCT // max(1, left.shape[1] * columns)
    if rows < 8:  # a large product is worth its threads
        return left @ right
    product = np.empty((len(left), right.shape[1]), dtype=right.dtype)
    for column in range(0, right.shape[1], columns):
        several = np.ascontiguousarray(right[:, column : column + columns])
        for row in range(0, len(left), rows):
            product[row : row + rows, column : column + columns] = left[row : row + rows] @ several
    return product


def _blocks(
    trials: int, segments: int, multiple: int = 1, draws: int = BLOCK_DRAWS
) -> Iterator[tuple[int, int]]:
    rows = max(1, draws // max(1, segments * multiple)) * multiple
    for first in range(0, trials, rows):
        yield first, min(first + rows, trials)


def is_sacrebleus(metric: Metric) -> bool:
    """Whether the metric is one of sacreBLEU's, whose rounding is then followed."""
    return isinstance(metric, ReferenceMetric)


def resampled_scores(metric: Metric, sums: np.ndarray) -> np.ndarray:
    """Corpus scores of bootstrap sums, (trials, k) -> (trials,); those of sacreBLEU's metrics in its single precision.

    As sacreBLEU's list of them becomes an array: of double precision if one of them is the plain 0.0
    that stands for "no match".
    """
    if not is_sacrebleus(metric):
        return metric.scores(sums)
    scores = metric.scores(sums.astype(np.float32))
    plain_zero = bool((scores == 0).any())
    return scores.astype(np.float64) if plain_zero else scores


def interval(metric: Metric, resampled: np.ndarray) -> tuple[float, float, float]:
    """Mean and 95% interval of resampled scores, as sacreBLEU cuts it: a fortieth from either end."""
    scores = clipped(metric, resampled)
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
    sums = bootstrap_sums(statistics, trials, seed, as_sacrebleu=is_sacrebleus(metric))
    return interval(metric, resampled_scores(metric, sums))
