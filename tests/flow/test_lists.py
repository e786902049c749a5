"""Scoring from Python: frames, options, errors, chunks."""

from __future__ import annotations

import numpy as np
import pytest
import sacrebleu

from evalkit import score
from evalkit.errors import InputError
from evalkit.flow.stream import StreamScorer, TextLines
from evalkit.metrics import SENTENCE, get_metric, metrics_from
from evalkit.metrics.base import clipped, corpus_score
from evalkit.metrics.ngrams import prepared as prepared_module
from evalkit.plan import MetricOptions, Trials


def test_score_gives_frames_scores_and_signatures():
    hypotheses = ["The cat sat on the mat.", "A dog!"]
    found = score(hypotheses, [["The cat sat on a mat.", "x"], ["A dog.", None]], resamples=50)
    assert list(found.segments.columns) == [
        *("segment", "hypothesis", "reference", "reference_2", "bleu", "chrf")
    ]
    assert found.segments["segment"].tolist() == [1, 2]
    assert found.segments["reference_2"].tolist()[0] == "x"
    theirs = sacrebleu.sentence_bleu(hypotheses[0], ["The cat sat on a mat.", "x"]).score
    assert found.segments["bleu"][0] == pytest.approx(theirs, abs=1e-9)
    assert found.corpus["chrf"] != pytest.approx(found.segments["chrf"].mean())
    assert found.signatures["corpus"]["bleu"].startswith(
        "nrefs:var|bs:50|seed:12345|case:mixed|eff:no"
    )
    assert found.signatures["sentence"]["bleu"].startswith("nrefs:var|case:mixed|eff:yes")
    mean, low, high = found.intervals["bleu"]
    assert low <= mean <= high


def test_options_go_to_their_metric():
    options = MetricOptions(tokenize="char", chrf_beta=3, ter_no_punct=True, lowercase=True)
    bleu, chrf, plus, ter = metrics_from(["BLEU", "chrf", "chrf++", "ter", "bleu"], options)
    assert (bleu.tokenize, bleu.lowercase) == ("char", True)
    assert (chrf.label, chrf.lowercase, plus.label) == ("chrF3", False, "chrF3++")
    assert ter.no_punct and not ter.higher_is_better


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("meteor", {}, "unknown metric 'meteor'; choose from bleu, chrf"),
        ("bleu", {"beta": 2}, "bleu has no option 'beta'; it has tokenize, "),
        ("bleu", {"smooth_method": "magic"}, "unknown smoothing 'magic'"),
        ("bleu", {"max_ngram_order": 0}, "at least 1"),
        ("chrf", {"char_order": 0}, "order of at least 1"),
        ("chrf", {"beta": -1}, "must not be negative"),
    ],
)
def test_what_a_metric_cannot_take_is_one_line(name, options, message):
    with pytest.raises(InputError, match=message) as raised:
        get_metric(name, **options)
    assert "\n" not in str(raised.value)


def test_references_must_be_there():
    with pytest.raises(InputError, match="segment 2 has no reference"):
        get_metric("chrf").prepare([["a"], [None]])
    with pytest.raises(InputError, match="references of segment 1 are a text"):
        get_metric("chrf").prepare(["a"])
    with pytest.raises(InputError, match="2 hypotheses for 1 segments"):
        get_metric("bleu").prepare([["a"]]).statistics(["a", "b"])


@pytest.mark.parametrize("name", ["bleu", "chrf", "chrf++"])
def test_chunks_and_batches_change_nothing(name, read_wmt21, wmt21_systems, monkeypatch):
    references, system = read_wmt21("reference.A.en"), wmt21_systems["Online-B"]
    metric = get_metric(name)
    whole = metric.prepare([[text] for text in references]).statistics(system)
    monkeypatch.setattr(prepared_module, "BATCH_CHARACTERS", 777)
    monkeypatch.setattr(prepared_module, "KEPT_CHARACTERS", 0)  # as for a corpus too large to keep
    prepared = metric.prepare([[text] for text in references])
    assert (prepared.statistics(system) == whole).all()
    assert (prepared.statistics(system) == whole).all()
    monkeypatch.setattr("evalkit.flow.stream.CHUNK", 97)
    scorer = StreamScorer([metric], Trials(resamples=100))
    chunks = list(
        scorer.score(
            TextLines("h", lambda: iter(system)), [TextLines("r", lambda: iter(references))]
        )
    )
    sentences = np.concatenate([chunk.scores[name] for chunk in chunks])
    assert (sentences == clipped(metric, metric.scores(whole, SENTENCE))).all()
    assert [chunk.first for chunk in chunks[:3]] == [1, 98, 195]
    (result,) = scorer.results()
    found = result.score
    assert found.score == corpus_score(metric, whole)
    assert (found.mean, found.low, found.high) == pytest.approx(
        score(system, references, [name], resamples=100).intervals[name]
    )


def test_no_segments_give_no_statistics():
    assert get_metric("chrf").prepare([]).statistics([]).shape == (0, 18)


def test_no_sentences_have_no_match():
    assert score([], [], ["bleu", "chrf"]).corpus == {"bleu": 0.0, "chrf": 0.0}
