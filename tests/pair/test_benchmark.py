"""Alignment against known truth: strict and lax F1, calibration, time; WMT21 and what is done to it."""

from __future__ import annotations

import importlib.util
import time
from pathlib import Path

import pytest

from evalkit.languages import language_pair
from evalkit.pair import align, split
from evalkit.pair.gold import compare_with_gold
from evalkit.plan import Pairing, Plan, Reading
from evalkit.read import read

RUSSIAN_ENGLISH = language_pair("ru-en")

BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "alignment.py"


@pytest.fixture(scope="module")
def benchmark_module():
    if not BENCHMARK.is_file():
        pytest.skip("needs benchmarks/alignment.py of the repository")
    spec = importlib.util.spec_from_file_location("alignment_benchmark", BENCHMARK)
    module = importlib.util.module_from_spec(spec)
    # dataclasses look their module up while it is being made
    import sys

    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def lines(wmt21):
    def lines(name: str) -> list[str]:
        return (wmt21 / name).read_text(encoding="utf-8").split("\n")[:-1]

    return lines


def test_agreement_is_vecaligns():
    gold = [((0,), (0,)), ((1, 2), (1,)), ((3,), ()), ((4,), (2, 3))]
    found = [((0,), (0,)), ((1,), (1,)), ((2,), ()), ((3,), ()), ((4,), (2, 3))]
    scores = compare_with_gold(gold, found)
    # Strict: (0,0), (3,), (4,23) of 5 found; of the 3 gold pairs 2. Lax: (1,1) hits too.
    assert scores["strict_precision"] == pytest.approx(3 / 5)
    assert scores["strict_recall"] == pytest.approx(2 / 3)
    assert scores["lax_precision"] == pytest.approx(4 / 5)
    assert scores["lax_recall"] == pytest.approx(1)
    assert scores["strict_f1"] == pytest.approx(2 * 0.6 * (2 / 3) / (0.6 + 2 / 3))
    assert compare_with_gold(gold, gold)["strict_f1"] == 1
    assert compare_with_gold(gold, [])["lax_f1"] == 0


@pytest.mark.parametrize("reference", ["reference.A.en", "reference.B.en"])
@pytest.mark.parametrize(
    ("bridge", "sentence_like", "least"),
    [
        ("Online-W", False, 0.97),
        ("Online-W", True, 0.95),
        ("Online-Y", True, 0.95),
        (None, False, 0.92),
        (None, True, 0.87),
    ],
)
def test_f1_on_disturbed_news(benchmark_module, lines, reference, bridge, sentence_like, least):
    made = benchmark_module.disturb(
        *(lines("source.ru"), lines(reference), lines("documents.txt")),
        seed=1,
        sentence_like=sentence_like,
    )
    texts = lines(f"systems/{bridge}.en") if bridge else None
    scores = made.scores(made.aligned(texts))
    assert scores["strict_f1"] >= least
    assert scores["lax_f1"] >= scores["strict_f1"]


@pytest.mark.parametrize("bridge", ["Online-W", "Online-Y", None])
def test_confidence_of_nine_tenths_is_right_98_times_in_100(benchmark_module, lines, bridge):
    judged = []
    for seed in range(3):
        made = benchmark_module.disturb(
            *(lines("source.ru"), lines("reference.A.en"), lines("documents.txt")),
            seed=seed,
            sentence_like=True,
        )
        texts = lines(f"systems/{bridge}.en") if bridge else None
        judged += benchmark_module.right_by_confidence(made, made.aligned(texts))

    def share_right(low: float, high: float) -> float:
        inside = [right for confidence, right in judged if low <= confidence < high]
        return sum(inside) / len(inside)

    assert share_right(0.9, 1.01) >= 0.98
    assert share_right(0, 0.5) < share_right(0.5, 0.8) < share_right(0.9, 1.01)
    assert sum(confidence >= 0.9 for confidence, _ in judged) > len(judged) / 2


def test_deleted_and_joined_lines_are_found(lines, write_lines):
    """Issue 2: every 10th line of reference A deleted, every 15th joined to the next."""
    kept = [([n], text) for n, text in enumerate(lines("reference.A.en")) if (n + 1) % 10]
    gold: list[tuple[list[int], str]] = []
    for numbers, text in kept:
        if gold and (gold[-1][0][-1] + 1) % 15 == 0:
            gold[-1] = (gold[-1][0] + numbers, f"{gold[-1][1]} {text}")
        else:
            gold.append((numbers, text))
    source = write_lines("source.ru", lines("source.ru"))
    provided = write_lines("provided.en", [text for _, text in gold])
    pairing = Pairing(align="sentences", presplit=True)
    (document,) = read(
        Plan(source=str(source), provided=(str(provided),), pairing=pairing)
    ).documents
    pairs = align(document, RUSSIAN_ENGLISH, lines("systems/Online-W.en"))
    found = {(pair.source_index, pair.provided[0]) for pair in pairs}
    assert sum((tuple(n), text) in found for n, text in gold) >= 0.95 * len(gold)
    left_out = {pair.source_index for pair in pairs if pair.status == "source_only"}
    assert sum((n,) in left_out for n in range(9, 1000, 10)) >= 95


def test_running_text_by_document_keeps_every_word(lines, write_lines):
    names = lines("documents.txt")
    order = list(dict.fromkeys(names))

    def running(name: str) -> list[str]:
        return [
            " ".join(t for t, n in zip(lines(name), names, strict=True) if n == document)
            for document in order
        ]

    plan = Plan(
        source=str(write_lines("source.ru", running("source.ru"))),
        provided=(str(write_lines("provided.en", running("reference.A.en"))),),
        reading=Reading(documents=str(write_lines("documents.txt", order))),
        pairing=Pairing(align="sentences"),
    )
    documents = [split(d, plan.pairing, RUSSIAN_ENGLISH) for d in read(plan).documents]
    assert len(documents) == len(order)
    pairs = [pair for d in documents for pair in align(d, RUSSIAN_ENGLISH, d.sources)]
    for side, name in (("source", "source.ru"), ("provided", "reference.A.en")):
        texts = [p.source if side == "source" else p.provided[0] for p in pairs]
        assert " ".join(texts).split() == " ".join(lines(name)).split()


@pytest.fixture
def write_lines(tmp_path):
    def write_lines(name: str, texts) -> Path:
        path = tmp_path / name
        path.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
        return path

    return write_lines


@pytest.mark.slow
def test_time_is_near_linear(benchmark_module, lines):
    """20,000 sentences in under a minute; ten times the sentences take not much more than ten times as long."""
    source, provided, bridge = (
        lines(name) for name in ("source.ru", "reference.A.en", "systems/Online-W.en")
    )

    def seconds(copies: int) -> float:
        numbered = [
            f"{text} {copy}-{n}" for copy in range(copies) for n, text in enumerate(provided)
        ]
        other = [f"{text} {copy}-{n}" for copy in range(copies) for n, text in enumerate(bridge)]
        made = benchmark_module.disturb(source * copies, numbered, ["one"] * len(numbered), seed=1)
        began = time.process_time()
        found = made.aligned(other)
        spent = time.process_time() - began
        assert made.scores(found)["strict_f1"] > 0.9
        return spent

    short, long = seconds(2), seconds(20)
    assert long < 60
    assert long < 20 * short
