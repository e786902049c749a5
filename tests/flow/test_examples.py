"""The main job on the repository's own examples."""

from __future__ import annotations

import pandas as pd
import pytest

import evalkit
from evalkit.errors import InputError
from evalkit.plan import Plan
from evalkit.read import read


def words(text: str) -> list[str]:
    return text.split()


@pytest.fixture(scope="module")
def steinmeier(data_folder):
    return evalkit.evaluate(data_folder / "steinmeier.txt", memory=False)


@pytest.fixture(scope="module")
def data_folder():
    from pathlib import Path

    return Path(__file__).resolve().parents[2] / "data"


def test_the_title_is_paired_and_the_rest_is_provided_only(steinmeier):
    paired = steinmeier.pairs[steinmeier.pairs["status"] == "paired"]
    assert len(paired) == 1
    assert paired["source"].item().startswith("Штайнмайер заявил")
    assert paired["provided"].item() == "Steinmeier said that NATO is ready to work with Russia"
    rest = steinmeier.pairs[steinmeier.pairs["status"] != "paired"]
    assert set(rest["status"]) == {"provided_only"}
    scores = steinmeier.segments.set_index("status")["chrf"]
    assert scores["paired"] > 20
    assert scores["provided_only"].isna().all()


def test_the_builtin_model_translates_the_title(steinmeier):
    translation = steinmeier.segments.query("status == 'paired'")["translation"].item()
    for name in ("NATO", "Russia"):
        assert name in translation


@pytest.mark.parametrize("name", ["steinmeier.txt", "ferry.txt", "harvest.txt"])
def test_every_word_of_a_bilingual_document_is_in_some_row(data_folder, name):
    pairs = evalkit.evaluate(data_folder / name, memory=False).pairs
    text = (data_folder / name).read_text(encoding="utf-8")
    found = words(" ".join(pairs["source"])) + words(" ".join(pairs["provided"]))
    assert sorted(found) == sorted(words(text))


def test_two_files_with_different_line_counts_are_aligned(data_folder):
    evaluation = evalkit.evaluate(
        source=data_folder / "library.ru.txt", provided=data_folder / "library.en.txt", memory=False
    )
    pairs = evaluation.pairs
    opening = pairs[pairs["source"].str.startswith("Ремонт продолжался")]
    assert opening["alignment"].item() == "2-1"
    extra = pairs[pairs["provided"].str.startswith("Similar projects")]
    assert extra["status"].item() == "provided_only"
    lost = pairs[pairs["source"].str.contains("хотели снести")]
    assert lost["status"].item() == "source_only"
    assert evaluation.segments[evaluation.segments["status"] == "paired"]["bleu"].notna().all()


def test_a_table_keeps_ids_and_documents(data_folder):
    evaluation = evalkit.evaluate(data_folder / "notices.tsv", memory=False)
    assert evaluation.pairs["id"].tolist()[:2] == ["weather-1", "weather-2"]
    assert evaluation.pairs["document"].nunique() == 5
    missing = evaluation.pairs[evaluation.pairs["provided"] == ""]
    assert missing["status"].tolist() == ["source_only"]
    systems = evaluation.systems.set_index("system")
    scored = len(evaluation.pairs) - 1
    assert systems["segments"].to_dict() == {"builtin": scored, "provided": scored}


def test_recorded_columns_are_systems(tmp_path):
    table = tmp_path / "t.tsv"
    table.write_text(
        "source\tprovided\tgood\tbad\nДа.\tYes.\tYes.\tNo.\nНет.\tNo.\tNo.\tYes, it is.\n",
        encoding="utf-8",
    )
    evaluation = evalkit.evaluate(
        table, translation_columns=["good", "bad"], memory=False, metrics=["chrf"]
    )
    assert evaluation.systems.set_index("system")["chrf"]["good"] == 100
    assert evaluation.segments.query("system == 'bad'")["translation"].tolist() == [
        "No.",
        "Yes, it is.",
    ]


def test_an_empty_translation_as_reference_is_not_scored(tmp_path):
    (tmp_path / "s").write_text("Да.\nНет.\n", encoding="utf-8")
    (tmp_path / "p").write_text("Yes.\nNo.\n", encoding="utf-8")
    (tmp_path / "m").write_text("Yes.\n\n", encoding="utf-8")
    evaluation = evalkit.evaluate(
        source=tmp_path / "s",
        provided=tmp_path / "p",
        mt=f"file:{tmp_path}/m",
        hypothesis="provided",
        memory=False,
    )
    assert evaluation.segments["bleu"].isna().tolist() == [False, True]
    assert evaluation.systems["segments"].item() == 1
    assert "empty_output" in evaluation.segments["flags"].tolist()[1]


