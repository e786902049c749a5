"""From bytes to text: byte order marks, UTF-8, and the encodings of before it.

What is not UTF-8 is put to charset-normalizer, restricted to the encodings that text in the languages of the
run comes in. On a headline of three words its order is not safe, so the choice is made by how usual the
letters are in these languages, and the library's order decides between equals.
"""

from __future__ import annotations

import codecs
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evalkit.errors import InputError
from evalkit.files.opening import Loaded, refuse_binary
from evalkit.plan import Plan

if TYPE_CHECKING:
    from evalkit.languages import Language

# U+DCFD stands for bytes that could not be decoded until `lines.writable` flags the row and writes
# U+FFFD: no valid text holds a lone surrogate, while U+FFFD may have been in the file before.
UNDECODABLE = "\udcfd"
ERROR_HANDLER = "evalkit.mark"


def _mark(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return UNDECODABLE, error.end


codecs.register_error(ERROR_HANDLER, _mark)

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SAMPLE_WORDS = 5000
TYPOGRAPHY = frozenset("«»“”„‘’—–…№•§©®™°\u00a0€")
WORD = re.compile(rb"[A-Za-z\x80-\xff]+")


@dataclass(frozen=True)
class Decoded:
    """Text, the name of its encoding, and what the user should know about it."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode(
    loaded: Loaded,
    encoding: str | None = None,
    errors: str = "strict",
    languages: Sequence[Language] | None = None,
) -> Decoded:
    """Text of the bytes: by ``encoding`` if given, else by byte order mark, UTF-8, or detection.

    ``languages`` are those the text may be in, by default Russian and English.

    Raises:
        InputError: a binary file, an unknown encoding, or bytes that cannot be decoded and
            ``errors`` is "strict".
    """
    warnings: tuple[str, ...] = ()
    if encoding is not None:
        name = _known(encoding)
    else:
        refuse_binary(loaded)
        name, guessed = detect(loaded.data, languages)
        if guessed:
            warnings = (
                f"{loaded.path}: read as {name} (detected; --encoding says it for certain)",
            )
    text = _decoded(loaded, name, errors)
    return Decoded(text.removeprefix("\ufeff"), name, warnings)


def detect(data: bytes, languages: Sequence[Language] | None = None) -> tuple[str, bool]:
    """The name of the encoding, and whether it was guessed from the look of the letters."""
    for mark, name in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return name, False
    try:
        data.decode("utf-8")
        return "utf-8", False
    except UnicodeDecodeError:
        pass
    # The languages take a while to load, and nearly all text is UTF-8.
    from evalkit.languages import language_pair

    words: Counter[bytes] = Counter()
    for match in WORD.finditer(data):
        if not match[0].isascii():
            # A huge run without a space tells no more than its beginning.
            words[match[0][:64]] += 1
            if len(words) >= SAMPLE_WORDS:
                break
    if languages is None:
        pair = language_pair(Plan().language_pair)
        languages = (pair.source, pair.target)
    letters = {c: often for language in languages for c, often in language.letters.items()}
    order = _library_order(b" ".join(words), candidates(languages))
    best = max(order, key=lambda name: _plausibility(words, name, letters))
    return best, best != "utf-8"


def candidates(languages: Sequence[Language]) -> list[str]:
    """The encodings to choose from, in order of preference.

    UTF-8 is among them so that a file of it with a bad byte is named as such.
    """
    return list(
        dict.fromkeys(["utf-8", *(n for one in languages for n in one.encodings), "cp1252"])
    )


def _known(encoding: str) -> str:
    try:
        info = codecs.lookup(encoding)
        if not info._is_text_encoding:
            raise LookupError
        b"".decode(encoding)
    except (LookupError, ValueError, UnicodeError) as error:
        raise InputError(
            f"unknown encoding {encoding!r}: give one that Python knows, such as utf-8, cp1251, koi8-r, cp866"
        ) from error
    return encoding


def _decoded(loaded: Loaded, name: str, errors: str) -> str:
    try:
        return loaded.data.decode(name, ERROR_HANDLER if errors == "replace" else "strict")
    except UnicodeError as error:
        offset = getattr(error, "start", None)
        if offset is None:
            raise InputError(f"{loaded.path} is not {name}: {error}") from error
        before = loaded.data[:offset].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        where = f"byte 0x{loaded.data[offset]:02x} at offset {offset} (line {before.count(10) + 1})"
        raise InputError(
            f"{loaded.path}: {where} is not valid {name}: give the right --encoding,"
            " or --errors replace to go on without it"
        ) from error


def _library_order(sample: bytes, candidates: list[str]) -> list[str]:
    """The candidates, those first that charset-normalizer thinks likeliest."""
    from charset_normalizer import from_bytes

    named = [name.replace("-", "_") for name in candidates]
    found = [match.encoding for match in from_bytes(sample, cp_isolation=named, threshold=1.0)]
    ranked = [candidates[named.index(name)] for name in found if name in named]
    return ranked + [name for name in candidates if name not in ranked]


def _plausibility(words: Counter[bytes], encoding: str, letters: Mapping[str, float]) -> float:
    """Mean log-likelihood of a character of the words that hold non-ASCII bytes."""
    from evalkit.languages.base import CYRILLIC

    total, characters = 0.0, 0
    for raw, count in words.items():
        word = raw.decode(encoding, "replace")
        total += count * _likelihood(word, letters, CYRILLIC.letter)
        characters += count * len(word)
    return total / characters if characters else 0.0


def _likelihood(word: str, letters: Mapping[str, float], cyrillic_letter: re.Pattern[str]) -> float:
    """Sum over the characters of how likely each is; the penalties were set by hand on headlines of three words."""
    score, previous = 0.0, ""
    cyrillic = any(cyrillic_letter.match(c) for c in word if c.lower() in letters)
    for character in word:
        weight = letters.get(character.lower())
        if weight is not None:
            score += math.log(weight / 1000)
            if character.isupper():
                # A capital inside a word in small letters is the mark of KOI8 read as cp1251.
                score -= 4.0 if previous.islower() else 0.7
        elif character.isascii():
            score -= 9.0 if cyrillic else 3.0
        elif character in TYPOGRAPHY:
            score -= 4.0
        elif "À" <= character <= "ÿ" and character.isalpha():
            # Accented letters are rare guests in an English or French word, never half of it.
            score -= 9.0 if not previous.isascii() else 5.0
        else:
            score -= 12.0
        previous = character
    return score
