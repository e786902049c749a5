"""What the checks know of a language: its words for numbers, its negations, its endings. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class CheckWords:
    """The words of one language that the checks look for; all in lower case.

    Attributes:
        code: ISO 639-1.
        letters: the inside of a regular expression's class: letters of the language's own script.
        respelled: characters that are written in two ways, and the way in which they are compared.
        endings: what the stemmer takes off, the longest first.
        shortest_stem: how many letters an ending must leave.
        irregular: forms that share no stem, and their dictionary form.
        function_words: words without content: their loss or addition says nothing.
        cardinals: number words by value; ``ordinals``: beginnings of ordinals by value.
        ordinal_endings: what may follow the beginning of an ordinal.
        vague: number words that are often said in another way ("one", "both", "dozens").
        halves: words after a number that add a half to it.
        fused: beginnings of words that hold a number ("трёхлетний").
        number_endings: letters after digits that make an ordinal or a decade of them: "th", "s", "й".
        decade_endings: those of them that make a decade.
        scales: words and signs that multiply the number before them.
        decimal_comma: a comma, not a point, stands before decimals.
        months, weekdays: by number, from 1.
        months_end: letters that may follow the beginning of a month or weekday.
        units: words and signs of measures and currencies, and the name of the measure.
        afternoon, morning: words that tell the half of the day after a time.
        negations: words that negate a sentence.
        negation_prefix: a word that negates the next one ("не"), also where it is not written apart.
        weak_negations: words that can stand for a negation ("without", "fail", "unless").
        weak_prefixes: beginnings of such words ("un").
        not_negations: sequences of words that look like negations and are none ("не только").
        neutral_words: words that begin like weak negations and are none ("under").
        romanization: its letters in Latin ones, for names; empty for Latin scripts.
        diminutives: short forms of first names, and the full name in Latin letters.
        never_last: articles and prepositions, after which something must follow.
        articles: those of them that no preposition follows.
        never_after: conjunctions and verbs that follow none of ``never_last``.
        not_names: words with a capital letter that are no names ("I", "Monday").
        repeatable: words that may stand twice in a row ("had had").
    """

    code: str
    letters: str
    respelled: Mapping[str, str]
    endings: tuple[str, ...]
    shortest_stem: int
    irregular: Mapping[str, str]
    function_words: frozenset[str]
    cardinals: Mapping[str, float]
    ordinals: Mapping[str, float]
    ordinal_endings: frozenset[str]
    vague: frozenset[str]
    halves: tuple[tuple[str, ...], ...]
    fused: Mapping[str, float]
    number_endings: frozenset[str]
    decade_endings: frozenset[str]
    scales: Mapping[str, float]
    decimal_comma: bool
    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    months_end: frozenset[str]
    units: Mapping[str, str]
    afternoon: frozenset[str]
    morning: frozenset[str]
    negations: frozenset[str]
    weak_negations: frozenset[str]
    weak_prefixes: tuple[str, ...]
    not_negations: tuple[tuple[str, ...], ...]
    neutral_words: frozenset[str]
    romanization: Mapping[str, str]
    diminutives: Mapping[str, str]
    never_last: frozenset[str]
    articles: frozenset[str]
    never_after: frozenset[str]
    not_names: frozenset[str]
    repeatable: frozenset[str]


def by_form(table: Mapping[str, float]) -> dict[str, float]:
    """A table whose keys hold several forms, as one from each form: ``{"two twice": 2}``."""
    return {form: value for forms, value in table.items() for form in forms.split()}
