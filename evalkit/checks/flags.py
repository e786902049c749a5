"""Suspicions about pairs: reported, never repaired. `docs/reading.md` lists them for users.

Each check is a function of (source, provided) or of one text; `suspicions` runs those of a pair, `duplicates` that
which needs the whole run.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from html.entities import html5

from evalkit.languages import LanguagePair
from evalkit.languages.base import LATIN
from evalkit.languages.detection import PROVIDED, has_two_languages, letter_counts, side_of

ENTITY = re.compile(r"&(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# Moses' escapes besides those of HTML.
MARKUP_NAMES = frozenset(html5) | {"bar;", "bra;", "ket;"}

# Of these characters alone ftfy finds nothing wrong but one thing, what follows; so it need not be loaded, nor asked.
ORDINARY = re.compile(r"[\x00-\x7fа-яА-ЯёЁ–—…«»“”„’]*")
SUSPECT = re.compile(r"[ВГРС][-«»“”„][ВГРС]")
# Text of any language read as cp1251 or Latin-1: "Ïðèâåò". No language writes so many accented letters in a row.
ACCENTS = re.compile("[À-ÿ]{4,}")

LOOSE_MARK = re.compile(r"(?<=\S) [,.](?=\s|$)")
LOOSE_CLITIC = re.compile(r"\s(?:n't|'(?:s|re|ve|ll|m|d))(?=\s|$)|@-@", re.IGNORECASE)

# From this share of letters in the source's script on, a provided text is not all translated.
SOURCE_LETTERS = 0.1


def suspicions(source: str, provided: tuple[str, ...], pair: LanguagePair) -> tuple[str, ...]:
    """What looks wrong with a pair: names of flags, in a fixed order; () where nothing does.

    ``provided`` are the translations of ``source`` that were given.
    """
    return tuple(_suspicions(source, provided, pair))


def duplicates(sources: Sequence[str]) -> list[bool]:
    """For each source, whether it occurs more than once (flag ``duplicate_source``)."""
    keys = [_key(source) for source in sources]
    counts = Counter(keys)
    return [bool(key) and counts[key] > 1 for key in keys]


def source_key(source: str) -> bytes:
    """16 bytes that are equal where `duplicates` takes two sources for the same; zeros where there is no text."""
    key = _key(source)
    if not key:
        return bytes(16)
    return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _suspicions(source: str, provided: tuple[str, ...], pair: LanguagePair) -> Iterable[str]:
    every = (source, *provided)
    if any("&" in text and has_entity(text) for text in every):
        yield "entities"
    if any("\ufffd" in text for text in every):
        yield "replacement_character"
    if any(not text.isascii() and is_mojibake(text, pair) for text in every):
        yield "mojibake"
    if _is_translated(source, pair) or any(_is_foreign(text, pair) for text in provided):
        yield "wrong_script"
    if any(has_two_languages(text, pair) for text in every):
        yield "two_languages"
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


def is_mojibake(text: str, pair: LanguagePair) -> bool:
    """Text that was decoded by the wrong encoding: "РџСЂРёРІРµС‚", "donâ€™t", "оПХБЕР", "Ïðèâåò"."""
    if ACCENTS.search(text) or _is_bad(text):
        return True
    return any(p.search(text) for side in (pair.source, pair.target) for p in side.misread)


def _is_bad(text: str) -> bool:
    """As ftfy says."""
    if ORDINARY.fullmatch(text) and not SUSPECT.search(text):
        return False
    from ftfy.badness import is_bad

    return bool(is_bad(text))


def is_copy(source: str, provided: str) -> bool:
    """The provided text is its source; numbers and the like, equal in all languages, do not count."""
    return _key(source) == _key(provided) and any(map(str.isalpha, source))


def is_tokenized(text: str) -> bool:
    """Spaces stand before commas and full stops, as a tokenizer leaves them."""
    if LOOSE_CLITIC.search(text):
        return True
    return len(LOOSE_MARK.findall(text)) > 1 or text.rstrip().endswith((" .", " ,"))


def _is_translated(source: str, pair: LanguagePair) -> bool:
    """A source that is in the script of the other side."""
    return not pair.same_script and side_of(source, pair) == PROVIDED


def _is_foreign(text: str, pair: LanguagePair) -> bool:
    """A provided text with the source's script left in it, or mostly in a script that is not its own."""
    if text.isascii() and pair.target.script is LATIN:
        return False
    own, other = letter_counts(text, pair.target.script)
    left = 0 if pair.same_script else letter_counts(text, pair.source.script)[0]
    return left > SOURCE_LETTERS * (own + other) or own < (own + other) / 2


def _key(text: str) -> str:
    return " ".join(text.split()).casefold()
