"""Errors put into translations, so that a judge learns to see them, and can be tested on them."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from judged import WORD, Judged

#: How much lower than the sound translation a damaged one is judged, in standard deviations: guesses.
COSTS = {
    "number": 0.9,
    "name": 0.9,
    "negation": 1.2,
    "word": 0.9,
    "omission": 1.2,
    "half": 1.7,
    "words": 2.2,
    "letters": 2.5,
    "exchanged": 3.0,
}
LOWEST, BEST_BEFORE = -4.0, 0.4
DIGITS = re.compile(r"\d")
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
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "hundred",
    "thousand",
    "million",
    "billion",
]
AUXILIARIES = set(
    [
        "is",
        "are",
        "was",
        "were",
        "will",
        "would",
        "can",
        "could",
        "should",
        "must",
        "has",
        "had",
        "have",
        "does",
        "did",
        "do",
        "may",
        "might",
    ]
)
NEGATIONS = {"not", "never", "no", "cannot"}
COMMON = set(
    [
        "I",
        "The",
        "A",
        "An",
        "In",
        "On",
        "At",
        "He",
        "She",
        "It",
        "They",
        "We",
        "You",
        "But",
        "And",
        "If",
        "As",
        "This",
        "That",
    ]
)


@dataclass(frozen=True)
class Item:
    """A word of a translation: what stands before it, the word, its tags."""

    before: str
    word: str
    bad: bool = False
    gap: bool = False


Change = Callable[[list[Item], random.Random], list[Item] | None]


def items_of(example: Judged) -> tuple[list[Item], bool]:
    """The words of a translation with their tags, and the tag of the end; untagged text counts as sound."""
    text = example.target
    spans = example.words or tuple(m.span() for m in WORD.finditer(text))
    bad = example.bad or (False,) * len(spans)
    gaps = example.gaps or (False,) * (len(spans) + 1)
    found, at = [], 0
    for (begin, end), wrong, gap in zip(spans, bad, gaps, strict=False):
        found.append(Item(text[at:begin], text[begin:end], wrong, gap))
        at = end
    return found, gaps[-1]


def example_of(items: Sequence[Item], end_gap: bool, like: Judged, kind: str) -> Judged:
    """The translation of these words, its judgement lowered by the kind's cost."""
    text, spans = "", []
    for item in items:
        text += item.before if text else item.before.lstrip()
        spans.append((len(text), len(text) + len(item.word)))
        text += item.word
    z = max(LOWEST, min(like.z, BEST_BEFORE) - COSTS[kind])
    bad = tuple(item.bad for item in items)
    gaps = (*(item.gap for item in items), end_gap)
    return replace(like, target=text, z=z, words=tuple(spans), bad=bad, gaps=gaps, kind=kind)


