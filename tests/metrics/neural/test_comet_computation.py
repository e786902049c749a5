"""COMET's classes, encoders and options against the computation written out: one example, nothing padded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers
import yaml
from torch import nn

from evalkit.metrics.base import Example
from evalkit.metrics.comet import Comet
from evalkit.metrics.comet.mixture import sparsemax
from evalkit.metrics.comet.spans import mqm_score, spans
from evalkit.plan import Decoding

ENCODERS = {
    "XLM-RoBERTa": "XLMRoberta",
    "XLM-RoBERTa-XL": "XLMRobertaXL",
    "BERT": "Bert",
    "RemBERT": "RemBert",
    "MiniLM": "Bert",
}
EXAMPLES = [
    Example("The house stands on a hill.", ("The house is on a hill.",), "Дом стоит на холме."),
    Example("", ("The river.",), "Река."),
    Example("He said that.", ("",), ""),
    Example("Дом стоит на холме.", ("The house.",), "Дом стоит на холме."),
    Example("The ministers met. " * 9, ("The ministers met.",), "Министры встретились. " * 9),
]


class WrittenOut:
    """The computation as the papers and unbabel-comet have it, from the files of a checkpoint."""

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        self.options = yaml.safe_load((folder / "hparams.yaml").read_text())
        content = torch.load(folder / "checkpoints" / "model.ckpt", weights_only=True)
        self.tensors = content["state_dict"]
        self.kind = self.options["class_identifier"]
        self.separators = 2 if self.options["encoder_model"] not in ("BERT", "RemBERT") else 1
        encoder = folder.parent / "encoder"
        classes = ENCODERS[self.options["encoder_model"]]
        config = getattr(transformers, f"{classes}Config").from_pretrained(encoder)
        self.positions = config.max_position_embeddings
        self.model = getattr(transformers, f"{classes}Model")(config, add_pooling_layer=False)
        prefix = "encoder.model."
        own = {
            key.removeprefix(prefix): value
            for key, value in self.tensors.items()
            if key.startswith(prefix)
        }
        self.model.eval().load_state_dict(own)
        self.tokenizer = Tokenizer.from_file(str(encoder / "tokenizer.json"))

    def ids(self, text: str) -> list[int]:
        found = self.tokenizer.encode(text).ids
        return [*found[:-1][: self.positions - 5], found[-1]]

    def states(self, ids: list[int], first: int | None = None) -> list[torch.Tensor]:
        inputs = {"input_ids": torch.tensor([ids])}
        if self.options["encoder_model"] in ("BERT", "RemBERT") and first is not None:
            inputs["token_type_ids"] = torch.tensor([[int(n >= first) for n in range(len(ids))]])
        with torch.inference_mode():
            found = self.model(**inputs, output_hidden_states=True).hidden_states
        return [state[0] for state in found]

    def mixed(self, states: list[torch.Tensor], layer: str) -> torch.Tensor:
        if self.options[layer] != "mix":
            return states[self.options[layer]]
        names = [f"layerwise_attention.scalar_parameters.{n}" for n in range(len(states))]
        weights = torch.cat([self.tensors[name] for name in names])
        if self.options["layer_transformation"] == "sparsemax":
            weights = sparsemax(weights)
        else:
            weights = weights.softmax(0)
        if self.options["layer_norm"]:
            states = [(s - s.mean()) / (s.var(unbiased=False) + 1e-12).sqrt() for s in states]
        mixture = sum(weight * state for weight, state in zip(weights, states, strict=True))
        return self.tensors["layerwise_attention.gamma"] * mixture

    def sentence(self, text: str) -> torch.Tensor:
        tokens = self.mixed(self.states(self.ids(text), 99), "layer")
        pool = self.options["pool"]
        return {"avg": tokens.mean(0), "max": tokens.max(0).values, "cls": tokens[0]}[pool]

    def estimate(self, features: torch.Tensor) -> float:
        for number in (0, 3, 6):
            weight = self.tensors[f"estimator.ff.{number}.weight"]
            features = weight @ features + self.tensors[f"estimator.ff.{number}.bias"]
            if number < 6:
                features = getattr(nn, self.options["activations"])()(features)
        if self.options["final_activation"]:
            features = getattr(nn, self.options["final_activation"])()(features)
        return float(features)

    def regression(self, example: Example) -> float:
        mt, src = self.sentence(example.hypothesis), self.sentence(example.source)
        if self.kind.startswith("referenceless"):
            return self.estimate(torch.cat([mt, src, mt * src, (mt - src).abs()]))
        ref = self.sentence(example.references[0])
        parts = [mt, ref, mt * ref, (mt - ref).abs(), mt * src, (mt - src).abs()]
        return self.estimate(torch.cat(parts))

    def joined(self, *texts: str) -> tuple[float, torch.Tensor | None]:
        """A pass: its score, and its probabilities of labels for the tokens of the hypothesis."""
        inner = [self.ids(text)[1:-1] for text in texts]
        ids = [0, *inner[0]]
        for part in inner[1:]:
            ids += [2] * self.separators + part
        ids = [*ids, 2][: self.positions - 2]
        states = self.states(ids, len(inner[0]) + 2)
        score = self.estimate(self.mixed(states, "sent_layer")[0])
        if not self.options["word_level_training"]:
            return score, None
        words = states[self.options["word_layer"]][: len(inner[0]) + 2]
        logits = words @ self.tensors["hidden2tag.weight"].T + self.tensors["hidden2tag.bias"]
        return score, logits.softmax(1)

    def passes(self, example: Example) -> list[tuple[float, torch.Tensor | None]]:
        mt, src, ref = example.hypothesis, example.source, example.references[0]
        if "ref" not in self.options["input_segments"]:
            return [self.joined(mt, src)]
        if "src" not in self.options["input_segments"]:
            return [self.joined(mt, ref)]
        return [self.joined(mt, src), self.joined(mt, ref), self.joined(mt, src, ref)]

    def score(self, example: Example) -> float:
        if "regression" in self.kind:
            return self.regression(example)
        passes = self.passes(example)
        if self.kind == "unified_metric":
            return sum(score for score, _ in passes) / len(passes)
        weights = [0.1667, 0.3333, 0.5]
        labels = sum(w * found for w, (_, found) in zip(weights, passes, strict=True))
        costs = self.costs(labels.argmax(1).tolist())
        bounded = [min(1.0, score) for score, _ in passes]
        mqm = (25 - min(25, costs)) / 25
        return 0.12 * bounded[0] + 0.33 * bounded[1] + 0.33 * bounded[2] + 0.22 * mqm

    def costs(self, labels: list[int]) -> int:
        """The cost of each run of errors by its first label, but not of one that nothing ends."""
        while labels and labels[-1]:
            labels = labels[:-1]
        starts = [
            label
            for before, label in zip([0, *labels], labels, strict=False)
            if label and not before
        ]
        return sum({1: 1, 2: 5, 3: 10}[label] for label in starts)


def compare(folder: Path, **settings: Any) -> None:
    written_out = WrittenOut(folder)
    found = Comet(str(folder), decoding=Decoding(**settings)).judge(EXAMPLES)
    wanted = [written_out.score(example) for example in EXAMPLES]
    assert len({round(score, 4) for score in wanted}) > 3, "the model tells examples apart"
    assert [judgement.score for judgement in found] == pytest.approx(wanted, abs=1e-5)


KINDS = ["regression_metric", "referenceless_regression_metric", "unified_metric", "xcomet_metric"]


@pytest.mark.parametrize("encoder", ENCODERS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_class_on_every_encoder(checkpoint: Callable[..., Path], kind: str, encoder: str):
    compare(checkpoint(kind, encoder=encoder))


@pytest.mark.parametrize("pool", ["avg", "max", "cls"])
@pytest.mark.parametrize(
    "mixture",
    [
        {"layer_norm": True},
        {"layer_transformation": "sparsemax", "layer_norm": True},
        {"layer_transformation": "sparsemax_patch"},
        {"layer": 0},
        {"layer": 1},
        {"layer": 3},
    ],
)
def test_every_mixture_and_pooling(
    checkpoint: Callable[..., Path], pool: str, mixture: dict[str, Any]
):
    if (pool, mixture) == ("cls", {"layer": 0}):
        pytest.skip("the embedding of the first token is that of every text")
    compare(checkpoint("regression_metric", pool=pool, **mixture))


@pytest.mark.parametrize(
    "options",
    [
        {"input_segments": ["mt", "src"]},
        {"input_segments": ["mt", "ref"]},
        {"sent_layer": 1, "layer_norm": True},
        {"layer_norm": True, "layer_transformation": "sparsemax"},
        {"final_activation": "Sigmoid", "activations": "Sigmoid"},
        {"word_level_training": True, "word_layer": 3},
    ],
)
def test_every_option_of_a_unified_metric(checkpoint: Callable[..., Path], options: dict[str, Any]):
    compare(checkpoint("unified_metric", **options))


@pytest.mark.parametrize("kind", KINDS)
def test_bfloat16_is_near(checkpoint: Callable[..., Path], kind: str):
    folder = checkpoint(kind)
    exact = Comet(str(folder)).judge(EXAMPLES)
    near = Comet(str(folder), decoding=Decoding(dtype="bfloat16")).judge(EXAMPLES)
    if kind == "xcomet_metric":  # a label that changes moves the score by as much as an error costs
        return
    assert [j.score for j in near] == pytest.approx([j.score for j in exact], abs=0.1)
    assert [j.score for j in near] != [j.score for j in exact]


def test_hparams_win_over_the_options_inside_the_checkpoint(checkpoint: Callable[..., Path]):
    folder = checkpoint("regression_metric", layer_transformation="sparsemax", layer_norm=True)
    path = folder / "hparams.yaml"
    inside = Comet(str(folder)).judge(EXAMPLES)
    changed = yaml.safe_load(path.read_text()) | {"layer_transformation": "sparsemax_patch"}
    path.write_text(yaml.safe_dump(changed))
    compare(folder)
    assert Comet(str(folder)).judge(EXAMPLES) != inside
    # What hparams.yaml leaves out stands inside.
    few = {"class_identifier": "regression_metric", "layer_transformation": "sparsemax"}
    path.write_text(yaml.safe_dump(few))
    assert Comet(str(folder)).judge(EXAMPLES) == inside


def test_sparsemax_is_the_projection_on_the_simplex():
    assert sparsemax(torch.tensor([0.0, 0.0])).tolist() == [0.5, 0.5]
    assert sparsemax(torch.tensor([2.0, 0.0, 0.5])).tolist() == [1.0, 0.0, 0.0]
    found = sparsemax(torch.tensor([0.5, 0.3, -2.0]))
    assert found.tolist() == pytest.approx([0.6, 0.4, 0.0])


def test_spans_begin_with_a_severity_and_end_before_a_token_without_error():
    # Labels: O minor major O O major (open at the end).
    table = [[0.9, 0.05, 0.05], [0.1, 0.8, 0.1], [0.2, 0.2, 0.6], [0.7, 0.2, 0.1]]
    table += [[0.5, 0.3, 0.2], [0.1, 0.2, 0.7]]
    offsets = [(0, 0), (0, 3), (3, 7), (7, 9), (9, 12), (0, 0)]
    found = spans(table, range(6), offsets, ("minor", "major"), lambda ids: str(list(ids)))
    assert found == [
        {
            "text": "[1, 2]",
            "severity": "minor",
            "start": 0,
            "end": 7,
            "confidence": pytest.approx(0.7),
        }
    ]
    assert mqm_score(found) == 24 / 25
    assert mqm_score([{"severity": "critical"}] * 3) == 0


def test_several_references_give_their_mean(checkpoint: Callable[..., Path]):
    metric = Comet(str(checkpoint("unified_metric")))
    both = Example("The house.", ("The hill.", "The river."), "Дом.")
    one, two = (Example("The house.", (reference,), "Дом.") for reference in both.references)
    judged, first, second = metric.judge([both, one, two])
    assert judged.score == pytest.approx((first.score + second.score) / 2)
    assert judged.details["reference_scores"] == pytest.approx([first.score, second.score])
    assert judged.details["ref_score"] == pytest.approx(
        (first.details["ref_score"] + second.details["ref_score"]) / 2
    )


def test_a_unified_metric_does_without_a_reference_where_there_is_none(
    checkpoint: Callable[..., Path],
):
    folder = checkpoint("unified_metric")
    metric = Comet(str(folder))
    (found,) = metric.judge([Example("The house.", (), "Дом.")])
    assert found.score == pytest.approx(
        WrittenOut(folder).joined("The house.", "Дом.")[0], abs=1e-5
    )
    assert metric.needs == {"source"}
