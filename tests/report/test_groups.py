"""Scores by group: the frame, and the section of the HTML report."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from evalkit.checks.base import Finding, findings_json
from evalkit.errors import InputError
from evalkit.report.groups import MOST_ROWS, group_tables


def _with(evaluation, **columns):
    """The evaluation with a column more, in both frames: a value a pair."""
    pairs, segments = evaluation.pairs.copy(), evaluation.segments.copy()
    for name, values in columns.items():
        pairs[name] = values
        segments[name] = segments["pair"].map(dict(zip(pairs["pair"], values, strict=True)))
    return replace(evaluation, pairs=pairs, segments=segments)


def _findings(*names):
    return findings_json([Finding(name, "major", "Something is wrong.", 0.9) for name in names])


def test_documents_and_lengths_have_the_mean_of_their_sentence_scores(three):
    documents = ["a", "a", "b", "b", "b", "c"]
    evaluation = _with(three, document=documents)
    found = evaluation.buckets("document")
    assert list(found) == ["group", "system", "pairs", "share", "bleu", "chrf"]
    segments = evaluation.segments
    for row in found.to_dict("records"):
        own = segments[
            (segments["document"] == row["group"]) & (segments["system"] == row["system"])
        ]
        assert row["pairs"] == len(own) and row["share"] == pytest.approx(len(own) / 6)
        assert row["chrf"] == pytest.approx(own["chrf"].mean())
    assert found["system"].tolist() == [s for s in ("exact", "near", "far") for _ in range(3)]
    (only,) = set(evaluation.buckets("length")["group"])
    assert only == "<10"


def test_findings_are_counted_by_kind_and_a_pair_without_any_is_in_none(three):
    cells = [_findings("number", "name"), _findings("name"), *[_findings()] * 4]
    found = _with(three, findings=cells).buckets("finding")
    exact = found[found["system"] == "exact"]
    assert dict(zip(exact["group"], exact["pairs"], strict=True)) == {
        "name": 2,
        "number": 1,
        "none": 4,
    }


def test_quality_groups_by_the_estimate_for_the_provided_text(three):
    found = _with(three, provided_quality=[10, 15, 50, 90, 95, math.nan]).buckets("quality")
    far = found[found["system"] == "far"]
    assert far["group"].tolist() == ["<20", "40-60", ">=80"]
    assert far["pairs"].tolist() == [2, 1, 2]


def test_words_by_frequency_are_all_found_by_an_exact_translation(three):
    found = three.buckets("frequency")
    exact = found[found["system"] == "exact"]
    assert set(exact["recall"]) == set(exact["precision"]) == {1.0}
    assert found[found["system"] == "far"]["f1"].max() < 1


def test_what_the_run_has_not_is_told(small):
    with pytest.raises(InputError, match=r"no groups by finding: the run has no findings"):
        small.buckets("finding")
    with pytest.raises(InputError, match=r"no groups by quality: .*--metric quality"):
        small.buckets("quality")
    with pytest.raises(InputError, match=r"no groups by 'colour': use length, document, finding"):
        small.buckets("colour")


def test_the_page_has_a_table_for_each_way_that_makes_several_groups(three, tmp_path):
    evaluation = _with(
        three,
        document=["<b>", "a", "b", "b", "b", "c"],
        findings=[_findings("number"), *[_findings()] * 5],
    )
    evaluation.to_html(tmp_path / "a.html")
    page = (tmp_path / "a.html").read_text("utf-8")
    assert '<a href="#groups">By group</a>' in page
    titles = [table["title"] for table in group_tables(evaluation)]
    assert titles == ["By document", "By finding", "By frequency of words"]
    section = page.partition('<section id="groups"')[2].partition("</section>")[0]
    assert all(f"<summary>{title}</summary>" in section for title in titles)
    assert "&lt;b&gt;" in section and "<b>" not in section


def test_of_very_many_groups_the_page_shows_the_first(build):
    count = MOST_ROWS + 5
    rows = [("Да.", "Yes.")] * count
    evaluation = build(rows, {"a": ["Yes."] * count}, documents=[f"d{k}" for k in range(count)])
    (table,) = [t for t in group_tables(evaluation) if t["title"] == "By document"]
    assert len(table["rows"]) == MOST_ROWS
    assert table["left"] == "5 more rows: Evaluation.buckets('document') has all."
