"""The dictionary's words, drawn by how much they need to be practised."""

from __future__ import annotations

import random
import re

import numpy as np
from dictionary import Word
from inflect import Form, lexeme, plural

GENDERS = ("masc", "femn", "neut")

#: Words with few examples in the corpora are practised most: half as often after so many.
KNOWN_AFTER = 40


class Stock:
    """The words, drawn by how common they are and how little the corpora show them."""

    def __init__(self, found: list[Word], rng: random.Random, rarest: float = 2.2) -> None:
        self.rng = rng
        self.groups: dict[str, list[Word]] = {}
        self.shares: dict[str, np.ndarray] = {}
        self.known = {(w.russian, w.kind): w for w in found}
        for word in found:
            if word.frequency >= rarest:
                for group in self.groups_of(word):
                    self.groups.setdefault(group, []).append(word)
        for group, members in self.groups.items():
            weights = [
                10 ** (0.5 * min(w.frequency, 4.5)) / (1 + w.seen / KNOWN_AFTER) for w in members
            ]
            self.shares[group] = np.cumsum(weights)

    @staticmethod
    def groups_of(word: Word) -> list[str]:
        """The kind of a word, and the kind with all that its neighbours must agree with."""
        return [word.kind, group_of(lexeme(word.russian, word.kind))]

    def draw(self, group: str) -> tuple[Form, str] | None:
        """A word of the group and one of its translations."""
        members = self.groups.get(group)
        if not members:
            return None
        totals = self.shares[group]
        word = members[int(np.searchsorted(totals, self.rng.random() * totals[-1]))]
        chances = [w**1.5 for w in word.weights]
        english = self.rng.choices(word.english, chances)[0]
        return lexeme(word.russian, word.kind), english


def group_of(form: Form) -> str:
    """The words that can stand in this word's place without a change around it."""
    if form.kind == "noun":
        number = form.tag("Pltm", "Sgtm")
        return f"noun {form.tag(*GENDERS)} {form.tag('anim', 'inan')} {number}"
    if form.kind == "verb":
        return f"verb {form.tag('tran', 'intr')} {form.tag('perf', 'impf')}"
    return form.kind


def article(text: str) -> str:
    """The text with a or an as the next word needs."""
    return re.sub(
        r"\b([Aa])n? (?=([a-z]))",
        lambda m: f"{m[1]}{'n' if m[2].lower() in 'aeio' else ''} ",
        text,
    )


def english_noun(word: str, number: str) -> str:
    """Singular or plural."""
    return plural(word) if number == "plur" else word
