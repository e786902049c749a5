"""The judge of the built-in model, on its shipped weights."""

from __future__ import annotations

import json
import math

import pytest

from evalkit.metrics.base import Example
from evalkit.metrics.quality import Quality

PAIRS = [
    ("Президент подписал новый закон.", "The president signed a new law."),
    ("Вчера в Москве шёл сильный дождь.", "Yesterday it rained heavily in Moscow."),
    ("Он не хочет идти домой.", "He does not want to go home."),
    ("Дети играли в саду за домом.", "The children were playing in the garden behind the house."),
    (
        "Компания увеличила производство на 15 процентов.",
        "The company increased production by 15 percent.",
    ),
    ("Сколько стоит эта книга?", "How much does this book cost?"),
]


@pytest.fixture(scope="module")
def quality() -> Quality:
    pytest.importorskip("torch")
    return Quality()


def judged(quality: Quality, pairs: list[tuple[str, str]]) -> list[float]:
    return [
        x.score for x in quality.judge([Example(target, (), source) for source, target in pairs])
    ]


def test_a_translation_is_judged_better_than_that_of_another_sentence(quality: Quality):
    right = judged(quality, PAIRS)
    others = [(source, PAIRS[(i + 1) % len(PAIRS)][1]) for i, (source, _) in enumerate(PAIRS)]
    wrong = judged(quality, others)
    assert all(0 <= score <= 100 for score in right + wrong)
    assert all(a > b for a, b in zip(right, wrong, strict=True))
    assert sum(right) / len(right) > sum(wrong) / len(wrong) + 20


def test_half_a_translation_and_shuffled_words_are_judged_worse(quality: Quality):
    sources, targets = zip(*PAIRS, strict=True)
    half = [" ".join(text.split()[: len(text.split()) // 2]) for text in targets]
    shuffled = [" ".join(sorted(text.split())) for text in targets]
    mean = sum(judged(quality, PAIRS))
    assert sum(judged(quality, list(zip(sources, half, strict=True)))) < mean
    assert sum(judged(quality, list(zip(sources, shuffled, strict=True)))) < mean


def test_details_hold_every_word_and_gap_as_plain_json(quality: Quality):
    (found,) = quality.judge([Example("The president signed a new law.", (), PAIRS[0][0])])
    details = json.loads(json.dumps(found.details))
    assert [word for word, _ in details["words"]] == [
        "The",
        "president",
        "signed",
        "a",
        "new",
        "law",
        ".",
    ]
    assert len(details["gaps"]) == len(details["words"]) + 1
    assert all(0 <= bad <= 1 for _, bad in details["words"])
    assert -4 < details["z"] < 4


def test_a_judgement_depends_on_nothing_else_in_the_batch(quality: Quality):
    alone = [judged(quality, [pair])[0] for pair in PAIRS]
    together = judged(quality, [*PAIRS, (PAIRS[0][0], "Something else."), PAIRS[0]])
    assert together[: len(PAIRS)] == pytest.approx(alone, abs=0.05)
    assert together[-1] == pytest.approx(together[0], abs=0.05)


def test_what_is_no_translation_has_the_lowest_score_or_none(quality: Quality):
    source = PAIRS[0][0]
    empty, copy, lone = quality.judge(
        [Example(" ", (), source), Example(source, (), source), Example("A text.", (), "")]
    )
    assert (empty.score, empty.flags) == (0.0, ("empty_hypothesis",))
    assert (copy.score, copy.flags) == (0.0, ("copy_of_source",))
    assert math.isnan(lone.score)


def test_odd_texts_are_judged_too(quality: Quality):
    texts = [
        "😀",
        "...",
        "Ω" * 300,
        "word " * 400,
        "a\u200bb",
        "\ud800".encode("utf-8", "replace").decode(),
    ]
    found = quality.judge([Example(text, (), PAIRS[0][0]) for text in texts])
    assert all(0 <= x.score <= 100 for x in found)
    assert found[3].flags == ("input_too_long",)


def test_the_fingerprint_names_the_weights(quality: Quality):
    assert set(quality.fingerprint) == {"metric", "procedure", "model"}
    assert quality.needs == {"source"}
