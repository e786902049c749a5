"""One text with both languages in it."""

from __future__ import annotations

import pytest

from evalkit.languages import language_pair
from evalkit.read.bilingual import by_language


def test_the_founding_document(read_file, data):
    (document,) = read_file(data / "steinmeier.txt").documents
    assert document.name == "steinmeier"
    assert [s.text for s in document.source] == [
        "Штайнмайер заявил о готовности НАТО работать вместе с Россией"
    ]
    assert (document.source[0].line, len(document.provided)) == (3, 9)


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        (
            "Паром вернулся на реку. The ferry is back on the river.",
            [
                ("source", "Паром вернулся на реку."),
                ("provided", "The ferry is back on the river."),
            ],
        ),
        (
            "Добрый день\tGood afternoon",
            [("source", "Добрый день"), ("provided", "Good afternoon")],
        ),
        ("cat | кошка", [("provided", "cat"), ("source", "кошка")]),
        (
            "The ferry is back on the river (Паром снова ходит по реке).",
            [
                ("provided", "The ferry is back on the river"),
                ("source", "(Паром снова ходит по реке)."),
            ],
        ),
        # Nothing stands between the languages.
        (
            "Паром вернулся на реку после перерыва The ferry is back on the river after nine years",
            [
                ("source", "Паром вернулся на реку после перерыва"),
                ("provided", "The ferry is back on the river after nine years"),
            ],
        ),
        (
            'Министр вчера сказал журналистам "I will be back soon"',
            [("source", 'Министр вчера сказал журналистам "I will be back soon"')],
        ),
        (
            "Он прочитал роман The Lord of the Rings за одну ночь",
            [("source", "Он прочитал роман The Lord of the Rings за одну ночь")],
        ),
        # Names and quotations stay in the sentence they stand in.
        ("Компания Apple Inc. подала в суд.", [("source", "Компания Apple Inc. подала в суд.")]),
        (
            "Windows Server — система Microsoft.",
            [("source", "Windows Server — система Microsoft.")],
        ),
        ("The word «правда» means truth.", [("provided", "The word «правда» means truth.")]),
        ("Yahoo! купила Tumblr за миллиард.", [("source", "Yahoo! купила Tumblr за миллиард.")]),
        ("12:30", [(None, "12:30")]),
        ("https://example.org/ru", [(None, "https://example.org/ru")]),
    ],
)
def test_a_paragraph_is_cut_where_its_language_changes(paragraph, expected):
    assert by_language(paragraph, language_pair("ru-en")) == expected


def test_paragraphs_without_letters_go_with_what_stands_before_them(read_file, write):
    path = write("mix.txt", "* * *\nЗаголовок\n2016\n\nTitle\n2017\nhttps://example.org\n")
    (document,) = read_file(path).documents
    assert [s.text for s in document.source] == ["* * *", "Заголовок", "2016"]
    assert [s.text for s in document.provided] == ["Title", "2017", "https://example.org"]


def test_a_text_without_russian_is_read_with_a_warning(read_file, write):
    corpus = read_file(write("en.txt", "Only English here.\n"))
    assert len(corpus.documents[0].provided) == 1
    assert "no Russian text" in corpus.warnings[0]
