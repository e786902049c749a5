"""Sentences as weighted bags of character n-grams and words, hashed; nothing in it knows a language.

The n-grams are those of chrF, but weighted by how rare they are in the text and in its language, and compared by
the scalar product. That one is additive: the product of two spans is the sum over their sentences,
so that any grouping of sentences is compared without counting n-grams again.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from evalkit.pair.weights import WITH_BRIDGE, Weights

# Orders of the character n-grams, besides whole words; a space stands for the ends of a word.
ORDERS = (3,)
# Words count by their first letters, which inflection and romanization leave alone.
STEM = 5
# Hashes have this many bits, of which the highest is set for words; a collision is rare and does little.
HASH_BITS = 23
WORDS_FROM = 1 << (HASH_BITS - 1)
COMMON_FEATURES = Path(__file__).parent / "common_features"
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_SPACE = 32


@dataclass(frozen=True)
class Bags:
    """Sparse rows: sentence k has features[starts[k]:starts[k+1]] with those weights."""

    starts: np.ndarray
    features: np.ndarray
    weights: np.ndarray

    def __len__(self) -> int:
        return len(self.starts) - 1

    def part(self, begin: int, end: int) -> Bags:
        """Rows begin..end only."""
        starts = self.starts[begin : end + 1]
        inside = slice(int(starts[0]), int(starts[-1]))
        return Bags(starts - starts[0], self.features[inside], self.weights[inside])

    def dense(self, begin: int, end: int, dimensions: int) -> np.ndarray:
        """Rows begin..end folded into ``dimensions`` columns with random signs (a count sketch).

        The scalar product of two folded rows is that of the rows, up to 1 / sqrt(dimensions).
        """
        inside = slice(int(self.starts[begin]), int(self.starts[end]))
        features = self.features[inside]
        rows = np.repeat(np.arange(end - begin), np.diff(self.starts[begin : end + 1]))
        mixed = (features * _MULTIPLIER) >> np.uint64(24)
        columns = (mixed % np.uint64(dimensions)).astype(np.int64)
        signs = 1.0 - 2.0 * ((mixed >> np.uint64(32)) & np.uint64(1)).astype(np.float64)
        cells = np.bincount(
            rows * dimensions + columns,
            self.weights[inside] * signs,
            minlength=(end - begin) * dimensions,
        )
        return cells.reshape(end - begin, dimensions).astype(np.float32)


def bags(
    left: Sequence[str],
    right: Sequence[str],
    language: str = "",
    weights: Weights = WITH_BRIDGE,
) -> tuple[Bags, Bags]:
    """The bags of both sides, weighted by the rarity of a feature in both together.

    In a short text a feature that occurs once is not yet a rare one: rarity is measured as if the text were
    `Weights.prior_sentences` longer. ``language`` is the code of what both are in: where its common features are
    known, those sentences have them as often as the language has; else they have none of any feature.
    """
    counted = [_counted(left), _counted(right)]
    # Each side has a feature once a sentence, so counting entries counts sentences.
    features, kind, frequency = np.unique(
        np.concatenate([features for _, features, _ in counted]),
        return_inverse=True,
        return_counts=True,
    )
    total = len(left) + len(right) + weights.prior_sentences
    expected = weights.prior_sentences * usual_shares(features, language)
    rarity = (np.log1p(total / (frequency + expected + 1.0)) ** weights.rarity_power)[kind]
    sides, begin = [], 0
    for (sentences, features, counts), texts in zip(counted, (left, right), strict=True):
        values = np.sqrt(counts) * rarity[begin : begin + len(features)]
        begin += len(features)
        starts = np.searchsorted(sentences, np.arange(len(texts) + 1))
        sides.append(Bags(starts, features, values))
    return sides[0], sides[1]


def sentence_features(texts: Sequence[str]) -> np.ndarray:
    """The features of all texts together, each once a text."""
    return _counted(texts)[1]


def usual_shares(features: np.ndarray, language: str) -> np.ndarray:
    """The share of a language's sentences that have each feature; 0 where it is rare or nothing is known: (n,)."""
    known = _common_features(language)
    if known is None:
        return np.zeros(len(features))
    common, shares = known
    at = np.minimum(np.searchsorted(common, features), len(common) - 1)
    return np.where(common[at] == features, shares[at], 0.0)


@cache
def _common_features(language: str) -> tuple[np.ndarray, np.ndarray] | None:
    """Features, ascending, and the share of sentences that have them, as tools/common_features.py counted them."""
    path = COMMON_FEATURES / f"{language}.npz"
    if not path.is_file():
        return None
    with np.load(path) as stored:
        return stored["features"].astype(np.uint64), stored["shares"].astype(np.float64)


def normalized(text: str) -> str:
    """Letters and digits only, case and compatibility forms folded, one space between words."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in folded).split())


def _counted(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(sentence, feature, count) of all features, sorted by sentence, then feature."""
    joined = "\n".join(f" {normalized(text)} " for text in texts)
    codes = np.frombuffer(joined.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    sentence = np.cumsum(codes == 10)
    keys = [_ngrams(codes, sentence, order) for order in ORDERS]
    keys.append(_words(codes, sentence))
    every, counts = np.unique(np.concatenate(keys), return_counts=True)
    bits = np.uint64(HASH_BITS)
    return (every >> bits).astype(np.int64), every & ((np.uint64(1) << bits) - np.uint64(1)), counts


def _ngrams(codes: np.ndarray, sentence: np.ndarray, order: int) -> np.ndarray:
    count = len(codes) - order + 1
    if count <= 0:
        return np.empty(0, dtype=np.uint64)
    value = np.full(count, order, dtype=np.uint64)
    for k in range(order):
        value = (value + codes[k : k + count] + np.uint64(1)) * _MULTIPLIER
        value ^= value >> np.uint64(29)
    inside = (sentence[:count] == sentence[order - 1 :]) & (codes[:count] != 10)
    return _keys(sentence[:count], value, np.uint64(0))[inside]


def _words(codes: np.ndarray, sentence: np.ndarray) -> np.ndarray:
    """One feature a word: a polynomial in its first letters."""
    letter = codes > _SPACE
    begins = np.flatnonzero(letter & ~np.concatenate(([False], letter[:-1])))
    value = np.zeros(len(begins), dtype=np.uint64)
    inside = np.ones(len(begins), dtype=bool)
    for k in range(STEM):
        at = np.minimum(begins + k, len(codes) - 1)
        inside &= letter[at]
        value = np.where(inside, (value + codes[at] + np.uint64(1)) * _MULTIPLIER, value)
        value ^= value >> np.uint64(29)
    return _keys(sentence[begins], value, np.uint64(1))


def _keys(sentence: np.ndarray, value: np.ndarray, is_word: np.uint64) -> np.ndarray:
    hashed = value >> np.uint64(64 - HASH_BITS + 1) | is_word << np.uint64(HASH_BITS - 1)
    return (sentence.astype(np.uint64) << np.uint64(HASH_BITS)) | hashed
