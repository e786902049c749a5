"""Another package brings a reader, a system, a metric and a report, and nothing of evalkit is changed for it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from .test_score import run

ENTRY_POINTS = """
[evalkit.readers]
arrows = stranger:read_arrows
[evalkit.systems]
upper = stranger:Upper
broken = stranger:no_such_thing
[evalkit.metrics]
length = stranger:Length
[evalkit.reports]
count = stranger:write_count
"""
MODULE = '''
from pathlib import Path

import numpy as np

from evalkit.data import Corpus, Row, Translation
from evalkit.files.opening import load
from evalkit.read.blocks import row_documents


def read_arrows(path, options):
    loaded = load(path, "document")
    sides = [line.split(" -> ") for line in loaded.data.decode().splitlines()]
    rows = [("", Row(source, (provided,))) for source, provided in sides]
    return Corpus(tuple(row_documents(rows, "arrows")), (loaded.described("utf-8", "arrows"),))


read_arrows.suffixes = (".arrows",)


class Upper:
    note = location = ""
    recorded = False

    def __init__(self, request):
        self.name, self.spec, self.suffix = request.name, request.spec, request.argument
        self.fingerprint = {"kind": "upper", "suffix": request.argument}

    def translate(self, sources):
        yield [(k, Translation(s.upper() + self.suffix)) for k, s in enumerate(sources)]


class Length:
    """Characters of the hypothesis."""

    name = label = "length"
    higher_is_better = True
    range = (0.0, float("inf"))
    needs = frozenset()
    fingerprint = {"metric": "length"}

    def statistics(self, batch):
        return np.array([[len(example.hypothesis), 1] for example in batch], dtype=float)

    def scores(self, sums, level="corpus"):
        return sums[..., 0] / sums[..., 1]

    def signature(self, level, references=1, resamples=None, randomizations=None, seed=None):
        return "length"


def write_count(evaluation, path):
    Path(path).write_text(f"{len(evaluation.pairs)} pairs", encoding="utf-8")
'''


@pytest.fixture(autouse=True)
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder on the path with a package in it, as pip leaves it."""
    folder = tmp_path / "site"
    about = folder / "stranger-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: stranger\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(ENTRY_POINTS)
    (folder / "stranger.py").write_text(MODULE)
    monkeypatch.setenv("PYTHONPATH", str(folder))
    monkeypatch.chdir(tmp_path)
    Path("a.arrows").write_text("да -> yes\nнет -> no\n", encoding="utf-8")


def test_what_a_package_brings_is_used_by_its_name_and_its_suffix():
    run(
        *("evaluate", "a.arrows", "--mt", "s=upper:!", "-m", "length", "-m", "chrf"),
        *("--report", "count=count.txt", "--csv", "out.csv", "-q"),
    )
    assert Path("count.txt").read_text("utf-8") == "2 pairs"
    rows = list(csv.DictReader(Path("out.csv").read_text("utf-8").splitlines()))
    scored = [(r["system"], r["source"], r["length"]) for r in rows if r["system"] == "s"]
    assert [(system, source, float(length)) for system, source, length in scored] == [
        ("s", "да", 3.0),
        ("s", "нет", 4.0),
    ]


def test_what_a_package_brings_is_listed_beside_our_own():
    said = run("evaluate", "a.arrows", "--mt", "s=upper:!", "-m", "meteor", code=2)
    assert "unknown metric 'meteor'; choose from bleu, chrf, chrf++, ter" in said
    assert "length" in said
    said = run("evaluate", "a.arrows", "--mt", "lower:!", code=2)
    assert "upper" in said


def test_a_package_that_cannot_be_loaded_is_one_clear_line():
    said = run("evaluate", "a.arrows", "--mt", "broken:x", code=2)
    assert "kind of system 'broken' (stranger:no_such_thing) cannot be loaded" in said
    assert said.count("\n") == 1
