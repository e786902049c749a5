"""What looks wrong with an output is flagged."""

from __future__ import annotations

import pytest

from evalkit.checks.translations import checked

SENTENCE = "Дом стоит на холме."


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("The house stands on a hill.", ()),
        ("", ("empty_output",)),
        ("  ", ("empty_output",)),
        (SENTENCE, ("copied_source",)),
        ("the the the the the the", ("repetition",)),
        ("on the hill, on the hill, on the hill, and so on", ("repetition",)),
        ("no, no, no", ()),
        ("very very very good", ()),
        ("a" * 30, ("repetition",)),
    ],
)
def test_flags_of_an_output(text, flags):
    assert checked(SENTENCE, text).flags == flags


def test_an_output_at_the_limit_is_cut():
    assert checked(SENTENCE, "The house", cut=True).flags == ("cut",)


def test_an_empty_source_may_have_an_empty_translation():
    assert checked(" ", "").flags == ()


def test_a_number_may_be_copied():
    assert checked("2014 — 2021", "2014 — 2021").flags == ()


def test_what_repeats_in_the_source_may_repeat_in_the_output():
    source = "ха ха ха ха ха ха ха"
    assert checked(source, "ha ha ha ha ha ha ha").flags == ()
