"""What is paired with what, from texts small enough to see."""

from __future__ import annotations

import pytest

from evalkit.checks.unrelated import unrelated_texts
from evalkit.data import Document, Row
from evalkit.languages import language_pair
from evalkit.pair import align, split
from evalkit.plan import Pairing, Plan
from evalkit.read import read

RUSSIAN_ENGLISH = language_pair("ru-en")

RUSSIAN = [
    "Паром вернулся на реку после девяти лет перерыва.",
    "На борту было сто двадцать человек.",
    "Среди них была мэр города Ольга Климова.",
    "Мост закрыли на ремонт в 2017 году.",
    "Билет стоит шестьдесят рублей.",
]
# What a translation system might say: not the words of the provided text.
BRIDGE = [
    "The ferry returned to the river after a nine-year break.",
    "There were one hundred and twenty people on board.",
    "Among them was the mayor of the city, Olga Klimova.",
    "The bridge was closed for repairs in 2017.",
    "A ticket costs sixty rubles.",
]
ENGLISH = [
    "The ferry is back on the river after nine years.",
    "A hundred and twenty people were on board.",
    "The city's mayor, Olga Klimova, was among them.",
    "The bridge closed for repairs in 2017.",
    "Tickets are sixty roubles.",
]


def shape(pairs):
    return [(pair.alignment, pair.source_index) for pair in pairs]


def test_sentences_in_order_are_paired_one_to_one(aligned):
    pairs = aligned(RUSSIAN, ENGLISH, BRIDGE)
    assert shape(pairs) == [("1-1", (k,)) for k in range(5)]
    assert [pair.provided for pair in pairs] == [(text,) for text in ENGLISH]
    assert all(pair.confidence > 0.9 for pair in pairs)
    assert (pairs[3].source_line, pairs[3].provided_line, pairs[3].document) == (4, 4, "d0")


def test_merged_provided_sentences(aligned):
    provided = [ENGLISH[0], f"{ENGLISH[1]} {ENGLISH[2]}", *ENGLISH[3:]]
    pairs = aligned(RUSSIAN, provided, BRIDGE)
    assert shape(pairs) == [("1-1", (0,)), ("2-1", (1, 2)), ("1-1", (3,)), ("1-1", (4,))]
    assert pairs[1].source == f"{RUSSIAN[1]} {RUSSIAN[2]}"


def test_split_provided_sentences(aligned):
    provided = [ENGLISH[0], "The city's mayor,", "Olga Klimova, was among them.", *ENGLISH[3:]]
    pairs = aligned([RUSSIAN[0], *RUSSIAN[2:]], provided, [BRIDGE[0], *BRIDGE[2:]])
    assert shape(pairs)[1] == ("1-2", (1,))
    assert pairs[1].provided == (ENGLISH[2],)


def test_left_out_and_added_sentences_stay(aligned):
    added = "Local people, who had never stopped asking for it, brought flowers and brass bands."
    provided = [ENGLISH[0], *ENGLISH[2:], added]
    pairs = aligned(RUSSIAN, provided, BRIDGE)
    left_out = [(p.status, p.source or p.provided[0]) for p in pairs if p.status != "paired"]
    assert sorted(left_out) == [("provided_only", added), ("source_only", RUSSIAN[1])]
    assert [p.source_index for p in pairs if p.source] == [(k,) for k in range(5)]
    for pair in pairs:
        if pair.status == "source_only":
            assert (pair.alignment, pair.provided, pair.provided_line) == ("1-0", ("",), 0)
        if pair.status == "provided_only":
            assert (pair.alignment, pair.source, pair.source_line) == ("0-1", "", 0)


def test_documents_are_borders(aligned):
    pairs = aligned(RUSSIAN[:2], ENGLISH[:1], BRIDGE[:2])
    pairs += aligned(RUSSIAN[2:], [ENGLISH[1], *ENGLISH[2:]], BRIDGE[2:])
    assert [p.status for p in pairs if p.source == RUSSIAN[1]] == ["source_only"]
    assert [p.status for p in pairs if p.provided == (ENGLISH[1],)] == ["provided_only"]


@pytest.mark.parametrize("sides", [(RUSSIAN, []), ([], ENGLISH), ([], [])])
def test_a_side_may_be_empty(aligned, sides):
    pairs = aligned(*sides, BRIDGE[: len(sides[0])])
    assert len(pairs) == len(sides[0]) + len(sides[1])
    assert {p.status for p in pairs} <= {"source_only", "provided_only"}


