"""Words left as they are, ends, repetitions, tags."""

from __future__ import annotations

import pytest

from evalkit.checks.base import Checked
from evalkit.checks.evidence import Languages
from evalkit.checks.untranslated import UntranslatedCheck
from evalkit.languages.en import CHECK_WORDS as ENGLISH


@pytest.mark.parametrize(
    "provided",
    [
        "The governor visited the завод yesterday.",
        "The губернатор visited the plant вчера.",
        "Губернатор посетил завод вчера.",
        "The govеrnor visited the plant yesterday.",  # a Cyrillic е
    ],
)
def test_letters_of_the_source_are_found(findings, provided):
    found = findings(
        "Губернатор посетил завод вчера.", provided, "The governor visited the plant yesterday."
    )
    assert "untranslated" in [f.name for f in found]


def test_spelling_a_word_in_other_letters_is_no_translation(names):
    source = "Он работал уполномоченным в колхозе."
    assert "untranslated" in names(source, "He worked as an upolnomochennym on a farm.")


def test_what_every_system_leaves_and_addresses_are_no_finding(names):
    source = "Сайт культура.рф закрыт на «Ъ»."
    assert "untranslated" not in names(source, "The site культура.рф is closed.")
    text = "The newspaper «Ъ» is closed."
    assert "untranslated" not in names("Газета «Ъ» закрыта.", text, text)


def test_in_a_shared_script_words_count_that_systems_translate():
    check = UntranslatedCheck(Languages.of(ENGLISH, ENGLISH))
    pair = Checked("der schnelle fuchs", "the schnelle fox", {"mt": "the quick fox"})
    assert [f.name for f in check.find(pair)] == ["untranslated"]
    kept = Checked("der schnelle fuchs", "the schnelle fox", {"mt": "the schnelle fox"})
    assert not list(check.find(kept))


@pytest.mark.parametrize(
    "source, provided, severity",
    [
        ("Кто там?", "Who is there.", "major"),
        ("Он дома.", "He is at home?", "major"),
        ("Он дома.", "He is at home", "minor"),
        ("Он дома.", "He is at home!", "minor"),
    ],
)
def test_another_end_is_found(findings, source, provided, severity):
    (found,) = (f for f in findings(source, provided) if f.name == "end")
    assert found.severity == severity


@pytest.mark.parametrize(
    "source, provided",
    [
        ("«Кто там?» — спросил он.", 'He asked, "Who is there?"'),
        ("Он сказал: «Да».", 'He said, "Yes."'),
        ("Вот как…", "So that's how it is."),
        ("Это стоило 5 тыс. руб.", "It cost 5 thousand rubles"),
        ("Заголовок без точки", "A headline without a full stop"),
        ("Неужели?!", "Really?"),
    ],
)
def test_an_end_of_the_same_kind_is_no_finding(names, source, provided):
    assert "end" not in names(source, provided)


def test_a_system_that_ends_in_the_same_way_excuses(names):
    assert "end" in names("Он дома.", "He is at home")
    assert "end" not in names("Он дома.", "He is at home", "He's at home")


@pytest.mark.parametrize(
    "provided",
    [
        "The the ferry left at noon.",
        "The ferry left at at noon.",
        "The ferry left the ferry left at noon.",
        "The ferry left at noon. The ferry left at noon.",
    ],
)
def test_what_stands_twice_is_found(names, provided):
    assert "repeated" in names("Паром ушёл в полдень.", provided, "The ferry left at noon.")


@pytest.mark.parametrize(
    "source, provided",
    [
        ("Он давно ушёл.", "He had had enough long before."),
        ("Да, да, иду.", "Yes, yes, I'm coming."),
        ("Тише, тише!", "Quiet, quiet!"),
        ("Счёт 5 5", "The score is 5 5"),
        ("очень, очень далеко", "very, very far"),
    ],
)
def test_a_repetition_that_is_meant_is_no_finding(names, source, provided):
    assert "repeated" not in names(source, provided)


@pytest.mark.parametrize(
    "source, provided",
    [
        ("Удалить файл {name}?", "Delete the file?"),
        ("Удалить файл {name}?", "Delete the file {nome}?"),
        ("Осталось %d минут", "%s minutes left"),
        ("Нажмите <b>Далее</b>", "Press <b>Next<b>"),
        ("Привет, %(user)s!", "Hello, user!"),
        ("Сумма: ${total}", "Total: {total}"),
        ("Нажмите Далее", "Press <i>Next</i>"),
    ],
)
def test_broken_markup_is_found(names, source, provided):
    assert "markup" in names(source, provided)


@pytest.mark.parametrize(
    "source, provided",
    [
        ("Удалить файл {name}?", "Delete the file {name}?"),
        ("%1$s из %2$s", "%2$s: %1$s"),
        ("Рост на 5 % за год", "Growth of 5% in a year"),
        ('<a href="x" title="Дом">Дом</a>', '<a href="x" title="Home">Home</a>'),
        ("если a < b и c > d", "if a < b and c > d"),
        ("скидка 50%", "a 50% discount"),
    ],
)
def test_markup_that_came_through_is_no_finding(names, source, provided):
    assert "markup" not in names(source, provided)
