"""Words that differ between the provided text and the translations."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evalkit.report.diff import changes
from evalkit.report.printable import printable

WORDS = st.lists(
    st.sampled_from(["the", "cat", "sat", "don't", ",", ".", " ", "  ", "ёж", "—"]), max_size=12
)


def changed(pieces) -> list[str]:
    return [piece.text for piece in pieces if piece.changed]


def test_changed_words_are_found_on_both_sides_and_neighbours_joined():
    (provided,), (translation,) = changes(["The old cat sat."], ["The cat sat down there."])
    assert changed(provided) == ["old"]
    assert changed(translation) == ["down there"]


def test_case_and_punctuation_count_as_they_do_for_the_scores():
    (provided,), (translation,) = changes(["The cat, sat"], ["the cat sat"])
    assert changed(provided) == ["The", ","]
    assert changed(translation) == ["the"]


def test_with_several_translations_only_what_none_of_them_has_is_changed_in_the_provided_text():
    (provided,), translations = changes(["A big red house"], ["A big house", "A red home"])
    assert changed(provided) == []
    assert [changed(t) for t in translations] == [[], ["home"]]


@given(st.lists(WORDS.map("".join), max_size=3), st.lists(WORDS.map("".join), max_size=3))
def test_the_pieces_of_a_text_joined_give_the_text_back(provided, translations):
    for texts, sides in zip((provided, translations), changes(provided, translations), strict=True):
        assert ["".join(p.text for p in pieces) for pieces in sides] == texts


@given(WORDS.map("".join))
def test_equal_texts_have_no_changed_words(text):
    assert changed(changes([text], [text])[0][0]) == []


@given(st.text())
def test_visible_text_is_one_line_without_control_or_direction_characters(text):
    shown = printable(text)
    assert not set(shown) & set("\n\r\t\x1b\x07\x9b\u202e\u2066\u200f\u2028")