def test_names_numbers_and_lengths_do_without_a_translation(aligned):
    russian = [
        "Жители левого берега до сих пор пользовались единственным мостом.",
        RUSSIAN[2],
        RUSSIAN[3],
        "Так сообщает агентство Рейтер.",
    ]
    english = [ENGLISH[2], ENGLISH[3], "Reuters reports it so."]
    pairs = aligned(russian, english)
    assert ("1-1", (1,)) in shape(pairs) and ("1-1", (2,)) in shape(pairs)


def test_only_lengths_are_left_where_no_name_is_shared(aligned):
    lengths = [40, 120, 15, 70] * 6
    left = [chr(0x4E00 + n) * length for n, length in enumerate(lengths)]
    right = [chr(0x3B1 + n) * (length + n % 3) for n, length in enumerate(lengths)]
    pairs = aligned(left, right)
    assert shape(pairs) == [("1-1", (k,)) for k in range(24)]
    assert all(pair.confidence <= 0.7 for pair in pairs)


def test_rows_are_pairs_as_they_stand():
    rows = (
        Row("Да.", ("Yes.", "Yep."), "1", 7, flags=("fuzzy",)),
        Row("Нет.", ("", " ")),
        Row("", ("Well.",)),
    )
    document = Document("a", rows=rows)
    assert document.sources == ["Да.", "Нет.", ""]
    assert split(document, Pairing(), RUSSIAN_ENGLISH) == document
    first, second, third = align(document, RUSSIAN_ENGLISH, ["Yes.", "No.", ""])
    assert first.document == "a"
    assert (first.status, first.alignment, first.confidence) == ("paired", "1-1", 1.0)
    assert (first.provided, first.id, first.flags) == (("Yes.", "Yep."), "1", ("fuzzy",))
    assert (first.source_line, first.provided_line, first.source_index) == (7, 7, (0,))
    assert (second.status, second.alignment, second.source_index) == ("source_only", "1-0", (1,))
    assert (third.status, third.alignment, third.source_index) == ("provided_only", "0-1", ())


def test_a_bridge_must_fit(aligned):
    with pytest.raises(ValueError, match="2 translations for 5 source sentences"):
        aligned(RUSSIAN, ENGLISH, BRIDGE[:2])


@pytest.fixture
def founding(data) -> Document:
    (document,) = read(Plan(inputs=(str(data / "steinmeier.txt"),))).documents
    return document


def test_splitting_keeps_lines_and_can_be_turned_off(founding):
    sentences = split(founding, Pairing(), RUSSIAN_ENGLISH)
    assert len(sentences.provided) > len(founding.provided) == 9
    assert sentences.provided[-1].line == founding.provided[-1].line
    for pairing in (Pairing(presplit=True), Pairing(align="paragraphs")):
        assert split(founding, pairing, RUSSIAN_ENGLISH) == founding


@pytest.mark.parametrize(
    "bridge",
    [None, ["Steinmeier announced the readiness of NATO to work together with Russia"]],
)
def test_the_founding_document_has_one_pair(founding, bridge):
    pairs = align(split(founding, Pairing(), RUSSIAN_ENGLISH), RUSSIAN_ENGLISH, bridge)
    (pair,) = (p for p in pairs if p.status == "paired")
    assert pair.provided == ("Steinmeier said that NATO is ready to work with Russia",)
    assert {p.status for p in pairs} == {"paired", "provided_only"}


STRANGERS = [
    "Snow fell all night in the mountains.",
    "Schools will stay shut until Thursday at least.",
    "A rescue team of twelve is on its way to the hut!",
    "Nobody has been reported missing so far.",
    "Skiers were told not to leave the marked slopes.",
]


def confidences(pairs):
    return [pair.confidence for pair in pairs if pair.status == "paired"]


def test_texts_that_do_not_belong_together_are_doubted(aligned):
    wrong = confidences(aligned(RUSSIAN, STRANGERS, BRIDGE))
    (warning,) = unrelated_texts({"a": wrong}, ("Russian", "English"))
    assert "the alignment of the text is doubtful (mean confidence 0." in warning
    assert "do the Russian and the English belong together?" in warning
    right = confidences(aligned(RUSSIAN, ENGLISH, BRIDGE))
    (warning,) = unrelated_texts({"a": right, "b": wrong}, ("Russian", "English"))
    assert "1 of 2 documents" in warning and " in b)" in warning


def test_texts_that_belong_together_are_not_doubted(aligned):
    right = confidences(aligned(RUSSIAN, ENGLISH, BRIDGE))
    assert unrelated_texts({"a": right}, ("Russian", "English")) == ()


def test_a_document_is_aligned_alike_whatever_was_aligned_before_it(aligned):
    alone = aligned(RUSSIAN, ENGLISH, BRIDGE)
    aligned(RUSSIAN * 40, STRANGERS * 40, BRIDGE * 40)
    assert aligned(RUSSIAN, ENGLISH, BRIDGE) == alone
