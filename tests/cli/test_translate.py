"""evalkit translate: lines in, lines out."""

from __future__ import annotations

import io
import sys

import pytest

from evalkit.cli import main

UP = "up=cmd:sed s/дом/house/"


@pytest.fixture
def source(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "s.ru"
    path.write_text("дом\r\nрека\u2028море\r\nдом\r\n", encoding="utf-8", newline="")
    return path


def run(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["translate", *arguments])
    out, err = capfd.readouterr()
    return ended.value.code, out, err


def test_a_line_of_english_for_a_line_of_russian(source, capfd):
    code, out, err = run(capfd, "s.ru", "--mt", UP)
    assert (code, out) == (0, "house\nрека\u2028море\nhouse\n")
    assert err == "up: 2 translated, 0 known before, 1 flagged\n"
    assert "0 translated, 2 known before" in run(capfd, "s.ru", "--mt", UP)[2]


def test_no_memory_keeps_nothing(source, capfd, private_cache):
    for _ in range(2):
        assert "2 translated" in run(capfd, "s.ru", "--mt", UP, "--no-memory")[2]
    assert not (private_cache / "memory.sqlite3").exists()
    assert run(capfd, "s.ru", "--mt", UP, "--no-memory", "--memory", "m")[0] == 2


def test_several_systems_make_a_table_that_can_be_read_back(source, capfd):
    code, _, _ = run(capfd, "s.ru", "--mt", UP, "--mt", "b=cmd:cat", "-o", "t.tsv", "-q")
    assert code == 0
    rows = (source.parent / "t.tsv").read_text("utf-8").split("\n")
    assert rows[0] == "source\tup\tb"
    assert rows[1].startswith("дом\thouse\tдом")
    assert len(rows) == 5


def test_standard_input(source, capfd, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("дом\n".encode()), "utf-8"))
    assert run(capfd, "--mt", UP, "-q") == (0, "house\n", "")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["none.ru", "--mt", UP], 2, "cannot read none.ru"),
        (["s.ru", "--mt", "nothing"], 2, "unknown system 'nothing'"),
        (["s.ru", "--mt", "opus-mt"], 3, "evalkit systems fetch"),
        (["s.ru", "--mt", UP, "--mt", UP], 2, "two systems are named 'up'"),
        (["s.ru", "--mt", UP, "--dtype", "int3"], 2, "dtype is 'int3'; it can be auto, float32,"),
        (["s.ru", "--mt", UP, "-o", "no/such/folder"], 1, "cannot write no/such/folder"),
        (["s.ru", "--mt", "cmd:false"], 1, "ended with code 1"),
    ],
)
def test_one_clear_line_and_the_exit_code(source, capfd, arguments, code, message):
    ended, out, err = run(capfd, *arguments, "-q")
    assert (ended, out) == (code, "")
    assert message in err
    assert err.count("\n") == 1


def test_the_pair_of_languages_decides_what_a_short_name_stands_for(source, capfd):
    code, _, err = run(capfd, "s.ru", "--mt", "opus-mt", "-l", "de-en", "-q")
    assert code == 3
    assert "Helsinki-NLP/opus-mt-de-en" in err
    code, _, err = run(capfd, "s.ru", "--mt", UP, "-l", "ru-xx", "-q")
    assert (code, err.count("\n")) == (2, 1)
    assert "unknown language 'xx'; there are de, en, ru, uk" in err
