"""A document's pairs and scores depend on nothing outside it: any partition of a run, combined, is the run."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evalkit.data import Document, Row, Translation
from evalkit.flow.lineup import Lineup, SystemCard, line_up
from evalkit.flow.run import About, evaluation_of
from evalkit.flow.scored import Scored
from evalkit.flow.shard import Tools, score_shard
from evalkit.languages import language_pair
from evalkit.metrics import metrics_from
from evalkit.pair import split
from evalkit.plan import Pairing, Plan, Reading, Trials
from evalkit.read import read

DATA = Path(__file__).resolve().parents[2] / "data"
PAIR = language_pair("ru-en")
# Fewer trials than usual: what is compared is the same for any number.
PLAN = Plan(metrics=("bleu", "chrf", "ter"), trials=Trials(200, 300))


LINEUP = Lineup(
    tuple(SystemCard(name, "", "", True, {}) for name in ("first", "second")), running=()
)


def noisy(text: str, seed: int) -> str:
    """A stand-in for a translation: the text with some words lost, always the same ones."""
    rng = random.Random(f"{seed} {text}")
    return " ".join(word for word in text.split() if rng.random() > 0.2)


def with_systems(documents: Sequence[Document]) -> list[Document]:
    """The documents with two recorded systems; they say what the provided text says, as far as it goes."""
    made = []
    for document in documents:
        sources = document.sources
        provided = [s.text for s in document.provided] or [r.provided[0] for r in document.rows]
        texts = [provided[k % len(provided)] if provided else "" for k in range(len(sources))]
        systems = {
            name: tuple(Translation(noisy(text, seed)) for text in texts)
            for seed, name in enumerate(("first", "second"))
        }
        made.append(replace(document, recorded=systems))
    return made


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    """The examples of data/, split, and WMT21 by documents where it is here."""
    found: list[Document] = []
    for plan in inputs():
        found += [split(document, plan.pairing, PAIR) for document in read(plan).documents]
    return with_systems([d for d in found if d.sources])


def inputs() -> Iterator[Plan]:
    for name in ("harvest.txt", "ferry.txt", "notices.tsv"):
        yield replace(PLAN, inputs=(str(DATA / name),))
    library = {"source": str(DATA / "library.ru.txt"), "provided": (str(DATA / "library.en.txt"),)}
    yield replace(PLAN, **library)
    wmt21 = DATA.parents[1] / "shared" / "cases" / "wmt21-ru-en"
    if wmt21.is_dir():
        yield replace(
            PLAN,
            source=str(wmt21 / "source.ru"),
            provided=(str(wmt21 / "reference.A.en"),),
            reading=Reading(documents=str(wmt21 / "documents.txt")),
            pairing=Pairing(align="sentences", presplit=True),
        )


def scored(documents: Sequence[Document]) -> Scored:
    tools = Tools(PLAN, PAIR, LINEUP, metrics_from(PLAN.metrics))
    return score_shard(documents, tools)


def result(parts: Sequence[Scored]):
    return evaluation_of(parts, metrics_from(PLAN.metrics), About(PLAN, (), (), ()))


@pytest.fixture(scope="module")
def each(documents) -> list[Scored]:
    """Every document scored by itself."""
    return [scored([document]) for document in documents]


@pytest.fixture(scope="module")
def whole(documents):
    return result([scored(documents)])


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(order=st.randoms(use_true_random=False))
def test_any_partition_in_any_order_gives_the_same_to_the_last_digit(documents, each, whole, order):
    shuffled = list(range(len(documents)))
    order.shuffle(shuffled)
    cut = order.randint(0, len(shuffled))
    together = [documents[k] for k in shuffled[:cut]]
    parts = [each[k] for k in shuffled[cut:]] + ([scored(together)] if together else [])
    order.shuffle(parts)
    same_result(result(parts), whole)


def same_result(one, other) -> None:
    for name in ("pairs", "segments", "systems", "comparison", "clusters"):
        pd.testing.assert_frame_equal(
            getattr(one, name), getattr(other, name), check_exact=True, obj=name
        )
    assert one.signatures == other.signatures
    for what in ("scores", "comparison", "clusters", "counts", "segments"):
        assert json.dumps(one.manifest[what]) == json.dumps(other.manifest[what])


def test_the_whole_is_not_the_sum_of_its_parts_by_chance(documents, whole):
    """What is compared above has something in it: duplicates across documents, two systems that differ."""
    assert whole.comparison is not None and len(whole.clusters) == 6
    assert np.isfinite(whole.systems[["bleu_low", "chrf_high", "ter_low"]].to_numpy()).all()
    twice = [*documents, replace(documents[0], input="z")]
    flags = result([scored(twice[:-1]), scored(twice[-1:])]).pairs["flags"]
    assert (
        flags.str.contains("duplicate_source").sum()
        > whole.pairs["flags"].str.contains("duplicate_source").sum()
    )


def test_recorded_files_follow_the_documents(tmp_path):
    (tmp_path / "m").write_text("One.\nTwo.\nThree.\n", encoding="utf-8")
    plan = replace(PLAN, systems=(f"m=file:{tmp_path / 'm'}",))
    texts = [
        Document(name, rows=tuple(Row(source, ("x",)) for source in sources), input=name)
        for name, sources in (("a", ("Раз.", "Два.")), ("b", ("Три.",)))
    ]
    lineup, documents = line_up(texts, plan, PAIR)
    found = [[t.text for t in document.recorded["m"]] for document in documents]
    assert found == [["One.", "Two."], ["Three."]]
    assert lineup.names == ("m",) and lineup.running == ()