class Damager:
    """Puts one error of a kind into a translation. Words and names come from other translations."""

    def __init__(self, texts: Iterable[str], seed: int = 0) -> None:
        self.rng = random.Random(seed)
        words = [word for text in texts for word in WORD.findall(text)]
        self.plain = [w for w in words if w.islower() and len(w) > 3]
        small = {w for w in words if w.islower()}
        self.names = [w for w in words if self.is_name(w, small)]
        self.small = small
        self.kinds: dict[str, Callable[[list[Item]], list[Item] | None]] = {
            "number": self.number,
            "name": self.name,
            "negation": self.negation,
            "word": self.word,
            "omission": self.omission,
            "half": self.half,
            "words": self.words,
            "letters": self.letters,
        }

    @staticmethod
    def is_name(word: str, small: set[str]) -> bool:
        """Whether a word is written with a capital letter and never without."""
        return word[0].isupper() and len(word) > 2 and word.lower() not in small and word.isalpha()

    def damaged(self, example: Judged, kind: str) -> Judged | None:
        """The example with an error of that kind; None where it has no place."""
        items, end = items_of(example)
        changed = self.kinds[kind](items) if len(items) > 2 else None
        if changed is None or not any(item.word.isalnum() for item in changed):
            return None
        cut = kind == "half" or (kind == "omission" and changed[-1].word != items[-1].word)
        return example_of(changed, end or cut, example, kind)

    def replaced(self, items: list[Item], at: int, word: str) -> list[Item]:
        """The items with another word, BAD, in one place."""
        return [*items[:at], replace(items[at], word=word, bad=True), *items[at + 1 :]]

    def number(self, items: list[Item]) -> list[Item] | None:
        """Another digit in a number, or another number word."""
        places = [i for i, x in enumerate(items) if DIGITS.search(x.word)]
        places += [i for i, x in enumerate(items) if x.word.lower() in NUMBER_WORDS]
        if not places:
            return None
        at = self.rng.choice(places)
        word = items[at].word
        if word.lower() in NUMBER_WORDS:
            return self.replaced(
                items, at, self.rng.choice([w for w in NUMBER_WORDS if w != word.lower()])
            )
        digits = [m.start() for m in DIGITS.finditer(word)]
        for k in self.rng.sample(digits, self.rng.randint(1, min(2, len(digits)))):
            word = word[:k] + self.rng.choice("123456789".replace(word[k], "")) + word[k + 1 :]
        return self.replaced(items, at, word)

    def name(self, items: list[Item]) -> list[Item] | None:
        """Another name in a name's place."""
        places = [
            i
            for i, x in enumerate(items)
            if self.is_name(x.word, self.small) and x.word not in COMMON
        ]
        places = [i for i in places if i] or places
        if not places or not self.names:
            return None
        at = self.rng.choice(places)
        return self.replaced(items, at, self.rng.choice(self.names))

    def negation(self, items: list[Item]) -> list[Item] | None:
        """A "not" left out, or put in after an auxiliary verb."""
        there = [i for i, x in enumerate(items) if x.word.lower() in NEGATIONS]
        if there:
            at = self.rng.choice(there)
            rest = [*items[:at], *items[at + 1 :]]
            if at < len(rest):
                rest[at] = replace(rest[at], gap=True)
            return rest
        short = [i for i, x in enumerate(items) if x.word.lower().endswith(("n't", "n’t"))]
        if short:
            word = items[short[0]].word[:-3]
            return self.replaced(items, short[0], {"ca": "can", "wo": "will"}.get(word, word))
        verbs = [i for i, x in enumerate(items[:-1]) if x.word.lower() in AUXILIARIES]
        if not verbs:
            return None
        at = self.rng.choice(verbs)
        return [*items[: at + 1], Item(" ", "not", True), *items[at + 1 :]]

    def word(self, items: list[Item]) -> list[Item] | None:
        """Another word in the place of one of some length."""
        places = [i for i, x in enumerate(items) if x.word.islower() and len(x.word) > 3]
        if not places:
            return None
        at = self.rng.choice(places)
        return self.replaced(items, at, self.like(items[at].word))

    def like(self, word: str) -> str:
        """A random word with the same two last letters, if one is soon found."""
        tries = [self.rng.choice(self.plain) for _ in range(60)]
        return next((w for w in tries if w[-2:] == word[-2:] and w != word), tries[0])

    def omission(self, items: list[Item]) -> list[Item] | None:
        """A clause between commas left out, or a fifth to two fifths of the words in one piece."""
        if len(items) < 8:
            return None
        commas = [i for i, x in enumerate(items) if x.word in ",;:–—"]
        bounds = [0, *commas, len(items) - 1]
        clauses = [(a, b) for a, b in pairwise(bounds) if 4 <= b - a <= 0.6 * len(items)]
        if clauses and self.rng.random() < 0.6:
            begin, end = self.rng.choice(clauses)
        else:
            size = int(len(items) * self.rng.uniform(0.2, 0.4))
            begin = self.rng.randrange(1, len(items) - size)
            end = begin + size
        rest = [*items[:begin], *items[end:]]
        rest[begin] = replace(rest[begin], gap=True)
        return rest

    def half(self, items: list[Item]) -> list[Item] | None:
        """The second half left out."""
        return items[: len(items) // 2] if len(items) > 5 else None

    def words(self, items: list[Item]) -> list[Item] | None:
        """Half of the words replaced by any others."""
        return [
            replace(x, word=self.rng.choice(self.plain), bad=True)
            if x.word.isalpha() and self.rng.random() < 0.5
            else x
            for x in items
        ]

    def letters(self, items: list[Item]) -> list[Item] | None:
        """A third of the letters wrong."""

        def wrong(letter: str) -> str:
            hit = letter.isalpha() and self.rng.random() < 1 / 3
            return self.rng.choice("abcdefghijklmnopqrstuvwxyz") if hit else letter

        changed = [replace(x, word="".join(map(wrong, x.word))) for x in items]
        return [
            replace(x, bad=x.bad or x.word != old.word)
            for x, old in zip(changed, items, strict=True)
        ]


def exchanged(examples: Sequence[Judged], seed: int = 0) -> list[Judged]:
    """Every translation with the source of another: no word of it can be judged OK or BAD."""
    rng, found = random.Random(seed), []
    for i, example in enumerate(examples):
        other = examples[(i + rng.randrange(1, len(examples))) % len(examples)]
        z = max(LOWEST, min(example.z, 0.2) - COSTS["exchanged"])
        found.append(
            replace(example, source=other.source, z=z, words=(), bad=(), gaps=(), kind="exchanged")
        )
    return found
