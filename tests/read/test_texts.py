"""Texts that a program holds: lists, and the columns of a DataFrame."""

from __future__ import annotations

import pandas as pd
import pytest

from evalkit.errors import InputError
from evalkit.read.options import Options
from evalkit.read.texts import corpus_of_frame, corpus_of_texts


def rows(corpus):
    return [row for document in corpus.documents for row in document.rows]


def test_lists_are_rows_with_their_recorded_translations():
    corpus = corpus_of_texts(["Да.", "Нет."], ["Yes.", "No."], {"a": ["Yeah.", "Nope."]})
    first, second = rows(corpus)
    assert (first.source, first.provided, first.line) == ("Да.", ("Yes.",), 1)
    assert second.recorded == {"a": "Nope."}
    (file,) = corpus.files
    assert (file.path, file.format) == ("(Python)", "python")
    assert file.sha256 != corpus_of_texts(["Да.", "Нет."], ["Yes.", "No!"]).files[0].sha256


def test_each_segment_may_have_references_of_its_own():
    found = rows(corpus_of_texts(["Да.", "Нет."], [["Yes.", "Yep."], ["No."]]))
    assert [row.provided for row in found] == [("Yes.", "Yep."), ("No.",)]


def test_half_a_surrogate_pair_cannot_reach_the_output():
    (row,) = rows(corpus_of_texts(["Да \ud83d"], ["Yes"], {"a": ["Yes \ud83d"]}))
    assert (row.source, row.flags) == ("Да \ufffd", ("replaced_bytes",))
    assert row.recorded == {"a": "Yes \ufffd"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("Да.", ["Yes."]), "source is a text; give a list"),
        ((["Да."], "Yes."), "provided is a text; give a list"),
        ((["Да."], []), "provided has 0 texts, and source 1"),
        ((["Да."], ["Yes."], {"a": []}), "a has 0 texts, and source 1"),
        ((["Да.", 5], ["Yes.", "5"]), "segment 2: 5 is no text"),
        ((["Да."], [["Yes.", None]]), "segment 1: None is no text"),
        (([], []), "there are no texts"),
    ],
)
def test_what_are_no_parallel_lists_is_refused(arguments, said):
    with pytest.raises(InputError, match=said):
        corpus_of_texts(*arguments)


def test_a_frame_is_read_as_a_table():
    frame = pd.DataFrame(
        {"ru": ["Да.", None], "en": ["Yes.", "No."], "doc": ["d", "e"], "id": [1, 2]}
    )
    corpus = corpus_of_frame(frame, Options())
    assert [d.name for d in corpus.documents] == ["d", "e"]
    first, second = rows(corpus)
    assert (first.source, first.provided, first.id) == ("Да.", ("Yes.",), "1")
    assert second.source == ""
    with pytest.raises(InputError, match="no column looks like the source"):
        corpus_of_frame(frame[["en", "doc"]], Options())
