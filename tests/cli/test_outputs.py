"""No output overwrites an input or another output, and each is tried before the work begins."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TEXTS = {"s.ru": "Да.\nНет.\n", "p.en": "Yes.\nNo.\n", "m.en": "Yes.\nNo!\n"}


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in TEXTS.items():
        Path(name).write_text(text, encoding="utf-8")
    Path("link").symlink_to("p.en")
    Path("folder").mkdir()


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "evalkit", *arguments]
    return subprocess.run(command, capture_output=True, text=True)


EVALUATE = ("evaluate", "-s", "s.ru", "-p", "p.en", "--mt", "m=file:m.en")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((*EVALUATE, "--csv", "p.en"), 2, "p.en is an input"),
        ((*EVALUATE, "--html", "./s.ru"), 2, "s.ru is an input"),
        ((*EVALUATE, "--json", "m.en"), 2, "m.en is an input"),
        ((*EVALUATE, "--markdown", "link"), 2, "link is an input"),
        ((*EVALUATE, "--csv", "o", "--html", "./o"), 2, "o is named for two outputs"),
        ((*EVALUATE, "--csv", ""), 2, "the name of an output is empty"),
        ((*EVALUATE, "--csv", "missing/o.csv"), 1, "cannot write missing/o.csv"),
        (("score", "p.en", "-i", "m.en", "--csv", "m.en"), 2, "m.en is an input"),
        (("score", "p.en", "-i", "m.en", "--json", "p.en"), 2, "p.en is an input"),
        (("compare", "-r", "p.en", "-i", "m.en", "s.ru", "--csv", "p.en"), 2, "p.en is an input"),
        (("align", "-s", "s.ru", "-p", "p.en", "-o", "s.ru"), 2, "s.ru is an input"),
        (("translate", "s.ru", "-o", "s.ru"), 2, "s.ru is an input"),
    ],
)
def test_refused_before_any_work(arguments, code, said):
    done = run(*arguments)
    assert done.returncode == code, done.stderr
    assert said in done.stderr and done.stderr.count("\n") == 1
    assert done.stdout == ""
    assert {name: Path(name).read_text(encoding="utf-8") for name in TEXTS} == TEXTS


def test_one_report_that_fails_does_not_stop_the_others():
    done = run(*EVALUATE, "--csv", "folder", "--html", "o.html", "--json", "o.json", "-q")
    assert done.returncode == 1
    assert "cannot write folder" in done.stderr
    assert Path("o.html").exists() and Path("o.json").exists()


def test_a_plan_is_an_input_too():
    assert run(*EVALUATE, "--json", "run.json", "-q").returncode == 0
    before = Path("run.json").read_bytes()
    done = run("evaluate", "--plan", "run.json", "--json", "run.json", "-q")
    assert done.returncode == 2 and "run.json is an input" in done.stderr
    assert Path("run.json").read_bytes() == before
