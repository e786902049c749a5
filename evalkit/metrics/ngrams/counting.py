"""Clipped n-gram matches of a batch of segments, exactly, in NumPy.

BLEU and chrF both need, for each segment and each order n, how many of the hypothesis' n-grams are
also in the reference, each counted at most as often as it occurs there (Papineni et al. 2002,
Popović 2015). Symbols are tokens for BLEU and characters for chrF, as small integers.

Every position of a segment gives one *window*: the symbols from there on, ``order`` of them. Windows
of the hypothesis and the reference are sorted together; positions whose n-grams are equal are then
neighbours, for every n up to ``order`` at once, since the n-gram is the beginning of the window. So
one sort of the longest order serves all orders. A window is a number that holds the symbols
themselves, not a hash of them: equal numbers are equal n-grams, always.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

WORD_BITS = 64
# Stands past the end of a reference; past the end of a hypothesis stands the "unknown" symbol, so
# that an n-gram reaching over the end never matches.
END = 0


@dataclass(frozen=True)
class Symbols:
    """The symbols of all segments of a batch, one segment after another.

    ids: (total,) integers from 1 to the size of the alphabet, or one more for a symbol that is in no reference.
    lengths: (segments,) how many of them each segment has.
    """

    ids: np.ndarray
    lengths: np.ndarray


def ngram_totals(lengths: np.ndarray, order: int) -> np.ndarray:
    """How many n-grams of each order 1..order a segment of each length has: (segments, order) int64."""
    return np.maximum(lengths[:, None] - np.arange(order), 0)


class NgramIndex:
    """The n-grams of the references of one batch, ready to be matched many times.

    Args:
        references: one `Symbols` for each reference layer (a segment without that reference has length 0).
        order: the longest n-gram, at least 1.
        alphabet: the largest symbol in ``references``.
    """

    def __init__(self, references: Sequence[Symbols], order: int, alphabet: int) -> None:
        self.order = order
        self.unknown = alphabet + 1
        self.segments = len(references[0].lengths)
        self.label = len(references)  # references are labelled 0, 1, ...; the hypothesis comes last
        self.symbol_bits = self.unknown.bit_length()
        self.label_bits = self.label.bit_length()
        self.packed = order * self.symbol_bits + self.label_bits <= WORD_BITS
        self.windows = [self._windows(symbols, END, k) for k, symbols in enumerate(references)]
        self.lengths = [symbols.lengths for symbols in references]

    def matches(self, hypothesis: Symbols) -> np.ndarray:
        """Clipped matches for each segment and order: (segments, order) int64.

        With several references an n-gram counts up to the most often it occurs in one of them.
        """
        runs = [*self.windows, self._windows(hypothesis, self.unknown, self.label)]
        lengths = [*self.lengths, hypothesis.lengths]
        stops = np.cumsum(sum(lengths))
        sort = self._sort_packed if self.packed else self._sort_columns
        labels, distance, limits = sort(_by_segment(runs, lengths), stops)
        # The last window of a segment differs from the next one, which is another segment's.
        distance[stops[stops > 0] - 1] = np.iinfo(distance.dtype).max
        counts = [np.cumsum(labels == k, dtype=np.int32) for k in range(1, self.label + 1)]
        found = np.empty((self.segments, self.order), dtype=np.int64)
        ends = np.arange(len(labels))
        for n in range(self.order, 0, -1):
            # Where a group of equal n-grams ends, the groups of the longer orders ended too.
            differs = distance >= limits[n - 1]
            ends, distance = ends[differs], distance[differs]
            found[:, n - 1] = _clipped(ends, counts, stops)
        return found

    def _windows(self, symbols: Symbols, end: int, label: int) -> np.ndarray:
        """All windows: (total,) uint64 if they fit a word, else (order + 1, total) int64 columns."""
        gap = self.order - 1
        segments = np.repeat(np.arange(len(symbols.lengths)) * gap, symbols.lengths)
        places = np.arange(len(symbols.ids)) + segments
        size = len(symbols.ids) + len(symbols.lengths) * gap + gap
        padded = np.full(size, end, dtype=np.uint64)
        padded[places] = symbols.ids
        if not self.packed:
            columns = [padded[places + k] for k in range(self.order)]
            apart: np.ndarray = np.stack([*columns, np.full(len(places), label)]).astype(np.int64)
            return apart
        packed: np.ndarray = self._roll(padded)[places] << np.uint64(self.label_bits) | np.uint64(
            label
        )
        return packed

    def _roll(self, padded: np.ndarray) -> np.ndarray:
        """At each place the ``order`` symbols from there on, packed into one number."""
        bits, width, rolled = self.symbol_bits, 1, padded
        while width < self.order:
            # A window and the end of a later one: log2(order) steps instead of order.
            step = min(width, self.order - width)
            added = rolled[step:] & np.uint64((1 << bits * step) - 1)
            rolled = rolled[: len(rolled) - step] << np.uint64(bits * step) | added
            width += step
        return rolled

    def _sort_packed(
        self, windows: np.ndarray, stops: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, list[Any]]:
        """Sort each segment's windows. Gives their labels, how far up each differs from the next, and
        from where on (for n = 1..order) that means a different n-gram."""
        start = 0
        for stop in stops.tolist():  # many short sorts: several times quicker than a long one
            windows[start:stop].sort()
            start = stop
        distance = np.zeros_like(windows)
        np.bitwise_xor(windows[1:], windows[:-1], out=distance[:-1])
        labels = windows & np.uint64((1 << self.label_bits) - 1)
        shifts = [self.label_bits + self.symbol_bits * (self.order - n) for n in self._orders]
        return labels, distance, [np.uint64(1 << shift) for shift in shifts]

    def _sort_columns(
        self, windows: np.ndarray, stops: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, list[Any]]:
        """The same for windows too large for a word: slower, and as exact."""
        segments = np.searchsorted(stops, np.arange(windows.shape[1]), side="right")
        windows = windows[:, np.lexsort((*windows[::-1], segments))]
        equal = np.logical_and.accumulate(windows[:-1, 1:] == windows[:-1, :-1], axis=0)
        distance = np.zeros(windows.shape[1], dtype=np.int64)
        distance[:-1] = self.order - equal.sum(axis=0)
        return windows[-1], distance, [self.order + 1 - n for n in self._orders]

    @property
    def _orders(self) -> range:
        return range(1, self.order + 1)


def _by_segment(runs: list[np.ndarray], lengths: list[np.ndarray]) -> np.ndarray:
    """Windows of several texts, each in order of segments, with those of a segment put together."""
    together = np.empty(
        (*runs[0].shape[:-1], sum(run.shape[-1] for run in runs)), dtype=runs[0].dtype
    )
    # A run's segment begins after all of the segments before, and what earlier runs have of its own.
    before = np.concatenate(([0], np.cumsum(sum(lengths))[:-1]))
    for run, own in zip(runs, lengths, strict=True):
        within = np.concatenate(([0], np.cumsum(own)[:-1]))
        together[..., np.repeat(before - within, own) + np.arange(run.shape[-1])] = run
        before = before + own
    return together


def _clipped(ends: np.ndarray, counts: list[np.ndarray], stops: np.ndarray) -> np.ndarray:
    """Sum over each segment's groups of min(hypothesis count, largest count in one reference).

    ``ends`` are the last windows of the groups, ``counts`` running counts of the windows with each
    label but the first, ``stops`` the ends of the segments.
    """
    *further, hypothesis = [_steps(count.take(ends), 0) for count in counts]
    best = _steps(ends, -1) - hypothesis
    if further:  # what is neither the hypothesis' nor a further reference's is the first one's
        best -= sum(further)
        for count in further:
            np.maximum(best, count, out=best)
    sums = np.zeros(len(ends) + 1, dtype=np.int64)
    np.cumsum(np.minimum(hypothesis, best), out=sums[1:])
    return _steps(sums.take(np.searchsorted(ends, stops)), 0)


def _steps(values: np.ndarray, first: int) -> np.ndarray:
    """Differences to the value before, the first one to ``first``."""
    steps = np.empty_like(values)
    steps[:1] = values[:1] - first
    np.subtract(values[1:], values[:-1], out=steps[1:])
    return steps
