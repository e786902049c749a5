"""Lone surrogates, which Python's texts may hold and pandas' may not: scored as they are, shown as U+FFFD."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import sacrebleu

import evalkit
from evalkit.errors import InputError

ODD = "The \ud800 cat sat \udc80 here"


def test_scores_are_sacrebleus_and_the_frame_can_be_written(tmp_path):
    found = evalkit.score([ODD, "a b c d"], [["The \ud800 cat", None], ["a b c d", "x"]], ["chrf"])
    theirs = sacrebleu.CHRF().sentence_score(ODD, ["The \ud800 cat"]).score
    assert found.segments["chrf"][0] == pytest.approx(theirs)
    assert found.segments["hypothesis"][0] == "The \ufffd cat sat \ufffd here"
    assert found.segments["reference"].tolist() == ["The \ufffd cat", "a b c d"]
    assert found.segments["reference_2"].isna().tolist() == [True, False]
    found.segments.to_csv(tmp_path / "a.csv")
    found.segments.to_parquet(tmp_path / "a.parquet")


def test_names_of_systems():
    systems = {"a\udc80": [ODD, "a"], "b": ["x", "y"]}
    ranking = evalkit.compare(
        systems, [ODD, "a"], baseline="a\udc80", bootstrap=10, randomization=10
    )
    assert set(ranking.clusters["system"]) == {"a\ufffd", "b"}
    with pytest.raises(InputError, match="two systems would have the same name"):
        evalkit.compare({name: ["x"] for name in ("a\udc80", "a\udc81")}, ["x"])
    evaluation = evalkit.evaluate(
        source=["Кот \ud800 тут."], provided=["The cat."], translations={"s\ud800": [ODD]}
    )
    assert evaluation.systems["system"].tolist() == ["s\ufffd"]


@pytest.mark.skipif(sys.platform != "linux", reason="file names of any bytes")
@pytest.mark.parametrize(
    "command",
    [
        ["score", "b\udcff.en", "-i", "c\udcff.en"],
        ["compare", "b\udcff.en", "-i", "c\udcff.en", "d/c\udcff.en", "--latex", "o.tex"],
        ["evaluate", "-s", "s\udcff.ru", "-p", "b\udcff.en", "--mt", "file:c\udcff.en"],
        ["check", "-s", "s\udcff.ru", "-p", "b\udcff.en"],
    ],
)
def test_names_of_files_that_are_not_utf8(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    os.mkdir("d")
    texts = {"s\udcff.ru": "Кот.\n", "b\udcff.en": "A cat.\n", "c\udcff.en": "The cat.\n"}
    for name, text in {**texts, "d/c\udcff.en": "Cat.\n"}.items():
        Path(name).write_text(text, encoding="utf-8")
    outputs = ["--csv", "o\udcff.csv"] + ([] if command[0] == "check" else ["--json", "o.json"])
    run = [sys.executable, "-m", "evalkit", *command, *outputs]
    done = subprocess.run(run, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    for output in outputs[1::2]:
        assert Path(output).read_text(encoding="utf-8")
