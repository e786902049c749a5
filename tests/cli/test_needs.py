"""`score` and `compare` ask for the files that their metrics need, and for no others."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from .test_score import run

# Metrics of another package: `length` needs the hypothesis alone, `ratio` the source too.
ENTRY_POINTS = "[evalkit.metrics]\nlength = stranger:Length\nratio = stranger:Ratio\n"
MODULE = '''
import numpy as np


class Length:
    """Characters of the hypothesis."""

    name = label = "length"
    higher_is_better = True
    range = (0.0, float("inf"))
    needs = optional = frozenset()
    note = ""
    fingerprint = {"metric": "length"}

    def statistics(self, batch):
        return np.array([[len(example.hypothesis), 1] for example in batch], dtype=float)

    def scores(self, sums, level="corpus"):
        return sums[..., 0] / sums[..., 1]

    def signature(self, level, references=1, resamples=None, randomizations=None, seed=None):
        return self.name


class Ratio(Length):
    """Characters of the hypothesis for each of the source."""

    name = label = "ratio"
    needs = frozenset({"source"})

    def statistics(self, batch):
        return np.array([[len(e.hypothesis), len(e.source)] for e in batch], dtype=float)
'''


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts, and a folder on the path with the package in it, as pip leaves it."""
    about = tmp_path / "site" / "stranger-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: stranger\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(ENTRY_POINTS)
    (tmp_path / "site" / "stranger.py").write_text(MODULE)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))
    monkeypatch.chdir(tmp_path)
    texts = {"s": "да\nнет\n", "short": "да\n", "a": "yes\nno\n", "b": "yeah\nnope\n"}
    for name, lines in texts.items():
        Path(name).write_text(lines, encoding="utf-8")


def test_metrics_without_references_score_without_them():
    found = json.loads(run("score", "-i", "a", "-m", "length", "--json", "-"))
    assert [(s["metric"], s["score"]) for s in found["scores"]] == [("length", 2.5)]
    run("score", "-i", "a", "--source", "s", "-m", "ratio", "--csv", "out.csv")
    rows = list(csv.DictReader(Path("out.csv").read_text("utf-8").splitlines()))
    assert [float(row["ratio"]) for row in rows] == [3 / 2, 2 / 3]
    assert "reference" not in rows[0]


def test_and_so_does_compare():
    ranked = run("compare", "-i", "a", "b", "--source", "s", "-m", "ratio").splitlines()
    assert [line.split()[1] for line in ranked if line.split()[:1] in (["1"], ["2"])] == ["b", "a"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("score -i a -m ratio", "ratio needs the source: give --source FILE"),
        ("compare -i a b -m ratio", "ratio needs the source: give --source FILE"),
        ("compare -i a b -m chrf", "chrF2 needs a reference: give -r REFERENCE"),
        ("score -i a --source short -m ratio", "a: 2 lines, short: 1 lines"),
    ],
)
def test_what_is_missing_or_of_another_length_is_said(line, said):
    assert said in run(*line.split(), code=2)
