"""The main job on a real test set, against the figures its organizers published."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pandas as pd
import pytest
from sacrebleu.metrics import BLEU, CHRF

from evalkit.cli import main


def run(*arguments: object) -> None:
    with pytest.raises(SystemExit) as stop:
        main([str(a) for a in arguments])
    assert stop.value.code == 0


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").split("\n")[:-1]


@pytest.fixture(scope="module")
def published(request: pytest.FixtureRequest) -> dict[tuple[str, str], float]:
    folder = Path(__file__).resolve().parents[3] / "shared" / "cases" / "wmt21-ru-en"
    if not folder.is_dir():
        pytest.skip("needs ../shared/cases/wmt21-ru-en (WMT21 news test set), which is not here")
    with open(folder / "official-scores.tsv", encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    return {(row["system"], row["metric"]): float(row["score"]) for row in rows}


def test_one_command_gives_the_published_scores_and_a_row_a_line(wmt21, tmp_path, published):
    run(
        *("evaluate", "-s", wmt21 / "source.ru", "-p", wmt21 / "reference.A.en"),
        *("--mt", f"file:{wmt21}/systems/Online-W.en", "--quiet"),
        *("--csv", tmp_path / "out.csv", "--json", tmp_path / "out.json"),
    )
    frame = pd.read_csv(tmp_path / "out.csv")
    assert len(frame) == 1000
    assert set(frame["status"]) == {"paired"}
    manifest = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    scores = {row["metric"]: row["score"] for row in manifest["scores"]}
    assert scores["bleu"] == pytest.approx(published["Online-W", "bleu-A"], abs=1e-8)
    assert scores["chrf"] == pytest.approx(published["Online-W", "chrf-A"], abs=1e-8)


@pytest.mark.parametrize("references", ["A", "B", "AB"])
def test_all_published_figures(wmt21, tmp_path, published, references):
    provided = [a for r in references for a in ("-p", wmt21 / f"reference.{r}.en")]
    systems = [a for p in sorted((wmt21 / "systems").iterdir()) for a in ("--mt", f"file:{p}")]
    out = tmp_path / "out.json"
    run("evaluate", "-s", wmt21 / "source.ru", *provided, *systems, "-q", "--json", out)
    scores = json.loads(out.read_text(encoding="utf-8"))["scores"]
    label = "all" if references == "AB" else references
    assert len(scores) == 20
    for row in scores:
        expected = published[row["system"], f"{row['metric']}-{label}"]
        assert row["score"] == pytest.approx(expected, abs=1e-8), row


@pytest.mark.parametrize("hypothesis", ["mt", "provided"])
def test_every_sentence_equals_sacrebleu(wmt21, tmp_path, hypothesis):
    out = tmp_path / "out.csv"
    run(
        *("evaluate", "-s", wmt21 / "source.ru", "-p", wmt21 / "reference.B.en", "-q"),
        *("--mt", f"file:{wmt21}/systems/Online-Y.en", "--hypothesis", hypothesis, "--csv", out),
    )
    frame = pd.read_csv(out)
    mt, provided = lines(wmt21 / "systems" / "Online-Y.en"), lines(wmt21 / "reference.B.en")
    hypotheses, references = (mt, provided) if hypothesis == "mt" else (provided, mt)
    bleu, chrf = BLEU(effective_order=True), CHRF()
    for row, h, r in zip(frame.itertuples(), hypotheses, references, strict=True):
        assert row.hypothesis == hypothesis
        assert row.bleu == pytest.approx(bleu.sentence_score(h, [r]).score, abs=1e-9)
        assert row.chrf == pytest.approx(chrf.sentence_score(h, [r]).score, abs=1e-9)


def test_the_provided_text_against_all_systems_is_multiple_references(wmt21, tmp_path):
    names = ["Online-W", "Online-A", "AFRL"]
    systems = [a for n in names for a in ("--mt", f"file:{wmt21}/systems/{n}.en")]
    out = tmp_path / "out"
    run(
        *("evaluate", "-s", wmt21 / "source.ru", "-p", wmt21 / "reference.A.en", *systems, "-q"),
        *("--hypothesis", "provided", "--csv", f"{out}.csv", "--json", f"{out}.json"),
    )
    frame = pd.read_csv(f"{out}.csv")
    together = frame[frame["system"] == "all"]
    provided = lines(wmt21 / "reference.A.en")
    references = [lines(wmt21 / "systems" / f"{n}.en") for n in names]
    bleu = BLEU(effective_order=True)
    expected = [
        bleu.sentence_score(h, r).score for h, *r in zip(provided, *references, strict=True)
    ]
    assert together["bleu"].tolist() == pytest.approx(expected, abs=1e-9)
    manifest = json.loads(Path(f"{out}.json").read_text(encoding="utf-8"))
    corpus = {(s["system"], s["metric"]): s["score"] for s in manifest["scores"]}
    assert corpus["all", "bleu"] == pytest.approx(
        BLEU().corpus_score(provided, references).score, abs=1e-9
    )
    assert corpus["all", "chrf"] == pytest.approx(
        CHRF().corpus_score(provided, references).score, abs=1e-9
    )
    assert corpus["AFRL", "bleu"] == pytest.approx(
        BLEU().corpus_score(provided, references[2:]).score, abs=1e-9
    )
