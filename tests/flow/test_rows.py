"""Rows in batches, as other engines hand them over, get what the same rows get in a run."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import pandas as pd
import pytest

import evalkit
from evalkit import Plan, evaluate_rows
from evalkit.errors import InputError
from evalkit.report.csv import wide_frame
from evalkit.systems.command import Command

RU = [f"Паром номер {k} вернулся в порт." for k in range(7)]
EN = [f"Ferry number {k} is back in port." for k in range(6)] + [""]
OURS = [f"The ferry {k} came back to port." for k in range(7)]
BATCH = {"ru": RU, "en": EN, "ours": OURS}
PLAN = Plan(metrics=("bleu", "chrf"), findings=True).with_options(
    {"translation_columns": ("ours",)}
)


def expected() -> pd.DataFrame:
    one = evalkit.evaluate(
        source=RU, provided=EN, translations={"ours": OURS}, metrics=["bleu", "chrf"], findings=True
    )
    return wide_frame(one.pairs, one.segments)


def test_rows_get_what_they_get_in_a_run():
    found = evaluate_rows(BATCH, PLAN)
    whole = expected()
    for column in ("bleu:ours", "chrf:ours", "error_probability", "translation:ours", "flags:ours"):
        pd.testing.assert_series_equal(pd.Series(found[column], name=column), whole[column])
    assert math.isnan(found["chrf:ours"][6]) and "empty_provided" in found["flags"][6]
    assert not {"source", "provided", "pair", "document"} & set(found)


def test_batches_of_any_size_and_kind_give_the_same():
    whole = evaluate_rows(BATCH, PLAN)
    for size in (1, 3):
        parts = [
            evaluate_rows({n: np.array(v[k : k + size]) for n, v in BATCH.items()}, PLAN)
            for k in range(0, 7, size)
        ]
        for column, values in whole.items():
            assert repr([v for part in parts for v in part[column]]) == repr(values)
    assert evaluate_rows({name: [] for name in BATCH}, PLAN) == {}
    frame = pd.DataFrame(BATCH)
    assert repr(evaluate_rows(frame.to_dict("list"), PLAN)) == repr(whole)


def test_systems_are_opened_once_a_process(monkeypatch):
    opened = []
    plan = Plan(metrics=("chrf",), systems=("mine=cmd:cat",), use_memory=False)

    def counted(request):
        opened.append(request.name)
        return Command(request)

    monkeypatch.setattr("evalkit.systems.command.Command", counted)
    batch = {"source": RU, "provided": RU}
    first = evaluate_rows(batch, plan)
    again = evaluate_rows(batch, plan)
    assert first["chrf:mine"] == again["chrf:mine"] == [100.0] * 7
    assert opened == ["mine"]


def test_what_rows_cannot_have():
    with pytest.raises(InputError, match="source"):
        evaluate_rows({"a": ["x"], "b": ["y"]}, PLAN)
    by_line = Plan(systems=("ours=file:ours.en",))
    with pytest.raises(InputError, match="give the translations as a column"):
        evaluate_rows({"source": RU, "provided": EN}, by_line)


def test_rows_of_hugging_face_datasets():
    datasets = pytest.importorskip("datasets", reason="needs Hugging Face datasets")
    rows = datasets.Dataset.from_dict(BATCH)
    scored = rows.map(partial(evaluate_rows, plan=PLAN), batched=True, batch_size=2)
    assert scored["bleu:ours"][:6] == expected()["bleu:ours"].tolist()[:6]
    assert scored["ru"][:] == RU
