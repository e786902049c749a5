"""Mueller's English-Russian dictionary turned round: Russian words, their translations, and how good each is.

The file's lines are `Russian TAB English TAB kind`, in the order of the English entries. A common
English word has dozens of glosses, most of them far-fetched, so that a translation's weight comes
from how common the English word is, how early the gloss stands, how many glosses the word has, and
how often the two words stand in one pair of the corpora.
"""

from __future__ import annotations

import lzma
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from corpus import Pair
from inflect import analysed, continuous, lexeme, participle, past, plain, plural, present
from wordfreq import zipf_frequency

FILE = "mueller.ru-en"
RUSSIAN_WORD = re.compile(r"[а-яё]{2,}(?:-[а-яё]{2,})?")
ENGLISH_WORDS = re.compile(r"(?:to )?[a-z]{2,}(?:[ -][a-z]+){0,2}")
RUSSIAN_PHRASE = re.compile(r"[а-яё]+(?:,?[ -][а-яё]+){1,9}[?!]?", re.I)
ENGLISH_PHRASE = re.compile(r"[a-z]+(?:,?[ '-][a-z]+){1,11}[?!]?", re.I)
#: Words that stand for an object or a note of the dictionary, and no translation.
NOTES = re.compile(
    r"-л\b|-либо|\bтж\b|\bт\b|\bо ком|\bsmb|\bsmth|\bone's\b|\boneself\b|\bsomeone\b"
)
TOKEN = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")

#: A word not in wordfreq's list counts as this rare (Zipf scale: 3 is once in a million words).
UNHEARD = 0.8
#: Translations rarer than this are left out.
RAREST = 1.5
#: A verb's glosses after these many are mostly those of its phrasal verbs, whose particle the file lacks:
#: "to take" for "расстраиваться" (to take on).
LATEST = 8
#: So many sentences of the corpora weigh as much as the dictionary's own evidence.
TRUST = 8.0


@dataclass(frozen=True)
class Word:
    """A Russian word with its translations, best first, and their weights, which sum to one."""

    russian: str
    kind: str
    english: tuple[str, ...]
    weights: tuple[float, ...]
    frequency: float
    seen: int


def rows(corpora: Path) -> list[tuple[str, str, str]]:
    """(Russian, English, kind) of each line; where the phrase is a note, nothing."""
    with lzma.open(corpora / f"{FILE}.tsv.xz", "rt", encoding="utf-8", newline="\n") as lines:
        cells = (line.rstrip("\n").split("\t") for line in lines)
        return [(ru.strip(), en.strip(), kind) for ru, en, kind in cells if not NOTES.search(ru)]


def phrases(corpora: Path) -> list[Pair]:
    """Phrases, and glosses of several words, whose two sides are whole and of like length."""
    found = {}
    for ru, en, _ in rows(corpora):
        if not (RUSSIAN_PHRASE.fullmatch(ru) and ENGLISH_PHRASE.fullmatch(en)):
            continue
        if NOTES.search(en) or not 0.5 <= (len(ru) + 4) / (len(en) + 4) <= 2:
            continue
        rarest = min(zipf_frequency(w, "en") for w in TOKEN.findall(en))
        if rarest >= 2.3 and len(en.removeprefix("to ").split()) > 1:
            found[ru.lower()] = ru, en
    return list(found.values())


def english_frequency(english: str) -> float:
    """Zipf frequency of the rarest word of a translation."""
    words = english.removeprefix("to ").replace("-", " ").split()
    return min(max(zipf_frequency(w, "en"), UNHEARD) for w in words) - 0.5 * (len(words) - 1)


def glosses(corpora: Path, latest: int | None = None) -> dict[tuple[str, str], dict[str, float]]:
    """(Russian lemma, kind of word) to its translations and the dictionary's evidence for each.

    With `latest`, only the first `latest` glosses of each English verb, and none of "to be".
    """
    entries: dict[str, list[str]] = defaultdict(list)
    for ru, en, _ in rows(corpora):
        if RUSSIAN_WORD.fullmatch(ru) and ENGLISH_WORDS.fullmatch(en):
            entries[en].append(ru)
    found: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for english, russian in entries.items():
        for rank, word in enumerate(dict.fromkeys(russian)):
            form = analysed(word)
            key = plain(word), form.kind
            verb = english.startswith("to ")
            if form.lemma != key[0] or (form.kind == "verb") != verb or form.kind == "participle":
                continue
            if english_frequency(english) < RAREST:
                continue
            if verb and latest is not None and (rank >= latest or english == "to be"):
                continue
            prior = 10 ** (0.6 * min(english_frequency(english), 5.0))
            prior /= (1 + 0.25 * rank) * math.sqrt(len(russian))
            bare = english.removeprefix("to ")
            found[key][bare] = max(found[key].get(bare, 0.0), prior)
    return found


def english_forms(word: str, kind: str) -> tuple[str, ...]:
    """The forms in which a translation may stand in a text, without articles."""
    if kind == "noun":
        return word, plural(word)
    if kind == "verb":
        return tuple(
            dict.fromkeys((word, past(word), participle(word), present(word), continuous(word)))
        )
    return (word,)


def evidence(
    found: dict[tuple[str, str], dict[str, float]], pairs: Iterable[Pair]
) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str, str]], Counter[str], int]:
    """In how many pairs each Russian word, each translation of it beside it, and each English word stands."""
    heads: dict[str, set[str]] = defaultdict(set)
    for (_, kind), translations in found.items():
        for english in translations:
            for form in english_forms(english, kind):
                heads[form].add(english)
    seen: Counter[tuple[str, str]] = Counter()
    beside: Counter[tuple[str, str, str]] = Counter()
    alone: Counter[str] = Counter()
    count = 0
    for ru, en in pairs:
        tokens = TOKEN.findall(en.lower())
        texts = tokens + [f"{a} {b}" for a, b in pairwise(tokens)]
        there = set().union(*(heads[t] for t in texts if t in heads))
        count += 1
        alone.update(there)
        for word in {w for w in TOKEN.findall(ru.lower())}:
            form = analysed(word)
            key = form.lemma, form.kind
            if key in found:
                seen[key] += 1
                beside.update((*key, english) for english in found[key].keys() & there)
    return seen, beside, alone, count


def words(corpora: Path, pairs: list[Pair], least: float = 0.08) -> list[Word]:
    """Every Russian word that has a translation, those of less than `least` of its weight left out."""
    found = glosses(corpora, LATEST)
    seen, beside, alone, count = evidence(found, pairs)
    made = []
    for (russian, kind), translations in found.items():
        form = lexeme(russian, kind)
        if form is None:
            continue
        total, times = sum(translations.values()), seen[russian, kind]
        weighed = {}
        for english, prior in translations.items():
            chance = times * alone[english] / max(1, count)
            together = max(0.0, beside[russian, kind, english] - 1.5 * chance)
            weighed[english] = TRUST * prior / total + together
        all_ = sum(weighed.values())
        kept = sorted(
            ((w / all_, e) for e, w in weighed.items() if w >= least * all_), reverse=True
        )
        kept = kept[:4]
        sum_ = sum(w for w, _ in kept)
        frequency = zipf_frequency(russian, "ru")
        made.append(
            Word(
                russian,
                kind,
                tuple(e for _, e in kept),
                tuple(w / sum_ for w, _ in kept),
                frequency,
                times,
            )
        )
    return made
