"""Every sentence and corpus score equals sacreBLEU's, for every option."""

from __future__ import annotations

import math

import numpy as np
import pytest
import sacrebleu
from hypothesis import given, settings
from hypothesis import strategies as st

from evalkit.metrics import CORPUS, SENTENCE, Metric, get_metric
from evalkit.metrics.base import clipped, corpus_score

from .conftest import segments, streams

SMOOTHING = [
    ("exp", None),
    ("floor", None),
    ("floor", 0.5),
    ("add-k", None),
    ("add-k", 0.5),
    ("none", None),
]


def _sentence_scores(metric: Metric, statistics: np.ndarray) -> np.ndarray:
    return clipped(metric, metric.scores(statistics, SENTENCE))


def assert_equal(name: str, options: dict, theirs, theirs_sentence, data) -> None:
    hypotheses, references = [h for h, _ in data], [r for _, r in data]
    ours = get_metric(name, **options)
    prepared = ours.prepare(references)
    statistics = prepared.statistics(hypotheses)
    expected = [
        theirs_sentence.sentence_score(h, [r for r in refs if r is not None]).score
        for h, refs in data
    ]
    np.testing.assert_allclose(_sentence_scores(ours, statistics), expected, rtol=0, atol=1e-9)
    corpus = theirs.corpus_score(hypotheses, streams(references))
    assert math.isclose(corpus_score(ours, statistics), corpus.score, rel_tol=0, abs_tol=1e-9)
    assert ours.signature(CORPUS, prepared.reference_count) == theirs.get_signature().format()


@given(
    segments(),
    st.sampled_from(["13a", "intl", "char", "none", "zh"]),
    st.booleans(),
    st.sampled_from(SMOOTHING),
    st.integers(1, 6),
)
@settings(max_examples=200)
def test_bleu(data, tokenize, lowercase, smoothing, order):
    options = {
        "tokenize": tokenize,
        "lowercase": lowercase,
        "smooth_method": smoothing[0],
        "smooth_value": smoothing[1],
        "max_ngram_order": order,
    }
    corpus = sacrebleu.BLEU(**options, force=True)
    sentence = sacrebleu.BLEU(**options, force=True, effective_order=True)
    assert_equal("bleu", options, corpus, sentence, data)
    # And where the corpus score, too, is asked for with the effective order.
    assert_equal("bleu", options | {"effective_order": True}, sentence, sentence, data)


@given(
    segments(),
    st.integers(0, 8),
    st.integers(0, 3),
    st.integers(0, 3),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
@settings(max_examples=250)
def test_chrf(data, char_order, word_order, beta, lowercase, whitespace, eps_smoothing):
    if char_order + word_order == 0:
        char_order = 6
    options = {
        "char_order": char_order,
        "word_order": word_order,
        "beta": beta,
        "lowercase": lowercase,
        "whitespace": whitespace,
        "eps_smoothing": eps_smoothing,
    }
    theirs = sacrebleu.CHRF(**options)
    assert_equal("chrf", options, theirs, theirs, data)


@given(segments(), st.booleans(), st.booleans(), st.booleans(), st.booleans())
@settings(max_examples=40)
def test_ter(data, normalized, no_punct, asian_support, case_sensitive):
    options = {
        "normalized": normalized,
        "no_punct": no_punct,
        "asian_support": asian_support,
        "case_sensitive": case_sensitive,
    }
    theirs = sacrebleu.TER(**options)
    assert_equal("ter", options, theirs, theirs, data)


@pytest.mark.parametrize("name", ["bleu", "chrf", "chrf++"])
def test_statistics_are_those_of_sacrebleu(name, read_wmt21, wmt21_systems):
    """Not only the scores: every count of every segment, against both references."""
    references = [read_wmt21("reference.A.en"), read_wmt21("reference.B.en")]
    theirs = {
        "bleu": sacrebleu.BLEU(),
        "chrf": sacrebleu.CHRF(),
        "chrf++": sacrebleu.CHRF(word_order=2),
    }[name]
    prepared = get_metric(name).prepare(list(zip(*references, strict=True)))
    for system in ("Online-W", "AFRL"):
        expected = theirs._extract_corpus_statistics(wmt21_systems[system], references)
        assert (prepared.statistics(wmt21_systems[system]) == np.array(expected)).all()


@pytest.mark.parametrize("name", ["bleu", "chrf", "chrf++"])
def test_very_long_segments(name):
    """Segments whose n-grams do not fit a word: thousands of different tokens and characters."""
    words = [f"w{number}" for number in range(9000)]
    glyphs = "".join(map(chr, range(0x4E00, 0x4E00 + 6000)))
    data = [
        (" ".join(words[:8000]), [" ".join(words[1000:]), None]),
        (glyphs, [glyphs[100:] + " ".join(words[:50])]),
        ("a " * 5000, ["a " * 4000, "b"]),
        ("short", ["short"]),
    ]
    theirs = {
        "bleu": (sacrebleu.BLEU(), sacrebleu.BLEU(effective_order=True)),
        "chrf": (sacrebleu.CHRF(),) * 2,
        "chrf++": (sacrebleu.CHRF(word_order=2),) * 2,
    }[name]
    assert_equal(name, {}, *theirs, data)


@pytest.mark.parametrize("name", ["bleu", "chrf", "chrf++"])
def test_exact_match_is_exactly_100(name):
    texts = ["The cat sat on the mat.", "One two three four five six seven.", "A b c d, e f."]
    metric = get_metric(name)
    statistics = metric.prepare([[text] for text in texts]).statistics(texts)
    assert _sentence_scores(metric, statistics).tolist() == [100.0] * 3
    assert corpus_score(metric, statistics) == 100.0


def test_one_word_and_empty_segments():
    data = [
        ("yes", ["yes"]),
        ("yes", ["no"]),
        ("", ["no"]),
        ("yes", [""]),
        ("", [""]),
        (".", ["."]),
    ]
    for name, make in (("bleu", sacrebleu.BLEU), ("chrf", sacrebleu.CHRF), ("ter", sacrebleu.TER)):
        sentence = make(effective_order=True) if name == "bleu" else make()
        assert_equal(name, {}, make(), sentence, data)
