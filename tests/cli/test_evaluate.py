"""evalkit evaluate: what of a plan is taken again, reports of all kinds, languages other than Russian."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from evalkit.cli import main

FILES = {
    "s.ru": ["Паром вернулся.", "Цена 60 рублей.", "Конец."],
    "s.de": ["Die Fähre ist zurück.", "Der Preis ist 60 Rubel.", "Ende."],
    "p.en": ["The ferry is back.", "The price is 60 roubles.", "The end."],
    "a.en": ["The ferry returned.", "Price is 60 roubles.", "End."],
}
GIVEN = "-s s.ru -p p.en --mt a=file:a.en"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, lines in FILES.items():
        Path(name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return tmp_path


def evaluate(line: str, code: int = 0) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["evaluate", *line.split(), "-q"])
    assert (ended.value.code or 0) == code


def manifest(path: str = "run.json") -> dict[str, Any]:
    return json.loads(Path(path).read_text("utf-8"))


def test_what_the_first_run_wrote_is_not_written_again():
    evaluate(f"{GIVEN} --csv first.csv --json run.json")
    Path("first.csv").unlink()
    evaluate("--plan run.json --json again.json")
    assert not Path("first.csv").exists()
    assert manifest("again.json")["plan"] == manifest()["plan"]
    assert manifest("again.json")["scores"] == manifest()["scores"]


def test_another_input_takes_the_place_of_that_of_the_plan():
    evaluate(f"{GIVEN} --json run.json")
    Path("t.tsv").write_text("source\tprovided\nДа.\tYes.\n", encoding="utf-8")
    Path("t.en").write_text("Yes.\n", encoding="utf-8")
    evaluate("t.tsv --plan run.json --mt a=file:t.en --json t.json")
    plan = manifest("t.json")["plan"]
    assert (plan["inputs"], plan["source"], plan["provided"]) == (["t.tsv"], None, [])
    evaluate(f"{GIVEN} --plan t.json --json again.json")
    assert manifest("again.json")["scores"] == manifest()["scores"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("none.toml", None, ["cannot read the plan none.toml"]),
        ("a.toml", "metrics = [", ["a.toml is not a plan: not TOML"]),
        ("a.toml", "[decoding]\nbeam = 0", ["a.toml", "beam must be at least 1, not 0"]),
        ("a.json", '{"pairing": {"align": "words"}}', ["a.json", "words", "sentences"]),
        ("a.json", "{}", ["nothing to read"]),
    ],
)
def test_a_bad_plan_is_one_clear_line(capfd, name, content, words):
    if content is not None:
        Path(name).write_text(content, encoding="utf-8")
    evaluate(f"--plan {name}", code=2)
    said = capfd.readouterr().err.strip()
    assert len(said.splitlines()) == 1, said
    for word in words:
        assert word in said


def test_a_report_can_be_named_by_its_kind():
    evaluate(f"{GIVEN} --report markdown=a.md")
    evaluate(f"{GIVEN} --markdown b.md")
    assert Path("a.md").read_text("utf-8") == Path("b.md").read_text("utf-8")


@pytest.mark.parametrize("wrong", ["markdown", "pdf=a.pdf", "=a.md"])
def test_a_report_of_no_kind_lists_those_there_are(capfd, wrong):
    evaluate(f"{GIVEN} --report {wrong}", code=2)
    assert "give KIND=FILE, KIND of csv, json, html" in capfd.readouterr().err


def test_german_is_evaluated_as_russian_is():
    evaluate("-s s.de -p p.en --mt a=file:a.en -l de-en --csv de.csv --json run.json")
    evaluate(f"{GIVEN} --csv ru.csv")
    german, russian = (
        list(csv.DictReader(Path(name).read_text("utf-8").splitlines()))
        for name in ("de.csv", "ru.csv")
    )
    for metric in ("bleu", "chrf"):
        assert [row[metric] for row in german] == [row[metric] for row in russian]
    assert {row["flags"] for row in german} == {""}
    assert manifest()["plan"]["language_pair"] == "de-en"


@pytest.mark.parametrize("pair", ["de", "de-xx", "en-en"])
def test_a_pair_that_is_none_is_one_clear_line(capfd, pair):
    evaluate(f"{GIVEN} -l {pair}", code=2)
    said = capfd.readouterr().err
    assert said.count("\n") == 1 and ("language" in said)
