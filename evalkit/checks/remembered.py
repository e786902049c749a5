"""A function's answers, remembered, where a look-up must cost next to nothing."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

# Words of a language that are kept: what 100,000 sentences have, and 100 MB at most.
MOST = 262_144


class Remembered(dict[K, V]):
    """``remembered[key]`` is ``function(key)``, computed once; it is emptied when it is full.

    A look-up is one of a dictionary: `functools.lru_cache` over a word and its language takes several times as long, and
    the checks ask some twenty times for each word.
    """

    def __init__(self, function: Callable[[K], V], most: int = MOST) -> None:
        super().__init__()
        self._function, self._most = function, most

    def __missing__(self, key: K) -> V:
        if len(self) >= self._most:
            self.clear()
        value = self[key] = self._function(key)
        return value
