"""Clipped n-gram matches of a batch of segments, exactly, in NumPy.

BLEU and chrF both need, for each segment and each order n, how many of the hypothesis' n-grams are
also in the reference, each counted at most as often as it occurs there (Papineni et al. 2002,
Popović 2015). Symbols are tokens for BLEU and characters for chrF, as small integers.

Every position of a segment gives one *window*: the symbols from there on, ``order`` of them. Windows
of the hypothesis and the reference are sorted together; positions whose n-grams are equal are then
neighbours, for every n up to ``order`` at once, since the n-gram is the beginning of the window. So
one sort of the longest order serves all orders. A window is a number that holds the segment and the
symbols themselves, not a hash of them: equal numbers are equal n-grams, always.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
    """The n-grams of the references of one batch, sorted and ready to be matched many times.

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
        segment_bits = (self.segments - 1).bit_length()
        self.packed = segment_bits + order * self.symbol_bits + self.label_bits <= WORD_BITS
        self.lengths = sum(reference.lengths for reference in references)
        windows = [self._windows(symbols, END, k) for k, symbols in enumerate(references)]
        self.windows = np.concatenate(windows, axis=-1)
        if self.packed:
            self.windows.sort()

    def matches(self, hypothesis: Symbols) -> np.ndarray:
        """Clipped matches for each segment and order: (segments, order) int64.

        With several references an n-gram counts up to the most often it occurs in one of them.
        """
        windows = self._windows(hypothesis, self.unknown, self.label)
        ends_of_segments = np.cumsum(self.lengths + hypothesis.lengths)
        if self.packed:
            windows.sort()
            # Two sorted runs: the stable sort only has to merge them.
            together = np.concatenate((self.windows, windows))
            together.sort(kind="stable")
            labels, distance, limits = self._compare_packed(together)
        else:
            together = np.concatenate((self.windows, windows), axis=-1)
            labels, distance, limits = self._compare_columns(together)
        found = np.zeros((self.segments, self.order), dtype=np.int64)
        ends = np.arange(len(labels))
        counts = [np.cumsum(labels == k, dtype=np.int32) for k in range(1, self.label + 1)]
        for n in range(self.order, 0, -1):
            # Where a group of equal n-grams ends, the groups of the longer orders ended too.
            keep = distance >= limits[n - 1]
            ends, distance = ends[keep], distance[keep]
            found[:, n - 1] = self._clipped(ends, counts, ends_of_segments)
        return found

    def _clipped(
        self, ends: np.ndarray, counts: list[np.ndarray], ends_of_segments: np.ndarray
    ) -> np.ndarray:
        """Sum over each segment's groups of min(hypothesis count, largest count in a reference)."""
        sizes = np.diff(ends, prepend=-1)
        *further, hypothesis = [np.diff(count[ends], prepend=0) for count in counts]
        best = sizes - hypothesis
        if further:  # what is neither the hypothesis' nor a further reference's is the first one's
            best = best - sum(further)
            for count in further:
                best = np.maximum(best, count)
        sums = np.concatenate(([0], np.cumsum(np.minimum(hypothesis, best))))
        return np.diff(sums[np.searchsorted(ends, ends_of_segments)], prepend=0)

    def _windows(self, symbols: Symbols, end: int, label: int) -> np.ndarray:
        """All windows: (total,) uint64 if they fit a word, else (1 + order + 1, total) int64 columns."""
        segments = np.repeat(np.arange(len(symbols.lengths)), symbols.lengths)
        gap = self.order - 1
        places = np.arange(len(symbols.ids)) + segments * gap
        size = len(symbols.ids) + len(symbols.lengths) * gap + gap
        padded = np.full(size, end, dtype=np.uint64)
        padded[places] = symbols.ids
        if not self.packed:
            columns = [padded[places + k] for k in range(self.order)]
            return np.stack([segments, *columns, np.full(len(places), label)]).astype(np.int64)
        windows = self._roll(padded)[places]
        windows |= segments.astype(np.uint64) << np.uint64(self.order * self.symbol_bits)
        return windows << np.uint64(self.label_bits) | np.uint64(label)

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

    def _compare_packed(self, windows: np.ndarray) -> tuple[np.ndarray, np.ndarray, list]:
        """Labels of sorted windows, how far up each differs from the next, and from where on
        (for n = 1..order) that means a different n-gram."""
        distance = np.full(len(windows), np.iinfo(np.uint64).max)
        np.bitwise_xor(windows[1:], windows[:-1], out=distance[:-1])
        labels = windows & np.uint64((1 << self.label_bits) - 1)
        shifts = [self.label_bits + self.symbol_bits * (self.order - n) for n in self._orders]
        return labels, distance, [np.uint64(1 << shift) for shift in shifts]

    def _compare_columns(self, windows: np.ndarray) -> tuple[np.ndarray, np.ndarray, list]:
        """The same for windows too large for a word: slower, and as exact."""
        windows = windows[:, np.lexsort(windows[::-1])]
        equal = np.logical_and.accumulate(windows[:-1, 1:] == windows[:-1, :-1], axis=0)
        # The segment itself is the first column: it and n symbols are equal in the same n-gram.
        distance = np.full(windows.shape[1], self.order + 1)
        distance[:-1] -= equal.sum(axis=0)
        return windows[-1], distance, [self.order + 1 - n for n in self._orders]

    @property
    def _orders(self) -> range:
        return range(1, self.order + 1)
