"""Damaged provided sentences come first, without a look at the source."""

from __future__ import annotations

import random

import numpy as np
import pytest
import sacrebleu

from evalkit.errors import InputError
from evalkit.statistics.triage import agreement, triage


def swapped(texts: list[str], chosen: list[int], rng: random.Random) -> None:
    for a, b in zip(chosen[::2], chosen[1::2], strict=True):
        texts[a], texts[b] = texts[b], texts[a]


def dropped(texts: list[str], chosen: list[int], rng: random.Random) -> None:
    for i in chosen:
        texts[i] = ""


def shifted(texts: list[str], chosen: list[int], rng: random.Random) -> None:
    whole = list(texts)
    for i in chosen:
        texts[i] = whole[(i + 1) % len(whole)]


def garbled(texts: list[str], chosen: list[int], rng: random.Random) -> None:
    """A third of the letters replaced."""
    for i in chosen:
        letters = [rng.choice("abcdefghij") if rng.random() < 0.33 else c for c in texts[i]]
        texts[i] = "".join(letters)


def mixed(texts: list[str], chosen: list[int], rng: random.Random) -> None:
    for damage, part in zip(
        (swapped, dropped, shifted, garbled), np.split(np.array(chosen[:48]), 4), strict=True
    ):
        damage(texts, part.tolist(), rng)
    dropped(texts, chosen[48:], rng)


@pytest.mark.parametrize("damage", [swapped, dropped, shifted, garbled, mixed])
@pytest.mark.parametrize(
    "chosen", [("Online-W", "Online-G", "NiuTrans"), ("AFRL", "Online-A", "Online-Y")]
)
def test_90_percent_of_damaged_sentences_are_in_the_top_tenth(
    damage, chosen, read_wmt21, wmt21_systems
):
    found = []
    for seed in (1, 2):
        rng = random.Random(seed)
        provided = read_wmt21("reference.A.en")
        places = rng.sample(range(1000), 50)
        damage(provided, places, rng)
        _, scores = triage({s: wmt21_systems[s] for s in chosen}, provided)
        top = np.argsort(-scores, kind="stable")[:100]
        found.append(len(set(places) & set(top.tolist())) / 50)
    assert min(found) >= 0.9


def test_agreement_is_the_mean_chrf_of_all_pairs_both_ways():
    systems = {"a": ["the cat sat", "yes"], "b": ["the cat sits here", ""], "c": ["a dog", "yes"]}
    chrf = sacrebleu.CHRF()
    expected = []
    for texts in zip(*systems.values(), strict=True):
        pairs = [(x, y) for x in range(3) for y in range(3) if x != y]
        scores = [chrf.sentence_score(texts[x], [texts[y]]).score for x, y in pairs]
        expected.append(sum(scores) / 6)
    np.testing.assert_allclose(agreement(systems), expected, atol=1e-9)


def test_triage_is_the_documented_formula():
    systems, provided = {"a": ["the cat sat on"], "b": ["the cat sat"]}, ["the cat"]
    chrf = sacrebleu.CHRF()
    lower = [
        min(
            chrf.sentence_score(text, provided).score,
            chrf.sentence_score(provided[0], [text]).score,
        )
        for (text,) in systems.values()
    ]
    between, scores = triage(systems, provided)
    assert scores[0] == pytest.approx(between[0] / 2 - sum(lower) / 2, abs=1e-9)


def test_triage_needs_two_systems_and_parallel_texts():
    with pytest.raises(InputError, match="at least two systems"):
        triage({"a": ["x"]}, ["x"])
    with pytest.raises(InputError, match="1 hypotheses for 2 segments"):
        triage({"a": ["x"], "b": ["y"]}, ["x", "y"])
