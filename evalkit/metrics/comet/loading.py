"""From a checkpoint's folder to a model that runs: its files, its encoder's, and its weights."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evalkit.engines.encoder_batches import batch_budget
from evalkit.engines.snapshots import cached, fetch
from evalkit.errors import ModelUnavailable
from evalkit.metrics.comet.encoder import Encoder, Kind
from evalkit.metrics.comet.estimator import Estimator
from evalkit.metrics.comet.mixture import recipe
from evalkit.metrics.comet.options import HPARAMS, REGRESSION, Options
from evalkit.metrics.comet.reading import Model
from evalkit.metrics.comet.regression import Regression
from evalkit.metrics.comet.tokens import TOKENIZER_FILES
from evalkit.metrics.comet.unified import Unified
from evalkit.plan import Decoding

CHECKPOINTS = "checkpoints"
PATTERNS = (HPARAMS, f"{CHECKPOINTS}/*", "*.safetensors", "*.safetensors.index.json")
# An encoder's own weights are not needed: they come from the checkpoint.
ENCODER_PATTERNS = (
    "config.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    *TOKENIZER_FILES,
)
# What hparams.yaml calls an encoder, and what the hub calls it today.
_RENAMED = {
    "xlm-roberta-base": "FacebookAI/xlm-roberta-base",
    "xlm-roberta-large": "FacebookAI/xlm-roberta-large",
    "bert-base-multilingual-cased": "google-bert/bert-base-multilingual-cased",
    "bert-base-multilingual-uncased": "google-bert/bert-base-multilingual-uncased",
}


def weight_files(folder: Path) -> list[Path]:
    """The files of a checkpoint's weights: safetensors where there are any, else the checkpoint.

    Raises:
        ModelUnavailable: the folder has neither.
    """
    for place in (folder / CHECKPOINTS, folder):
        if found := sorted(place.glob("*.safetensors")):
            return found
    usual = folder / CHECKPOINTS / "model.ckpt"
    found = [usual] if usual.is_file() else sorted((folder / CHECKPOINTS).glob("*.ckpt"))
    if len(found) != 1:
        raise ModelUnavailable(f"{folder} has no {CHECKPOINTS}/model.ckpt")
    return found


def is_complete(folder: Path) -> bool:
    """Whether a folder holds hparams.yaml and weights."""
    try:
        return (folder / HPARAMS).is_file() and bool(weight_files(folder))
    except ModelUnavailable:
        return False


def encoder_files(folder: Path) -> list[Path]:
    """The files of an encoder's configuration and tokenizer that are there."""
    return [folder / name for name in sorted(ENCODER_PATTERNS) if (folder / name).is_file()]


def encoder_folder(checkpoint: Path, pretrained: str) -> Path:
    """Where an encoder's configuration and tokenizer are: beside the checkpoint, else on the hub.

    Raises:
        ModelUnavailable: they are nowhere here and cannot be fetched.
    """
    for folder in _beside(checkpoint, pretrained):
        if _has_encoder(folder):
            return folder
    names = [pretrained, *([_RENAMED[pretrained]] if pretrained in _RENAMED else [])]
    for cache in _caches(checkpoint):
        for name in names:
            found = cached(name, cache=cache)
            if found is not None and _has_encoder(found):
                return found
    try:
        folder = fetch(names[-1], "", ENCODER_PATTERNS)
    except ModelUnavailable as error:
        raise ModelUnavailable(
            f"the encoder {pretrained} of {checkpoint} (its config.json and tokenizer): {error}"
        ) from error
    if not _has_encoder(folder):
        raise ModelUnavailable(f"{names[-1]} has no config.json and tokenizer")
    return folder


def tokenizer_folder(checkpoint: Path, encoder: Path, kind: Kind) -> Path:
    """The folder of the tokenizer, which is another model's for some encoders."""
    if not kind.tokenizer:
        return encoder
    try:
        return encoder_folder(checkpoint, kind.tokenizer)
    except ModelUnavailable:
        # The authors' own copy of it is the same.
        if any((encoder / name).is_file() for name in TOKENIZER_FILES):
            return encoder
        raise


def load(
    options: Options,
    encoder: Encoder,
    tensors: dict[str, Any],
    decoding: Decoding,
    *,
    dtype: str,
    device: str,
    name: str,
) -> Model:
    """A model that runs.

    Raises:
        ModelUnavailable: the checkpoint's weights are not what its options say.
    """
    budget = batch_budget(device, decoding.batch_tokens)
    try:
        mixed = recipe(options, tensors, encoder.layers)
        if options.word_layer >= encoder.layers:
            raise ValueError(f"word_layer is {options.word_layer} of {encoder.layers}")
        estimator = Estimator(tensors, options.activation, options.final_activation)
        units = int(encoder.config.hidden_size)
        times = 1 if options.is_unified else 6 if options.kind == REGRESSION else 4
        if estimator.features != units * times:
            raise ValueError(
                f"its estimator takes {estimator.features} features, not {units * times}"
            )
        encoder.load(tensors, max(mixed.last_layer, options.word_layer), dtype, device)
        if options.is_unified:
            return Unified(
                encoder,
                mixed,
                estimator.to(device),
                options,
                tensors,
                device=device,
                budget=budget,
                name=name,
            )
        references = options.kind == REGRESSION
        return Regression(
            encoder, mixed, estimator, references=references, budget=budget, name=name
        )
    except KeyError as error:
        raise ModelUnavailable(f"{name}: the checkpoint has no {error.args[0]}") from error
    except ValueError as error:
        raise ModelUnavailable(f"{name}: the checkpoint cannot be used: {error}") from error


def _beside(checkpoint: Path, pretrained: str) -> Iterator[Path]:
    """Folders that may be the encoder's: in the checkpoint's, that itself, its sibling, a path."""
    name = Path(pretrained).name
    yield checkpoint / name
    yield checkpoint
    for folder in dict.fromkeys((checkpoint, checkpoint.resolve())):
        yield folder.parent / name
    yield Path(pretrained).expanduser()


def _caches(checkpoint: Path) -> Iterator[Path | None]:
    """The hub's cache, and a folder of its shape that the checkpoint lies in."""
    yield None
    parents = checkpoint.resolve().parents
    if len(parents) > 2 and parents[0].name == "snapshots":
        yield parents[2]


def _has_encoder(folder: Path) -> bool:
    return (folder / "config.json").is_file() and any(
        (folder / name).is_file() for name in TOKENIZER_FILES
    )
