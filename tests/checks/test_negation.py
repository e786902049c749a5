"""One side negates and the other does not."""

from __future__ import annotations

import pytest

CASES = [
    # source, right, negation lost or put in, systems
    (
        "Мэр не ответил на вопросы журналистов.",
        "The mayor did not answer reporters' questions.",
        "The mayor did answer reporters' questions.",
        (
            "The mayor did not answer the journalists' questions.",
            "The mayor didn't answer questions from journalists.",
        ),
    ),
    (
        "Никто не пострадал.",
        "No one was hurt.",
        "Someone was hurt.",
        ("Nobody was injured.", "No one was injured."),
    ),
    (
        "Школу откроют в сентябре.",
        "The school will open in September.",
        "The school will not open in September.",
        ("The school will be opened in September.", "The school will open in September."),
    ),
    (
        "Мост построили вовремя.",
        "The bridge was built on time.",
        "The bridge was not built on time.",
        ("The bridge was built on time.", "The bridge was built in time."),
    ),
    (
        "Суд не признал его виновным.",
        "The court did not find him guilty.",
        "The court found him guilty.",
        ("The court did not find him guilty.", "The court didn't find him guilty."),
    ),
]


@pytest.mark.parametrize("source, right, wrong, systems", CASES)
def test_it_is_found_with_one_system_and_with_two(names, source, right, wrong, systems):
    for count in (1, 2):
        assert "negation" not in names(source, right, *systems[:count])
        assert "negation" in names(source, wrong, *systems[:count])


@pytest.mark.parametrize(
    "source, provided, system",
    [
        ("Он не смог приехать.", "He was unable to come.", "He could not come."),
        (
            "Она не только поёт, но и танцует.",
            "She sings and dances.",
            "She not only sings but also dances.",
        ),
        ("Дома никого не было.", "The house was empty.", "There was no one at home."),
        ("Он ждёт с нетерпением.", "He can't wait.", "He is looking forward to it."),
        ("Школа № 30 закрыта.", "School No. 30 is closed.", "School No. 30 is closed."),
        (
            "Без паспорта не пустят.",
            "You won't be let in without a passport.",
            "They won't let you in without a passport.",
        ),
        ("Несколько домов сгорело.", "Several houses burned down.", "Several houses burned down."),
        (
            "Компания отказалась платить.",
            "The company would not pay.",
            "The company refused to pay.",
        ),
    ],
)
def test_a_negation_in_other_words_is_no_finding(names, source, provided, system):
    assert "negation" not in names(source, provided, system)


def test_without_a_system_the_words_of_both_languages_tell(names):
    assert "negation" in names(
        "Школу откроют в сентябре.", "The school will not open in September."
    )
    assert "negation" not in names("Школу не откроют.", "The school will not open.")


def test_the_spans_are_the_negation(findings):
    provided = "The school will not open in September."
    (found,) = findings("Школу откроют в сентябре.", provided, "The school will open in September.")
    assert [provided[a:b] for a, b in found.provided_spans] == ["not"]
