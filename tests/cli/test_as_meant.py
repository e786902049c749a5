"""Odd but honest ways to say something: done as meant, or refused in one line."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import evalkit
from evalkit.errors import InputError
from evalkit.report.csv import read_csv
from evalkit.systems.registry import parse_spec

BOTH = "Паром вернулся на реку.\nThe ferry is back on the river.\n\nМосты закрыты.\nThe bridges are closed.\n"


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("both.txt").write_text(BOTH, encoding="utf-8")
    Path("s.ru").write_text("Да.\nНет.\n", encoding="utf-8")
    Path("p.en").write_text("Yes.\nNo.\n", encoding="utf-8")
    for name, inside in (("d.docx", "word/document.xml"), ("w.xlsx", "xl/workbook.xml")):
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as archive:
            archive.writestr(inside, "<x/>")
        Path(name).write_bytes(data.getvalue())


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "evalkit", *arguments]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("both.txt --source-column ru", "--source-column names a column of a table, and both.txt"),
        ("both.txt --id-column n", "both.txt is read as text, which has none"),
        ("both.txt --translation-column x", "--translation-column names a column"),
        ("-s s.ru -p p.en --provided-column en", "a file is read line by line"),
        ("d.docx --input-format xlsx", "d.docx is a Word document, not a workbook"),
        ("w.xlsx --input-format docx", "w.xlsx cannot be read as"),
        ("'' ", "the name of an input is empty"),
        ("-s '' -p p.en", "the name of an input is empty"),
    ],
)
def test_refused_in_one_line(line, said):
    arguments = [word.replace("''", "") for word in line.split()]
    done = run("evaluate", *arguments, "--mt", "cmd:cat")
    assert done.returncode == 2, done.stderr
    assert said in done.stderr and done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("spec", "parsed"),
    [
        ("a:b=file:p.en", ("a:b", "file", "p.en")),
        ("my system=file:p.en", ("my system", "file", "p.en")),
        (" a =builtin", ("a", "builtin", "")),
        ("<b>x=file:p.en", ("<b>x", "file", "p.en")),
        ("file:a:b=c.en", ("a:b=c", "file", "a:b=c.en")),
        ("hf=file:p.en", ("hf", "file", "p.en")),
        ("cmd:sed 's:a=b:c:'", ("sed", "cmd", "sed 's:a=b:c:'")),
    ],
)
def test_names_of_systems_with_colons_blanks_and_brackets(spec, parsed):
    assert parse_spec(spec) == parsed


def test_a_name_is_what_every_report_calls_the_system():
    name = "a:b <i>c"
    options = ["--csv", "o.csv", "--wide", "--html", "o.html", "--latex", "o.tex"]
    done = run("evaluate", "-s", "s.ru", "-p", "p.en", "--mt", f"{name}=file:p.en", *options)
    assert done.returncode == 0, done.stderr
    assert name in done.stdout
    assert f"chrf:{name}" in read_csv("o.csv").columns
    assert "<i>c" not in Path("o.html").read_text(encoding="utf-8")
    assert r"a:b \textless{}i\textgreater{}c" in Path("o.tex").read_text(encoding="utf-8")


def test_mt_in_python():
    texts = {"source": "s.ru", "provided": "p.en", "memory": False}
    with pytest.raises(InputError, match="mt is 3; give a system"):
        evalkit.evaluate(**texts, mt=3)
    with pytest.raises(InputError, match=r"mt is \['builtin', None\]"):
        evalkit.evaluate(**texts, mt=["builtin", None])
    lists = {"source": ["Да."], "provided": ["Yes."], "translations": {"a": ["Yes!"]}}
    assert evalkit.evaluate(**lists, mt=None).systems["system"].tolist() == ["a"]


def test_evaluations_are_equal_if_they_found_the_same():
    def found(**options):
        lists = {"source": ["Да.", "Нет."], "provided": ["Yes.", "No."]}
        return evalkit.evaluate(**lists, translations={"a": ["Yes!", "No."]}, **options)

    assert found() == found()
    assert len({found(), found()}) == 1
    assert found() != found(metrics=["chrf"])
    assert found() != found(hypothesis="provided")
    assert (found() == None, found() == 3) == (False, False)  # noqa: E711


def test_forty_columns(monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    systems = [f"--mt={name}=file:p.en" for name in ("one", "a-rather-long-name", "three")]
    done = run("evaluate", "-s", "s.ru", "-p", "p.en", *systems, "-q", "-m", "ter", "-m", "bleu")
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["system", "metric", "score", "95%"]
    assert all(len(line) <= 40 for line in lines)
    for label in ("TER", "BLEU"):
        assert sum(label in line for line in lines) == 3
    assert "one" in lines[1].split()  # no name is broken that fits its column
