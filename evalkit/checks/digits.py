"""Digits and what separates them: groups of three, decimals, dates, lists."""

from __future__ import annotations

import re

from evalkit.languages.words import CheckWords

Token = tuple[str, int, int]
_GROUPED = re.compile(r"\d{1,3}(?:[.,\u00a0\u202f ']\d{3})+")
# The day or the month of a date in digits.
_DAY = re.compile(
    r"\d{1,2}(?=[./]\d{1,2}[./]\d{2,4}(?!\d))|(?:0?\d|1[0-2])(?=[./](?:19|20)\d\d(?!\d))"
)


def parts(token: Token) -> list[Token]:
    """Digits with separators, cut where these do not hold one number together: dates, lists, "5 000 3"."""
    text, start, end = token
    if not text[0].isdecimal() or _GROUPED.fullmatch(text) or text.isdecimal():
        return [token]
    # "1 234,5", "1,234.5": groups, then decimals; not the day of "26.07.2020".
    match = _DAY.match(text) or re.match(
        r"\d{1,3}(?:([.,\u00a0\u202f '])\d{3})(?:\1\d{3})*(?:[.,]\d+)?(?!\d)", text
    )
    if match is None:
        match = re.match(r"\d+[.,]\d+(?![.,]?\d)", text)
        if match is None and re.match(r"\d{1,3}[ \u00a0\u202f']\d{3}(?!\d)", text):
            match = re.match(r"\d{1,3}(?:[ \u00a0\u202f']\d{3})+(?!\d)", text)
        match = match or re.match(r"\d+", text)
    if match is None or match.end() == len(text):
        return [token]
    first = (match[0], start, start + match.end())
    rest = re.search(r"\d", text[match.end() :])
    if rest is None:
        return [first]
    begin = match.end() + rest.start()
    return [first, *parts((text[begin:], start + begin, end))]


def readings(token: str, language: CheckWords) -> set[float]:
    """What the digits may mean: "1,234" is 1234 in English, and 1.234 or 1234 in Russian."""
    plain = re.sub(r"[\u00a0\u202f ']", "", token)
    if plain.isdecimal():
        # Long runs of digits are codes; as floats they would still compare well.
        return {float(plain)}
    values: set[float] = set()
    last = max(plain.rfind(","), plain.rfind("."))
    whole, decimals = re.sub(r"[.,]", "", plain[:last]), plain[last + 1 :]
    decimal_mark = "," if language.decimal_comma else "."
    if plain.count(plain[last]) == 1:
        values.add(float(f"{whole}.{decimals}"))
    if (
        len(decimals) == 3
        and (plain[last] != decimal_mark or language.decimal_comma or plain.count(plain[last]) > 1)
    ) or not values:
        values.add(float(whole + decimals))
    return values


def decades(values: set[float]) -> set[float]:
    """Two-digit decades: "90-е" are the 1990s."""
    return {v + 1900 for v in values if v < 100} | {v - 1900 for v in values if 1900 <= v < 2000}
