"""Two runs of the same sources."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pandas as pd
import pytest

from evalkit.errors import InputError
from evalkit.statistics.differences import differences, exchange_test

NUMBER = {"name": "number", "severity": "major", "message": "The source says 5, the translation 6."}
OTHER = {"name": "number", "severity": "major", "message": "The source says 7, the translation 8."}


def run(*rows: tuple[str, str, float, list[dict[str, str]]], systems=("mt",)) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "document": "d",
                "pair": k,
                "source": source,
                "provided": provided,
                "system": system,
                "bleu": bleu + 10 * s,
                "confidence": 0.5,
                "findings": json.dumps(findings),
            }
            for k, (source, provided, bleu, findings) in enumerate(rows, 1)
            for s, system in enumerate(systems)
        ]
    )


def test_a_revision_shows_what_changed_and_which_findings_are_gone_and_new():
    before = run(("Пять.", "Six.", 10.0, [NUMBER]), ("Да.", "Yes.", 50.0, []))
    after = run(("Пять.", "Five.", 90.0, []), ("Да.", "Yes.", 50.0, [OTHER]))
    found = differences(before, after)
    assert found.changed == 1
    assert list(found.pairs["changed"]) == [True, False]
    assert list(found.pairs["gone_findings"]) == ["number", ""]
    assert list(found.pairs["new_findings"]) == ["", "number"]
    assert [tuple(r) for r in found.findings[["change", "source"]].to_numpy()] == [
        ("gone", "Пять."),
        ("new", "Да."),
    ]
    score = found.scores.iloc[0]
    assert (score["before"], score["after"], score["better"], score["worse"]) == (30.0, 70.0, 1, 0)
    assert list(found.scores["score"]) == ["bleu"]


def test_a_finding_of_the_same_kind_about_something_else_is_new_and_the_old_gone():
    found = differences(run(("а", "x", 1.0, [NUMBER])), run(("а", "x", 1.0, [OTHER])))
    assert sorted(found.findings["change"]) == ["gone", "new"]


def test_pairs_are_matched_by_source_though_one_was_put_in_between():
    before = run(("а", "a", 1.0, []), ("б", "b", 2.0, []))
    after = run(("в", "c", 9.0, []), ("а", "a", 1.0, []), ("б", "B", 3.0, []))
    found = differences(before, after)
    assert list(found.pairs["pair_after"]) == [2, 3]
    assert found.only_after == ("в",) and found.only_before == ()
    assert list(found.pairs["changed"]) == [False, True]


def test_a_source_that_occurs_twice_is_matched_in_order():
    before = run(("а", "first", 1.0, []), ("а", "second", 1.0, []))
    after = run(("а", "first", 1.0, []), ("а", "other", 1.0, []))
    assert list(differences(before, after).pairs["changed"]) == [False, True]


def test_several_systems_are_one_pair_and_have_scores_of_their_own():
    before = run(("а", "a", 1.0, []), ("б", "b", 1.0, []), systems=("x", "y"))
    after = run(("а", "a", 3.0, []), ("б", "b", 3.0, []), systems=("x", "y"))
    found = differences(before, after)
    assert len(found.pairs) == 2
    assert list(found.scores["system"]) == ["x", "y"]
    assert list(found.scores["difference"]) == [2.0, 2.0]


def test_the_same_run_differs_in_nothing():
    same = run(("а", "a", 1.0, [NUMBER]), ("б", "b", 2.0, []))
    found = differences(same, same)
    assert found.changed == 0 and found.findings.empty
    assert list(found.scores["p_value"]) == [1.0]


def test_runs_without_a_common_source_or_column_are_an_error():
    with pytest.raises(InputError, match="no source in common"):
        differences(run(("а", "a", 1.0, [])), run(("б", "b", 1.0, [])))
    with pytest.raises(InputError, match="provided is missing"):
        differences(run(("а", "a", 1.0, [])).drop(columns="provided"), run(("а", "a", 1.0, [])))


def test_the_p_value_is_that_of_all_sign_changes():
    change = np.array([3.0, 1.0, -2.0, 4.0, 0.0, 2.0])
    every = [abs(np.dot(signs, change)) for signs in itertools.product((-1, 1), repeat=6)]
    exact = np.mean(np.array(every) >= abs(change.sum()))
    assert exchange_test(change, trials=20_000) == pytest.approx(exact, abs=0.02)


def test_a_clear_improvement_is_significant_and_noise_is_not():
    rng = np.random.default_rng(0)
    assert exchange_test(rng.normal(1, 1, 100)) < 0.001
    assert exchange_test(rng.normal(0, 1, 100)) > 0.05
