"""Scores of parts of a run."""

from __future__ import annotations

import math

import numpy as np
import pytest

from evalkit.errors import InputError
from evalkit.statistics.buckets import (
    by_document,
    by_finding,
    by_length,
    by_quality,
    by_value,
    by_word_frequency,
    corpus_of,
    mean_of,
)


def test_lengths_are_counted_in_words_and_the_upper_border_is_the_next_part():
    texts = ["a " * n for n in (1, 9, 10, 19, 20, 61)]
    found = by_length(texts, mean_of([1, 3, 10, 20, 7, 5]))
    assert [(b.label, b.count, b.score) for b in found[:3]] == [
        ("<10", 2, 2.0),
        ("10-20", 2, 15.0),
        ("20-30", 1, 7.0),
    ]
    assert (found[-1].label, found[-1].count) == (">=60", 1)
    assert sum(b.count for b in found) == 6 and sum(b.share for b in found) == pytest.approx(1)


def test_an_empty_part_has_no_score():
    found = by_value([1.0], mean_of([5.0]), (10, 20))
    assert [b.count for b in found] == [1, 0, 0]
    assert math.isnan(found[1].score)


def test_a_pair_without_a_value_is_in_no_part():
    found = by_quality([math.nan, 10, 90], mean_of([1, 2, 3]))
    assert sum(b.count for b in found) == 2
    assert found[0].score == 2 and found[-1].score == 3


def test_documents_keep_their_order():
    found = by_document(["b", "a", "b"], mean_of([1, 5, 3]))
    assert [(b.label, b.count, b.score) for b in found] == [("b", 2, 2.0), ("a", 1, 5.0)]


def test_a_pair_with_two_findings_is_in_two_parts_and_one_without_in_none():
    found = by_finding([("number", "name"), (), ("name", "name")], mean_of([1, 8, 3]))
    assert [(b.label, b.count, b.score) for b in found] == [
        ("name", 2, 2.0),
        ("number", 1, 1.0),
        ("none", 1, 8.0),
    ]


def test_a_corpus_score_of_a_part_comes_from_sums_not_from_means():
    class Ratio:
        def scores(self, sums: np.ndarray) -> np.ndarray:
            return sums[..., 0] / sums[..., 1]

    statistics = np.array([[1.0, 1.0], [0.0, 9.0], [5.0, 5.0]])
    found = by_document(["a", "a", "b"], corpus_of(Ratio(), statistics))
    assert [b.score for b in found] == [pytest.approx(0.1), 1.0]


def test_words_by_frequency_have_precision_and_recall():
    references = ["the cat sat", "the dog sat", "the bird"]
    hypotheses = ["the cat sat", "the the sat", "a bird"]
    found = {b.label: b for b in by_word_frequency(hypotheses, references, edges=(1, 2, 3))}
    # "cat", "dog", "bird" occur once: two of three found, and nothing wrong.
    assert found["1-2"].recall == pytest.approx(2 / 3) and found["1-2"].precision == 1.0
    # "the" occurs three times: two found, one too many.
    assert found[">=3"].recall == pytest.approx(2 / 3)
    assert found[">=3"].precision == pytest.approx(2 / 3)
    # "a" is unknown.
    assert found["<1"].hypothesis_words == 1 and found["<1"].precision == 0.0
    assert math.isnan(found["<1"].recall)


def test_frequencies_of_another_text_can_be_given():
    found = by_word_frequency(["rare"], ["rare"], {"rare": 5000})
    assert found[-1].label == ">=1000" and found[-1].f1 == 1.0


def test_unequal_numbers_are_an_error():
    with pytest.raises(InputError, match="1 hypotheses for 2 references"):
        by_word_frequency(["a"], ["a", "b"])
