"""Which words translate each other, and which are names: what `tools/lexicon.py` learned."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "lexicon"
# A stem that has a capital letter so often inside a sentence is a name.
MOSTLY_CAPITAL = 0.8
# A link below this is chance.
LEAST_LINK = 0.03


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """Stems of two languages.

    Attributes:
        translations: ``translations[source stem][provided stem]``: the probability, from 0 to 1.
        source, provided: of each known stem, and of words unlike their stems ("=boris"), how often it occurs in a million words, and the share
            of capital letters where it does not begin a sentence.
    """

    translations: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    source: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    provided: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def of(self, stem: str) -> Mapping[str, float]:
        """The translations of a stem; empty if it is unknown."""
        return self.translations.get(stem, {})


def is_name(word: str, stem: str, known: Mapping[str, tuple[float, float]]) -> bool:
    """A word that is unknown, or written with a capital letter as a rule."""
    return (known.get(f"={word}") or known.get(stem, (0.0, 1.0)))[1] >= MOSTLY_CAPITAL


@lru_cache(maxsize=8)
def lexicon(source: str, provided: str) -> Lexicon:
    """The lexicon that ships for a pair of languages, by their codes; an empty one if there is none."""
    translations: dict[str, dict[str, float]] = {}
    for left, right, probability in _rows(f"{source}-{provided}"):
        if float(probability) >= LEAST_LINK:
            translations.setdefault(left, {})[right] = float(probability)
    return Lexicon(translations, _written(source), _written(provided))


def _written(language: str) -> dict[str, tuple[float, float]]:
    return {stem: (float(count), float(share)) for stem, count, share in _rows(language)}


def _rows(name: str) -> Iterator[tuple[str, str, str]]:
    path = _FOLDER / f"{name}.tsv.gz"
    if not path.is_file():
        return
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            first, second, third = line.rstrip("\n").split("\t")
            yield first, second, third
