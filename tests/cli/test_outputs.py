"""No output overwrites an input or another output, and each is tried before the work begins."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TEXTS = {
    "s.ru": "Да.\nНет.\n",
    "p.en": "Yes.\nNo.\n",
    "m.en": "Yes.\nNo!\n",
    "in/a.tsv": "ru\ten\tnow\nДа.\tYes.\tYes!\n",
    "list": "in/a.tsv\n",
}


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
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
        (("check", "-s", "s.ru", "-p", "p.en", "--csv", "p.en"), 2, "p.en is an input"),
        ((*EVALUATE, "--memory", "kept", "--csv", "m.en"), 2, "m.en is an input"),
        ((*EVALUATE[:-1], "m=cmd:cat m.en", "--csv", "m.en"), 2, "m.en is an input"),
        ((*EVALUATE, "--csv", "-", "--json", "-"), 2, "standard output is named for two outputs"),
        ((*EVALUATE, "--csv", "folder"), 1, "cannot write folder: it is a folder"),
        ((*EVALUATE, "--csv", "s.ru/o.csv"), 1, "cannot write s.ru/o.csv: Not a directory"),
        ((*EVALUATE, "--mt-metrics-eval", "s.ru"), 2, "s.ru is an input"),
        ((*EVALUATE, "--mt-metrics-eval", "list/deeper"), 1, "cannot write list/deeper"),
        (("score", "p.en", "-i", "m.en", "--csv", ""), 2, "--csv: the name of an output is empty"),
        (("score", "p.en", "-i", "m.en", "--json", "missing/o"), 1, "cannot write missing/o"),
        (("compare", "-r", "p.en", "-i", "m.en", "s.ru", "--csv", "o", "--latex", "o"), 2, "named"),
        (("correlate", "in/a.tsv", "--csv", "in/a.tsv"), 2, "in/a.tsv is an input"),
        (("diff", "in/a.tsv", "list", "--html", "list"), 2, "list is an input"),
        (("evaluate", "in", "--csv", "in/a.tsv"), 2, "in/a.tsv is read, and would be overwritten"),
        (("evaluate", "in/*", "--csv", "in/a.tsv"), 2, "in/a.tsv is read"),
        (("evaluate", "--from-list", "list", "--csv", "in/a.tsv"), 2, "in/a.tsv is read"),
        (("align", "in", "-o", "in/a.tsv"), 2, "in/a.tsv is read"),
        (("check", "in", "--csv", "in/a.tsv"), 2, "in/a.tsv is read"),
    ],
)
def test_refused_before_any_work(arguments, code, said):
    done = run(*arguments)
    assert done.returncode == code, done.stderr
    assert said in done.stderr and done.stderr.count("\n") == 1
    assert done.stdout == ""
    assert {name: Path(name).read_text(encoding="utf-8") for name in TEXTS} == TEXTS


def test_one_report_that_fails_does_not_stop_the_others():
    done = run(*EVALUATE, "--csv", "/dev/full", "--html", "o.html", "--json", "o.json", "-q")
    assert done.returncode == 1
    assert done.stderr == "evalkit: error: cannot write /dev/full: No space left on device\n"
    assert Path("o.html").exists() and Path("o.json").exists()
    for command in (("score", "p.en", "-i", "m.en"), ("compare", "p.en", "-i", "m.en", "s.ru")):
        done = run(*command, "--csv", "/dev/full", "--json", f"{command[0]}.json")
        assert done.returncode == 1 and done.stderr.count("cannot write /dev/full") == 1
        assert "BLEU" in done.stdout and Path(f"{command[0]}.json").exists()


def test_a_report_of_the_last_run_may_lie_in_the_folder_that_is_read():
    command = ("evaluate", "in", "--translation-column", "now", "--csv", "in/scores.csv", "-q")
    for _ in range(2):
        done = run(*command)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert Path("in/scores.csv").read_text(encoding="utf-8").count("\n") == 2
    assert run("evaluate", "in", "--translation-column", "now", "--csv", "in/a.tsv").returncode == 2


def test_a_file_on_standard_output_is_alone_there():
    for quiet in ((), ("-q",)):
        done = run(*EVALUATE, "--csv", "-", *quiet)
        assert done.returncode == 0
        assert done.stdout.startswith("document,pair,status") and done.stdout.count("\n") == 3


def test_devices_may_be_named_more_than_once():
    assert run(*EVALUATE, "--csv", "/dev/null", "--json", "/dev/null", "-q").returncode == 0


def test_a_plan_is_an_input_too():
    assert run(*EVALUATE, "--json", "run.json", "-q").returncode == 0
    before = Path("run.json").read_bytes()
    done = run("evaluate", "--plan", "run.json", "--json", "run.json", "-q")
    assert done.returncode == 2 and "run.json is an input" in done.stderr
    assert Path("run.json").read_bytes() == before
