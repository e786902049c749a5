"""Subtitles: cues paired by time, as ffmpeg writes them; two languages in one file."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalkit.errors import InputError
from evalkit.read.subtitles import Cue, paired_by_time

REAL = Path(__file__).parent / "real"
ROWS = [
    (
        "Паром вернулся на реку после долгого перерыва.",
        "The ferry is back on the river after a long break.",
    ),
    ("Мэр приехала первой.", "The mayor came first."),
    ("Спасибо & до свидания!", ""),
    ("", "The end."),
]


def pairs(found):
    return [(row.source, row.provided[0]) for row in found.rows]


@pytest.mark.parametrize("left", ["srt", "vtt"])
@pytest.mark.parametrize("right", ["srt", "vtt"])
def test_two_files_of_ffmpeg_are_paired_by_time(read_file, left, right):
    found = read_file(source=REAL / f"ffmpeg.ru.{left}", provided=REAL / f"ffmpeg.en.{right}")
    assert pairs(found) == ROWS
    assert [row.id for row in found.rows] == ["1", "2", "3", "4"]
    assert [file.format for file in found.files] == [left, right]


def test_cues_in_two_languages(read_file, write):
    path = write(
        "film.srt",
        "1\n00:00:01,000 --> 00:00:02,000\nПривет, мир!\n<i>Hello, world!</i>\n\n"
        "2\n00:00:03,000 --> 00:00:04,000\n{\\an8}Как дела?\n\n"
        "3\n00:00:03,000 --> 00:00:04,000\nHow are you?\n",
    )
    assert pairs(read_file(path)) == [
        ("Привет, мир!", "Hello, world!"),
        ("Как дела?", "How are you?"),
    ]


def test_the_notes_styles_voices_and_entities_of_webvtt_are_no_text(read_file, write):
    path = write(
        "a.vtt",
        "WEBVTT - film\n\nNOTE not shown\n\nSTYLE\n::cue { color: red }\n\n"
        "intro\n00:01.000 --> 00:02.000 align:start\n<v Боб>Том &amp; Джерри</v>\n"
        "<00:01.500><c.yellow>Tom &amp; Jerry</c>\n",
    )
    assert pairs(read_file(path)) == [("Том & Джерри", "Tom & Jerry")]


def test_files_of_two_films_are_suspected(read_file, write):
    late = "1\n01:00:01,000 --> 01:00:02,000\nHello\n"
    found = read_file(source=REAL / "ffmpeg.ru.srt", provided=write("b.en.srt", late))
    assert "only 0 of 4 cues" in found.warnings[-1]


def test_what_is_seen_together_is_one_group():
    def cues(*times):
        return [Cue(begin, end, ("x",), k) for k, (begin, end) in enumerate(times, 1)]

    # A long cue takes two short ones; an overlap at the edge takes none.
    left = cues((0, 4000), (4100, 5000), (5000, 6000))
    right = cues((0, 1900), (2000, 4200), (4900, 6000))
    groups = [
        ([c.number for c in a], [c.number for c in b]) for a, b in paired_by_time(left, right)
    ]
    assert groups == [([1], [1, 2]), ([2], []), ([3], [3])]


def test_a_file_without_cues_is_one_line(read_file, write):
    with pytest.raises(InputError, match="no cues: it is not SRT"):
        read_file(write("a.srt", "просто текст\n"))
