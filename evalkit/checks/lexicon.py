"""Which words translate each other: stems and how likely they meet, as `tools/lexicon.py` learned them."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "lexicon"


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """``translations[source stem][provided stem]``: the probability, from 0 to 1."""

    translations: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def of(self, stem: str) -> Mapping[str, float]:
        """The translations of a stem; empty if it is unknown."""
        return self.translations.get(stem, {})


@lru_cache(maxsize=8)
def lexicon(source: str, provided: str) -> Lexicon:
    """The lexicon that ships for a pair of languages, by their codes; an empty one if there is none."""
    path = _FOLDER / f"{source}-{provided}.tsv.gz"
    if not path.is_file():
        return Lexicon()
    found: dict[str, dict[str, float]] = {}
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            left, right, probability = line.split("\t")
            found.setdefault(left, {})[right] = float(probability)
    return Lexicon(found)
