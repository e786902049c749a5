"""One document as the aligner sees it, and how similar its good pairs are as a rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from evalkit.pair.anchors import band_for
from evalkit.pair.beads import Band, Bead, Gains, Span, best_path
from evalkit.pair.borders import Borders, WithinLines
from evalkit.pair.features import Bags
from evalkit.pair.similarity import DIMENSIONS, FEW_DIMENSIONS, SimilarityGains
from evalkit.pair.weights import Weights

# In a long text a first path is found with few beads, and all are tried near it.
FIRST_BEADS: tuple[Bead, ...] = ((1, 1), (1, 2), (2, 1))
FINE_MARGIN = 8
# More states than this are too many for all beads at once.
FINE_AREA = 200_000

LEAST_QUALITY = 0.02


@dataclass(frozen=True)
class Text:
    """Sentences of both sides, with their bags of n-grams.

    ``compared`` stands for the source in the comparison of lengths: its translation, or the source itself.
    ``borders``: what no bead may cross.
    """

    source: Sequence[str]
    compared: Sequence[str]
    provided: Sequence[str]
    left: Bags
    right: Bags
    weights: Weights
    borders: Borders | None = None

    def within(self, gains: Gains) -> Gains:
        """The gains of beads that cross no border."""
        return gains if self.borders is None else WithinLines(gains, self.borders)

    @cached_property
    def band(self) -> Band:
        """The states to look at before a path is known."""
        return band_for(self.left, self.right) if self.borders is None else self.borders.band

    def around(self, path: Sequence[Span]) -> Band:
        """The states near a path."""
        if self.borders is not None:
            return self.band
        return Band.around(path, len(self.left), len(self.right), FINE_MARGIN)

    def gains(self, quality: float) -> SimilarityGains:
        """What beads gain when good pairs are about ``quality`` alike."""
        return SimilarityGains(
            self.left, self.right, self._texts, self.source, quality, weights=self.weights
        )

    @cached_property
    def first_path(self) -> list[Span]:
        """A path of few beads, found before anything is known of the quality of the bridge."""
        dimensions = DIMENSIONS if self.band.area <= FINE_AREA else FEW_DIMENSIONS
        quality = self.weights.quality
        gains = SimilarityGains(
            *(self.left, self.right, self._texts, self.source, quality),
            beads=FIRST_BEADS,
            weights=self.weights,
            dimensions=dimensions,
        )
        return best_path(self.within(gains), self.band)

    def path(self, quality: float) -> list[Span]:
        """The best path of all beads: anywhere in a short text, near the first path in a long one."""
        if self.borders is not None:
            return best_path(self.within(self.gains(quality)), self.band)
        band = Band.full(len(self.left), len(self.right))
        if band.area > FINE_AREA:
            band = self.around(self.first_path)
        return best_path(self.gains(quality), band)

    @property
    def _texts(self) -> tuple[Sequence[str], Sequence[str]]:
        return self.compared, self.provided


def usual_similarity(text: Text) -> float:
    """The similarity of a usual good pair of this text: the median over the 1-1 beads of its first path.

    It is what tells a strong translation from a weak one: against a weak one, pairs that look
    poor are good. In a short text it is mixed with a first guess.
    """
    guess, prior = text.weights.quality, text.weights.prior_pairs
    possible = min(len(text.left), len(text.right))
    if not possible:
        return guess
    ones = [(s0, p0) for s0, s1, p0, p1 in text.first_path if (s1 - s0, p1 - p0) == (1, 1)]
    gains = text.gains(guess)
    found = [value for i, j in ones if (value := gains.between(i, j)) is not None]
    seen, count = (float(np.median(found)), len(found)) if found else (0.0, possible)
    return max(LEAST_QUALITY, (prior * guess + count * seen) / (prior + count))
