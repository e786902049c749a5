"""evalkit diff: two runs of `check` or `evaluate` over the same sources."""

from __future__ import annotations

import csv
import io

import pytest
from click.testing import CliRunner

from evalkit.cli import check, evaluate
from evalkit.cli.diff import command
from evalkit.errors import InputError

RUSSIAN = [
    "В городе живут 2,5 млн человек.",
    "Иванов не пришёл на встречу.",
    "Мост закрыли в 2017 году.",
]
BEFORE = [
    "There are 3.5 million people in the city.",
    "Ivanov did not come to the meeting.",
    "The bridge was closed in 2017.",
]
AFTER = [
    "There are 2.5 million people in the city.",
    "Ivanov came to the <meeting>.",
    "The bridge was closed in 2017.",
]


def run(*arguments, command=command):
    result = CliRunner().invoke(command, [str(part) for part in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def text(tmp_path):
    def write(name, lines):
        (tmp_path / name).write_text("".join(f"{t}\n" for t in lines), encoding="utf-8")
        return tmp_path / name

    return write


@pytest.fixture
def runs(text, tmp_path):
    for name, lines in (("before", BEFORE), ("after", AFTER)):
        files = ("-s", text("a.ru", RUSSIAN), "-p", text("a.en", lines))
        run(*files, "--csv", tmp_path / f"{name}.csv", command=check.command)
    return tmp_path / "before.csv", tmp_path / "after.csv"


def test_changed_sentences_and_findings_that_are_new_and_gone(runs):
    out = run(*runs)
    assert "2 of 3 sentences changed; findings: 2 new, 1 gone." in " ".join(out.split())
    assert "[-3-].5 million" in out and "{+2+}.5 million" in out
    assert "gone number" in out and "new negation" in out
    assert "bridge" not in out
    assert max(map(len, out.splitlines())) <= 80


def test_csv_has_a_row_a_source(runs):
    rows = list(csv.DictReader(io.StringIO(run(*runs, "--csv", "-"), newline="")))
    assert [row["changed"] for row in rows] == ["True", "True", "False"]
    assert [row["new_findings"] for row in rows] == ["", "negation markup", ""]
    assert [row["gone_findings"] for row in rows] == ["number", "", ""]


def test_html_marks_words_escapes_text_and_runs_nothing(runs, tmp_path):
    run(*runs, "--html", tmp_path / "d.html")
    page = (tmp_path / "d.html").read_text(encoding="utf-8")
    assert "<del>3</del>.5 million" in page and "<ins>2</ins>.5 million" in page
    assert "&lt;" in page and "<meeting>" not in page
    assert "<script" not in page and "http" not in page.replace("http-equiv", "")
    assert "gone: number" in page and "new: negation" in page


def test_sources_of_one_run_alone_are_listed(text, runs, tmp_path):
    files = ("-s", text("b.ru", [*RUSSIAN[:2], "Нет."]), "-p", text("b.en", [*AFTER[:2], "No."]))
    run(*files, "--csv", tmp_path / "other.csv", command=check.command)
    out = run(runs[0], tmp_path / "other.csv")
    assert "only in the first: Мост закрыли в 2017 году." in out
    assert "only in the second: Нет." in out


def test_scores_of_evaluate_are_compared_with_a_paired_test(text, tmp_path):
    machine = text("mt.en", AFTER)
    for name, lines in (("before", BEFORE), ("after", AFTER)):
        files = ("-s", text("a.ru", RUSSIAN), "-p", text("a.en", lines), "--mt", f"file:{machine}")
        run(*files, "--csv", tmp_path / f"{name}.csv", "-q", command=evaluate.command)
    lines = run(tmp_path / "before.csv", tmp_path / "after.csv").splitlines()
    (chrf,) = [line.split() for line in lines if line.split()[1:2] == ["chrf"]]
    assert chrf[2] == "3" and chrf[4] == "100.00" and float(chrf[5]) > 0
    assert chrf[6:8] == ["2", "0"]


def test_errors_are_one_line(runs, text, tmp_path):
    with pytest.raises(InputError, match=r"cannot read .*none"):
        run(runs[0], tmp_path / "none")
    with pytest.raises(InputError, match="has no column source"):
        run(runs[0], text("scores.csv", ["a,b", "1,2"]))
    with pytest.raises(InputError, match="no source in common"):
        run(runs[0], text("other.csv", ["source,provided", "Да.,Yes."]))

    with pytest.raises(InputError, match="row 1: findings are a JSON list, not 'number'"):
        run(runs[0], text("broken.csv", ["source,provided,findings", "Да.,Yes.,number"]))
