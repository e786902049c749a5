"""Evaluations made by hand, with scores by sacreBLEU itself, so that reports are tested without the flow."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
import sacrebleu

from evalkit.flow.result import Evaluation
from evalkit.languages import language_pair
from evalkit.metrics import MetricCard, get_metric

METRICS = {"bleu": sacrebleu.BLEU(effective_order=True), "chrf": sacrebleu.CHRF()}
CORPUS = {"bleu": sacrebleu.BLEU(), "chrf": sacrebleu.CHRF()}

Build = Callable[..., Evaluation]


def build(
    rows: Sequence[tuple[str, str]],
    systems: dict[str, Sequence[str]],
    *,
    documents: Sequence[str] = (),
    flags: Sequence[str] = (),
    more_provided: Sequence[str] = (),
) -> Evaluation:
    """``rows`` are (source, provided), "" for what is absent; each system has one translation a row."""
    pairs = pd.DataFrame(
        [
            {
                "document": documents[i] if documents else "doc.txt",
                "pair": i + 1,
                "status": "paired" if s and p else "source_only" if s else "provided_only",
                "alignment": f"{int(bool(s))}-{int(bool(p))}",
                "confidence": 1.0 if s and p else 0.0,
                "source": s,
                "provided": p,
                **({"provided_2": more_provided[i]} if more_provided else {}),
                **({"agreement": 90.0 - i, "triage": i + 0.25} if len(systems) > 1 else {}),
                "flags": flags[i] if flags else "",
                "id": f"id{i}",
                "source_line": i + 1 if s else 0,
                "provided_line": 2 * i + 1 if p else 0,
            }
            for i, (s, p) in enumerate(rows)
        ]
    )
    segments = _segments(pairs, systems)
    return Evaluation(
        pairs=pairs,
        segments=segments,
        systems=_systems(pairs, segments),
        metrics={name: MetricCard.of(get_metric(name)) for name in METRICS},
        hypothesis="mt",
        languages=language_pair("ru-en"),
        signatures={
            "corpus": {m: str(metric.get_signature()) for m, metric in CORPUS.items()},
            "sentence": {m: str(metric.get_signature()) for m, metric in METRICS.items()},
        },
        manifest={
            "evalkit": "0.2.0",
            "systems": [{"name": name, "spec": f"file:{name}.txt"} for name in systems],
            "counts": {"pairs": len(pairs)},
        },
    )


def _segments(pairs: pd.DataFrame, systems: dict[str, Sequence[str]]) -> pd.DataFrame:
    head = list(pairs.columns[: pairs.columns.get_loc("provided") + 1])
    head += [c for c in pairs.columns if c.startswith("provided_") and c[9:].isdigit()]
    rows: list[dict[str, Any]] = []
    for index, pair in enumerate(pairs.to_dict("records")):
        references = [pair[c] for c in head if c == "provided" or c[9:].isdigit()]
        for name, translations in systems.items():
            paired = pair["status"] == "paired"
            rows.append(
                {c: pair[c] for c in head}
                | {"system": name, "translation": translations[index], "hypothesis": "mt"}
                | {
                    m: metric.sentence_score(translations[index], references).score
                    if paired
                    else math.nan
                    for m, metric in METRICS.items()
                }
                | {c: v for c, v in pair.items() if c not in head}
            )
    return pd.DataFrame(rows)


def _systems(pairs: pd.DataFrame, segments: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for name, own in segments[segments["status"] == "paired"].groupby("system", sort=False):
        row: dict[str, Any] = {"system": name, "spec": f"file:{name}.txt", "segments": len(own)}
        for metric, scorer in CORPUS.items():
            score = scorer.corpus_score(
                own["translation"].tolist(), [own["provided"].tolist()]
            ).score
            row |= {metric: score, f"{metric}_low": score - 1.5, f"{metric}_high": score + 1.5}
        rows.append(row)
    return pd.DataFrame(rows)


@pytest.fixture(name="build")
def build_fixture() -> Build:
    return build


@pytest.fixture
def small() -> Evaluation:
    """Two scored pairs in two documents, one sentence without a counterpart on each side; one system."""
    evaluation = build(
        [
            ("Кошка сидит на окне.", "The cat sits by the window."),
            ("", "This sentence was added."),
            ("Вчера шёл дождь.", "It rained yesterday, they say."),
            ("Это пропустили.", ""),
        ],
        {
            "builtin": [
                "The cat is sitting on the window.",
                "",
                "Yesterday it was raining.",
                "This was left out.",
            ]
        },
        documents=["a.txt", "a.txt", "b.txt", "b.txt"],
        flags=["", "", "entities", ""],
    )
    manifest = {
        **evaluation.manifest,
        "systems": [{"name": "builtin", "note": "a small baseline, not a strong system"}],
    }
    return replace(evaluation, manifest=manifest, warnings=("b.txt: read as windows-1251",))


@pytest.fixture
def three() -> Evaluation:
    """Six scored pairs, three systems, with ranking."""
    numbers = ["one", "two", "three", "four", "five", "six"]
    rows = [
        (f"Предложение номер {i}.", f"This is the sentence number {n}.")
        for i, n in enumerate(numbers)
    ]
    systems = {
        "exact": [p for _, p in rows],
        "near": [f"This is sentence number {n}." for n in numbers],
        "far": [f"A proposal with the figure {n}!" for n in numbers],
    }
    evaluation = build(rows, systems)
    clusters = pd.DataFrame(
        [
            {
                "metric": m,
                "system": s,
                "score": evaluation.systems.set_index("system").loc[s, m],
                "rank": r,
                "cluster": c,
            }
            for m in METRICS
            for s, r, c in (("exact", 1, 1), ("near", 2, 1), ("far", 3, 2))
        ]
    )
    comparison = pd.DataFrame(
        [
            {
                "metric": m,
                "system": a,
                "other": b,
                "difference": 1.0,
                "p_bootstrap": 0.01,
                "p_randomization": 0.02,
                "p_holm": 0.04,
            }
            for m in METRICS
            for a in systems
            for b in systems
            if a != b
        ]
    )
    return replace(evaluation, clusters=clusters, comparison=comparison)
