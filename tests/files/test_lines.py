"""What ends a line, and what does not."""

from __future__ import annotations

import pytest

from evalkit.files.lines import split_lines


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_three_line_ends(end):
    assert split_lines(f"а{end}б{end}{end}в{end}") == ["а", "б", "", "в"]


def test_line_ends_may_be_mixed_and_the_last_one_missing():
    assert split_lines("а\r\nб\rв\nг") == ["а", "б", "в", "г"]


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\u0085", "\v", "\f", "\x1c", "\x1d", "\x1e"])
def test_other_separators_stay_inside_their_line(read_file, write, mark):
    source = write("a.ru", f"Один{mark}два.\nТри.\n")
    provided = write("a.en", "One two.\nThree.\n")
    corpus = read_file(source=source, provided=provided)
    assert [row.source for row in corpus.rows] == [f"Один{mark}два.", "Три."]


def test_a_huge_line_is_read_in_time_proportional_to_it(read_file, write):
    line = "слово " * 500_000
    corpus = read_file(source=write("a.ru", line), provided=write("a.en", "word"))
    assert corpus.rows[0].source == line
