"""Tiny checkpoints of every kind, made in the test, and those of ../shared."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import transformers

# As evalkit itself sets it, but the fixtures import torch first.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

TEXTS = [
    "Сегодня утром в Берлине прошла встреча министров.",
    "The ministers met in Berlin this morning.",
    "Он сказал, что это важно для всех нас.",
    "He said that this is important for all of us.",
    "Дом стоит на холме; рядом река.",
    "The house stands on a hill, near the river.",
]
SIZES = {"hidden_size": 24, "num_hidden_layers": 3, "num_attention_heads": 2}
POSITIONS = 40
CLASSES: dict[str, tuple[Any, Any]] = {
    name: (getattr(transformers, f"{base}Model"), getattr(transformers, f"{base}Config"))
    for name, base in {
        "XLM-RoBERTa": "XLMRoberta",
        "XLM-RoBERTa-XL": "XLMRobertaXL",
        "BERT": "Bert",
        "MiniLM": "Bert",
        "RemBERT": "RemBert",
    }.items()
}


@pytest.fixture(scope="session")
def comet_tiny() -> Path:
    """Checkpoints and what unbabel-comet 2.2.7 gives for them."""
    folder = Path(__file__).resolve().parents[4] / "shared" / "cases" / "comet-tiny"
    if not folder.is_dir():
        pytest.skip("needs ../shared/cases/comet-tiny (checkpoints and their scores), not here")
    return folder


@pytest.fixture
def checkpoint(tmp_path: Path) -> Callable[..., Path]:
    """Make a checkpoint: ``checkpoint("regression_metric", encoder="BERT", pool="max")`` is its folder."""

    def make(
        kind: str, *, name: str = "model", encoder: str = "XLM-RoBERTa", **options: Any
    ) -> Path:
        return make_checkpoint(tmp_path, kind, name=name, encoder=encoder, **options)

    return make


def make_checkpoint(
    parent: Path, kind: str, *, name: str = "model", encoder: str = "XLM-RoBERTa", **options: Any
) -> Path:
    """A random checkpoint, its encoder's configuration and tokenizer in `parent`/encoder."""
    import torch
    import yaml

    torch.manual_seed(len(kind) + len(encoder))
    unified = kind in ("unified_metric", "xcomet_metric")
    model = make_encoder(parent / "encoder", encoder)
    tensors = {f"encoder.model.{key}": value for key, value in model.state_dict().items()}
    for layer in range(SIZES["num_hidden_layers"] + 1):
        tensors[f"layerwise_attention.scalar_parameters.{layer}"] = torch.randn(1)
    tensors["layerwise_attention.gamma"] = torch.tensor([1.3])
    times = 1 if unified else 4 if kind.startswith("referenceless") else 6
    widths = [times * SIZES["hidden_size"], 16, 8, 1]
    for number in range(3):
        wide, narrow = widths[number : number + 2]
        tensors[f"estimator.ff.{3 * number}.weight"] = torch.randn(narrow, wide) / wide**0.5
        tensors[f"estimator.ff.{3 * number}.bias"] = torch.randn(narrow) / 4
    hparams: dict[str, Any] = {
        "class_identifier": kind,
        "encoder_model": encoder,
        "pretrained_model": "encoder",
        "layer_transformation": "softmax",
        "layer_norm": False,
        "activations": "Tanh",
        "final_activation": None,
        "hidden_sizes": widths[1:-1],
    }
    if unified:
        labels = ["minor", "major", "critical"] if kind == "xcomet_metric" else ["minor", "major"]
        words = kind == "xcomet_metric"
        hparams |= {"sent_layer": "mix", "word_layer": 2, "word_level_training": words}
        hparams |= {"error_labels": labels, "input_segments": ["mt", "src", "ref"]}
    else:
        hparams |= {"layer": "mix", "pool": "avg"}
    hparams |= options
    if hparams.get("word_level_training"):
        count = len(hparams["error_labels"]) + 1
        tensors["hidden2tag.weight"] = torch.randn(count, SIZES["hidden_size"])
        tensors["hidden2tag.bias"] = torch.randn(count) / 4
    folder = parent / name
    (folder / "checkpoints").mkdir(parents=True)
    (folder / "hparams.yaml").write_text(yaml.safe_dump(hparams))
    content = {
        "epoch": 1,
        "pytorch-lightning_version": "1.9.0",
        "state_dict": tensors,
        "hyper_parameters": hparams,
    }
    torch.save(content, folder / "checkpoints" / "model.ckpt")
    return folder


def make_encoder(folder: Path, encoder: str) -> Any:
    """A random encoder; its configuration and tokenizer are written."""
    roberta = {"pad_token_id": 1, "bos_token_id": 0, "eos_token_id": 2, "type_vocab_size": 1}
    bert = {"pad_token_id": 1, "type_vocab_size": 2}
    own = bert if "BERT" in encoder or encoder == "MiniLM" else roberta
    if encoder == "RemBERT":
        own = own | {"input_embedding_size": 16, "output_embedding_size": 16}
    vocabulary = make_tokenizer(folder, 1 if encoder in ("BERT", "RemBERT") else 2)
    config = CLASSES[encoder][1](
        vocab_size=vocabulary,
        intermediate_size=48,
        max_position_embeddings=POSITIONS,
        initializer_range=0.4,
        **SIZES,
        **own,
    )
    config.save_pretrained(folder)
    return CLASSES[encoder][0](config, add_pooling_layer=False)


def make_tokenizer(folder: Path, separators: int) -> int:
    """A tokenizer learned from a few sentences, in tokenizer.json; returns its size."""
    from tokenizers import (
        Tokenizer,
        decoders,
        models,
        normalizers,
        pre_tokenizers,
        processors,
        trainers,
    )

    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    trainer = trainers.UnigramTrainer(
        vocab_size=150, special_tokens=special, unk_token="<unk>", show_progress=False
    )
    tokenizer.train_from_iterator(TEXTS * 3, trainer)
    between = " </s>" * separators
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair=f"<s> $A{between} $B </s>",
        special_tokens=[("<s>", 0), ("</s>", 2)],
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", "pad_token": "<pad>"}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    return tokenizer.get_vocab_size()
