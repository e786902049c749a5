"""One source, several translations; one translation, several sources."""

from __future__ import annotations

from evalkit.checks.base import Checked
from evalkit.checks.evidence import Languages
from evalkit.checks.inconsistent import inconsistent
from evalkit.languages.en import CHECK_WORDS as ENGLISH
from evalkit.languages.ru import CHECK_WORDS as RUSSIAN

LANGUAGES = Languages.of(RUSSIAN, ENGLISH)


def messages(*pairs: tuple[str, str]) -> list[list[str]]:
    found = inconsistent([Checked(*pair) for pair in pairs], LANGUAGES)
    return [[finding.message for finding in each] for each in found]


def test_the_later_of_two_translations_is_named_with_the_earlier():
    found = messages(("Конец главы.", "End of chapter."), ("Конец главы.", "The chapter ends."))
    assert found[0] == [] and '"End of chapter."' in found[1][0] and "pair 1" in found[1][0]


def test_case_and_punctuation_do_not_count():
    assert messages(("Конец главы.", "End of chapter."), ("конец главы", "End of Chapter")) == [
        [],
        [],
    ]


def test_one_word_may_be_translated_in_several_ways():
    assert messages(("Открыть", "Open"), ("Открыть", "Unlock")) == [[], []]


def test_one_translation_of_two_different_sources_is_found():
    found = messages(
        ("Первый этаж закрыт.", "The floor is closed."),
        ("Второй этаж закрыт.", "The floor is closed."),
    )
    assert found[0] == [] and '"Первый этаж закрыт."' in found[1][0]


def test_sources_that_differ_by_inflection_alone_may_share_one():
    assert (
        messages(
            ("Закрытые двери музея", "museum door closed"),
            ("закрытая дверь музея", "museum door closed"),
        )[1]
        == []
    )


def test_each_later_one_that_differs_is_named():
    found = messages(
        *[("Конец главы.", text) for text in ("one end", "two end", "one end", "three end")]
    )
    assert [len(each) for each in found] == [0, 1, 0, 1]
