"""The numbers of a text, whichever way they are written, as values that can be compared.

A mention has several values where its writing is ambiguous: "1,234" is 1234 in English and may be 1.234 in Russian; "18:30" is
18 or 6 o'clock. Two mentions agree if they share a value.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from evalkit.checks.digits import Token, decades, parts, readings
from evalkit.checks.remembered import Remembered
from evalkit.checks.words import fold, words
from evalkit.languages.words import CheckWords

TOKEN = re.compile(r"\d+(?:[.,\u00a0\u202f ']\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*|[%$€£₽№]|[-–—:/]")
# Where tokens are not what `words` cuts a text into: "T34", "rock'n'roll".
_DIGIT_OR_APOSTROPHES = re.compile(r"\d|['’]\w+['’]")
_CODE = re.compile(r"[^\W\d_](?:[-–]\s?)?$")
_SHORT_YEAR = re.compile(r"(?:19|20)\d\d[/–-]$")
_MIXED = re.compile(r"\d+ ([1-9])/([2-9])(?!\d)")
_HYPHENS = frozenset("-–—")
_JOINS = re.compile(r"\s*")
ROMAN = re.compile(r"(?=[IVXLC])(?:X{0,3}|XL|LX{0,3})(?:IX|IV|V?I{0,3})")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
# Cyrillic letters that are typed for Roman ones.
_ROMAN_LETTERS = str.maketrans("ІХСМ", "IXCM")
# Words after which a full stop does not end what belongs together.
_ABBREVIATED = frozenset(("тыс", "млн", "млрд", "трлн", "руб", "p", "a", "долл", "mln", "bn"))


@dataclass(frozen=True, slots=True)
class Number:
    """A mention of a number.

    Attributes:
        values: what it may mean.
        text: how it is written.
        start, end: its place.
        digits: it is written in digits.
        attached: it is part of a name or code ("COVID-19", "Т-72"), or the minutes of a full hour.
        vague: it is often said in another way, or left out ("one", "both", "V").
        unit: the measure beside it ("ruble", "kilometre"), or "".
        month: it is a month or a weekday ("month", "weekday"), or "".
    """

    values: frozenset[float]
    text: str
    start: int
    end: int
    digits: bool = False
    attached: bool = False
    vague: bool = False
    unit: str = ""
    calendar: str = ""

    def agrees(self, other: Number) -> bool:
        """Both may mean the same."""
        if self.calendar != other.calendar and "weekday" in (self.calendar, other.calendar):
            return False
        return bool(self.values & other.values)


@lru_cache(maxsize=4096)
def numbers(text: str, language: CheckWords) -> tuple[Number, ...]:
    """The numbers of a text, in their order."""
    begins, fold_of = _begins(language), _folded(language)
    if not _DIGIT_OR_APOSTROPHES.search(text):
        # Then words are tokens, and those are known already.
        if not any([begins[word.text] for word in words(text, language)]):
            return ()
    elif not any([begins[token] for token in TOKEN.findall(text)]):
        return ()
    tokens: list[Token] = []
    for match in TOKEN.finditer(text):
        token = (match[0], match.start(), match.end())
        if token[0][0].isdecimal():
            tokens += parts(token)
        else:
            tokens.append(token)
    folded = [fold_of[token[0]] for token in tokens]
    found: list[Number] = []
    at = 0
    while at < len(tokens):
        if not begins[tokens[at][0]]:
            at += 1
            continue
        number, used = _number_at(text, tokens, folded, at, language)
        if number is not None:
            found.append(number)
        at += max(1, used)
    return tuple(found)


@lru_cache(maxsize=8)
def _folded(language: CheckWords) -> Remembered[str, str]:
    return Remembered(lambda token: fold(token, language).removesuffix("'s"))


@lru_cache(maxsize=8)
def _begins(language: CheckWords) -> Remembered[str, bool]:
    """Of each token, whether a number can begin with it; most words are sorted out here."""
    return Remembered(lambda token: _may_begin(token, language))


def _may_begin(token: str, language: CheckWords) -> bool:
    if not token[0].isalnum():
        return False
    folded = _folded(language)[token]
    return (
        token[0].isdecimal()
        or bool(
            ROMAN.fullmatch(token.removesuffix("'s").removesuffix("’s").translate(_ROMAN_LETTERS))
        )
        or _calendar(folded, token, language) is not None
        or _word_value(folded, language)[0] is not None
    )


def _number_at(
    text: str, tokens: Sequence[Token], folded: Sequence[str], at: int, language: CheckWords
) -> tuple[Number | None, int]:
    """The number that begins with a token, and how many tokens it takes."""
    token, start, end = tokens[at]
    if token[0].isdecimal():
        return _digits_at(text, tokens, folded, at, language)
    calendar = _calendar(folded[at], token, language)
    if calendar is not None:
        value, kind = calendar
        vague = folded[at] in language.vague
        return Number(frozenset((float(value),)), token, start, end, vague=vague, calendar=kind), 1
    roman = token.removesuffix("'s").removesuffix("’s").translate(_ROMAN_LETTERS)
    if ROMAN.fullmatch(roman) and not (roman == "I" and language.code == "en"):
        before = text[max(0, start - 1) : start]
        after = text[end : end + 1]
        if len(roman) > 1 or (before not in ("'", "’", "-") and after not in (".", "'", "’", "-")):
            return Number(
                frozenset((float(_roman(roman)),)), token, start, end, vague=len(roman) < 2
            ), 1
    return _words_at(text, tokens, folded, at, language)


def _digits_at(
    text: str, tokens: Sequence[Token], folded: Sequence[str], at: int, language: CheckWords
) -> tuple[Number | None, int]:
    token, start, _ = tokens[at]
    values, size = _mixed(text, tokens, folded, at, language)
    last = at + size - 1
    end = tokens[last][2]
    stop = last + _together(text, tokens, last)
    following = [folded[k] if k < stop else "" for k in range(last + 1, last + 4)]
    adjacent = text[end : tokens[last + 1][1]] if last + 1 < len(tokens) else ""
    # "5-миллионный", "1990-х": a hyphen between.
    after = 2 if following[0] in _HYPHENS and adjacent == "" else 1
    word = following[after - 1]
    if word in language.scales and (len(word) > 1 or adjacent == ""):
        scaled = {value * language.scales[word] for value in values}
        # "5m" may be five metres.
        values, size = scaled | (values if len(word) == 1 else set()), size + after
        end = tokens[last + after][2]
    elif word in language.number_endings and adjacent == "":
        size += after
        values |= decades(values) if word in language.decade_endings else set()
    elif _is_time(following, adjacent, after, language):
        values |= {value % 12 for value in values} | {value + 12 for value in values if value < 12}
    before = text[max(0, start - 6) : start]
    attached = bool(_CODE.search(before[-3:])) or (token == "00" and before.endswith(":"))
    if _SHORT_YEAR.search(before):
        values |= {value + 2000 for value in values if value < 100}
    unit = _unit(text, tokens, folded, at, at + size, language)
    return Number(frozenset(values), text[start:end], start, end, True, attached, unit=unit), size


def _mixed(
    text: str, tokens: Sequence[Token], folded: Sequence[str], at: int, language: CheckWords
) -> tuple[set[float], int]:
    """The values of digits with what adds a fraction to them, and how many tokens that takes."""
    values = readings(tokens[at][0], language)
    fraction = _MIXED.match(text, tokens[at][1])
    if fraction and at + 3 < len(tokens):
        # "2 1/2 million"
        part = int(fraction[1]) / int(fraction[2])
        return {value + part for value in values}, 4
    size = _half(folded, at + 1, at + _together(text, tokens, at), language)
    return ({value + 0.5 for value in values} if size else values), 1 + size


def _is_time(following: Sequence[str], adjacent: str, after: int, language: CheckWords) -> bool:
    """The number is an hour: minutes or a half of the day follow."""
    if following[0] == ":" and adjacent == "":
        return following[1][:1].isdecimal()
    halves = language.afternoon | language.morning
    word = following[after - 1]
    return word in halves or f"{word} {following[after]}" in halves


def _together(text: str, tokens: Sequence[Token], at: int) -> int:
    """How many tokens from here on, at most 12, have nothing but white space between them."""
    count = 1
    while count < 12 and at + count < len(tokens):
        gap = text[tokens[at + count - 1][2] : tokens[at + count][1]]
        if not _JOINS.fullmatch(gap) and not (gap.strip() == "." and at + count < len(tokens)):
            break
        if gap.strip() and tokens[at + count - 1][0].lower() not in _ABBREVIATED:
            break
        count += 1
    return count


@lru_cache(maxsize=8)
def _calendar_beginnings(language: CheckWords) -> frozenset[str]:
    return frozenset(name[:3] for name in (*language.months, *language.weekdays))


def _calendar(folded: str, token: str, language: CheckWords) -> tuple[int, str] | None:
    if len(folded) < 3 or (language.code == "en" and not token[0].isupper()):
        return None
    if folded[:3] not in _calendar_beginnings(language):
        return None
    for table, kind in ((language.months, "month"), (language.weekdays, "weekday")):
        for length in range(3, len(folded) + 1):
            value, rest = table.get(folded[:length]), folded[length:]
            if value is not None and rest in (language.months_end if length > 3 else ("",)):
                return value, kind
    return None


def _roman(text: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in text]
    return sum(
        -value if any(value < later for later in values[k + 1 : k + 2]) else value
        for k, value in enumerate(values)
    )


def _words_at(
    text: str, tokens: Sequence[Token], folded: Sequence[str], at: int, language: CheckWords
) -> tuple[Number | None, int]:
    """A number in words: "сто двадцать пять", "two thousand five hundred and six", "twenty-first"."""
    total, current, used, k = 0.0, 0.0, 0, at
    last = 1e18
    vague, any_word = True, False
    stop = at + _together(text, tokens, at)
    while k < stop:
        word = folded[k]
        if any_word and (size := _half(folded, k, stop, language)):
            current, k = current + 0.5, k + size
            used = k - at
            continue
        value, kind = _word_value(word, language)
        if value is None:
            joins = word in ("and", "-") and any_word and k + 1 < stop
            if not joins or (word == "and" and current % 100 != 0):
                break
            following, _ = _word_value(folded[k + 1], language)
            if following is None or following >= 100 or (word == "-" and current % 10 != 0):
                break
            k += 1
            continue
        if kind == "scale":
            if not any_word:
                break
            total += (current or 1) * value
            current, last, vague = 0.0, value, False
        elif value == 100 and kind == "cardinal" and language.code == "en" and 0 < current < 100:
            current, vague = current * 100, False
        elif any_word and not _continues(current, value, last):
            break
        else:
            current += value
            vague = vague and (word in language.vague or kind == "vague")
        any_word = True
        k += 1
        used = k - at
        if kind in ("ordinal", "vague", "fused"):
            break
    if not any_word:
        return None, 0
    start, end = tokens[at][1], tokens[at + used - 1][2]
    unit = _unit(text, tokens, folded, at, at + used, language)
    return Number(
        frozenset((total + current,)), text[start:end], start, end, vague=vague, unit=unit
    ), used


def _half(folded: Sequence[str], at: int, stop: int, language: CheckWords) -> int:
    """How many words from here on add a half to the number before them: "с половиной"; 0 if none do."""
    for half in language.halves:
        if at + len(half) <= stop and tuple(folded[at : at + len(half)]) == half:
            return len(half)
    return 0


def _continues(current: float, value: float, last: float) -> bool:
    """A number word adds to those before it: "twenty" "five", "сто" "двадцать"."""
    if value < 1 or value != int(value) or current != int(current):
        return False
    if current == 0:
        return value < last
    return (current % 100 == 0 and value < 100) or (
        current % 10 == 0 and current % 100 >= 20 and value < 10
    )


@lru_cache(maxsize=65536)
def _word_value(word: str, language: CheckWords) -> tuple[float | None, str]:
    value = language.cardinals.get(word)
    if value is not None:
        return value, "cardinal"
    value = language.scales.get(word)
    if value is not None and len(word) > 2:
        return value, "scale"
    begins_ordinal, begins_fused = _beginnings(language)
    for length in range(len(word), 2, -1) if word[:3] in begins_ordinal else ():
        value = language.ordinals.get(word[:length])
        if value is not None and word[length:] in language.ordinal_endings:
            return value, "vague" if word[:length] in language.vague else "ordinal"
    for length in range(min(10, len(word) - 3), 3, -1) if word[:4] in begins_fused else ():
        value = language.fused.get(word[:length])
        if value is not None:
            return value, "vague"
    return None, ""


@lru_cache(maxsize=8)
def _beginnings(language: CheckWords) -> tuple[frozenset[str], frozenset[str]]:
    """The first three letters of ordinals, and the first four of words that hold a number: most words have neither."""
    return (
        frozenset(word[:3] for word in language.ordinals),
        frozenset(word[:4] for word in language.fused),
    )


def _unit(
    text: str,
    tokens: Sequence[Token],
    folded: Sequence[str],
    first: int,
    after: int,
    language: CheckWords,
) -> str:
    """The measure after a number, or the sign before it."""
    stop = first + _together(text, tokens, first)
    if after + 1 < stop and folded[after] in "-–—":
        after += 1
    if after < stop and folded[after] in language.units:
        return language.units[folded[after]]
    if (
        first
        and folded[first - 1] in ("$", "€", "£", "₽")
        and tokens[first - 1][2] == tokens[first][1]
    ):
        return language.units.get(folded[first - 1], "")
    return ""


def counterparts(wanted: Sequence[Number], others: Sequence[Number]) -> tuple[list[int], list[int]]:
    """Positions of numbers that the other side lacks, and of the other side's that are left; each is used once.

    A second mention of a number already matched is not lacking: texts repeat and leave out repetitions.
    """
    free = set(range(len(others)))
    lacking = []
    for k, number in enumerate(wanted):
        match = next((j for j in sorted(free) if number.agrees(others[j])), None)
        if match is not None:
            free.discard(match)
        elif not any(number.agrees(other) for other in others):
            lacking.append(k)
    left = [j for j in sorted(free) if not any(others[j].agrees(number) for number in wanted)]
    return lacking, left
