"""evalkit compare: ranking and significance on the command line."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import sacrebleu
from sacrebleu.significance import PairedTest

import evalkit
from evalkit.cli.compare_output import write_ranking

from .test_score import run

REFERENCE = [f"The number {i} came, and went away at {i % 12} o'clock." for i in range(80)]
SYSTEMS = {
    "good": [line.replace("away", "off") if i % 3 else line for i, line in enumerate(REFERENCE)],
    "fair": [line.replace("away", "off") for line in REFERENCE],
    "poor_one": [line.replace("came, and went", "arrived then left") for line in REFERENCE],
}


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    paths = {}
    for name, lines in {"reference": REFERENCE, **SYSTEMS}.items():
        paths[name] = tmp_path / f"{name}.en"
        paths[name].write_text("\n".join(lines) + "\n", encoding="utf-8")
    return paths


@pytest.fixture
def compare(files):
    systems = [files[name] for name in SYSTEMS]
    return lambda *more, code=0: run(
        "compare", "-r", files["reference"], "-i", *systems, *more, code=code
    )


def test_report_ranks_clusters_and_lists_all_pairs(compare):
    lines = compare("-m", "bleu", "chrf").splitlines()
    assert all(len(line) <= 80 for line in lines)
    assert lines[0] == "BLEU"
    ranks = [line.split() for line in lines[4:7]]
    assert [(row[0], row[1], row[-1]) for row in ranks] == [
        ("1", "good", "1"),
        ("2", "fair", "2"),
        ("3", "poor_one", "3"),
    ]
    pairs = [line.split()[:2] for line in lines[9:12]]
    assert sorted(pairs) == [["fair", "poor_one"], ["good", "fair"], ["good", "poor_one"]]
    assert lines[-1].startswith("agreement of the systems: ")


@pytest.mark.parametrize(("flag", "kind"), [("--paired-bs", "bs"), ("--paired-ar", "ar")])
def test_p_values_are_those_of_the_sacrebleu_command(flag, kind, compare):
    found = compare(flag, "--paired-n", "300", "--baseline", "fair", "-m", "bleu", "--csv", "-")
    rows = list(csv.DictReader(io.StringIO(found)))
    column = {"bs": "p_bootstrap_sacrebleu", "ar": "p_randomization_sacrebleu"}[kind]
    ours = {row["system"]: float(row[column]) for row in rows}
    order = ["fair", "good", "poor_one"]
    named = [(name, SYSTEMS[name]) for name in order]
    metrics = {"BLEU": sacrebleu.BLEU(references=[REFERENCE])}
    _, theirs = PairedTest(named, metrics, None, kind, n_samples=300)()
    assert ours == {n: r.p_value for n, r in zip(order[1:], theirs["BLEU"][1:], strict=True)}
    assert {row["other"] for row in rows} == {"fair"}


def test_tables_for_papers_escape_names(compare, tmp_path):
    compare("--markdown", tmp_path / "t.md", "--latex", tmp_path / "t.tex", "--paired-bs")
    markdown, latex = ((tmp_path / name).read_text(encoding="utf-8") for name in ("t.md", "t.tex"))
    assert markdown.startswith("| system | BLEU | chrF2 |\n|---|--:|--:|\n| good | **")
    assert "poor\\_one" in markdown and "poor\\_one &" in latex
    assert latex.count("\\\\") == 4 and "bs:1000|seed:12345" in latex


def test_json_holds_everything(compare):
    content = json.loads(compare("--json", "-", "--paired-bs"))
    assert {row["system"] for row in content["ranking"]} == set(SYSTEMS)
    assert len(content["comparison"]) == 2 * 3 * 2
    assert content["comparison"][0]["p_randomization"] is None
    assert content["ranking"][0]["low"] < content["ranking"][0]["score"]


def test_bad_usage_is_one_clear_line(compare, files, tmp_path):
    one = run("compare", "-r", files["reference"], "-i", files["good"], code=2)
    assert "at least two systems" in one
    assert "no system is called 'x'" in compare("--baseline", "x", code=2)
    assert "given twice" in compare(files["good"], code=2)
    short = tmp_path / "short.en"
    short.write_text("\n".join(REFERENCE[:70]) + "\n", encoding="utf-8")
    error = compare(short, code=2)
    assert "short: 70 lines" in error and "80 lines" in error


def test_a_copy_is_in_the_same_cluster_and_sacrebleus_own_figures_are_labelled(tmp_path):
    for name in ("a", "copy_of_a"):
        (tmp_path / f"{name}.en").write_text("\n".join(SYSTEMS["good"]) + "\n", encoding="utf-8")
    (tmp_path / "ref").write_text("\n".join(REFERENCE) + "\n", encoding="utf-8")
    arguments = [str(tmp_path / name) for name in ("ref", "a.en", "copy_of_a.en")]
    command = [sys.executable, "-m", "evalkit", "compare", arguments[0], "-i", *arguments[1:]]
    shown = subprocess.run([*command, "--sacrebleu-p"], capture_output=True, text=True).stdout
    assert shown.count("p sB bs") == shown.count("p sB ar") == 2
    assert shown.count("   1.0000     1.0000     1.0000     0.0010     0.0001") == 2
    assert "p sB" not in subprocess.run(command, capture_output=True, text=True).stdout
    content = json.loads(subprocess.run([*command, "--json", "-"], capture_output=True).stdout)
    assert {row["cluster"] for row in content["ranking"]} == {1}
    for row in content["comparison"]:
        assert (row["p_bootstrap"], row["p_randomization"], row["p_holm"]) == (1, 1, 1)
        assert row["p_randomization_sacrebleu"] < 0.001


def test_labels_and_signatures_cannot_leave_their_place_in_latex(tmp_path):
    ranking = evalkit.compare(SYSTEMS, REFERENCE, ["chrf"], bootstrap=10, randomization=10)
    odd = {"chrf": replace(ranking.metrics["chrf"], label="50%_a\n\\b")}
    signatures = {"chrf": "nrefs:1|name:x\n\\input{y}"}
    changed = replace(ranking, metrics=odd, signatures=signatures)
    write_ranking(changed, "latex", str(tmp_path / "t.tex"), None)
    lines = (tmp_path / "t.tex").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if "nrefs" in line or "input" in line] == lines[:1]
    assert lines[0].startswith("% 50%_a")
    (head,) = (line for line in lines if line.startswith("System"))
    assert r"50\%\_a" in head and r"\textbackslash{}b" in head
