"""Texts as numbers: the characters or tokens of a batch, numbered so that n-grams can be packed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from evalkit.metrics.ngrams.counting import NgramIndex, Symbols, ngram_totals

# Code points up to the last that is white space to `str.split` (U+3000), and one that is not.
SPACE = np.array([chr(code).isspace() for code in range(0x3002)])


def code_points(texts: Sequence[str], whitespace: bool) -> tuple[np.ndarray, np.ndarray]:
    """All characters of the texts, without white space unless ``whitespace``: (total,) uint32, and
    how many each text has: (texts,) int64."""
    # Python strings may hold lone surrogates; they are characters like any other here.
    encoded = "".join(texts).encode("utf-32-le", "surrogatepass")
    codes = np.frombuffer(encoded, dtype="<u4")
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    if not whitespace:
        kept = ~SPACE.take(codes, mode="clip")
        running = np.concatenate(([0], np.cumsum(kept)))
        lengths = np.diff(running[np.cumsum(lengths)], prepend=0)
        codes = codes[kept]
    return codes, lengths


class CharacterIndex:
    """The character n-grams of one reference for each segment of a batch."""

    def __init__(self, texts: Sequence[str], order: int, whitespace: bool) -> None:
        self.order, self.whitespace = order, whitespace
        codes, self.lengths = code_points(texts, whitespace)
        highest = int(codes.max(initial=0))
        present = np.zeros(highest + 2, dtype=bool)  # the last entry: whatever lies beyond
        present[codes] = True
        alphabet = int(present.sum())
        ids = np.where(present, np.cumsum(present), alphabet + 1)
        self.ids = ids.astype(np.min_scalar_type(alphabet + 1))
        symbols = Symbols(self.ids[codes], self.lengths)
        self.index = NgramIndex([symbols], order, alphabet)

    def statistics(self, texts: Sequence[str]) -> np.ndarray:
        """For each text and order [hypothesis n-grams, reference n-grams, matches]: (texts, order, 3) int64."""
        codes, lengths = code_points(texts, self.whitespace)
        symbols = Symbols(self.ids.take(codes, mode="clip"), lengths)
        return _against_one(self.index, symbols, self.lengths)


class TokenIndex:
    """The token n-grams of one or several references for each segment of a batch.

    Args:
        layers: for each reference layer one text a segment; None where a segment has no such reference.
        order: the longest n-gram.
        tokenize: text to tokens.
    """

    def __init__(
        self,
        layers: Sequence[Sequence[str | None]],
        order: int,
        tokenize: Callable[[str], list[str]],
    ) -> None:
        self.order, self.tokenize = order, tokenize
        self.ids: dict[str, int] = {}
        symbols = [self._add(texts) for texts in layers]
        self.lengths = np.stack([layer.lengths for layer in symbols], axis=1)
        self.index = NgramIndex(symbols, order, len(self.ids))

    def _add(self, texts: Sequence[str | None]) -> Symbols:
        ids, lengths = self.ids, []
        numbers: list[int] = []
        for text in texts:
            tokens = self.tokenize(text) if text else ()
            lengths.append(len(tokens))
            numbers += [ids.setdefault(token, len(ids) + 1) for token in tokens]
        return Symbols(np.array(numbers, dtype=np.int64), np.array(lengths, dtype=np.int64))

    def symbols(self, texts: Sequence[str]) -> Symbols:
        """The tokens of hypotheses; one that no reference has is the unknown symbol."""
        lengths, tokens = [], []
        for text in texts:
            added = self.tokenize(text)
            lengths.append(len(added))
            tokens += added
        find, unknown = self.ids.get, self.index.unknown
        numbers = [find(token, unknown) for token in tokens]
        return Symbols(np.array(numbers, dtype=np.int64), np.array(lengths, dtype=np.int64))

    def statistics(self, texts: Sequence[str]) -> np.ndarray:
        """As `CharacterIndex.statistics`, for an index of a single reference layer."""
        return _against_one(self.index, self.symbols(texts), self.lengths[:, 0])


def _against_one(
    index: NgramIndex, hypothesis: Symbols, reference_lengths: np.ndarray
) -> np.ndarray:
    statistics = np.empty((index.segments, index.order, 3), dtype=np.int64)
    statistics[..., 0] = ngram_totals(hypothesis.lengths, index.order)
    statistics[..., 1] = ngram_totals(reference_lengths, index.order)
    statistics[..., 2] = index.matches(hypothesis)
    # sacreBLEU counts no hypothesis n-grams of an order of which the reference has none.
    statistics[..., 0] *= statistics[..., 1] > 0
    return statistics
