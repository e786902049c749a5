"""evalkit correlate: figures as scipy and the definitions give them, ways to give judgements, errors."""

from __future__ import annotations

import csv
import json

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from scipy import stats

from evalkit.cli.correlate import STATISTICS, command
from evalkit.errors import InputError
from evalkit.flow import judged

SYSTEMS = ("a", "b", "c")


@pytest.fixture
def scores():
    """100 segments by three systems; chrf follows the judgement closely, bleu hardly, and less ter is better."""
    random = np.random.default_rng(1)
    rows = []
    for pair in range(1, 101):
        for place, system in enumerate(SYSTEMS):
            human = round(random.normal() + place / 2, 1)
            noise = random.normal(size=3)
            rows.append(
                {
                    "pair": pair,
                    "system": system,
                    "source": "text",
                    "confidence": 1.0,
                    "chrf": 50 + 10 * human + 5 * noise[0],
                    "bleu": 30 + 10 * human + 40 * noise[1],
                    "ter": 50 - 10 * human + 10 * noise[2],
                    "mqm": human,
                }
            )
    return pd.DataFrame(rows)


@pytest.fixture
def table(scores, tmp_path):
    scores.to_csv(tmp_path / "scores.csv", index=False)
    return str(tmp_path / "scores.csv")


def run(*arguments):
    result = CliRunner().invoke(command, [str(part) for part in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def figures(*arguments):
    return json.loads(run(*arguments, "--json", "-"))


def test_segment_figures_are_scipys_and_ter_is_negated(scores, table):
    found = figures(table, "--trials", 0)
    assert (found["human"], found["judgements"], found["negated"]) == ("mqm", 300, ["ter"])
    assert list(found["metrics"]) == ["chrf", "bleu", "ter"]
    for name, sign in (("chrf", 1), ("ter", -1)):
        metric, human = sign * scores[name], scores["mqm"]
        expected = {
            "pearson": stats.pearsonr(metric, human)[0],
            "spearman": stats.spearmanr(metric, human)[0],
            "kendall": stats.kendalltau(metric, human)[0],
        }
        values = found["metrics"][name]
        assert {key: values[key] for key in expected} == pytest.approx(expected)


def test_accuracies_are_of_the_systems_of_a_segment(scores, table):
    """Counted pair by pair, each segment alone, with the epsilon that is reported."""
    values = figures(table, "--metric", "chrf", "--trials", 0)["metrics"]["chrf"]
    right = []
    for _, rows in scores.groupby("pair"):
        for i in range(3):
            for j in range(i):
                metric = rows["chrf"].iloc[i] - rows["chrf"].iloc[j]
                human = rows["mqm"].iloc[i] - rows["mqm"].iloc[j]
                tie = abs(metric) <= values["epsilon"]
                right.append(human == 0 if tie else np.sign(metric) == np.sign(human))
    assert values["accuracy"] == pytest.approx(np.mean(right))
    assert values["system_accuracy"] == 1.0
    assert 0.9 < values["soft_accuracy"] <= 1.0


def test_the_better_metric_is_tested_to_be_better(table):
    found = figures(table, "--metric", "bleu", "--metric", "chrf", "--trials", 200)["tests"]
    first, second = found
    assert (first["statistic"], first["metric"], first["other"]) == ("pearson", "chrf", "bleu")
    assert first["difference"] > 0.3 and first["p_value"] < 0.01
    assert (second["statistic"], second["difference"]) == ("system_accuracy", 0)
    assert second["p_value"] > 0.5


def test_judgements_from_a_file_by_line_or_by_system(scores, table, tmp_path):
    of_column = figures(table, "--trials", 0)["metrics"]
    del of_column["ter"]
    bare = tmp_path / "bare.csv"
    scores.drop(columns=["mqm", "ter"]).to_csv(bare, index=False)
    by_line, by_system = tmp_path / "judged.txt", tmp_path / "judged.seg.score"
    by_line.write_text("".join(f"{value}\n" for value in scores["mqm"]))
    ordered = scores.sort_values(["system", "pair"])
    by_system.write_text(
        "".join(f"{s}\t{v}\n" for s, v in zip(ordered["system"], ordered["mqm"], strict=True))
    )
    for path in (by_line, by_system):
        assert figures(bare, "--human", path, "--trials", 0)["metrics"] == of_column
    by_system.write_text(
        by_system.read_text().replace(f"a\t{ordered['mqm'].iloc[0]}\n", "a\tNone\n", 1)
    )
    assert figures(bare, "--human", by_system, "--trials", 0)["judgements"] == 299


def test_one_system_has_no_system_level(scores, tmp_path):
    path = tmp_path / "one.csv"
    scores[scores["system"] == "a"].drop(columns=["system", "pair"]).to_csv(path, index=False)
    found = figures(path, "--trials", 10)
    assert set(found["metrics"]["chrf"]) == {
        "pearson",
        "spearman",
        "kendall",
        "accuracy",
        "epsilon",
    }
    assert {test["statistic"] for test in found["tests"]} == {"pearson"}


def test_console_and_csv(table, tmp_path):
    out = run(table, "--trials", 20, "--csv", tmp_path / "figures.csv")
    assert max(map(len, out.splitlines())) <= 80
    assert out.startswith("300 judgements (mqm), 3 systems")
    with open(tmp_path / "figures.csv", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 3 * 6 + 3 * 2
    assert [row["p_value"] != "" for row in rows] == [False] * 18 + [True] * 6


def test_every_statistic_can_be_tested(table):
    assert STATISTICS == judged.STATISTICS
    tested = [part for name in STATISTICS for part in ("--test", name)]
    found = figures(table, "--metric", "chrf", "--metric", "bleu", "--trials", 2, *tested)["tests"]
    assert [test["statistic"] for test in found] == list(STATISTICS)


def test_errors_are_one_line(scores, table, tmp_path):
    with pytest.raises(InputError, match="no column 'comet'; there are pair, system"):
        run(table, "--metric", "comet")
    with pytest.raises(InputError, match="column source, row 1: 'text' is no number"):
        run(table, "--metric", "source")
    (tmp_path / "short").write_text("1\n2\n")
    with pytest.raises(InputError, match="short has 2 lines for 300 translations"):
        run(table, "--human", tmp_path / "short")
    scores.drop(columns="mqm").to_csv(tmp_path / "bare.csv")
    with pytest.raises(InputError, match="no column of human judgement; name one with --human"):
        run(tmp_path / "bare.csv")
    (tmp_path / "empty.csv").write_text("")
    with pytest.raises(InputError, match=r"empty\.csv is no CSV with a header"):
        run(tmp_path / "empty.csv")
