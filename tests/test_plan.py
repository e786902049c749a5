"""A plan holds every option, loses none, and can be run again."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest

import evalkit
from evalkit.cli import main
from evalkit.errors import InputError
from evalkit.plan import Decoding, MetricOptions, Pairing, Plan, Reading, Reporting, Trials
from evalkit.plan_files import plan_from_dict, plan_to_dict, plan_to_toml, read_plan

EVERYTHING = Plan(
    inputs=("a.tsv",),
    language_pair="de-en",
    systems=("a=file:a.en", "opus-mt"),
    metrics=("chrf", "ter"),
    hypothesis="provided",
    memory="m.sqlite3",
    use_memory=False,
    reading=Reading(encoding="cp1252", provided_columns=("x", "y"), errors="replace"),
    pairing=Pairing("sentences", True),
    decoding=Decoding(beam=3, timeout=5.5, threads=2, length_penalty=0.0),
    metric_options=MetricOptions(chrf_beta=0, smooth_value=0.0, ter_no_punct=True),
    trials=Trials(0, 5, None),
    reporting=Reporting({"csv": "o.csv"}, wide=True, top=0),
)


@pytest.mark.parametrize("plan", [Plan(), EVERYTHING], ids=["default", "everything"])
def test_a_plan_goes_through_json_and_toml_and_pickle(plan, tmp_path, monkeypatch):
    assert plan_from_dict(json.loads(json.dumps(plan_to_dict(plan)))) == plan
    assert pickle.loads(pickle.dumps(plan)) == plan
    (tmp_path / "p.toml").write_text(plan_to_toml(plan), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert read_plan("p.toml") == plan


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"inputz": []}, "inputz"),
        ({"inputs": "a.txt"}, "not a list of texts"),
        ({"trials": {"seed": "1"}}, "plan.trials.seed"),
        ({"pairing": {"presplit": "false"}}, "plan.pairing.presplit"),
        ({"hypothesis": "both"}, "mt, provided"),
        ({"decoding": {"beam": 0}}, "beam must be at least 1"),
        ({"decoding": {"beam": 100_000}}, "beam is 100000; it can be at most 100: memory grows"),
        ({"metrics": []}, "needs a metric"),
    ],
)
def test_what_is_no_plan_is_refused_in_one_line(values, said):
    with pytest.raises(InputError, match=said) as caught:
        plan_from_dict(values)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", ["{", "[]", "seed = ", '{"plan": {"x": 1}}'])
def test_a_file_that_is_no_plan(content, tmp_path):
    for name in ("p.json", "p.toml"):
        (tmp_path / name).write_text(content, encoding="utf-8")
        with pytest.raises(InputError, match="is not a plan") as caught:
            read_plan(tmp_path / name)
        assert "\n" not in str(caught.value)


def test_options_are_found_wherever_they_stand():
    plan = Plan().with_options({"beam": 4, "chrf_beta": 0, "seed": None, "systems": ("x",)})
    assert (plan.decoding.beam, plan.metric_options.chrf_beta) == (4, 0)
    assert (plan.trials.seed, plan.systems) == (None, ("x",))
    with pytest.raises(InputError, match="no option 'beem'"):
        Plan().with_options({"beem": 4})


def run(*arguments: object) -> None:
    with pytest.raises(SystemExit) as stop:
        main([str(argument) for argument in arguments])
    assert stop.value.code == 0


def test_a_run_from_its_manifest_gives_the_same_bytes(data, tmp_path, capsys):
    first = ("evaluate", data / "harvest.txt", "--chrf-beta", 0, "--metric", "chrf", "--seed", 7)
    run(*first, "--json", tmp_path / "run.json", "--csv", tmp_path / "a.csv", "-q")
    run("evaluate", "--plan", tmp_path / "run.json", "--csv", tmp_path / "b.csv", "-q")
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    manifest = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert manifest["plan"]["metric_options"]["chrf_beta"] == 0
    assert manifest["plan"]["trials"]["seed"] == 7
    assert manifest["reporting"]["reports"]["csv"] == str(tmp_path / "a.csv")


def test_options_beside_a_plan_win(data, tmp_path, capsys):
    (tmp_path / "p.toml").write_text(
        f'inputs = ["{data}/notices.tsv"]\nmetrics = ["chrf"]\n[trials]\nseed = 3\n', "utf-8"
    )
    out = tmp_path / "o.json"
    run("evaluate", "--plan", tmp_path / "p.toml", "--metric", "bleu", "--json", out, "-q")
    plan = json.loads(out.read_text(encoding="utf-8"))["plan"]
    assert (plan["metrics"], plan["trials"]["seed"]) == (["bleu"], 3)
    assert plan["inputs"] == [f"{data}/notices.tsv"]


def test_a_source_given_beside_a_plan_keeps_the_provided_text(tmp_path, capsys):
    for name, text in [("old", "Да.\n"), ("new", "Нет.\n"), ("provided", "No.\n"), ("mt", "No.\n")]:
        (tmp_path / name).write_text(text, encoding="utf-8")
    run(
        *("evaluate", "-s", tmp_path / "old", "-p", tmp_path / "provided"),
        *(f"--mt=m=file:{tmp_path}/mt", "--no-memory", "-q", "--json", tmp_path / "run.json"),
    )
    run(
        *("evaluate", "--plan", tmp_path / "run.json", "-s", tmp_path / "new", "-q"),
        *("--csv", tmp_path / "o.csv"),
    )
    rows = (tmp_path / "o.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 2
    assert "Нет.,No.,m,No." in rows[1]


def test_the_manifest_of_a_run_from_python_holds_the_same_plan(data, tmp_path, capsys):
    path = str(data / "notices.tsv")
    run("evaluate", path, "--json", tmp_path / "run.json", "-m", "chrf", "--chrf-beta", 0, "-q")
    evaluation = evalkit.evaluate(path, metrics=["chrf"], metric_options=MetricOptions(chrf_beta=0))
    evaluation.to_json(tmp_path / "python.json")
    one, other = (
        json.loads((tmp_path / name).read_text(encoding="utf-8"))
        for name in ("run.json", "python.json")
    )
    assert one["plan"] == other["plan"]
    assert one["scores"] == other["scores"]
    assert one["folder"] and one["clusters"] == []


def texts_in(folder) -> None:
    folder.mkdir()
    for name, text in [("a.ru", "Да.\n"), ("a.en", "Yes.\n"), ("mt.en", "Yeah.\n")]:
        (folder / name).write_text(text, encoding="utf-8")


FILES = Plan(
    source="a.ru",
    provided=("a.en",),
    systems=("m=file:mt.en",),
    metrics=("bleu",),
    use_memory=False,
    reporting=Reporting({"csv": "o.csv"}),
)


def test_a_manifest_is_run_from_another_folder(tmp_path, monkeypatch, capsys):
    texts_in(tmp_path / "first")
    monkeypatch.chdir(tmp_path / "first")
    run("evaluate", *"-s a.ru -p a.en --mt m=file:mt.en --no-memory -q --json run.json".split())
    (tmp_path / "second").mkdir()
    monkeypatch.chdir(tmp_path / "second")
    run("evaluate", "--plan", "../first/run.json", "--csv", "o.csv", "-q")
    assert "Да.,Yes.,m,Yeah." in (tmp_path / "second" / "o.csv").read_text(encoding="utf-8")


def test_a_manifest_whose_texts_have_moved_takes_those_of_the_working_folder(
    tmp_path, monkeypatch, capsys
):
    texts_in(tmp_path / "first")
    monkeypatch.chdir(tmp_path / "first")
    run("evaluate", *"-s a.ru -p a.en --mt m=file:mt.en --no-memory -q --json run.json".split())
    monkeypatch.chdir(tmp_path)
    (tmp_path / "first").rename(tmp_path / "second")
    capsys.readouterr()
    with pytest.raises(SystemExit) as stop:
        main(["evaluate", "--plan", "second/run.json", "-q"])
    assert stop.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert str(tmp_path / "first") in line
    monkeypatch.chdir(tmp_path / "second")
    run("evaluate", "--plan", "run.json", "-q")


def test_a_plan_by_hand_means_paths_beside_it(tmp_path, monkeypatch, capsys):
    texts_in(tmp_path / "plans")
    (tmp_path / "plans" / "p.toml").write_text(plan_to_toml(FILES), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    run("evaluate", "--plan", "plans/p.toml", "-q")
    assert (tmp_path / "plans" / "o.csv").exists()
    assert evalkit.evaluate(plan=read_plan("plans/p.toml")).segments["system"].tolist() == ["m"]


def test_no_seed_in_a_plan(tmp_path):
    (tmp_path / "p.toml").write_text('[trials]\nseed = "none"\n', encoding="utf-8")
    assert read_plan(tmp_path / "p.toml").trials.seed is None


def test_arguments_beside_a_plan_win(tmp_path, monkeypatch):
    texts_in(tmp_path / "texts")
    monkeypatch.chdir(tmp_path / "texts")
    (tmp_path / "texts" / "b.tsv").write_text("source\tprovided\nНет.\tNo.\n", encoding="utf-8")
    plan = FILES.with_options({"hypothesis": "provided", "systems": ("m=file:b.mt",)})
    (tmp_path / "texts" / "b.mt").write_text("Nope.\n", encoding="utf-8")
    evaluation = evalkit.evaluate("b.tsv", plan=plan, hypothesis="mt", findings=True)
    assert evaluation.pairs["provided"].tolist() == ["No."]
    options = evaluation.manifest["plan"]
    assert (options["inputs"], options["source"], options["provided"]) == (["b.tsv"], None, [])
    assert (options["hypothesis"], options["metrics"], options["findings"]) == (
        "mt",
        ["bleu"],
        True,
    )
    lists = evalkit.evaluate(
        source=["Нет."], provided=["No."], translations={"x": ["Not."]}, plan=FILES, mt=None
    )
    assert lists.segments["translation"].tolist() == ["Not."]
    assert lists.manifest["plan"]["source"] is None
    kept = evalkit.evaluate(provided="mt.en", plan=FILES)
    assert kept.pairs[["source", "provided"]].values.tolist() == [["Да.", "Yeah."]]


def test_a_list_of_inputs_from_python(tmp_path, monkeypatch):
    (tmp_path / "b.tsv").write_text("source\tprovided\tx\nНет.\tNo.\tNo.\n", encoding="utf-8")
    (tmp_path / "list").write_text(f"{tmp_path}/b.tsv\n", encoding="utf-8")
    evaluation = evalkit.evaluate(from_list=tmp_path / "list", translation_columns=["x"])
    assert len(evaluation.pairs) == 1


def test_an_input_is_not_overwritten_from_python(tmp_path, monkeypatch):
    texts_in(tmp_path / "texts")
    monkeypatch.chdir(tmp_path / "texts")
    evaluation = evalkit.evaluate(plan=FILES)
    monkeypatch.chdir(tmp_path)
    for name in ("a.ru", "a.en", "mt.en"):
        before = (tmp_path / "texts" / name).read_bytes()
        with pytest.raises(InputError, match="is an input of this run"):
            evaluation.to_csv(f"texts/{name}")
        assert (tmp_path / "texts" / name).read_bytes() == before
    evaluation.to_html("new.html")


def test_the_folder_of_a_run_in_parts_is_beside_its_plan(tmp_path, monkeypatch):
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "a.toml").write_text('[running]\nout = "results"\n', "utf-8")
    monkeypatch.chdir(tmp_path)
    plan = read_plan("plans/a.toml")
    assert Path(plan.running.out or "").resolve() == (tmp_path / "plans" / "results").resolve()
