"""Step 1b: sentences to practise the dictionary's words in, their phrases, and lists of words.

    python practice.py --corpora DIR --work DIR

Needs what prepare.py left in --work and adds words.npz, which train.py mixes in. Words stand in each
other's places in real sentences (a noun for a noun of the same gender, in the same case and number),
in frames of a few words, and in lists; phrases stand as they are.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import sentencepiece as spm
from corpus import Pair
from dictionary import TOKEN, Word, phrases, words
from inflect import (
    Form,
    analysed,
    inflected,
    lexeme,
    past,
    plural,
    present,
)
from prepare import LONGEST, encode

CASES = ("nomn", "gent", "datv", "accs", "ablt", "loct")
NUMBERS = ("sing", "plur")
GENDERS = ("masc", "femn", "neut")

#: Russian preposition, its case, English preposition.
PREPOSITIONS = (
    ("в", "loct", "in"), ("на", "loct", "on"), ("о", "loct", "about"), ("при", "loct", "at"),
    ("с", "gent", "from"), ("из", "gent", "from"), ("от", "gent", "from"), ("без", "gent", "without"),
    ("для", "gent", "for"), ("до", "gent", "before"), ("после", "gent", "after"), ("у", "gent", "at"),
    ("около", "gent", "near"), ("из-за", "gent", "because of"), ("против", "gent", "against"),
    ("во время", "gent", "during"), ("вместо", "gent", "instead of"), ("среди", "gent", "among"),
    ("к", "datv", "to"), ("по", "datv", "by"), ("благодаря", "datv", "thanks to"),
    ("через", "accs", "through"), ("про", "accs", "about"), ("в", "accs", "to"), ("на", "accs", "to"),
    ("с", "ablt", "with"), ("над", "ablt", "over"), ("под", "ablt", "under"), ("перед", "ablt", "before"),
    ("за", "ablt", "behind"), ("между", "ablt", "between"),
)  # fmt: skip
#: Pronoun, its person and number in Russian, the English pronoun.
PRONOUNS = (
    ("он", "3per", "sing", "he"),
    ("она", "3per", "sing", "she"),
    ("они", "3per", "plur", "they"),
)
PRONOUNS += (("мы", "1per", "plur", "we"), ("я", "1per", "sing", "I"))

#: Words with few examples in the corpora are practised most: half as often after so many.
KNOWN_AFTER = 40
#: Kinds of words in lists, and how often each.
KINDS = {"noun": 6.0, "adjective": 2.5, "verb": 2.5, "adverb": 0.4}
#: Verbs are exchanged in sentences this often: what they govern seldom fits.
VERBS = 0.35


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


class Places:
    """Finds words of the dictionary in a pair, and puts others there."""

    def __init__(self, stock: Stock, rng: random.Random) -> None:
        self.stock, self.rng = stock, rng

    def english_form(self, form: Form, english: str) -> str | None:
        """The English that answers a Russian form."""
        if form.kind == "noun":
            return english_noun(english, form.tag(*NUMBERS))
        if form.kind == "verb":
            if "INFN" in form.tags:
                return english
            if "past" in form.tags:
                return past(english)
            third = {"3per", "sing"} <= form.tags
            pres = "pres" in form.tags
            return (present(english) if third else english) if pres else english
        return english if form.kind in ("adjective", "adverb") else None

    def wanted(self, form: Form) -> frozenset[str]:
        """The grammemes that another word must have in this one's place."""
        if form.kind == "noun":
            return frozenset({form.tag(*CASES, "gen2", "loc2"), form.tag(*NUMBERS)} - {""})
        if form.kind == "adjective":
            kept = form.tag(*CASES), form.tag(*NUMBERS), form.tag(*GENDERS)
            return frozenset({*kept, form.tag("anim", "inan")} - {""})
        kept = form.tag("past", "pres", "futr"), form.tag(*NUMBERS), form.tag(*GENDERS)
        return frozenset({*kept, form.tag("1per", "2per", "3per")} - {""})

    def swap(self, pair: Pair, most: int = 3) -> Pair | None:
        """The pair with up to `most` of its words exchanged for others; None if none could be."""
        ru, en = (TOKEN.findall(text) for text in pair)
        count_ru, count_en = Counter(ru), Counter(en)
        changes: list[tuple[str, str, str, str]] = []
        for token in self.rng.sample(ru, len(ru)):
            if len(changes) == most or not token.islower() or count_ru[token] != 1:
                continue
            form = analysed(token)
            word = self.stock.known.get((form.lemma, form.kind))
            if word is None or form.tags & {"Apro", "Anum", "Name", "Geox", "COMP", "impr"}:
                continue
            if form.kind == "adverb" or (form.kind == "verb" and self.rng.random() > VERBS):
                continue
            there = [
                shape
                for english in word.english
                if (shape := self.english_form(form, english)) and count_en[shape] == 1
            ]
            if len(there) != 1 or there[0] in {c[2] for c in changes}:
                continue
            if found := self.other(form):
                changes.append((token, found[0], there[0], found[1]))
        if not changes:
            return None
        russian = {c[0]: c[1] for c in changes}
        english = {c[2]: c[3] for c in changes}
        return (
            TOKEN.sub(lambda m: russian.get(m[0], m[0]), pair[0]),
            article(TOKEN.sub(lambda m: english.get(m[0], m[0]), pair[1])),
        )

    def other(self, form: Form) -> tuple[str, str] | None:
        """Another word in the same form, and its translation."""
        drawn = self.stock.draw(group_of(form))
        if drawn is None:
            return None
        tags = self.wanted(form)
        russian = drawn[0].parse.word if "INFN" in form.tags else inflected(drawn[0], tags)
        english = self.english_form(form, drawn[1])
        return (russian, english) if russian and english else None


