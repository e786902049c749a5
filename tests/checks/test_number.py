"""A wrong number is found, and a right one in other words is not."""

from __future__ import annotations

import pytest

CLEAN = [
    ("Население города выросло до 2,5 млн человек.", "The city's population grew to 2.5 million."),
    ("Он родился 3 мая 1987 года.", "He was born on May 3, 1987."),
    ("Поезд отправляется в 18:45.", "The train leaves at 6:45 p.m."),
    ("Двое рабочих починили крышу.", "Two workers mended the roof."),
    ("Цены выросли на 12,4%.", "Prices rose 12.4 percent."),
    ("В XIX веке здесь была мельница.", "There was a mill here in the 19th century."),
    ("Он прошёл 1 500 метров.", "He walked 1,500 meters."),
    ("Пятнадцать лет назад мост закрыли.", "Fifteen years ago the bridge was closed."),
    ("Один из них вернулся.", "One of them came back."),
    ("Первый снег выпал в понедельник.", "The first snow fell on Monday."),
]
DAMAGED = [
    ("Население города выросло до 2,5 млн человек.", "The city's population grew to 2.6 million."),
    ("Он родился 3 мая 1987 года.", "He was born on May 3, 1978."),
    ("Он родился 3 мая 1987 года.", "He was born on June 3, 1987."),
    ("Цены выросли на 12,4%.", "Prices rose 1.24 percent."),
    ("Он прошёл 1 500 метров.", "He walked 15,000 meters."),
    ("Пятнадцать лет назад мост закрыли.", "Sixteen years ago the bridge was closed."),
    ("В XIX веке здесь была мельница.", "There was a mill here in the 18th century."),
    ("Встреча пройдёт в четверг.", "The meeting will take place on Tuesday."),
    ("Дорога стоила 40 рублей.", "The trip cost 40 dollars."),
]


@pytest.mark.parametrize("source, provided", CLEAN)
def test_the_same_number_in_other_words_is_no_finding(names, source, provided):
    assert "number" not in names(source, provided)
    assert "number" not in names(source, provided, provided)


@pytest.mark.parametrize("source, provided", DAMAGED)
def test_another_number_is_found_by_the_source_alone(names, source, provided):
    assert "number" in names(source, provided)


@pytest.mark.parametrize("source, provided", DAMAGED)
def test_another_number_is_found_with_a_system(names, source, provided):
    right = (
        dict(CLEAN).get(source)
        or {
            "Встреча пройдёт в четверг.": "The meeting will be on Thursday.",
            "Дорога стоила 40 рублей.": "The journey cost 40 rubles.",
        }[source]
    )
    assert "number" in names(source, provided, right)


def test_the_message_says_both_numbers_and_the_spans_are_theirs(findings):
    source, provided = "Ему 45 лет.", "He is 54 years old."
    (found,) = findings(source, provided, "He is 45 years old.")
    assert '"45"' in found.message and '"54"' in found.message
    assert [source[a:b] for a, b in found.source_spans] == ["45"]
    assert [provided[a:b] for a, b in found.provided_spans] == ["54"]
    assert found.severity == "major" and 0.5 <= found.score <= 1


def test_a_number_that_all_systems_write_is_not_blamed(names):
    source = "В прошлом веке здесь жили староверы."
    text = "Old Believers lived here in the 20th century."
    assert "number" not in names(
        source, text, text, "In the 20th century Old Believers lived here."
    )
