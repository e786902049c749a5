"""A large table is read row by row, and gives what it gives when it is read whole."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.errors import InputError
from evalkit.files import streaming
from evalkit.files.lines import split_lines
from evalkit.plan import Plan, Reading
from evalkit.read import read

TEXTS = ("Паром «вернулся»,\u2028да", 'The "ferry" is back, yes', "Да\tнет", "a\x0bb", "")


def tsv(rows: int, end: str = "\n") -> str:
    lines = [f"{TEXTS[0]} {k}\tIt is {k}" for k in range(rows)]
    return end.join(["source\tprovided", *lines]) + end


def csv(rows: int, end: str = "\r\n") -> str:
    lines = [f'"Паром {k},\nстрока","It is ""{k}"""' for k in range(rows)]
    return end.join(["source,provided", *lines]) + end


def jsonl(rows: int) -> str:
    made = ({"ru": f"Паром {k}", "en": f"It is {k}", "id": k} for k in range(rows))
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in made)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.tsv", tsv(2500)),
        ("b.tsv", "\ufeff" + tsv(1001, "\r\n")),
        ("c.tsv", tsv(30, "\r")),
        ("d.csv", csv(1500)),
        ("e.csv", csv(40, "\n").replace(",", ";", 1).replace('","', '";"')),
        ("f.jsonl", jsonl(2001)),
    ],
)
def test_rows_are_those_of_the_whole_file(tmp_path, monkeypatch, name, text):
    path = tmp_path / name
    path.write_text(text, "utf-8", newline="")
    plan = Plan(inputs=(str(path),))
    whole = read(plan)
    monkeypatch.setattr(streaming, "LARGE", 1)
    monkeypatch.setattr(streaming, "BLOCK", 7)
    streamed = read(plan)
    assert not isinstance(streamed.documents, tuple)
    assert tuple(streamed.documents) == tuple(whole.documents)
    assert [(f.sha256, f.bytes, f.format) for f in streamed.files] == [
        (f.sha256, f.bytes, f.format) for f in whole.files
    ]
    assert streamed.warnings == whole.warnings


def test_only_a_part_of_a_large_table_is_held(tmp_path, monkeypatch):
    """The first documents are there before the rest of the file is looked at for rows."""
    path = tmp_path / "t.tsv"
    path.write_text(tsv(5000) + "one\ttwo\tthree\tfour\n", "utf-8")
    monkeypatch.setattr(streaming, "LARGE", 1)
    documents = iter(read(Plan(inputs=(str(path),))).documents)
    assert len(next(documents).rows) == 1000
    with pytest.raises(InputError, match=r"t\.tsv, line 5002: 4 cells where the header has 2"):
        list(documents)


@pytest.mark.parametrize(
    "content",
    [tsv(5).encode("cp1251", "replace"), tsv(5).encode("utf-16"), tsv(5).encode() + b"\xd0"],
)
def test_what_is_not_utf_8_is_read_whole(tmp_path, monkeypatch, content):
    path = tmp_path / "t.tsv"
    path.write_bytes(content)
    monkeypatch.setattr(streaming, "LARGE", 1)
    assert streaming.large_text(path) is None


def test_another_encoding_is_heeded(tmp_path, monkeypatch):
    path = tmp_path / "t.tsv"
    path.write_text("source\tprovided\nПаром\tFerry\n", "utf-8")
    monkeypatch.setattr(streaming, "LARGE", 1)
    plan = Plan(inputs=(str(path),), reading=Reading(encoding="cp1251"))
    assert next(iter(read(plan).documents)).rows[0].source == "РџР°СЂРѕРј"


@given(st.text(alphabet="ab\r\n\x0b\u2028", max_size=30), st.integers(1, 5))
def test_lines_of_a_stream_are_those_of_a_text(text, block):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(streaming, "BLOCK", block)
        found = list(streaming.stream_lines(io.StringIO(text, newline="")))
    assert found == split_lines(text)


def test_a_file_that_is_not_there(tmp_path: Path):
    assert streaming.large_text(tmp_path / "no.tsv") is None
