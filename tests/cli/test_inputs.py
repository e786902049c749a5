"""Inputs on the command line: several paths, lists, a plan whose inputs are replaced, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evalkit.cli import main

ROWS = "source\tprovided\nДа.\tYes.\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("d").mkdir()
    for name in ("d/a.tsv", "d/b.tsv", "c.tsv"):
        Path(name).write_text(ROWS, "utf-8")
    Path("mt.tsv").write_text("source\tmt\nДа.\tYeah.\n", "utf-8")
    Path("list").write_text("d/b.tsv\nc.tsv\n", "utf-8")


def evaluate(line: str, code: int = 0) -> list[str]:
    """The names of the documents in the report."""
    with pytest.raises(SystemExit) as ended:
        main(["evaluate", *line.split(), "-q", "--mt", "file:mt.tsv", "--csv", "out.csv"])
    assert (ended.value.code or 0) == code
    rows = Path("out.csv").read_text("utf-8").splitlines()[1:]
    return [row.partition(",")[0] for row in rows]


def test_paths_a_glob_and_a_list_are_taken_together():
    assert evaluate("d") == ["a.tsv", "b.tsv"]
    assert evaluate("d/*.tsv c.tsv") == ["c.tsv", "d/a.tsv", "d/b.tsv"]
    assert evaluate("--from-list list") == ["c.tsv", "d/b.tsv"]
    assert evaluate("d/a.tsv --from-list list") == ["c.tsv", "d/a.tsv", "d/b.tsv"]


def test_a_plan_is_repeated_and_inputs_given_beside_it_take_the_place_of_its_own():
    assert evaluate("--from-list list --strict --json run.json") == ["c.tsv", "d/b.tsv"]
    plan = json.loads(Path("run.json").read_text("utf-8"))["plan"]
    assert (plan["from_list"], plan["strict"], plan["inputs"]) == ("list", True, [])
    assert evaluate("--plan run.json") == ["c.tsv", "d/b.tsv"]
    assert evaluate("--plan run.json d") == ["a.tsv", "b.tsv"]


def test_what_cannot_be_read_is_told_at_the_end_with_exit_code_1(capsys):
    Path("d/0.tsv").write_text("", "utf-8")
    assert evaluate("d", code=1) == ["a.tsv", "b.tsv"]
    assert capsys.readouterr().err == (
        "evalkit: not read: 0.tsv: d/0.tsv is empty: give a file with text in it (document)\n"
    )
    Path("out.csv").write_text("", "utf-8")
    assert evaluate("d --strict", code=2) == []
    assert "0.tsv cannot be read: d/0.tsv is empty" in capsys.readouterr().err


def test_test_sets_and_files_exclude_each_other(capsys):
    Path("out.csv").write_text("", "utf-8")
    evaluate("d --test-set wmt21", code=2)
    assert "give one of files or --test-set" in capsys.readouterr().err
