"""--hypothesis provided: each translation is one reference, all of them together are as many as there are."""

from __future__ import annotations

import pytest
import sacrebleu

import evalkit
from evalkit.data import ALL_SYSTEMS

SOURCE = ["Дождь шёл весь день.", "Мосты закрыли вечером.", "Паром вернулся на реку."]
PROVIDED = ["It rained all day long.", "They closed the bridges at night.", "The ferry is back."]
SYSTEMS = {
    "a": ["It rained the whole day.", "The bridges were closed at night.", "The ferry is back."],
    "b": ["It was raining all day.", "They closed bridges at night.", "The ferry returned."],
    "c": ["Rain all day long.", "Bridges closed in the evening.", "The ferry came back."],
}


@pytest.fixture(scope="module")
def evaluation():
    return evalkit.evaluate(
        source=SOURCE,
        provided=PROVIDED,
        translations=SYSTEMS,
        hypothesis="provided",
        metrics=["bleu", "chrf"],
    )


@pytest.mark.parametrize("level", ["corpus", "sentence"])
def test_signatures_count_the_references_of_each_candidate(evaluation, level):
    found = evaluation.signatures[level]
    assert set(found) == {"bleu", "chrf", "bleu:all", "chrf:all"}
    for metric in ("bleu", "chrf"):
        assert found[metric].startswith("nrefs:1|")
        assert found[f"{metric}:{ALL_SYSTEMS}"].startswith("nrefs:3|")


def test_scores_and_signatures_are_sacrebleus(evaluation):
    rows = evaluation.systems.set_index("system")
    for name, streams in (("a", [SYSTEMS["a"]]), (ALL_SYSTEMS, list(SYSTEMS.values()))):
        metric = sacrebleu.CHRF()
        score = metric.corpus_score(PROVIDED, streams, n_bootstrap=1000)
        assert rows.loc[name, "chrf"] == pytest.approx(score.score)
        key = "chrf" if name == "a" else f"chrf:{ALL_SYSTEMS}"
        assert evaluation.signatures["corpus"][key] == str(metric.get_signature())


def test_one_system_alone_has_no_row_of_all():
    alone = evalkit.evaluate(
        source=SOURCE,
        provided=PROVIDED,
        translations={"a": SYSTEMS["a"]},
        hypothesis="provided",
        metrics=["bleu"],
    )
    assert set(alone.signatures["corpus"]) == {"bleu"}
    assert alone.signatures["corpus"]["bleu"].startswith("nrefs:1|")
