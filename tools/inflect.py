"""Forms of words: English by rule and a list of exceptions, Russian by pymorphy3."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pymorphy3

#: Base, past, participle (where it differs) of the common irregular verbs.
IRREGULAR = """
arise arose arisen;bear bore borne;beat beat beaten;become became become;begin began begun;bend bent;
bet bet;bind bound;bite bit bitten;bleed bled;blow blew blown;break broke broken;breed bred;bring brought;
build built;burst burst;buy bought;cast cast;catch caught;choose chose chosen;cling clung;come came come;
cost cost;creep crept;cut cut;deal dealt;dig dug;do did done;draw drew drawn;drink drank drunk;
drive drove driven;eat ate eaten;fall fell fallen;feed fed;feel felt;fight fought;find found;flee fled;
fling flung;fly flew flown;forbid forbade forbidden;forget forgot forgotten;forgive forgave forgiven;
freeze froze frozen;get got;give gave given;go went gone;grind ground;grow grew grown;hang hung;have had;
hear heard;hide hid hidden;hit hit;hold held;hurt hurt;keep kept;kneel knelt;know knew known;lay laid;
lead led;leave left;lend lent;let let;lie lay lain;lose lost;make made;mean meant;meet met;
mistake mistook mistaken;overcome overcame overcome;overtake overtook overtaken;overthrow overthrew overthrown;
pay paid;put put;quit quit;read read;ride rode ridden;ring rang rung;rise rose risen;run ran run;say said;
see saw seen;seek sought;sell sold;send sent;set set;shake shook shaken;shed shed;shine shone;shoot shot;
show showed shown;shrink shrank shrunk;shut shut;sing sang sung;sink sank sunk;sit sat;sleep slept;slide slid;
speak spoke spoken;speed sped;spend spent;spin spun;split split;spread spread;spring sprang sprung;stand stood;
steal stole stolen;stick stuck;sting stung;strike struck;strive strove striven;swear swore sworn;sweep swept;
swell swelled swollen;swim swam swum;swing swung;take took taken;teach taught;tear tore torn;tell told;
think thought;throw threw thrown;tread trod trodden;undergo underwent undergone;understand understood;
undertake undertook undertaken;undo undid undone;upset upset;wake woke woken;wear wore worn;weave wove woven;
weep wept;win won;wind wound;withdraw withdrew withdrawn;withhold withheld;withstand withstood;write wrote written
"""
PAST = {row.split()[0]: row.split()[1] for row in IRREGULAR.split(";")}
PARTICIPLE = {row.split()[0]: row.split()[-1] for row in IRREGULAR.split(";")}
PLURAL = {
    "man": "men", "woman": "women", "child": "children", "foot": "feet", "tooth": "teeth",
    "goose": "geese", "mouse": "mice", "louse": "lice", "ox": "oxen", "person": "people",
    "knife": "knives", "wife": "wives", "life": "lives", "half": "halves", "leaf": "leaves",
    "loaf": "loaves", "shelf": "shelves", "thief": "thieves", "wolf": "wolves", "calf": "calves",
    "sheep": "sheep", "deer": "deer", "fish": "fish", "series": "series", "species": "species",
    "means": "means", "crisis": "crises", "analysis": "analyses", "basis": "bases",
    "criterion": "criteria", "phenomenon": "phenomena", "datum": "data", "aircraft": "aircraft",
}  # fmt: skip
VOWELS = "aeiou"

#: Verbs of more than one syllable that double their last letter all the same.
DOUBLED = {"admit", "begin", "commit", "control", "defer", "expel", "forget", "occur", "omit"}
DOUBLED |= {"permit", "prefer", "propel", "rebel", "refer", "regret", "submit", "transfer", "upset"}
DOUBLED |= {"compel", "patrol", "equip", "repel", "dispel", "transmit", "acquit", "incur", "deter"}


def syllables(word: str) -> int:
    """Groups of vowels in an English word, a last silent e apart."""
    body = word[:-1] if word.endswith("e") else word
    marks = "".join("v" if c in VOWELS + "y" else " " for c in body)
    return len(marks.split())


def doubled(verb: str) -> str:
    """The verb as it stands before -ed and -ing."""
    short = len(verb) > 2 and verb[-1] not in VOWELS + "wxy" and verb[-2] in VOWELS
    short = short and verb[-3] not in VOWELS and syllables(verb) == 1
    return verb + verb[-1] if short or verb in DOUBLED else verb


def first(function):
    """Inflect the first word of a phrase alone: "give up", "gave up"."""

    def whole(text: str) -> str:
        head, blank, rest = text.partition(" ")
        return function(head) + blank + rest

    return cache(whole)


@first
def past(verb: str) -> str:
    """Past tense."""
    if verb in PAST:
        return PAST[verb]
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2:-1] not in VOWELS:
        return verb[:-1] + "ied"
    return doubled(verb) + "ed"


@first
def participle(verb: str) -> str:
    """Past participle."""
    return PARTICIPLE.get(verb) or past(verb)


@first
def present(verb: str) -> str:
    """Third person singular."""
    special = {"have": "has", "do": "does", "go": "goes", "be": "is"}
    return special.get(verb) or with_s(verb)


@first
def continuous(verb: str) -> str:
    """The form in -ing."""
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        return verb[:-1] + "ing"
    return doubled(verb) + "ing"


def with_s(word: str) -> str:
    """The word with -s, -es or -ies."""
    if word.endswith("y") and word[-2:-1] not in VOWELS:
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "z", "ch", "sh")) else "s")


@cache
def plural(noun: str) -> str:
    """Plural of a noun or of the last word of a phrase."""
    before, blank, head = noun.rpartition(" ")
    ending = next((e for e in ("woman", "man") if head.endswith(e) and head != "human"), "")
    if ending:
        found = head.removesuffix(ending) + PLURAL[ending]
    elif head.endswith(("to", "ro")) and len(head) > 4 and head[:-1].endswith(("at", "ot", "er")):
        found = head + "es"
    else:
        found = PLURAL.get(head) or with_s(head)
    return before + blank + found


ANALYZER = pymorphy3.MorphAnalyzer()
KINDS = {"NOUN": "noun", "ADJF": "adjective", "INFN": "verb", "VERB": "verb", "ADVB": "adverb"}
KINDS |= {"PRTF": "participle"}


@dataclass(frozen=True)
class Form:
    """A Russian word form: its lemma, kind of word, and the grammemes that pymorphy3 gives it."""

    lemma: str
    kind: str
    tags: frozenset[str]
    parse: object

    def tag(self, *choices: str) -> str:
        """The one of `choices` it has, or nothing."""
        return next((c for c in choices if c in self.tags), "")


@cache
def analysed(word: str) -> Form:
    """The likeliest reading of a word form."""
    parse = ANALYZER.parse(word.lower())[0]
    tags = frozenset(parse.tag.grammemes)
    return Form(plain(parse.normal_form), KINDS.get(parse.tag.POS or "", "other"), tags, parse)


@cache
def lexeme(lemma: str, kind: str) -> Form | None:
    """A dictionary form as a word of that kind, if it is one."""
    for parse in ANALYZER.parse(lemma):
        if KINDS.get(parse.tag.POS or "") == kind and plain(parse.normal_form) == plain(lemma):
            return Form(lemma, kind, frozenset(parse.tag.grammemes), parse)
    return None


@cache
def inflected(form: Form, tags: frozenset[str]) -> str | None:
    """The form of the same word that has these grammemes."""
    found = form.parse.inflect(tags)
    return found.word if found else None


def plain(word: str) -> str:
    """Written with е for ё, as dictionaries and texts differ in it."""
    return word.lower().replace("ё", "е")
