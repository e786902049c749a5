"""Whether two texts with equal counts of lines are parallel, or one has slipped against the other from some line on."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from evalkit.checks.remembered import Remembered
from evalkit.data import Slip

if TYPE_CHECKING:
    from evalkit.languages import Language, LanguagePair

# Slips of more lines than this are not looked for.
WIDEST_SLIP = 3
# A stretch of fewer lines is no slip: two sentences may have been exchanged.
SHORTEST = 3
WORD_OR_NUMBER = re.compile(r"\d+|\b[^\W\d_]+")
# What `find_slip` costs is saved where whole words show that no stretch gains anything near what a slip must: where so large
# a share of them stands beside the same words on average, and no slip raises the sum of the shares by more than this.
# Ten chrF points go with some 0.1 of that share.
CLEARLY_BESIDE, LEAST_GAIN = 0.2, 0.5
# Endings differ (Дегтярева, Degtyarev); so many letters of the beginning must not, and a shorter word is no name.
STEM = 4
_NONE = frozenset(("",))


# What a warning of a slip says in any case.
SLIPPED = "look shifted from line"
# What can be done about it where texts are aligned.
MEND = "; mend the files, or have --align sentences find what corresponds"


def told_slip(slip: Slip, names: str) -> str:
    """A slip in words. ``names``: what the two texts are called."""
    by = "a line" if abs(slip.by) == 1 else f"{abs(slip.by)} lines"
    way = "earlier" if slip.by < 0 else "later"
    return f"{names} {SLIPPED} {slip.line} on: from there what corresponds stands {by} {way}"


#: How well lines fit the lines beside them: (n,). Higher is better.
Fits = Callable[[Sequence[str], Sequence[str]], np.ndarray]


def find_slip(
    left: Sequence[str], right: Sequence[str], fits: Fits, cost: float, widest: int = WIDEST_SLIP
) -> Slip | None:
    """The first stretch of lines that fits better with lines a little later or earlier in the other text.

    The best path through "so many lines slipped by now" is found by dynamic programming, as in
    `evalkit.checks.shift.first_shifted_line`, which looks at texts of unequal counts.

    Args:
        left, right: as many lines. cost: what every change of the slip must gain in fit.
    """
    n = len(left)
    widest = min(widest, n - 1)
    if n < SHORTEST or widest < 1:
        return None
    slips = range(-widest, widest + 1)
    table = np.empty((len(slips), n))
    for state, by in enumerate(slips):
        first, last = max(0, -by), min(n, n - by)
        here = fits(left[first:last], right[first + by : last + by])
        # A line at the end that has no counterpart neither gains nor loses.
        table[state] = float(np.median(here)) if len(here) else 0.0
        table[state, first:last] = here
    path = _best_states(table, widest, cost)
    begin = next((k for k in range(n) if path[k] != widest), n)
    end = next((k for k in range(begin, n) if path[k] != path[begin]), n)
    if end - begin < SHORTEST:
        return None
    return Slip(begin + 1, int(path[begin]) - widest)


def may_slip(left: Sequence[str], right: Sequence[str], widest: int = WIDEST_SLIP) -> bool:
    """Whether lines of one language may have slipped: False where their words say that `find_slip` would find nothing."""
    ours, theirs = [set(text.split()) for text in left], [set(text.split()) for text in right]
    beside = _shares(ours, theirs)
    if len(beside) == 0 or float(beside.mean()) < CLEARLY_BESIDE:
        return True
    for by in range(1, min(widest, len(left) - 1) + 1):
        later = _shares(ours[:-by], theirs[by:]) - beside[:-by]
        earlier = _shares(ours[by:], theirs[:-by]) - beside[by:]
        if max(_best_stretch(later), _best_stretch(earlier)) > LEAST_GAIN:
            return True
    return False


def _shares(left: Sequence[set[str]], right: Sequence[set[str]]) -> np.ndarray:
    """The share of words that each two lines have in common, (n,)."""
    common = [2 * len(a & b) / (len(a) + len(b) or 1) for a, b in zip(left, right, strict=True)]
    return np.array(common)


def _best_stretch(gains: np.ndarray) -> float:
    """The largest sum of `SHORTEST` gains or more in a row."""
    sums = np.cumsum(np.concatenate([[0.0], gains]))
    before = np.minimum.accumulate(sums)[:-SHORTEST]
    return float((sums[SHORTEST:] - before).max(initial=0.0))


def _best_states(table: np.ndarray, start: int, cost: float) -> list[int]:
    states, rows = table.shape
    # Plain numbers: for so few states numpy takes several times as long.
    best = [-cost] * states
    best[start] = 0.0
    came = []
    for fits in table.T.tolist():
        highest = max(best)
        top, changed = best.index(highest), highest - cost
        came.append([top if changed > value else state for state, value in enumerate(best)])
        best = [
            (changed if changed > value else value) + fit
            for value, fit in zip(best, fits, strict=True)
        ]
    state = best.index(max(best))
    path = []
    for row in range(rows - 1, -1, -1):
        path.append(state)
        state = came[row][state]
    return path[::-1]


# Fits as `SourceFits` gives them: a slip must gain what three names or numbers in the right places are worth, twice over.
SOURCE_COST = 12.0


class SourceFits:
    """How well lines of two languages fit: names and numbers that both have, and lengths as Gale and Church (1993)."""

    def __init__(self, pair: LanguagePair) -> None:
        self._of_source = _names_of(pair.source)
        self._of_provided = _names_of(pair.target)

    def __call__(self, left: Sequence[str], right: Sequence[str]) -> np.ndarray:
        scale = max(0.5, min(2.0, sum(map(len, left)) / max(1, sum(map(len, right)))))
        ours = np.array([len(text) for text in left], dtype=float)
        theirs = np.array([len(text) for text in right], dtype=float)
        spread = np.sqrt(2 * 6.8 * (ours + theirs + 1) / 2)
        away = np.minimum(3.0, np.abs(ours - scale * theirs) / spread)
        of_source, of_provided = self._of_source, self._of_provided
        shared = [len(of_source[a] & of_provided[b]) for a, b in zip(left, right, strict=True)]
        fits: np.ndarray = 2.0 * np.minimum(3, shared) - away**2 / 4
        return fits


def _names_of(language: Language) -> Remembered[str, frozenset[str]]:
    """Of each text, its names and numbers."""
    names = _name(language)
    return Remembered(
        lambda text: frozenset([names[word] for word in WORD_OR_NUMBER.findall(text)]) - _NONE
    )


@lru_cache(maxsize=16)
def _name(language: Language) -> Remembered[str, str]:
    """Of each word and number, how it is compared in Latin letters; "" for those that are not."""

    def name(word: str) -> str:
        latin = language.romanized(word)
        if latin[:1].isdigit():
            return latin
        return latin.casefold()[:STEM] if latin[:1].isupper() and len(latin) >= STEM else ""

    return Remembered(name)
