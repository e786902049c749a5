"""Whether a name in one script is the same name in another, by its sound."""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import combining, normalize

from evalkit.languages.words import CheckWords

# Spellings of one sound, longest first; what is left are classes of consonants.
_CLASSES = (
    ("shch", "S"),
    ("sch", "S"),
    ("tch", "S"),
    ("tsch", "S"),
    ("sh", "S"),
    ("zh", "S"),
    ("ch", "S"),
    ("kh", "k"),
    ("gh", "k"),
    ("ph", "f"),
    ("th", "t"),
    ("ts", "s"),
    ("tz", "s"),
    ("ck", "k"),
    ("qu", "kv"),
    ("x", "ks"),
    ("j", "S"),
    ("c", "k"),
    ("q", "k"),
    ("g", "k"),
    ("h", "k"),
    ("w", "v"),
    ("b", "p"),
    ("d", "t"),
    ("z", "s"),
    ("f", "v"),
)
# In German, Estonian or Polish names a j is a y, and a ch is a kh.
_OTHER_SOUNDS = (("j", "y"), ("ch", "kh"))
_SOUND = re.compile("|".join(spelling for spelling, _ in _CLASSES))
_TABLE = dict(_CLASSES)
_VOWELS = re.compile(r"[aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýÿ'’]+")
_ACCENTS = str.maketrans(
    "àáâãäåçèéêëìíîïñòóôõöøùúûüýÿšžčćđłśźżěřů", "aaaaaaceeeeiiiinoooooouuuuyyszccdlszzeru"
)


@lru_cache(maxsize=65536)
def romanized(word: str, language: CheckWords) -> str:
    """The folded word in Latin letters without accents: "quảng" is "quang"."""
    latin = "".join(language.romanization.get(c, c) for c in word).translate(_ACCENTS)
    if latin.isascii():
        return latin
    # What the table does not know, as Vietnamese has it, with two marks on a letter.
    return "".join(c for c in normalize("NFD", latin) if not combining(c))


@lru_cache(maxsize=65536)
def _consonants(latin: str) -> tuple[str, frozenset[str]]:
    """The consonants of a word in their order, and as a set."""
    found = skeleton(latin)
    return found, frozenset(found)


def skeleton(latin: str) -> str:
    """The consonants of a word in Latin letters, as classes of sounds: "dzhonson" and "johnson" are near."""
    word = latin.replace("dzh", "j").replace("ks", "x").replace("kv", "qu")
    sounds = _SOUND.sub(lambda match: _TABLE[match[0]], word)
    bare = _VOWELS.sub("", sounds)
    return re.sub(r"(.)\1+", r"\1", bare)


@lru_cache(maxsize=262144)
def alike(one: str, other: str) -> float:
    """How near two words in Latin letters are in sound, from 0 to 1: the better of letters and consonants."""
    if one == other:
        return 1.0
    longest = max(len(one), len(other))
    if abs(len(one) - len(other)) > max(4, longest // 2):
        return 0.0
    (first, these), (second, those) = _consonants(one), _consonants(other)
    if 2 * len(these & those) < min(len(these), len(those)):
        # Less than half of the consonants in common: no spelling of the same name, and soon told.
        return 0.0
    letters = 1.0 - distance(one, other) / longest
    for spelling, sound in _OTHER_SOUNDS:
        if spelling in one or spelling in other:
            letters = max(
                letters, alike(one.replace(spelling, sound), other.replace(spelling, sound))
            )
    if min(len(first), len(second)) < 2:
        return letters
    # Endings are inflected, so the beginning counts: up to two consonants more at the end of the longer.
    shorter, longer = sorted((first, second), key=len)
    if len(shorter) >= 3 and longer.startswith(shorter) and len(longer) - len(shorter) <= 2:
        consonants = 0.9 if len(longer) > len(shorter) else 1.0
    else:
        consonants = 1.0 - distance(first, second) / max(len(first), len(second))
    return max(letters, 0.95 * consonants if len(shorter) >= 3 else (letters + consonants) / 2)


def distance(one: str, other: str) -> int:
    """Levenshtein's distance: Myers (1999) in the form of Hyyrö (2001), a column of the table in the bits of a number."""
    size = len(one)
    if not size:
        return len(other)
    places: dict[str, int] = {}
    for k, letter in enumerate(one):
        places[letter] = places.get(letter, 0) | 1 << k
    full, top = (1 << size) - 1, 1 << size - 1
    # Where the column rises by one from a row to the next, and where it falls.
    rises, falls, result = full, 0, size
    for letter in other:
        same = places.get(letter, 0)
        diagonal = ((((same & rises) + rises) ^ rises) | same | falls) & full
        right_rises = falls | ~(diagonal | rises) & full
        right_falls = rises & diagonal
        if right_rises & top:
            result += 1
        elif right_falls & top:
            result -= 1
        right_rises = (right_rises << 1 | 1) & full
        rises = ((right_falls << 1) | ~(diagonal | right_rises)) & full
        falls = right_rises & diagonal
    return result
