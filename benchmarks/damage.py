"""Errors put into good translations, so that it is known what a check must find.

Each damage is a function of (random, the sentence's position, all provided sentences, all sources) that gives the damaged
sentence, or None where the sentence has nothing to damage. The words stand here on purpose and not in
`evalkit.languages`: a benchmark that shares its lists with what it measures finds what it put there.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from functools import lru_cache

Texts = Sequence[str]
Damage = Callable[[random.Random, int, Texts, Texts], "str | None"]

DIGITS = re.compile(r"\d[\d,.]*\d|\d")
NUMBER_WORDS = [
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "fifteen",
    "twenty",
    "thirty",
    "forty",
    "fifty",
]
CALENDAR = (
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
)
MEASURED = re.compile(
    r"(?<=\d) (thousand|million|billion|rubles?|dollars?|euros?|kilometers?|meters?|degrees|hours|minutes|days|weeks|months|years)\b"
)
MEASURES = (
    ("thousand", "million", "billion"),
    ("rubles", "dollars", "euros"),
    ("kilometers", "meters", "miles"),
    ("hours", "minutes", "days", "weeks", "months", "years"),
)
NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2,}\b")
NO_NAMES = set(CALENDAR[0]) | set(CALENDAR[1]) | {"The", "Mr", "Mrs", "COVID"}
NOT = re.compile(r" not\b|n't\b|\bnever |\bno (?=[a-z])|\bcannot\b")
VERB = re.compile(
    r"\b(is|are|was|were|will|would|should|could|can|must|has|have|had)\b(?! not|n't)"
)
CLAUSE = re.compile(r", [^,;]+|; [^;]+| (?:and|but|which|who|because|while|when) [^,;]+")


def number(rng: random.Random, at: int, provided: Texts, sources: Texts) -> str | None:
    """Another number: a digit changed, added or left out, another number word, month, weekday or measure."""
    text = provided[at]
    spots: list[tuple[int, int, str]] = []
    for match in DIGITS.finditer(text):
        digits = match[0]
        k = rng.randrange(len(digits))
        while not digits[k].isdigit():
            k = rng.randrange(len(digits))
        other = rng.choice([d for d in "123456789" if d != digits[k]])
        how = rng.random()
        changed = digits[:k] + other + digits[k + 1 :]
        if how < 0.15:
            changed = digits[:k] + other + digits[k:]
        spots.append((*match.span(), changed))
    for match in re.finditer(r"\b[A-Za-z]+\b", text):
        for words in (NUMBER_WORDS, *CALENDAR):
            if match[0] in words and match[0] != "May":
                spots.append((*match.span(), rng.choice([w for w in words if w != match[0]])))
    for match in MEASURED.finditer(text):
        for group in MEASURES:
            if match[1] in group:
                other = rng.choice([word for word in group if word != match[1]])
                spots.append((*match.span(1), other))
    return _replaced(text, rng.choice(spots)) if spots else None


@lru_cache(maxsize=8)
def _small(provided: tuple[str, ...]) -> frozenset[str]:
    """Words that also occur with a small letter: no names, but parts of titles."""
    return frozenset(w for text in provided for w in re.findall(r"\b[a-z]{3,}\b", text))


def _names(text: str, provided: Texts) -> list[re.Match[str]]:
    small = _small(tuple(provided))
    return [m for m in NAME.finditer(text) if m[0] not in NO_NAMES and m[0].lower() not in small]


def name(rng: random.Random, at: int, provided: Texts, sources: Texts) -> str | None:
    """A name inside the sentence replaced by one of another sentence, or, in a quarter of the cases, left out."""
    text = provided[at]
    found = _names(text, provided)
    if not found:
        return None
    match = rng.choice(found)
    if rng.random() < 0.25:
        shorter = (text[: match.start()] + text[match.end() :]).replace("  ", " ")
        return shorter.replace(" ,", ",").replace(" .", ".")
    while True:
        others = [m[0] for m in _names(rng.choice(provided), provided)]
        if others and (other := rng.choice(others)) not in text:
            return _replaced(text, (*match.span(), other))


def negation_lost(rng: random.Random, at: int, provided: Texts, sources: Texts) -> str | None:
    """A negation left out."""
    text = provided[at]
    if not (found := list(NOT.finditer(text))):
        return None
    match = rng.choice(found)
    put = {"cannot": "can", "no ": "a ", "never ": ""}.get(match[0], "")
    damaged = _replaced(text, (*match.span(), put))
    return re.sub(r"\b([Ww])o\b", r"\1ill", damaged).replace(" ca ", " can ")


def negation_added(rng: random.Random, at: int, provided: Texts, sources: Texts) -> str | None:
    """ "not" after an auxiliary verb."""
    text = provided[at]
    if not (found := list(VERB.finditer(text))):
        return None
    match = rng.choice(found)
    return _replaced(text, (*match.span(), match[0] + " not"))


def half(rng: random.Random, at: int, provided: Texts, sources: Texts) -> str | None:
    """The first half only, or the second half only."""
    tokens = provided[at].split()
    if len(tokens) < 6:
        return None
    middle = len(tokens) // 2
    if rng.random() < 0.7:
        return " ".join(tokens[:middle]).rstrip(",;:-") + tokens[-1][-1]
    rest = " ".join(tokens[middle:])
    return rest[0].upper() + rest[1:]


def clause(rng: random.Random, at: int, provided: Texts, sources: Texts) -> str | None:
    """A clause of at least four words left out."""
    text = provided[at]
    found = [m for m in CLAUSE.finditer(text) if 4 <= len(m[0].split()) <= len(text.split()) * 0.6]
    if not found:
        return None
    match = rng.choice(found)
    end = match.end() - (match[0][-1] in '.!?"”')
    return (text[: match.start()] + text[end:]).strip()


def added(rng: random.Random, at: int, provided: Texts, sources: Texts) -> str | None:
    """Another sentence after it or before it: in one half of the cases a neighbour."""
    other = at + rng.choice((-2, 2)) if rng.random() < 0.5 else rng.randrange(len(provided))
    if not 0 <= other < len(provided) or other == at or len(provided[other].split()) < 5:
        return None
    both = [provided[at], provided[other]]
    return " ".join(both if rng.random() < 0.7 else both[::-1])


def untranslated(rng: random.Random, at: int, provided: Texts, sources: Texts) -> str | None:
    """One to three words of the source in the place of words."""
    theirs = [w for w in re.findall(r"[А-Яа-яё]{4,}", sources[at])]
    tokens = provided[at].split(" ")
    if not theirs or len(tokens) < 4:
        return None
    for place in rng.sample(range(len(tokens)), rng.randint(1, 3)):
        tokens[place] = rng.choice(theirs)
    return " ".join(tokens)


def end(rng: random.Random, at: int, provided: Texts, sources: Texts) -> str | None:
    """A question made a statement or the reverse, or no full stop where the source has one."""
    text, last = provided[at], provided[at][-1:]
    if last not in ".?!" or sources[at][-1:] not in ".?!":
        return None
    if rng.random() < 0.5:
        return text[:-1]
    return text[:-1] + ("?" if last != "?" else ".")


def repeated(rng: random.Random, at: int, provided: Texts, sources: Texts) -> str | None:
    """A word or a few written twice."""
    tokens = provided[at].split()
    if len(tokens) < 5:
        return None
    size = rng.choice((1, 1, 2, 3, 4))
    place = rng.randrange(len(tokens) - size)
    part = tokens[place : place + size]
    if not all(t.isalpha() for t in part):
        return None
    return " ".join([*tokens[: place + size], *part, *tokens[place + size :]])


def exchanged(rng: random.Random, at: int, provided: Texts, sources: Texts) -> str | None:
    """Another sentence."""
    return provided[rng.choice([k for k in range(len(provided)) if k != at])]


def following(rng: random.Random, at: int, provided: Texts, sources: Texts) -> str | None:
    """The next sentence."""
    return provided[(at + 1) % len(provided)]


def replaced(rng: random.Random, at: int, provided: Texts, sources: Texts) -> str | None:
    """Half of the words, those of another sentence."""
    tokens, others = provided[at].split(), rng.choice(provided).split()
    if len(tokens) < 4:
        return None
    return " ".join(rng.choice(others) if rng.random() < 0.5 else token for token in tokens)


DAMAGES: dict[str, Damage] = {
    "number": number,
    "name": name,
    "negation lost": negation_lost,
    "negation added": negation_added,
    "half": half,
    "clause": clause,
    "added": added,
    "untranslated": untranslated,
    "end": end,
    "repeated": repeated,
    "exchanged": exchanged,
    "following": following,
    "replaced": replaced,
}
# The finding that each damage must lead to.
FOUND_AS: dict[str, frozenset[str]] = {
    "negation lost": frozenset(("negation",)),
    "negation added": frozenset(("negation",)),
    "half": frozenset(("omission",)),
    "clause": frozenset(("omission",)),
    "added": frozenset(("addition",)),
    "exchanged": frozenset(("mismatch", "omission", "addition")),
    "following": frozenset(("mismatch", "omission", "addition")),
    "replaced": frozenset(("mismatch", "omission", "addition")),
}


def _replaced(text: str, spot: tuple[int, int, str]) -> str:
    begin, end, new = spot
    return text[:begin] + new + text[end:]
