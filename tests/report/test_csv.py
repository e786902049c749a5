"""CSV, Parquet and the manifest: exact, atomic, and the same frame when read back."""

from __future__ import annotations

import csv
import gzip
import io
import json
import lzma
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import zstandard
from pandas.testing import assert_frame_equal

from evalkit.report.csv import read_csv, wide_frame

AWKWARD = [
    "NA",
    "null",
    "nan",
    "None",
    "1e5",
    "007",
    "True",
    'a "quote", and a comma',
    "two\nlines",
    "a return\rinside",
    "crlf\r\ninside",
    " spaces ",
    "\ttab",
    "=1+1",
    "U+2028\u2028here",
    "'",
    "#not a comment",
    "\\N",
    "emoji 🙂 é",
]


@pytest.fixture
def awkward(build):
    rows = [(f"Источник {i}", text) for i, text in enumerate(AWKWARD)]
    return build(rows, {"s 1": AWKWARD[::-1], "s:2": AWKWARD}, flags=["NA"] * len(AWKWARD))


@pytest.mark.parametrize("suffix", [".csv", ".csv.gz", ".csv.xz", ".csv.zst", ".parquet"])
@pytest.mark.parametrize("wide", [False, True])
def test_round_trip_gives_the_same_frame_types_included(awkward, small, tmp_path, suffix, wide):
    for name, evaluation in (("awkward", awkward), ("small", small)):
        path = tmp_path / f"{name}{suffix}"
        evaluation.to_csv(path, wide=wide)
        expected = (
            wide_frame(evaluation.pairs, evaluation.segments) if wide else evaluation.segments
        )
        assert_frame_equal(read_csv(path), expected, check_exact=True)


def test_plain_pandas_loads_the_long_form_with_its_types(small, tmp_path):
    small.to_csv(tmp_path / "out.csv")
    loaded = pd.read_csv(tmp_path / "out.csv")
    assert list(loaded.columns) == list(small.segments.columns)
    assert loaded["pair"].dtype == np.int64 and loaded["bleu"].dtype == np.float64
    assert loaded["source"].fillna("").tolist() == small.segments["source"].tolist()
    np.testing.assert_allclose(loaded["bleu"], small.segments["bleu"], rtol=1e-15)


def test_the_csv_module_reads_every_text_exactly(awkward, tmp_path):
    awkward.to_csv(tmp_path / "out.csv")
    raw = (tmp_path / "out.csv").read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf") and raw.endswith(b"\r\n")
    with open(tmp_path / "out.csv", newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream, strict=True))
    assert [r["translation"] for r in rows] == awkward.segments["translation"].tolist()
    assert [float(r["chrf"]) for r in rows] == awkward.segments["chrf"].tolist()


def test_a_pair_without_score_has_an_empty_cell(small, tmp_path):
    small.to_csv(tmp_path / "out.csv")
    with open(tmp_path / "out.csv", newline="", encoding="utf-8") as stream:
        rows = {r["pair"]: r for r in csv.DictReader(stream)}
    assert rows["2"]["bleu"] == "" and rows["2"]["status"] == "provided_only"
    assert rows["1"]["bleu"] == repr(float(small.segments.loc[0, "bleu"]))


def test_wide_has_one_row_a_pair_and_columns_named_by_system(three, tmp_path):
    three.to_csv(tmp_path / "wide.csv", wide=True)
    loaded = read_csv(tmp_path / "wide.csv")
    assert list(loaded["pair"]) == list(three.pairs["pair"])
    for system in ("exact", "near", "far"):
        own = three.segments[three.segments["system"] == system]
        assert loaded[f"bleu:{system}"].tolist() == own["bleu"].tolist()
        assert loaded[f"translation:{system}"].tolist() == own["translation"].tolist()


def test_excel_safe_guards_formulas_and_leaves_the_rest(build, tmp_path):
    dangerous = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1+1"]
    harmless = ["a=b", "1-1", "'quoted'", "text"]
    texts = dangerous + harmless
    evaluation = build([(t, t) for t in texts], {"=evil": texts}, documents=["=doc"] * len(texts))
    evaluation = replace(evaluation, segments=evaluation.segments.assign(triage=-1.5))
    evaluation.to_csv(tmp_path / "safe.csv", excel_safe=True)
    evaluation.to_csv(tmp_path / "exact.csv")
    raw = (tmp_path / "safe.csv").read_bytes()
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert raw.startswith(b"\xef\xbb\xbf")
    for column in ("source", "provided", "translation"):
        assert [r[column] for r in rows] == [f"'{t}" for t in dangerous] + harmless
    assert rows[0]["system"] == "'=evil" and rows[0]["document"] == "'=doc"
    assert rows[0]["triage"] == "-1.5"
    assert read_csv(tmp_path / "exact.csv")["provided"].tolist() == texts


def test_compressed_files_hold_the_same_csv_and_the_same_bytes_each_time(small, tmp_path):
    small.to_csv(tmp_path / "a.csv")
    expected = (tmp_path / "a.csv").read_bytes()
    unpack = {
        "gz": gzip.decompress,
        "xz": lzma.decompress,
        "zst": lambda b: zstandard.ZstdDecompressor().stream_reader(b).read(),
    }
    for suffix, unpacked in unpack.items():
        for name in ("one", "two"):
            small.to_csv(tmp_path / f"{name}.csv.{suffix}")
        one, two = ((tmp_path / f"{n}.csv.{suffix}").read_bytes() for n in ("one", "two"))
        assert unpacked(one) == expected and one == two


def test_a_name_that_is_not_utf8_is_written_not_a_crash(build, tmp_path):
    evaluation = build([("Текст.", "Text.")], {"s": ["Text."]})
    name = pd.Series(["bad\udcff.txt"], dtype=object)
    evaluation = replace(evaluation, segments=evaluation.segments.assign(document=name))
    evaluation.to_csv(tmp_path / "out.csv")
    assert r"bad\udcff.txt" in (tmp_path / "out.csv").read_text("utf-8")


def test_the_manifest_is_json_that_any_reader_takes(small, tmp_path):
    manifest = {
        "z": 1,
        "a": math.nan,
        "scores": {"bleu": np.float64(1.5), "n": np.int64(3), "all": np.array([1.0, math.inf])},
        "path": Path("данные/a.txt"),
        "list": ("x", None, True),
    }
    replace(small, manifest=manifest).to_json(tmp_path / "out.json")
    text = (tmp_path / "out.json").read_text("utf-8")
    assert "данные" in text and text.endswith("}\n")
    loaded = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    assert list(loaded) == ["z", "a", "scores", "path", "list"]
    assert loaded["a"] is None
    assert loaded["scores"] == {"bleu": 1.5, "n": 3, "all": [1.0, None]}
    assert loaded["list"] == ["x", None, True]
