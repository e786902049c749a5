"""Short sentences, noun phrases and lists made of the dictionary's words alone."""

from __future__ import annotations

import random
import re

from corpus import Pair
from inflect import Form, inflected, past, present
from stock import GENDERS, Stock, article, english_noun

CASES = ("nomn", "gent", "datv", "accs", "ablt", "loct")

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

#: Kinds of words in lists, and how often each.
KINDS = {"noun": 6.0, "adjective": 2.5, "verb": 2.5, "adverb": 0.4}


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