class Frames:
    """Short sentences, noun phrases and lists made of the words alone."""

    def __init__(self, stock: Stock, rng: random.Random) -> None:
        self.stock, self.rng = stock, rng

    def noun(self, case: str, number: str = "", kind: str = "noun") -> tuple[str, str, Form, str]:
        """A noun in a case: Russian, English, its form, its number."""
        while True:
            form, english = self.stock.draw(kind)
            wanted = number or self.rng.choice(("sing", "sing", "plur"))
            if form.tag("Pltm"):
                wanted = "plur"
            russian = inflected(form, frozenset({case, wanted}))
            if russian:
                return russian, english_noun(english, wanted), form, wanted

    def phrase(self, case: str, number: str = "", kind: str = "noun") -> tuple[str, str, Form, str]:
        """A noun, with an adjective or a genitive or neither, and an article."""
        russian, english, form, number = self.noun(case, number, kind)
        chance = self.rng.random()
        if chance < 0.35 and "adjective" in self.stock.groups:
            like, like_english = self.stock.draw("adjective")
            tags = {case, number} | ({form.tag(*GENDERS)} if number == "sing" else set())
            if case == "accs" and (number == "plur" or "masc" in form.tags):
                tags.add(form.tag("anim", "inan"))
            if adjective := inflected(like, frozenset(tags - {""})):
                russian, english = f"{adjective} {russian}", f"{like_english} {english}"
        elif chance < 0.6:
            of, of_english, _, of_number = self.noun("gent")
            the = self.rng.choice(("", "the ")) if of_number == "sing" else ""
            russian, english = f"{russian} {of}", f"{english} of {the}{of_english}"
        choices = ("the ", "the ", "a ", "") if number == "sing" else ("the ", "")
        return russian, self.rng.choice(choices) + english, form, number

    def verb(
        self, subject: tuple[str, str, str], tense: str, drawn: tuple[Form, str]
    ) -> Pair | None:
        """A verb in a tense after a subject of this gender, number and person."""
        form, english = drawn
        gender, number, person = subject
        if tense == "past":
            russian = inflected(form, frozenset({"past", gender if number == "sing" else number}))
            return (russian, past(english)) if russian else None
        if "perf" in form.tags:
            russian = inflected(form, frozenset({"futr", person, number}))
            return (russian, f"will {english}") if russian else None
        russian = inflected(form, frozenset({"pres", person, number}))
        third = person == "3per" and number == "sing"
        return (russian, present(english) if third else english) if russian else None

    def sentence(self) -> Pair | None:
        """Subject, verb, object or a place; a pronoun or a noun that lives for the subject."""
        rng = self.rng
        gender = rng.choice(("masc", "femn"))
        alive = f"noun {gender} anim "
        if "verb" not in self.stock.groups:
            return None
        if rng.random() < 0.4 or alive not in self.stock.groups:
            ru, person, number, en = rng.choice(PRONOUNS)
            gender = {"она": "femn"}.get(ru, "masc")
        else:
            ru, en, _, number = self.phrase("nomn", kind=alive)
            person = "3per"
        drawn = self.stock.draw("verb")
        tense = rng.choice(("past", "past", "other"))
        done = self.verb((gender, number, person), tense, drawn)
        if done is None:
            return None
        russian, english = f"{ru} {done[0]}", f"{en} {done[1]}"
        if "tran" in drawn[0].tags:
            other = self.phrase("accs")
            russian, english = f"{russian} {other[0]}", f"{english} {other[1]}"
        if "tran" not in drawn[0].tags or rng.random() < 0.3:
            place = self.place()
            russian, english = f"{russian} {place[0]}", f"{english} {place[1]}"
        return russian[0].upper() + russian[1:] + ".", english[0].upper() + english[1:] + "."

    def place(self) -> Pair:
        """A preposition and a noun phrase."""
        ru, case, en = self.rng.choice(PREPOSITIONS)
        other = self.phrase(case)
        if ru in ("с", "в", "к") and re.match(f"[{ru}][бвгджзклмнпрстфхцчшщ]", other[0]):
            ru += "о"
        if ru == "о" and other[0][0] in "аиоуэ":
            ru = "об"
        return f"{ru} {other[0]}", f"{en} {other[1]}"

    def item(self) -> Pair:
        """A word alone in any of its forms."""
        kinds = [kind for kind in KINDS if kind in self.stock.groups]
        kind = self.rng.choices(kinds, [KINDS[kind] for kind in kinds])[0]
        if kind == "noun":
            return self.noun(self.rng.choice(CASES))[:2]
        form, english = self.stock.draw(kind)
        if kind == "adverb":
            return form.parse.word, english
        if kind == "adjective":
            tags = {self.rng.choice(CASES), self.rng.choice((*GENDERS, "plur"))}
            return inflected(form, frozenset(tags)) or form.parse.word, english
        if self.rng.random() < 0.5:
            return form.parse.word, f"to {english}"
        subject = self.rng.choice(PRONOUNS)
        gender = "femn" if subject[0] == "она" else "masc"
        tense = self.rng.choice(("past", "other"))
        done = self.verb((gender, subject[2], subject[1]), tense, (form, english))
        if done is None:
            return form.parse.word, f"to {english}"
        return f"{subject[0]} {done[0]}", f"{subject[3]} {done[1]}"

    def list(self) -> Pair:
        """One to five words, with commas between them or none; now and then as a sentence."""
        items = [self.item() for _ in range(self.rng.choice((1, 2, 3, 4, 5)))]
        ru, en = (", ".join(item[side] for item in items) for side in (0, 1))
        if self.rng.random() < 0.3:
            ru, en = ru[0].upper() + ru[1:], en[0].upper() + en[1:]
        return ru, en

    def one(self) -> Pair:
        """A list, a phrase or a sentence."""
        chance = self.rng.random()
        if chance < 0.45:
            return self.list()
        ru, en = self.sentence() or self.list()
        if chance < 0.7:
            ru, en = self.place() if chance < 0.6 else self.phrase("nomn")[:2]
        return ru, article(en)