def test_provided_as_hypothesis_takes_one_provided_text(tmp_path):
    (tmp_path / "s").write_text("Да.\n", encoding="utf-8")
    (tmp_path / "p").write_text("Yes.\n", encoding="utf-8")
    with pytest.raises(InputError, match="one provided translation"):
        evalkit.evaluate(
            source=tmp_path / "s",
            provided=[tmp_path / "p", tmp_path / "p"],
            mt=f"file:{tmp_path}/p",
            hypothesis="provided",
            memory=False,
        )


def test_two_systems_of_one_name_are_refused(tmp_path):
    (tmp_path / "s").write_text("Да.\n", encoding="utf-8")
    spec = f"file:{tmp_path}/s"
    with pytest.raises(InputError, match="two systems"):
        evalkit.evaluate(
            source=tmp_path / "s", provided=tmp_path / "s", mt=[spec, spec], memory=False
        )


def test_frames_are_as_documented(tmp_path):
    (tmp_path / "s").write_text("Да.\nНет.\n", encoding="utf-8")
    (tmp_path / "p").write_text("Yes.\nNo.\n", encoding="utf-8")
    evaluation = evalkit.evaluate(
        source=tmp_path / "s",
        provided=tmp_path / "p",
        mt=[f"a=file:{tmp_path}/p", f"b=file:{tmp_path}/p"],
        memory=False,
    )
    assert list(evaluation.segments) == [
        *("document", "pair", "status", "alignment", "confidence", "source", "provided", "system"),
        *("translation", "hypothesis", "bleu", "chrf", "agreement", "triage", "flags", "id"),
        *("source_line", "provided_line"),
    ]
    assert evaluation.segments["pair"].tolist() == [1, 1, 2, 2]
    assert evaluation.segments["system"].tolist() == ["a", "b", "a", "b"]
    assert evaluation.segments["bleu"].tolist() == [100, 100, 100, 100]
    assert evaluation.systems["chrf"].tolist() == [100, 100]
    assert isinstance(evaluation.comparison, pd.DataFrame)
    plan = Plan(source=str(tmp_path / "s"), provided=(str(tmp_path / "p"),))
    (document,) = read(plan).documents
    assert document.rows[1].source == "Нет."


def test_recorded_lines_of_a_presplit_file_with_blank_lines(tmp_path):
    (tmp_path / "s").write_text(
        "Дождь шёл весь день.\n\nМосты закрыли вечером.\n", encoding="utf-8"
    )
    (tmp_path / "p").write_text(
        "It rained all day.\nThe bridges were closed in the evening.\n", encoding="utf-8"
    )
    (tmp_path / "m").write_text(
        "It rained all day long.\n\nThe bridges were shut in the evening.\n", encoding="utf-8"
    )
    evaluation = evalkit.evaluate(
        source=tmp_path / "s",
        provided=tmp_path / "p",
        mt=f"file:{tmp_path}/m",
        align="sentences",
        presplit=True,
        memory=False,
    )
    assert evaluation.segments["translation"].tolist() == [
        "It rained all day long.",
        "The bridges were shut in the evening.",
    ]
    assert evaluation.segments["provided"].tolist() == [
        "It rained all day.",
        "The bridges were closed in the evening.",
    ]


def test_names_of_files_that_are_not_utf8(tmp_path):
    names = {role: tmp_path / f"{role}\udcff.txt" for role in ("source", "provided", "mt")}
    try:
        names["source"].write_text("Да.\n", encoding="utf-8")
    except (OSError, UnicodeError):
        pytest.skip("the file system has no such names")
    for role in ("provided", "mt"):
        names[role].write_text("Yes.\n", encoding="utf-8")
    files = {"source": names["source"], "provided": names["provided"]}
    evaluation = evalkit.evaluate(**files, mt=[f"file:{names['mt']}"], align="sentences")
    row = evaluation.segments.iloc[0]
    assert (row["document"], row["system"], row["chrf"]) == ("source\ufffd", "mt\ufffd", 100)
    evaluation.to_csv(tmp_path / "o.csv")
    evaluation.to_html(tmp_path / "o.html")
    evaluation.to_json(tmp_path / "o.json")
