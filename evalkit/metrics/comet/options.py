"""The options of a COMET checkpoint: hparams.yaml beside it, over those kept inside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalkit.errors import ModelUnavailable

HPARAMS = "hparams.yaml"
MIX = "mix"

REGRESSION = "regression_metric"
REFERENCELESS = "referenceless_regression_metric"
UNIFIED = "unified_metric"
XCOMET = "xcomet_metric"

# The defaults of unbabel-comet 2.2.7's classes, for options that a checkpoint does not name.
_OF_REGRESSION: dict[str, Any] = {
    "encoder_model": "XLM-RoBERTa",
    "pretrained_model": "xlm-roberta-large",
    "layer": MIX,
    "layer_transformation": "softmax",
    "layer_norm": True,
    "pool": "avg",
    "activations": "Tanh",
    "final_activation": None,
}
_OF_UNIFIED: dict[str, Any] = _OF_REGRESSION | {
    "pretrained_model": "microsoft/infoxlm-large",
    "sent_layer": MIX,
    "layer_transformation": "sparsemax",
    "word_layer": 24,
    "input_segments": ["mt", "src", "ref"],
    "word_level_training": False,
    "error_labels": ["minor", "major"],
}
_DEFAULTS: dict[str, dict[str, Any]] = {
    REGRESSION: _OF_REGRESSION,
    REFERENCELESS: _OF_REGRESSION,
    UNIFIED: _OF_UNIFIED,
    XCOMET: _OF_UNIFIED
    | {
        "encoder_model": "XLM-RoBERTa-XL",
        "pretrained_model": "facebook/xlm-roberta-xl",
        "layer_norm": False,
        "word_layer": 36,
        "word_level_training": True,
        "error_labels": ["minor", "major", "critical"],
    },
}
_POOLS = ("avg", "max", "cls", "default")
_SEGMENTS = (["mt", "src"], ["mt", "ref"], ["mt", "src", "ref"])


@dataclass(frozen=True, slots=True)
class Options:
    """What decides how a checkpoint scores.

    kind: the class, one of `REGRESSION`, `REFERENCELESS`, `UNIFIED`, `XCOMET`.
    layer: "mix", or the one layer that the sentence is taken from (0: the embeddings).
    transformation: "sparsemax", or "softmax" for every other name ("sparsemax_patch" among them).
    segments: of mt, src and ref, what a UnifiedMetric reads.
    labels: severities, from label 1 of the word level; () where there is no word level.
    """

    kind: str
    encoder: str
    pretrained: str
    layer: str | int
    transformation: str
    layer_norm: bool
    pool: str
    activation: str
    final_activation: str | None
    segments: tuple[str, ...]
    word_layer: int
    labels: tuple[str, ...]

    @property
    def is_unified(self) -> bool:
        """Whether the texts are read together rather than one by one."""
        return self.kind in (UNIFIED, XCOMET)


def read_hparams(folder: Path) -> dict[str, Any]:
    """The content of hparams.yaml.

    Raises:
        ModelUnavailable: it is missing, or is not a table of options.
    """
    import yaml

    path = folder / HPARAMS
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise ModelUnavailable(f"{folder} holds no COMET model: it has no {HPARAMS}") from error
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())[:200]
        raise ModelUnavailable(f"{path} cannot be read: {reason}") from error
    if not isinstance(content, dict) or content.get("class_identifier") not in _DEFAULTS:
        found = content.get("class_identifier") if isinstance(content, dict) else None
        raise ModelUnavailable(
            f"{path}: class_identifier is {found!r}; use a checkpoint of {', '.join(_DEFAULTS)}"
        )
    return content


def is_whole(hparams: Mapping[str, Any]) -> bool:
    """Whether hparams.yaml says all, so that the options inside the checkpoint need not be read."""
    kind = hparams["class_identifier"]
    unasked = {"layer", "pool"} if kind in (UNIFIED, XCOMET) else set()
    if kind == XCOMET:
        unasked |= {"input_segments", "word_level_training"}
    return set(_DEFAULTS[kind]) - unasked <= set(hparams)


def read_options(
    folder: Path, hparams: Mapping[str, Any], inside: Mapping[str, Any] | None = None
) -> Options:
    """Options from hparams.yaml, then from ``inside`` the checkpoint, then the class's defaults.

    Raises:
        ModelUnavailable: an option has a value that no COMET checkpoint has.
    """
    kind = hparams["class_identifier"]
    values = {**_DEFAULTS[kind], **(inside or {}), **hparams}
    unified = kind in (UNIFIED, XCOMET)
    if kind == XCOMET:
        # The class sets these itself, whatever the options say.
        values |= {"input_segments": ["mt", "src", "ref"], "word_level_training": True}

    def check(name: str, good: bool) -> None:
        if not good:
            raise ModelUnavailable(f"{folder / HPARAMS}: {name} cannot be {values[name]!r}")

    layer = "sent_layer" if unified else "layer"
    check(layer, values[layer] == MIX or _is_index(values[layer]))
    for name in ("encoder_model", "pretrained_model", "activations", "layer_transformation"):
        check(name, isinstance(values[name], str))
    check("final_activation", isinstance(values["final_activation"], str | None))
    check("pool", values["pool"] in _POOLS)
    if unified:
        check("input_segments", values["input_segments"] in _SEGMENTS)
        check("word_layer", _is_index(values["word_layer"]))
        check("error_labels", _is_strings(values["error_labels"]))
    words = unified and bool(values["word_level_training"])
    return Options(
        kind=kind,
        encoder=values["encoder_model"],
        pretrained=values["pretrained_model"],
        layer=values[layer],
        transformation="sparsemax" if values["layer_transformation"] == "sparsemax" else "softmax",
        layer_norm=bool(values["layer_norm"]),
        # A UnifiedMetric takes the first token's state, whatever its options say of pooling.
        pool="cls" if unified else values["pool"],
        activation=values["activations"],
        final_activation=values["final_activation"],
        segments=tuple(values["input_segments"]) if unified else (),
        word_layer=values["word_layer"] if words else 0,
        labels=tuple(values["error_labels"]) if words else (),
    )


def _is_index(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_strings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
