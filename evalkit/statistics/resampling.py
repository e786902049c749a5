"""Resampled sums of statistics: the bootstrap (Koehn 2004) and approximate randomization (Riezler and
Maxwell 2005), drawn from the same random streams as sacreBLEU's.

Both are products of a matrix of draws with the statistics, made a block of trials at a time: memory
does not grow with the number of trials, nor, beyond one row of draws, with that of segments.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
    return _sums_of_each([(statistics, as_sacrebleu)], trials, seed)[0]


def _sums_of_each(
    several: Sequence[tuple[np.ndarray, bool]], trials: int, seed: int | None
) -> list[np.ndarray]:
    """`bootstrap_sums` of several statistics, each with its ``as_sacrebleu``. Those of as many segments share the draws."""
    found: dict[int, np.ndarray] = {}
    together: dict[int, list[int]] = {}
    for k, (statistics, as_sacrebleu) in enumerate(several):
        if as_sacrebleu and not whole(statistics):
            found[k] = _sums_in_single_precision(statistics, trials, seed)
        else:
            together.setdefault(len(statistics), []).append(k)
    for group in together.values():
        sums = _sums_of_counted([several[k][0] for k in group], trials, seed)
        found |= zip(group, sums, strict=True)
    return [found[k] for k in range(len(several))]


def _sums_of_counted(
    several: Sequence[np.ndarray], trials: int, seed: int | None
) -> list[np.ndarray]:
    """The bootstrap sums of several statistics of as many segments, which share the draws."""
    segments = len(several[0])
    products = [_Product(statistics) for statistics in several]
    sums = [np.empty((trials, statistics.shape[1])) for statistics in several]
    for first, last, counts in _draw_counts(trials, segments, seed):
        for product, found in zip(products, sums, strict=True):
            found[first:last] = product(counts)
    return sums


def _sums_in_single_precision(statistics: np.ndarray, trials: int, seed: int | None) -> np.ndarray:
    """Sums of fractions (the mean reference lengths of TER), rounded at each step as sacreBLEU's are."""
    sums = np.empty((trials, statistics.shape[1]))
    single = statistics.astype(np.float32)
    for first, last, draws in _draws(trials, len(statistics), np.random.default_rng(seed)):
        sums[first:last] = [single[draw].sum(axis=0) for draw in draws]
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
    """Multiplies counts (trials, n) with statistics (n, k), a stretch of segments at a time.

    A stretch is multiplied in single precision, twice as fast, where its sums stay exact whatever the counts.
    """

    STRETCH = 1 << 13

    def __init__(self, statistics: np.ndarray) -> None:
        self.statistics = statistics
        starts = range(0, len(statistics), self.STRETCH)
        self.stretches = [slice(start, start + self.STRETCH) for start in starts]
        self.exact = statistics.dtype.kind in "iu"
        self.largest = [
            int(statistics[part].sum(axis=0).max(initial=0)) if self.exact else 0
            for part in self.stretches
        ]

    def __call__(self, counts: np.ndarray) -> np.ndarray:
        """Sums (trials, k) in double precision."""
        total = np.zeros((len(counts), self.statistics.shape[1]))
        most = int(counts.max(initial=0))
        for part, largest in zip(self.stretches, self.largest, strict=True):
            single = self.exact and largest * most < EXACT_SINGLE
            dtype = np.float32 if single else np.float64
            stretch = counts[:, part].astype(dtype, copy=False)
            total += _multiply(stretch, self.statistics[part].astype(dtype))
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
    return bootstrap_intervals([(metric, statistics)], trials, seed)[0]


def bootstrap_intervals(
    several: Sequence[tuple[Metric, np.ndarray]], trials: int = 1000, seed: int | None = SEED
) -> list[tuple[float, float, float]]:
    """`bootstrap_interval` of several statistics. Those of as many segments share the draws, which take most of the time."""
    each = [(statistics, is_sacrebleus(metric)) for metric, statistics in several]
    return [
        interval(metric, resampled_scores(metric, sums))
        for (metric, _), sums in zip(several, _sums_of_each(each, trials, seed), strict=True)
    ]
