"""What evalkit knows of a language: data alone, one value of `Language` a file of this folder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property


@dataclass(frozen=True)
class Script:
    """A writing system: its name, and a pattern for one letter of it (``letters``: for several in a row)."""

    name: str
    letter: re.Pattern[str]

    @cached_property
    def letters(self) -> re.Pattern[str]:
        return re.compile(f"(?:{self.letter.pattern})+")


# Letters alone: no sign (« °) nor combining mark that stands among them in Unicode.
LATIN = Script("Latin", re.compile("[A-Za-zªºÀ-ÖØ-öø-ʸᴀ-ᴥᴬ-ᵜᵢ-ᵥᵫ-ᵷᵹ-ᶾḀ-ỿⱠ-ⱿꜢ-ꞇꞋ-ꞿﬀ-ﬆＡ-Ｚａ-ｚ]"))
CYRILLIC = Script(
    "Cyrillic",
    re.compile("[\u0400-\u0481\u048a-\u052f\u1c80-\u1c8a\ua640-\ua66e\ua67f-\ua69d]"),
)


@dataclass(frozen=True)
class Signs:
    """What makes plain that a text is in a language, without a model: its commonest words and letters.

    words: common in its prose and rare in that of its neighbours, in small letters; least_words: their least share
        of the words of a text.
    letters: of its script, which its neighbours lack or use less; least_letters: their least share of all letters.
    strange: letters of its script that it lacks or hardly uses, and its neighbours have.

    The shares are more than what a text half in another language has.
    """

    words: frozenset[str] = frozenset()
    least_words: float = 0.0
    letters: str = ""
    least_letters: float = 0.0
    strange: str = ""


@dataclass(frozen=True, eq=False)
class Language:
    """A language.

    code: ISO 639-1. label: its English name. tags: codes that files name it by (xml:lang, Language:).
    script: what it is written in. latin: its letters in Latin ones (small letters), for comparing names.
    splitter: the code that sentencex knows it by.
    abbreviations: what ends in a full stop and never ends a sentence, in small letters, without the last stop.
    before_numbers: what ends in a full stop and does not end a sentence if a number follows.
    after_ordinals: capitalized words (here in small letters) before which a number with a full stop is an ordinal and
        ends no sentence: "im 19. Jahrhundert".
    codes: what families of translation models call it: "marian", "nllb", "m2m100", "mbart", "madlad", "t5".
    headings: names of table columns that hold text in it.
    source_headings, provided_headings, document_headings, id_headings: how people who write it call the source, the
        translation, the document and the number of a row.
    encodings: those of before Unicode, the likeliest first. letters: how often its non-ASCII letters occur in a thousand.
    signs: what tells it for certain, so that no model has to be asked; None if a model always is.
    misread: patterns of its text decoded by a wrong encoding, beyond what is known for all languages.
    """

    code: str
    label: str
    tags: tuple[str, ...]
    script: Script
    splitter: str
    codes: Mapping[str, str]
    latin: Mapping[str, str] = field(default_factory=dict)
    abbreviations: tuple[str, ...] = ()
    before_numbers: tuple[str, ...] = ()
    after_ordinals: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    source_headings: tuple[str, ...] = ()
    provided_headings: tuple[str, ...] = ()
    document_headings: tuple[str, ...] = ()
    id_headings: tuple[str, ...] = ()
    encodings: tuple[str, ...] = ()
    letters: Mapping[str, float] = field(default_factory=dict)
    signs: Signs | None = None
    misread: tuple[re.Pattern[str], ...] = ()

    def is_named(self, tag: str) -> bool:
        """Whether a tag such as "ru", "ru-RU" or "RU_ru" names this language."""
        return tag.lower().replace("_", "-").partition("-")[0] in self.tags

    def romanized(self, text: str) -> str:
        """The text with this language's letters in Latin ones; the rest stays."""
        return text.translate(_table(self)) if self.latin else text


@cache
def _table(language: Language) -> dict[int, str]:
    small = language.latin
    # "ß" has no capital of one letter.
    capitals = {a.upper(): b.title() for a, b in small.items() if len(a.upper()) == 1}
    return str.maketrans({**small, **capitals})
