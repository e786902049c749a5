"""A side that is in another language than it should be is told by name."""

from __future__ import annotations

import pytest

from evalkit import evaluate
from evalkit.checks.language import strange_languages, wrong_languages
from evalkit.data import Document, Segment
from evalkit.languages import identification, language_pair
from evalkit.languages.identification import identify

PAIR = language_pair("ru-en")
SOURCES = {
    "Russian": [
        "Паром вернулся на реку после девяти лет перерыва.",
        "На борту было сто двадцать человек.",
    ],
    "Ukrainian": [
        "Пором повернувся на річку після дев'яти років перерви.",
        "На борту було сто двадцять людей.",
    ],
    "Bulgarian": [
        "Фериботът се върна на реката след девет години прекъсване.",
        "На борда имаше сто и двадесет души.",
    ],
    "German": [
        "Die Fähre ist nach neun Jahren zurück auf dem Fluss.",
        "An Bord waren hundertzwanzig Menschen.",
    ],
}
ENGLISH = [
    "The ferry is back on the river after nine years.",
    "A hundred and twenty people were on board.",
]


def warned(source, provided) -> tuple[str, ...]:
    evaluation = evaluate(
        source=source, provided=provided, translations={"mt": ENGLISH}, metrics=["bleu"]
    )
    return evaluation.warnings


@pytest.mark.parametrize("language", ["Ukrainian", "Bulgarian", "German"])
def test_a_source_in_another_language_is_named(language):
    assert warned(SOURCES[language], ENGLISH) == (f"the source looks {language}, not Russian",)


def test_the_right_languages_are_not_warned_of():
    assert warned(SOURCES["Russian"], ENGLISH) == ()


def test_a_provided_text_in_another_language_is_named():
    assert warned(SOURCES["Russian"], SOURCES["German"]) == (
        "the provided text looks German, not English",
    )


def test_exchanged_sides_are_told(write, read_wmt21):
    from evalkit.flow.alignment import align_input
    from evalkit.plan import Plan

    source = write("a.en", "\n".join(ENGLISH) + "\n")
    provided = write("a.ru", "\n".join(SOURCES["Russian"]) + "\n")
    (warning,) = align_input(Plan(source=str(source), provided=(str(provided),))).warnings
    assert warning == (
        "the source is English and the provided text Russian: you seem to have exchanged -s and -p"
    )


def test_a_text_is_judged_as_a_whole():
    """Its sentences alone are too short: this one is taken for Macedonian, as likely as not."""
    assert identify("Кошка спит на диване.") is None
    segments = tuple(Segment("Кошка спит на диване.") for _ in range(20))
    assert strange_languages(Document("a", segments, segments[:0]), PAIR) == ("", "")


def test_of_many_documents_those_are_named():
    found = {"a": ("", ""), "b": ("uk", ""), "c": ("uk", ""), "d": ("en", "ru")}
    swapped, ukrainian = wrong_languages(found, PAIR)
    assert swapped.startswith("in 1 of 4 documents (d) the source is English")
    assert ukrainian == "in 2 of 4 documents (b, ...) the source looks Ukrainian, not Russian"


def test_no_sentence_pair_of_the_news_is_doubted(read_wmt21):
    for name, code in (("source.ru", "ru"), ("reference.A.en", "en")):
        lines = read_wmt21(name)
        found = {identify(" ".join(lines[k : k + 2])) for k in range(0, 1000, 2)}
        assert found <= {code, None}


def test_the_model_is_not_asked_where_common_words_and_letters_tell(monkeypatch, read_wmt21):
    def no_model(text):
        raise AssertionError("the model was asked")

    monkeypatch.setattr(identification, "identify", no_model)
    for name, language in (("source.ru", PAIR.source), ("reference.A.en", PAIR.target)):
        assert identification.other_language(" ".join(read_wmt21(name)), language) is None


def test_what_is_plainly_in_a_language_is_so_for_the_model_too(read_wmt21):
    """So the model would have said nothing else where it is not asked."""
    for name, language in (("source.ru", PAIR.source), ("reference.A.en", PAIR.target)):
        lines = read_wmt21(name)
        for size in (2, 20):
            texts = [" ".join(lines[k : k + size]) for k in range(0, 400, size)]
            plain = [text for text in texts if identification.is_plainly(text, language)]
            assert len(plain) > len(texts) / 3
            assert {identify(text) for text in plain} <= {language.code, None}


@pytest.mark.parametrize("other", [name for name in SOURCES if name != "Russian"])
def test_a_text_half_in_a_neighbour_is_not_plainly_in_the_language(other):
    text = " ".join(SOURCES["Russian"] + SOURCES[other])
    assert not identification.is_plainly(text, PAIR.source)
    assert not identification.is_plainly(" ".join(ENGLISH + SOURCES["German"]), PAIR.target)
