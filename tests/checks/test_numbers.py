"""Numbers are compared by value, whichever way they are written."""

from __future__ import annotations

import pytest

from evalkit.checks.numbers import counterparts, numbers
from evalkit.languages.en import CHECK_WORDS as ENGLISH
from evalkit.languages.ru import CHECK_WORDS as RUSSIAN


def values(text: str, language=RUSSIAN) -> list[set[float]]:
    return [set(number.values) for number in numbers(text, language)]


@pytest.mark.parametrize(
    "text, value",
    [
        ("2,5 млн рублей", 2_500_000),
        ("600,3 тысячи", 600_300),
        ("30 тыс. руб.", 30_000),
        ("1 234 567,8", 1_234_567.8),
        ("12 500 человек", 12_500),
        ("двадцать пять", 25),
        ("сто двадцать три тысячи пятьсот шесть", 123_506),
        ("двадцать первый", 21),
        ("пятидесятый", 50),
        ("XIV", 14),
        ("ХIХ век", 19),
        ("трёхлетний", 3),
        ("полтора", 1.5),
        ("двух с половиной миллионов", 2_500_000),
        ("в 10-м", 10),
        ("вчетверо", 4),
        ("декабря", 12),
    ],
)
def test_russian(text, value):
    assert [v for v in values(text) if value in v] == values(text) and values(text)


@pytest.mark.parametrize(
    "text, value",
    [
        ("2.5 million", 2_500_000),
        ("$5bn", 5e9),
        ("1,234,567.5", 1_234_567.5),
        ("twenty-five", 25),
        ("one hundred and twenty-three thousand five hundred and six", 123_506),
        ("two thousand and five", 2005),
        ("twenty-first", 21),
        ("Louis XIV's", 14),
        ("a dozen", 12),
        ("2 1/2 million", 2_500_000),
        ("two and a half million", 2_500_000),
        ("the 21st", 21),
        ("May", 5),
        ("Wednesday's", 3),
    ],
)
def test_english(text, value):
    assert [v for v in values(text, ENGLISH) if value in v] == values(text, ENGLISH)
    assert values(text, ENGLISH)


@pytest.mark.parametrize(
    "russian, english",
    [
        ("В 18:30 начнётся матч.", "The match starts at 6:30 pm."),
        ("В 1990-х годах", "In the 1990s"),
        ("в девяностые", "in the nineties"),
        ("26.07.2020", "July 26, 2020"),
        ("сезон 2019/20", "the 2019/2020 season"),
        ("за сутки", "in 24 hours"),
        ("более двух с половиной миллионов", "more than 2.5 million"),
        ("в 7 часов вечера", "at 7 p.m."),
        ("13 300 заболевших", "13,300 cases"),
        ("4,5-5,5%", "4.5-5.5 percent"),
        ("Пий XII", "Pius XII"),
        ("в среду, 3 июня", "on Wednesday, June 3rd"),
        ("полгода", "six months"),
        ("5-летний мальчик", "a five-year-old boy"),
    ],
)
def test_the_same_number_in_both_languages(russian, english):
    theirs, ours = numbers(russian, RUSSIAN), numbers(english, ENGLISH)
    lacking, left = counterparts(theirs, ours)
    assert not [theirs[k].text for k in lacking if not theirs[k].vague]
    assert not [ours[k].text for k in left if not ours[k].vague]


@pytest.mark.parametrize(
    "text, count",
    [("2020, 21 и 22", 3), ("10.5.2020", 3), ("5, 6, 7", 3), ("пять, шесть", 2), ("1/8 финала", 2)],
)
def test_numbers_side_by_side_are_several(text, count):
    assert len(numbers(text, RUSSIAN)) == count


@pytest.mark.parametrize(
    "text",
    ["I think so.", "He may come.", "a market", "Mix it well.", "The Ivy leaves", "second-hand"],
)
def test_words_that_are_no_numbers_are_none_or_vague(text):
    assert all(number.vague for number in numbers(text, ENGLISH))


@pytest.mark.parametrize(
    "text", ["стоимость", "пятно", "семья", "шестьсот" + "ы", "средний", "марте" + "нит"]
)
def test_russian_words_that_begin_like_numbers_are_none(text):
    assert all(number.vague for number in numbers(text, RUSSIAN))


def test_places_are_those_of_the_text():
    text = "Из 2,5 млн человек 26 июля"
    assert [text[n.start : n.end] for n in numbers(text, RUSSIAN)] == ["2,5 млн", "26", "июля"]


def test_units_stand_with_their_numbers():
    found = numbers("5 км за $20 и 40%", RUSSIAN)
    assert [n.unit for n in found] == ["kilometre", "dollar", "percent"]
