"""Suspicions about pairs: reported, never repaired. `docs/reading.md` lists them for users.

Each check is a function of (source, provided) or of one text; `suspicions` runs them over a list.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from html.entities import html5

from evalkit.read.script import PROVIDED, letter_counts, side_of

ENTITY = re.compile(r"&(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# Moses' escapes besides those of HTML.
MARKUP_NAMES = frozenset(html5) | {"bar;", "bra;", "ket;"}

NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
WRONG_CODECS = ("cp1252", "latin-1", "cp1251")
# "Её", "Чё" are also two bytes of UTF-8 read as cp1251: less than four letters prove nothing there.
SHORTEST_RUN = {"cp1252": 2, "latin-1": 2, "cp1251": 4}
# KOI8 and cp1251 read for each other exchange capitals and small letters: "оПХБЕР".
TURNED_CASE = re.compile(r"\b[а-яё][А-ЯЁ]{2,}")
# cp1251 read as Latin-1: "Ïðèâåò". No language writes so many accented letters in a row.
ACCENTS = re.compile("[À-ÿ]{4,}")

LOOSE_MARK = re.compile(r"(?<=\S) [,.](?=\s|$)")
LOOSE_CLITIC = re.compile(r"\s(?:n't|'(?:s|re|ve|ll|m|d))(?=\s|$)|@-@", re.IGNORECASE)

# A share of Cyrillic letters beyond which an English text is not all English.
CYRILLIC_GUESTS = 0.1


def suspicions(
    sources: Sequence[str], provided: Sequence[tuple[str, ...]]
) -> list[tuple[str, ...]]:
    """What looks wrong with each pair: names of flags, in a fixed order; () where nothing does.

    ``provided[i]`` are the translations of ``sources[i]``. Duplicates are looked for in the whole list.
    """
    counts = Counter(map(_key, sources))
    found = []
    for source, texts in zip(sources, provided, strict=True):
        flags = list(_of_pair(source, texts))
        if source.strip() and counts[_key(source)] > 1:
            flags.append("duplicate_source")
        found.append(tuple(flags))
    return found


def _of_pair(source: str, provided: tuple[str, ...]) -> Iterable[str]:
    every = (source, *provided)
    if any("&" in text and has_entity(text) for text in every):
        yield "entities"
    if any("\ufffd" in text for text in every):
        yield "replacement_character"
    if any(not text.isascii() and is_mojibake(text) for text in every):
        yield "mojibake"
    if side_of(source) == PROVIDED or any(
        not text.isascii() and _is_foreign(text) for text in provided
    ):
        yield "wrong_script"
    if any(is_copy(source, text) for text in provided):
        yield "copied_source"
    if not source.strip():
        yield "empty_source"
    if any(not text.strip() for text in provided):
        yield "empty_provided"
    if any(is_tokenized(text) for text in every):
        yield "tokenized"


def has_entity(text: str) -> bool:
    """An HTML or XML character reference was left in: ``&quot;``, ``&#39;``."""
    return any(
        match[1].startswith("#") or match[1] + ";" in MARKUP_NAMES
        for match in ENTITY.finditer(text)
    )


def is_mojibake(text: str) -> bool:
    """Text that was decoded by the wrong encoding: "РџСЂРёРІРµС‚", "donâ€™t", "оПХБЕР", "Ïðèâåò"."""
    if len(TURNED_CASE.findall(text)) > 1 or ACCENTS.search(text):
        return True
    return any(
        len(run) >= SHORTEST_RUN[codec] and _is_misread_utf8(run, codec)
        for run in NOT_ASCII.findall(text)
        for codec in WRONG_CODECS
    )


def _is_misread_utf8(run: str, codec: str) -> bool:
    try:
        # Undefined bytes of a code page survive as C1 controls in most programs.
        raw = b"".join(bytes([ord(c)]) if 0x80 <= ord(c) <= 0x9F else c.encode(codec) for c in run)
        return raw.decode("utf-8").isprintable()
    except UnicodeError:
        return False


def is_copy(source: str, provided: str) -> bool:
    """The provided text is its source; numbers and the like, equal in all languages, do not count."""
    return _key(source) == _key(provided) and sum(letter_counts(source)) > 0


def is_tokenized(text: str) -> bool:
    """Spaces stand before commas and full stops, as a tokenizer leaves them."""
    if LOOSE_CLITIC.search(text):
        return True
    return len(LOOSE_MARK.findall(text)) > 1 or text.rstrip().endswith((" .", " ,"))


def _is_foreign(text: str) -> bool:
    """A provided text with Cyrillic left in it, or mostly in a script that is not Latin."""
    cyrillic, other = letter_counts(text)
    latin = sum(c < "\u0250" or "\u1e00" <= c <= "\u1eff" for c in text if c.isalpha())
    return cyrillic > CYRILLIC_GUESTS * (cyrillic + other) or latin < (cyrillic + other) / 2


def _key(text: str) -> str:
    return " ".join(text.split()).casefold()
