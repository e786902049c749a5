"""What is not plain text is known by its content where the suffix says nothing: none of it is read as prose."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path

import pytest

from evalkit.errors import InputError

REAL = Path(__file__).parent / "real"
PAIRS = [("Дом стоит.", "The house stands."), ("Кот спит.", "The cat sleeps.")]
OBJECTS = [{"ru": ru, "en": en} for ru, en in PAIRS]
WRAPPED = [{"id": str(k), "translation": one} for k, one in enumerate(OBJECTS)]


def lines(items):
    return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items)


CONTENTS = {
    "array": ("json", json.dumps(OBJECTS, ensure_ascii=False, indent=1)),
    "array of lists": ("json", json.dumps(PAIRS, ensure_ascii=False)),
    "array in an object": ("json", json.dumps({"data": OBJECTS, "version": 1})),
    "Hugging Face array": ("json", json.dumps(WRAPPED, indent=1)),
    "Hugging Face lines": ("jsonl", lines(WRAPPED)),
    "lines": ("jsonl", lines(OBJECTS)),
    "csv": ("csv", "source,provided\n" + "".join(f'"{a}","{b}"\n' for a, b in PAIRS)),
    "semicolons": ("csv", "ru;en\n" + "".join(f"{a};{b}\n" for a, b in PAIRS)),
    "tabs": ("tsv", "".join(f"{a}\t{b}\n" for a, b in PAIRS)),
    "bars": ("psv", "".join(f"{a} | {b}\n" for a, b in PAIRS)),
    "bars around": ("psv", "|ru|en|\n" + "".join(f"| {a} | {b} |\n" for a, b in PAIRS)),
    "Markdown table": (
        "markdown",
        "| ru | en |\n|:---|---:|\n" + "".join(f"| {a} | {b} |\n" for a, b in PAIRS),
    ),
    "HTML": (
        "html",
        "<!DOCTYPE html>\n<table>" + "".join(f"<tr><td>{a}<td>{b}" for a, b in PAIRS) + "</table>",
    ),
    "SRT": (
        "srt",
        "".join(
            f"{k}\n00:00:0{k},000 --> 00:00:0{k},900\n{a}\n{b}\n\n"
            for k, (a, b) in enumerate(PAIRS, 1)
        ),
    ),
    "PO": (
        "po",
        'msgid ""\nmsgstr "Language: ru\\nContent-Type: text/plain; charset=UTF-8\\n"\n\n'
        + "".join(f'msgid "{b}"\nmsgstr "{a}"\n\n' for a, b in PAIRS),
    ),
    "TMX": (
        "tmx",
        '<?xml version="1.0"?>\n<tmx version="1.4"><header srclang="ru"/><body>'
        + "".join(
            f'<tu><tuv xml:lang="ru"><seg>{a}</seg></tuv><tuv xml:lang="en"><seg>{b}</seg></tuv></tu>'
            for a, b in PAIRS
        )
        + "</body></tmx>",
    ),
}


@pytest.mark.parametrize("suffix", [".dat", ".txt", ""])
@pytest.mark.parametrize("kind", CONTENTS)
def test_a_format_is_known_by_its_content(read_file, write, kind, suffix):
    format, content = CONTENTS[kind]
    found = read_file(write(f"a{suffix}", content))
    assert [(row.source, row.provided[0]) for row in found.rows] == PAIRS
    assert found.files[0].format == format
    assert f"read as {format}, which it looks like" in found.warnings[0]


@pytest.mark.parametrize("kind", CONTENTS)
def test_standard_input_has_no_suffix_at_all(read_file, monkeypatch, kind):
    import io

    class Stdin:
        buffer = io.BytesIO(CONTENTS[kind][1].encode())

    monkeypatch.setattr("sys.stdin", Stdin)
    assert len(read_file("-").rows) == len(PAIRS)


@pytest.mark.parametrize("name", ["pandoc.docx", "chromium.pdf", "ffmpeg.ru.vtt", "chromium.html"])
def test_files_of_real_programs_under_another_name(read_file, tmp_path, name):
    path = tmp_path / "a.bin"
    shutil.copy(REAL / name, path)
    assert read_file(path).files[0].format == name.rpartition(".")[2]


def test_compressed_content_is_looked_into(read_file, write):
    path = write("a.dat.gz", gzip.compress(CONTENTS["array"][1].encode()))
    assert read_file(path).files[0].format == "json"


def test_the_word_of_the_user_counts(read_file, write):
    path = write("a.txt", CONTENTS["bars"][1])
    found = read_file(path, format="text")
    assert [s.text for s in found.documents[0].source] == [ru for ru, _ in PAIRS]
    assert not found.warnings


@pytest.mark.parametrize(
    "text",
    [
        "Паром вернулся на реку.\n\nThe ferry is back on the river.\n",
        "Он сказал: да, нет, может быть.\nHe said: yes, no, perhaps.\n",
        "[1] Примечание к тексту.\n[2] A note to the text.\n",
        "1\n\nГлава первая. Начало.\n\nChapter one. The beginning.\n",
        "# Заголовок\n\nТекст — и ещё текст.\n\n---\n\nText.\n",
        "<3 Люблю тебя.\nI love you.\n",
        "{см. рисунок} Текст.\nText.\n",
    ],
)
def test_prose_stays_prose(read_file, write, text):
    found = read_file(write("a.txt", text))
    assert found.files[0].format == "text" and not found.rows
    assert not found.warnings


def test_a_few_lines_with_a_bar_in_a_text_lose_it(read_file, write):
    path = write("a.txt", "Заголовок статьи\nДом | House\nThe title of the article\n")
    (document,) = read_file(path).documents
    assert [s.text for s in document.source] == ["Заголовок статьи", "Дом"]
    assert [s.text for s in document.provided] == ["House", "The title of the article"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('["Дом", "House"]', "a JSON array of objects is wanted"),
        ('[{"ru": "Дом", "en": "House"}, ["Кот", "Cat"]]', "objects"),
        ('[{"ru": "Дом", "en": "House"}', "not JSON"),
        ('[{"a": "Дом", "b": "House"}]', "no column looks like the source text"),
    ],
)
def test_what_cannot_be_read_rightly_is_refused_in_one_line(read_file, write, content, said):
    for name in ("a.json", "a.dat"):
        with pytest.raises(InputError, match=said):
            read_file(write(name, content))


def test_xml_of_an_unknown_kind_is_refused_with_the_way_to_read_it(read_file, write):
    path = write("a.xml", "<?xml version='1.0'?>\n<book><p>Дом.</p><p>House.</p></book>")
    with pytest.raises(
        InputError, match=r"a\.xml is XML of a kind that is not known.*--input-format html"
    ):
        read_file(path)
    (document,) = read_file(path, format="html").documents
    assert [s.text for s in (*document.source, *document.provided)] == ["Дом.", "House."]


@pytest.mark.parametrize("end", ["\n", " "])
def test_a_long_file_is_known_by_its_beginning(read_file, write, end):
    text = "".join(
        f"Дом номер {k} стоит у реки. | House {k} stands by the river.\n" for k in range(3000)
    )
    assert read_file(write("a.txt", text)).files[0].format == "psv"
    array = json.dumps([{"ru": "я" * 40, "en": "I"}] * 3000, ensure_ascii=False, indent=None)
    assert read_file(write("b.txt", array.replace(" ", end))).files[0].format == "json"


def test_one_of_two_sides_is_no_table_of_both(read_file, write):
    left, right = write("a", CONTENTS["array"][1]), write("b", "House.\n")
    with pytest.raises(InputError, match="is json, and cannot be one of two sides"):
        read_file(source=left, provided=right)


@pytest.mark.parametrize("lines", [True, False])
def test_json_that_pandas_writes(read_file, tmp_path, lines):
    import pandas as pd

    frame = pd.DataFrame(PAIRS, columns=["source", "reference"])
    path = tmp_path / "a.json"
    frame.to_json(path, orient="records", lines=lines)
    assert [(row.source, row.provided[0]) for row in read_file(path).rows] == PAIRS
