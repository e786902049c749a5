"""`file:`: recorded translations by line, or in a table by source."""

from __future__ import annotations

import gzip
import lzma

import pytest
import zstandard

from evalkit.errors import InputError
from evalkit.memory import Memory
from evalkit.systems import Recorded, open_system, run_system


def test_lines_belong_to_the_sources_by_position_even_where_sources_repeat(tmp_path):
    (tmp_path / "a.en").write_text("one\ntwo\nthree\n", "utf-8")
    result = run_system(open_system(f"file:{tmp_path / 'a.en'}"), ["да", "нет", "да"])
    assert result.texts == ["one", "two", "three"]
    assert (result.recorded, result.reused, result.computed) == (3, 0, 0)


def test_recorded_translations_are_not_put_into_the_memory(private_cache):
    memory = Memory()
    run_system(Recorded("column", ["one"]), ["да"], memory=memory)
    assert memory.info().translations == 0


def test_another_number_of_lines_names_both_and_says_what_may_help(tmp_path):
    (tmp_path / "a.en").write_text("one\ntwo\n", "utf-8")
    with pytest.raises(InputError, match=r"2 translations for 3 source .*--presplit"):
        run_system(open_system(f"file:{tmp_path / 'a.en'}"), ["да", "нет", "да"])


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"\r"])
def test_line_ends(tmp_path, ending):
    text = ending.join(["one\u2028more".encode(), "two\x85".encode(), b""])
    (tmp_path / "a.en").write_bytes(b"\xef\xbb\xbf" + text)
    result = run_system(open_system(f"file:{tmp_path / 'a.en'}"), ["да", "нет"])
    assert result.texts == ["one\u2028more", "two\x85"]


@pytest.mark.parametrize(
    ("suffix", "pack"),
    [
        (".gz", gzip.compress),
        (".xz", lzma.compress),
        (".zst", lambda data: zstandard.ZstdCompressor().compress(data)),
    ],
)
def test_compressed_files(tmp_path, suffix, pack):
    path = tmp_path / f"online.en{suffix}"
    path.write_bytes(pack(b"one\ntwo\n"))
    system = open_system(f"file:{path}")
    assert system.name == "online"
    assert run_system(system, ["да", "нет"]).texts == ["one", "two"]
    path.write_bytes(b"damaged")
    with pytest.raises(InputError, match=r"online\.en"):
        open_system(f"file:{path}")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("t.tsv", 'id\tru\tmt\n1\tда\tyes "quoted\n2\tнет\tno\n3\tда\tyeah\n'),
        ("t.csv", 'source,translation\nда,"yes ""quoted"\nнет,no\nда,yeah\n'),
        (
            "t.jsonl",
            '{"src": "да", "hyp": "yes \\"quoted"}\n{"src": "нет", "hyp": "no"}\n'
            '{"src": "да", "hyp": "yeah"}\n',
        ),
    ],
)
def test_a_table_is_keyed_by_its_source(tmp_path, name, text):
    (tmp_path / name).write_text(text, "utf-8")
    system = open_system(f"file:{tmp_path / name}")
    assert run_system(system, ["нет", "да", "да", "да"]).texts == [
        "no",
        'yes "quoted',
        "yeah",
        "yeah",
    ]
    with pytest.raises(InputError, match=r"no translation for 2 of 3 sources, the first: 'может'"):
        run_system(system, ["да", "может", "быть"])


def test_a_table_without_the_columns_says_what_it_has(tmp_path):
    (tmp_path / "t.csv").write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(InputError, match=r"no source column: it has a, b"):
        open_system(f"file:{tmp_path / 't.csv'}")


def test_a_missing_file_and_one_that_is_not_text(tmp_path):
    with pytest.raises(InputError, match=r"cannot read .*No such file"):
        open_system(f"file:{tmp_path / 'none.en'}")
    (tmp_path / "b.en").write_bytes(b"one\n\xff\xfe\x00")
    with pytest.raises(InputError, match=r"b\.en is not text: a zero byte at offset 6"):
        open_system(f"file:{tmp_path / 'b.en'}")


def test_an_old_encoding_is_detected(tmp_path):
    table = "ru;en\r\nда;“yes”\r\nнет, спасибо;no, thanks\r\n"
    (tmp_path / "t.csv").write_bytes(table.encode("cp1251"))
    system = open_system(f"file:{tmp_path / 't.csv'}")
    assert run_system(system, ["нет, спасибо", "да"]).texts == ["no, thanks", "“yes”"]


def test_an_empty_recorded_line_is_flagged(tmp_path):
    (tmp_path / "a.en").write_text("one\n\n", "utf-8")
    result = run_system(open_system(f"file:{tmp_path / 'a.en'}"), ["да", "нет"])
    assert [translation.flags for translation in result] == [(), ("empty_output",)]
