"""COMET checkpoints score as unbabel-comet 2.2.7 scores them, whatever the batches, order and place."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from evalkit.metrics.base import Example
from evalkit.metrics.comet import Comet
from evalkit.plan import Decoding

KINDS = [
    "regression",
    "regression-normed",
    "regression-patched",
    "regression-layer",
    "referenceless",
    "kiwi",
    "unite",
    "xcomet",
]
NEAR = 1e-5
CONFIDENCE_NEAR = 1e-4
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def examples(folder: Path, mode: str) -> list[Example]:
    rows = [json.loads(line) for line in (folder / "data.jsonl").read_text("utf-8").splitlines()]
    return [
        Example(row["mt"], (row["ref"],) if mode == "with_ref" else (), row["src"]) for row in rows
    ]


def expected(folder: Path) -> dict[str, dict[str, Any]]:
    return json.loads((folder / "expected.json").read_text("utf-8"))


def agree(judgements: list[Any], wanted: dict[str, Any]) -> None:
    assert [judgement.score for judgement in judgements] == pytest.approx(
        wanted["scores"], abs=NEAR, rel=0
    )
    for name in ("src_scores", "ref_scores", "unified_scores", "mqm_scores"):
        found = [judgement.details.get(name[:-1]) for judgement in judgements]
        if name in wanted:
            assert found == pytest.approx(wanted[name], abs=NEAR, rel=0), name
        else:
            assert found == [None] * len(found), name
    for number, spans in enumerate(wanted.get("error_spans", [])):
        found = judgements[number].details["spans"]
        for key in ("text", "severity", "start", "end"):
            assert [span[key] for span in found] == [span[key] for span in spans]
        assert [span["confidence"] for span in found] == pytest.approx(
            [span["confidence"] for span in spans], abs=CONFIDENCE_NEAR, rel=0
        )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("batch_tokens", [None, 1, 150])
def test_every_example_has_comets_score(comet_tiny: Path, kind: str, batch_tokens: int | None):
    metric = Comet(str(comet_tiny / kind), decoding=Decoding(batch_tokens=batch_tokens))
    for mode, wanted in expected(comet_tiny / kind).items():
        agree(metric.judge(examples(comet_tiny, mode)), wanted)


@pytest.mark.parametrize("kind", ["regression-normed", "xcomet"])
def test_a_score_does_not_depend_on_what_is_scored_with_it(comet_tiny: Path, kind: str):
    metric = Comet(str(comet_tiny / kind))
    (mode, wanted), *_ = expected(comet_tiny / kind).items()
    batch = examples(comet_tiny, mode)
    order = random.Random(3).sample(range(len(batch)), len(batch))
    shuffled = metric.judge([batch[number] for number in order])
    restored = [shuffled[order.index(number)] for number in range(len(batch))]
    agree(restored, wanted)
    alone = Comet(str(comet_tiny / kind))
    agree([alone.judge([example])[0] for example in batch], wanted)


@pytest.mark.parametrize("kind", ["regression", "kiwi", "xcomet"])
def test_the_same_through_the_hubs_cache(
    comet_tiny: Path, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    snapshot = in_hub_cache(tmp_path, f"org/{kind}", comet_tiny / kind)
    in_hub_cache(tmp_path, "tiny-xlm-roberta", comet_tiny / "tiny-xlm-roberta")
    here = {
        "hub": Comet(f"org/{kind}"),
        "revision": Comet(f"org/{kind}@{COMMIT}"),
        "cache": Comet(str(snapshot.parents[1])),
        "snapshot": Comet(str(snapshot)),
    }
    for metric in here.values():
        assert (metric.model, metric.revision) == (f"org/{kind}", COMMIT)
        for mode, wanted in expected(comet_tiny / kind).items():
            agree(metric.judge(examples(comet_tiny, mode)), wanted)
    assert len({metric.signature("corpus") for metric in here.values()}) == 1


def test_a_cache_given_as_a_folder_holds_its_encoder_as_well(comet_tiny: Path, tmp_path: Path):
    snapshot = in_hub_cache(tmp_path, "org/kiwi", comet_tiny / "kiwi")
    in_hub_cache(tmp_path, "tiny-xlm-roberta", comet_tiny / "tiny-xlm-roberta")
    for mode, wanted in expected(comet_tiny / "kiwi").items():
        agree(Comet(str(snapshot)).judge(examples(comet_tiny, mode)), wanted)


def test_what_the_model_did_not_read_is_flagged(comet_tiny: Path):
    batch = examples(comet_tiny, "with_ref")
    judgements = Comet(str(comet_tiny / "regression")).judge(batch)
    longest = max(range(len(batch)), key=lambda number: len(batch[number].source))
    assert "input_too_long" in judgements[longest].flags
    (short,) = (n for n, example in enumerate(batch) if example.source == "Да.")
    assert judgements[short].flags == ()
    (empty,) = (n for n, example in enumerate(batch) if not example.hypothesis)
    assert judgements[empty].flags == ("empty_hypothesis",)


def in_hub_cache(cache: Path, repository: str, folder: Path) -> Path:
    """Lay a folder out as the hub's cache has it; returns the snapshot."""
    model = cache / f"models--{repository.replace('/', '--')}"
    snapshot = model / "snapshots" / COMMIT
    shutil.copytree(folder, snapshot)
    (model / "refs").mkdir()
    (model / "refs" / "main").write_text(COMMIT)
    return snapshot
