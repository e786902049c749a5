"""A band for long texts: where the path must run, told by words that occur once or twice.

Time and memory of the dynamic program are proportional to the area of its band, so for long texts the band
follows anchors: pairs of sentences that are each other's best partner by rare n-grams, thinned to the
longest chain that runs forward in both texts.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise

import numpy as np

from evalkit.pair.beads import Band
from evalkit.pair.features import WORDS_FROM, Bags

# Below this many states the whole table is looked at.
SMALL_AREA = 1_000_000
# A feature in more sentences than this of either side tells little, and costs much to follow.
RAREST = 3
MARGIN = 40
# An anchor is believed if this many of its neighbours in the chain lie near the same diagonal.
NEIGHBOURS, SUPPORT, SLACK = 6, 3, 15
# Between two anchors all states are looked at, unless they are more than this.
LARGEST_GAP = 4_000_000
GAP_MARGIN = 600


def band_for(left: Bags, right: Bags) -> Band:
    """The states to look at when aligning two texts."""
    n, m = len(left), len(right)
    if (n + 1) * (m + 1) <= SMALL_AREA:
        return Band.full(n, m)
    chain = _supported(_longest_chain(_mutual_best(left, right)))
    first, last = np.zeros(n + 1, dtype=np.int64), np.full(n + 1, m, dtype=np.int64)
    corners = [(0, 0), *chain, (n, m)]
    for (i, j), (next_i, next_j) in pairwise(corners):
        rows = np.arange(i, next_i + 1)
        first[rows], last[rows] = j, next_j
        if (next_i - i) * (next_j - j) > LARGEST_GAP:
            diagonal = j + (rows - i) * (next_j - j) // max(1, next_i - i)
            first[rows] = np.maximum(j, diagonal - GAP_MARGIN)
            last[rows] = np.minimum(next_j, diagonal + GAP_MARGIN)
    # Where two gaps meet, a row belongs to both.
    for i, j in chain:
        first[i] = min(first[i], j)
    return Band.between(
        np.minimum.accumulate(first[::-1])[::-1], np.maximum.accumulate(last), m, MARGIN
    )


def _mutual_best(left: Bags, right: Bags) -> list[tuple[int, int]]:
    """Pairs (i, j) of sentences that share more rare features with each other than with any other."""
    i, j, weight = _shared_rare(left, right)
    if not len(i):
        return []
    best_of_i, best_of_j = np.zeros(len(left)), np.zeros(len(right))
    np.maximum.at(best_of_i, i, weight)
    np.maximum.at(best_of_j, j, weight)
    mutual = (weight >= best_of_i[i]) & (weight >= best_of_j[j])
    # One partner each: of equals, the first.
    pairs = dict(zip(i[mutual][::-1].tolist(), j[mutual][::-1].tolist(), strict=True))
    return sorted(pairs.items())


def _shared_rare(left: Bags, right: Bags) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(i, j, weight) of all pairs of sentences with a rare feature in common."""
    sides = []
    for bags in (left, right):
        # Words only: of rare runs of three letters, most are shared by chance.
        order = np.argsort(bags.features, kind="stable")
        order = order[bags.features[order] >= WORDS_FROM]
        features = bags.features[order]
        rows = np.repeat(np.arange(len(bags)), np.diff(bags.starts))[order]
        values, begins, counts = np.unique(features, return_index=True, return_counts=True)
        rare = counts <= RAREST
        sides.append((values[rare], begins[rare], counts[rare], rows, bags.weights[order]))
    _, at_left, at_right = np.intersect1d(sides[0][0], sides[1][0], return_indices=True)
    keys, weights = [], []
    _, begins, counts, rows, values = sides[0]
    _, other_begins, other_counts, other_rows, other_values = sides[1]
    for p in range(RAREST):
        for q in range(RAREST):
            has = (counts[at_left] > p) & (other_counts[at_right] > q)
            here, there = begins[at_left][has] + p, other_begins[at_right][has] + q
            keys.append(rows[here] * len(right) + other_rows[there])
            weights.append(values[here] * other_values[there])
    pairs, position = np.unique(np.concatenate(keys), return_inverse=True)
    total = np.bincount(position, np.concatenate(weights), minlength=len(pairs))
    return pairs // len(right), pairs % len(right), total


def _longest_chain(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest subsequence that increases in j (pairs are sorted by i, one each)."""
    tails: list[int] = []
    tail_at: list[int] = []
    previous: list[int] = []
    for position, (_, j) in enumerate(pairs):
        length = bisect_left(tails, j)
        previous.append(tail_at[length - 1] if length else -1)
        if length == len(tails):
            tails.append(j)
            tail_at.append(position)
        else:
            tails[length], tail_at[length] = j, position
    chain, position = [], tail_at[-1] if tail_at else -1
    while position >= 0:
        chain.append(pairs[position])
        position = previous[position]
    return chain[::-1]


def _supported(chain: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Without the anchors that stand alone: in a stretch without a counterpart some always do."""
    kept = []
    for position, (i, j) in enumerate(chain):
        near = (
            chain[max(0, position - NEIGHBOURS) : position]
            + chain[position + 1 : position + 1 + NEIGHBOURS]
        )
        support = sum(abs((i - k) - (j - other)) <= SLACK + abs(i - k) // 3 for k, other in near)
        if support >= SUPPORT:
            kept.append((i, j))
    return kept
