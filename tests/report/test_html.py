"""The HTML report as a file: complete in itself, and text in it is data."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from evalkit.report.contents import worst
from evalkit.report.html import embedded_json
from evalkit.report.html_data import page_data

HOSTILE = [
    "<script>window.hacked = 1</script>",
    "</script><script>window.hacked = 1</script>",
    "<img src=x onerror='window.hacked = 1'>",
    '"><svg onload="window.hacked = 1">',
    "<!-- <script>",
    "{{ 7 * 7 }} {% raw %} ${7 * 7} `${window.hacked = 1}`",
    "javascript:window.hacked=1//",
    "\u202eright to left\u202c \u200f \u2028 \u2029 \x00 \x1b[31m",
    "&lt;b&gt; &amp; &#39;",
    "</title></textarea></style><iframe src=javascript:window.hacked=1>",
]


class Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict]] = []

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


@pytest.fixture
def hostile(build):
    """Hostile text in every place that text can be: texts, names, flags, warnings, the manifest."""
    evaluation = build(
        [(text, text + " provided") for text in HOSTILE],
        {text + " system": [text] * len(HOSTILE) for text in HOSTILE[:4]},
        documents=HOSTILE,
        flags=[text.replace(" ", "_") for text in HOSTILE],
    )
    manifest = {
        **evaluation.manifest,
        "command": HOSTILE,
        "finished": HOSTILE[0],
        "inputs": [
            {"role": t, "path": t, "sha256": t, "format": t, "encoding": t, "bytes": 1}
            for t in HOSTILE
        ],
        "systems": [{"name": t, "spec": t, "note": t, "fingerprint": {t: t}} for t in HOSTILE],
    }
    return replace(evaluation, warnings=tuple(HOSTILE), manifest=manifest)


def written(evaluation, tmp_path) -> str:
    evaluation.to_html(tmp_path / "report.html")
    return (tmp_path / "report.html").read_text("utf-8")


def elements(page: str) -> list[tuple[str, dict]]:
    parser = Elements()
    parser.feed(page)
    return parser.found


def test_the_file_refers_to_nothing_outside_itself(three, tmp_path):
    found = elements(written(three, tmp_path))
    assert not [tag for tag, _ in found if tag in {"link", "img", "iframe", "object", "base"}]
    for _, attributes in found:
        assert "src" not in attributes
        assert attributes.get("href", "#").startswith("#")


def test_the_policy_forbids_the_network_and_allows_exactly_the_scripts_of_the_page(three, tmp_path):
    page = written(three, tmp_path)
    policy = next(
        a["content"]
        for tag, a in elements(page)
        if a.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert "unsafe" not in policy and "http" not in policy
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    hashes = {
        f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'"
        for s in scripts
    }
    assert set(rules["script-src"].split()) == hashes and len(hashes) > 1


def test_hostile_text_adds_no_element_and_no_handler(hostile, three, tmp_path):
    found = elements(written(hostile, tmp_path))
    ordinary = {tag for tag, _ in elements(written(three, tmp_path))}
    assert {tag for tag, _ in found} - ordinary <= {"p", "ul", "li", "code", "b", "time"}
    scripts = sum(tag == "script" for tag, _ in found)
    assert scripts == sum(tag == "script" for tag, _ in elements(written(three, tmp_path)))
    assert not [a for _, attributes in found for a in attributes if a.startswith("on")]


def test_embedded_json_cannot_leave_its_element_and_reads_back_the_same():
    text = embedded_json(HOSTILE)
    assert not set(text) & set("<>&\u2028\u2029")
    assert json.loads(text) == HOSTILE


def test_the_data_of_the_page_are_all_pairs_texts_and_scores(small):
    data = page_data(small)
    assert [pair["status"] for pair in data["pairs"]] == small.pairs["status"].tolist()
    first, second, third, _ = data["pairs"]
    assert first["translations"] == ["The cat is sitting on the window."]
    assert first["scores"] == [
        [pytest.approx(small.segments.loc[0, m], abs=1e-4) for m in small.metrics]
    ]
    assert second["scores"] == [[None, None]] and second["lines"] == [0, 3]
    assert third["flags"] == ["entities"]


def test_the_summary_stands_in_the_page_without_scripts(small, tmp_path):
    page = re.sub(r"<script.*?</script>", "", written(small, tmp_path), flags=re.DOTALL)
    row = small.systems.iloc[0]
    for expected in (
        f"<b>{row['bleu']:.2f}</b>",
        f"{row['chrf_low']:.1f}–{row['chrf_high']:.1f}",
        small.signatures["sentence"]["bleu"],
        "Hypothesis: each system",
        "a small baseline",
        "read as windows-1251",
    ):
        assert expected in page


def test_the_same_evaluation_gives_the_same_bytes(three, tmp_path):
    assert written(three, tmp_path) == written(three, tmp_path)


def test_a_manifest_without_details_is_enough(three, tmp_path):
    assert "Provenance" in written(replace(three, manifest={}), tmp_path)


def test_a_page_of_very_many_pairs_shows_those_that_differ_most(
    three, tmp_path, monkeypatch, caplog
):
    monkeypatch.setattr("evalkit.report.html_data.MOST_ROWS", 7)
    three.to_html(tmp_path / "part.html")
    page = (tmp_path / "part.html").read_text("utf-8")
    data = json.loads(re.search(r'id="data"[^>]*>(.*?)</script>', page, re.DOTALL)[1])
    kept = [pair["n"] for pair in data["pairs"]]
    assert kept == sorted(worst(three, 2)) and len(kept) < len(three.pairs)
    said = f"of {len(three.pairs)} pairs the page shows the 2 that differ most by chrF2; all are in the CSV"
    assert said in page
    assert [
        said in record.message and "part.html" in record.message for record in caplog.records
    ] == [True]
