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
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import sentencepiece as spm
from corpus import Pair
from dictionary import TOKEN, phrases, words
from frames import CASES, Frames
from inflect import Form, analysed, inflected, past, present
from prepare import LONGEST, encode, save
from stock import GENDERS, Stock, article, english_noun, group_of

NUMBERS = ("sing", "plur")
#: Verbs are exchanged in sentences this often: what they govern seldom fits.
VERBS = 0.35


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


def practice(
    stock: Stock,
    texts: list[Pair],
    whole: list[Pair],
    count: int,
    real: float,
    rng: random.Random,
) -> Iterator[Pair]:
    """A share `real` of `count` pairs from real sentences, the others frames and lists, then the phrases."""
    places, frames = Places(stock, rng), Frames(stock, rng)
    made = 0
    while made < count * real:
        for pair in rng.sample(texts, len(texts)):
            if made < count * real and (swapped := places.swap(pair)):
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


def main() -> None:
    """Run the step."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="folder of prepare.py")
    parser.add_argument("--count", type=int, default=150_000, help="pairs, the phrases not counted")
    parser.add_argument("--real", type=float, default=0.4, help="share in real sentences")
    parser.add_argument("--rarest", type=float, default=2.2, help="Zipf frequency of a word")
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
    rng = random.Random(11)
    stock = Stock(found, rng, args.rarest)
    whole = phrases(args.corpora)
    made = list(practice(stock, texts, whole, args.count, args.real, rng))
    for pair in random.Random(1).sample(made, min(args.show, len(made))):
        print(" | ".join(pair))
    renumber = np.array([vocabulary[ru.id_to_piece(i)] for i in range(len(ru))])
    save(args.work / "words.npz", encode(made, ru, en, sample=True), renumber)


if __name__ == "__main__":
    main()