def practice(
    found: list[Word], texts: list[Pair], whole: list[Pair], count: int, seed: int = 11
) -> Iterator[Pair]:
    """Two fifths of `count` pairs from real sentences, three fifths frames and lists, then the phrases."""
    rng = random.Random(seed)
    stock = Stock(found, rng)
    places, frames = Places(stock, rng), Frames(stock, rng)
    made = 0
    while made < count * 2 // 5:
        for pair in rng.sample(texts, len(texts)):
            if made < count * 2 // 5 and (swapped := places.swap(pair)):
                made += 1
                yield half_plain(swapped, rng)
    for _ in range(count - made):
        yield half_plain(frames.one(), rng)
    for i in range(0, len(whole), 2):
        yield ", ".join(p[0] for p in whole[i : i + 2]), ", ".join(p[1] for p in whole[i : i + 2])


def half_plain(pair: Pair, rng: random.Random) -> Pair:
    """The Russian with е for ё, as most texts have it, four times in five."""
    if rng.random() < 0.8:
        return pair[0].replace("ё", "е").replace("Ё", "Е"), pair[1]
    return pair


def save(path: Path, encoded: list[tuple[list[int], list[int]]], renumber: np.ndarray) -> None:
    """The arrays of prepare.py, with no alignment."""
    starts = [np.cumsum([0] + [len(row[side]) for row in encoded]) for side in (0, 1)]
    flat = [np.fromiter((p for row in encoded for p in row[side]), np.int64) for side in (0, 1)]
    np.savez_compressed(
        path,
        source=renumber[flat[0]].astype(np.uint16),
        target=flat[1].astype(np.uint16),
        source_start=starts[0],
        target_start=starts[1],
        aligned=np.full(len(flat[1]), -1, np.int16),
    )
    print(path.name, len(encoded), "pairs,", len(flat[1]), "target pieces", flush=True)


def main() -> None:
    """Run the step."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="folder of prepare.py")
    parser.add_argument("--count", type=int, default=150_000, help="pairs, the phrases not counted")
    parser.add_argument("--show", type=int, default=0, help="print so many of the pairs")
    args = parser.parse_args()
    news, other = json.loads((args.work / "pairs.json").read_text(encoding="utf-8"))
    vocabulary = json.loads((args.work / "vocab.json").read_text(encoding="utf-8"))
    ru, en = (
        spm.SentencePieceProcessor(model_file=str(args.work / f"{side}.model"))
        for side in ("ru", "en")
    )
    found = words(args.corpora, news + other[::3])
    texts = [p for p in news + other[: 4 * len(news)] if len(p[0].split()) <= LONGEST // 3]
    made = list(practice(found, texts, phrases(args.corpora), args.count))
    for pair in random.Random(1).sample(made, min(args.show, len(made))):
        print(" | ".join(pair))
    renumber = np.array([vocabulary[ru.id_to_piece(i)] for i in range(len(ru))])
    save(args.work / "words.npz", encode(made, ru, en, sample=True), renumber)


if __name__ == "__main__":
    main()
