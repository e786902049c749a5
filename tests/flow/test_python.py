"""What a Python program calls: texts it holds, and mistakes it makes."""

from __future__ import annotations

import subprocess
import sys

import pandas as pd
import pytest

import evalkit
from evalkit.errors import InputError

SOURCE = ["Дождь шёл весь день.", "Мосты закрыли вечером.", "Паром вернулся."]
PROVIDED = ["It rained all day.", "The bridges were closed at night.", "The ferry is back."]
OURS = ["It rained the whole day.", "They closed the bridges in the evening.", "The ferry is back."]


def test_lists_of_texts_are_evaluated():
    evaluation = evalkit.evaluate(
        source=SOURCE, provided=PROVIDED, translations={"ours": OURS, "same": PROVIDED}
    )
    assert evaluation.segments["system"].tolist() == ["ours", "same"] * 3
    assert evaluation.systems.set_index("system")["chrf"]["same"] == 100
    assert evaluation.pairs["provided"].tolist() == PROVIDED
    file = evaluation.manifest["inputs"][0]
    assert (file["format"], len(file["sha256"])) == ("python", 64)


def test_lists_may_have_several_references():
    evaluation = evalkit.evaluate(
        source=SOURCE[:1], provided=[[PROVIDED[0], OURS[0]]], translations={"ours": OURS[:1]}
    )
    assert evaluation.pairs["provided_2"].tolist() == OURS[:1]
    assert evaluation.systems["bleu"].item() == pytest.approx(100)


def test_a_dataframe_is_a_table():
    frame = pd.DataFrame({"source": SOURCE, "target": PROVIDED, "doc": "x", "ours": OURS})
    evaluation = evalkit.evaluate(frame, translation_columns=["ours"], metrics=["chrf"])
    assert evaluation.pairs["document"].tolist() == ["x"] * 3
    assert evaluation.segments["translation"].tolist() == OURS
    again = evalkit.evaluate(frame.drop(columns="doc"), translation_columns=["ours"])
    assert again.segments["chrf"].tolist() == evaluation.segments["chrf"].tolist()


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: evalkit.evaluate(source=SOURCE, provided="It rained."), "provided is a text"),
        (lambda: evalkit.evaluate(source=SOURCE, provided=PROVIDED[:2]), "2 texts, and source 3"),
        (
            lambda: evalkit.evaluate(
                source=SOURCE, provided=PROVIDED, translations={"ours": "text"}
            ),
            "ours is a text",
        ),
        (lambda: evalkit.evaluate("a.txt", metrics="bleu"), "metrics is a text"),
        (lambda: evalkit.score("It rained.", ["It rained."]), "hypotheses is a text"),
        (lambda: evalkit.score(PROVIDED, "It rained."), "references is a text"),
        (lambda: evalkit.score(PROVIDED, PROVIDED, metrics="bleu"), "metrics are a list"),
        (lambda: evalkit.compare({"a": "text", "b": PROVIDED}, PROVIDED), "a is a text"),
        (lambda: evalkit.translate("Дождь."), "source is a text"),
        (
            lambda: evalkit.evaluate(source=[1], provided=["x"], translations={"a": ["x"]}),
            "no text",
        ),
    ],
)
def test_a_text_where_a_list_is_wanted_is_never_taken_letter_by_letter(call, said):
    with pytest.raises(InputError, match=said):
        call()


def test_the_steps_alone():
    pairs = evalkit.align(" ".join(SOURCE), " ".join(PROVIDED), bridge=OURS)
    assert [pair.provided[0] for pair in pairs] == PROVIDED
    scores = evalkit.score(OURS, PROVIDED, ["chrf"])
    assert scores.segments["chrf"].iloc[2] == 100
    ranking = evalkit.compare({"ours": OURS, "same": PROVIDED}, PROVIDED, ["chrf"], bootstrap=20)
    assert ranking.clusters["system"].tolist() == ["same", "ours"]
    (translation,) = evalkit.translate(["Россия"], memory=False)
    assert "Russia" in translation.text


def test_a_misspelt_argument_is_an_error_for_mypy(tmp_path):
    pytest.importorskip("mypy", reason="needs evalkit[test]")
    program = tmp_path / "program.py"
    program.write_text(
        "import evalkit\n"
        "evalkit.evaluate(source=['a'], provided=['b'], metrics=['chrf'])\n"
        "evalkit.evaluate('a.txt', metric=['chrf'])\n"
        "evalkit.score(['a'], ['b'], resample=3)\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--cache-dir", tmp_path / "cache", program],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    errors = [line for line in done.stdout.splitlines() if "program.py" in line and "error" in line]
    assert [error.split(":")[1] for error in errors] == ["3", "4"]
    assert 'unexpected keyword argument "metric"' in done.stdout.lower()


def test_german_runs_without_false_flags(tmp_path):
    german = (
        "Dr. Müller sprach gestern mit den Ärzten der Klinik. Sie behandeln z.B. Kinder und ältere Menschen.\n"
        "Die Straße wird bis Oktober gesperrt.\n"
    )
    english = (
        "Dr Müller spoke to the doctors of the hospital yesterday. They treat children and older people,"
        " for example.\nThe street will be closed until October.\n"
    )
    bridge = [
        "Dr. Müller talked with the clinic's doctors yesterday.",
        "They treat e.g. children and elderly people.",
        "The road is closed until October.",
    ]
    for name, text in (("a.de", german), ("a.en", english), ("m.en", "\n".join(bridge) + "\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    evaluation = evalkit.evaluate(
        source=tmp_path / "a.de",
        provided=tmp_path / "a.en",
        mt=f"m=file:{tmp_path / 'm.en'}",
        language_pair="de-en",
        align="sentences",
    )
    pairs = evaluation.pairs
    assert pairs["alignment"].tolist() == ["1-1"] * 3
    assert pairs["source"].iloc[0] == "Dr. Müller sprach gestern mit den Ärzten der Klinik."
    assert pairs["flags"].tolist() == [""] * 3
    assert evaluation.warnings == ()


def test_a_german_and_english_text_is_told_apart_by_its_words(tmp_path):
    mixed = (
        "The street will be closed until October.\n\nDie Straße wird bis Oktober gesperrt.\n\n"
        "Der Bürgermeister wollte sich dazu gestern nicht äußern.\n\n"
        "The mayor did not want to comment on it yesterday.\n"
    )
    (tmp_path / "mixed.txt").write_text(mixed, encoding="utf-8")
    (tmp_path / "m").write_text(
        "The road is closed until October.\nThe mayor was silent.\n", "utf-8"
    )
    evaluation = evalkit.evaluate(
        tmp_path / "mixed.txt", mt=f"file:{tmp_path / 'm'}", language_pair="de-en"
    )
    assert evaluation.pairs["source"].str.split().str[0].tolist() == ["Die", "Der"]
    assert evaluation.pairs["provided"].str.split().str[:2].tolist() == [
        ["The", "street"],
        ["The", "mayor"],
    ]
