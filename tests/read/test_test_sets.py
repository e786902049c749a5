"""Test sets by name, from a cache laid out as sacreBLEU lays it out, without a network."""

from __future__ import annotations

import hashlib

import pytest

from evalkit.errors import InputError, Unavailable
from evalkit.plan import Plan
from evalkit.read import read

XML = """<?xml version='1.0' encoding='utf-8'?>
<dataset id="newstest2021">
  <collection id="general">
    <doc origlang="ru" id="one.1">
      <src lang="ru"><p><seg id="1">Паром вернулся.</seg><seg id="2">Все рады.</seg></p></src>
      <ref lang="en" translator="A"><p><seg id="1">The ferry is back.</seg><seg id="2">Everyone is glad.</seg></p></ref>
      <ref lang="en" translator="B"><p><seg id="1">B1</seg><seg id="2">B2</seg></p></ref>
    </doc>
    <doc origlang="ru" id="two.2">
      <src lang="ru"><p><seg id="1">Дом стоит.</seg></p></src>
      <ref lang="en" translator="A"><p><seg id="1">The house stands.</seg></p></ref>
      <ref lang="en" translator="B"><p><seg id="1">B3</seg></p></ref>
    </doc>
  </collection>
</dataset>
"""


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache, and no server behind it."""
    from sacrebleu.dataset import DATASETS

    dataset = DATASETS["wmt21"]
    folder = tmp_path / "wmt21"
    monkeypatch.setattr(dataset, "_outdir", str(folder))
    monkeypatch.setattr(dataset, "_rawdir", str(folder / "raw"))
    monkeypatch.setattr(dataset, "data", ["http://127.0.0.1:9/test.tgz"])
    return folder


@pytest.fixture
def filled(cache, monkeypatch):
    from sacrebleu.dataset import DATASETS

    # sacreBLEU unpacks what it has fetched, and does not look at it again.
    raw = cache / "raw"
    (raw / "test").mkdir(parents=True)
    (raw / "wmt21.test.tgz").write_bytes(b"fetched")
    (raw / "test" / "newstest2021.ru-en.xml").write_text(XML, "utf-8")
    monkeypatch.setattr(DATASETS["wmt21"], "md5", [hashlib.md5(b"fetched").hexdigest()])


def test_a_set_in_the_cache_has_its_documents_and_official_reference(filled):
    corpus = read(Plan(test_set="wmt21"))
    documents = list(corpus.documents)
    assert [document.name for document in documents] == ["one.1", "two.2"]
    assert [(r.source, r.provided) for d in documents for r in d.rows] == [
        ("Паром вернулся.", ("The ferry is back.",)),
        ("Все рады.", ("Everyone is glad.",)),
        ("Дом стоит.", ("The house stands.",)),
    ]
    assert {document.input for document in documents} == {"wmt21"}


def test_a_set_that_cannot_be_fetched_is_one_line(cache, caplog, capsys):
    with pytest.raises(Unavailable, match="wmt21 is not in sacreBLEU's cache") as caught:
        read(Plan(test_set="wmt21"))
    assert "\n" not in str(caught.value) and "Connection refused" in str(caught.value)
    assert caught.value.exit_code == 3
    assert capsys.readouterr() == ("", "")


def test_an_unknown_set_and_a_pair_it_does_not_have():
    with pytest.raises(InputError, match="knows no test set 'wmt211'; did you mean wmt21"):
        read(Plan(test_set="wmt211"))
    with pytest.raises(InputError, match=r"wmt20 is not in uk-en; it is in .*ru-en"):
        read(Plan(test_set="wmt20", language_pair="uk-en"))
