"""Tiny models of every family with random weights, saved and loaded by the same path as real ones."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

# As evalkit itself sets it, but the fixtures import torch first.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

TEXT = [
    "Сегодня утром в Берлине прошла встреча министров.",
    "The ministers met in Berlin this morning.",
    "Он сказал, что это важно для всех нас.",
    "He said that this is important for all of us.",
    "Дом стоит на холме; рядом река.",
    "The house stands on a hill, near the river.",
]
SMALL = {
    "d_model": 32,
    "encoder_layers": 1,
    "decoder_layers": 1,
    "encoder_ffn_dim": 64,
    "decoder_ffn_dim": 64,
    "encoder_attention_heads": 2,
    "decoder_attention_heads": 2,
}


@pytest.fixture(scope="session")
def some_words() -> list[str]:
    """Russian words."""
    return [
        "дом",
        "стоит",
        "на",
        "холме",
        "рядом",
        "река",
        "он",
        "сказал",
        "что",
        "это",
        "важно",
        "для",
        "всех",
        "нас",
    ]


@pytest.fixture(scope="session")
def sources(some_words: list[str]) -> list[str]:
    """Russian sentences of different lengths, distinct."""
    return [" ".join(some_words[k % 7 : k % 7 + 1 + k % 6]) + f" {k}." for k in range(40)]


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A function from a family's name to the folder of a model, made once."""
    made: dict[str, Path] = {}

    def make(family: str) -> Path:
        if family not in made:
            import torch

            torch.manual_seed(11)
            made[family] = tmp_path_factory.mktemp(family)
            FAMILIES[family](made[family])
        return made[family]

    return make


def _sentencepiece(path: Path, **options) -> None:
    import sentencepiece

    options = {"model_type": "unigram", "vocab_size": 120} | options
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(TEXT * 3),
        model_prefix=str(path),
        hard_vocab_limit=False,
        character_coverage=1.0,
        minloglevel=2,
        **options,
    )
    path.with_name(path.name + ".vocab").unlink()


def _save(model, folder: Path) -> None:
    # Random weights give nearly equal scores: spread them, so that outputs differ between sources.
    for parameter in model.parameters():
        parameter.data.mul_(4)
    model.save_pretrained(folder)


def _marian(folder: Path) -> None:
    from sentencepiece import SentencePieceProcessor
    from transformers import MarianConfig, MarianMTModel

    _sentencepiece(folder / "joint", eos_id=0, unk_id=1, bos_id=-1)
    pieces = SentencePieceProcessor(model_file=str(folder / "joint.model"))
    model = (folder / "joint.model").read_bytes()
    (folder / "joint.model").unlink()
    for side in ("source", "target"):
        (folder / f"{side}.spm").write_bytes(model)
    vocabulary = {pieces.id_to_piece(i): i for i in range(len(pieces))}
    # Padding comes last, as in OPUS-MT.
    pad = vocabulary["<pad>"] = len(vocabulary)
    (folder / "vocab.json").write_text(json.dumps(vocabulary), encoding="utf-8")
    names = {"tokenizer_class": "MarianTokenizer", "source_lang": "ru", "target_lang": "en"}
    (folder / "tokenizer_config.json").write_text(json.dumps(names | {"model_max_length": 128}))
    config = MarianConfig(
        vocab_size=len(vocabulary),
        max_position_embeddings=128,
        pad_token_id=pad,
        eos_token_id=0,
        decoder_start_token_id=pad,
        bos_token_id=None,
        forced_eos_token_id=0,
        share_encoder_decoder_embeddings=True,
        **SMALL,
    )
    model = MarianMTModel(config)
    model.generation_config.bad_words_ids = [[pad]]
    model.generation_config.num_beams = 2
    _save(model, folder)


def _nllb(folder: Path) -> None:
    from transformers import M2M100Config, M2M100ForConditionalGeneration, NllbTokenizer

    letters = sorted({letter for line in TEXT for letter in line.replace(" ", "▁")})
    words = ["<s>", "<pad>", "</s>", "<unk>", "▁", *(x for x in letters if x != "▁")]
    tokenizer = NllbTokenizer(vocab={word: i for i, word in enumerate(words)}, merges=[])
    codes = {"additional_special_tokens": ["eng_Latn", "rus_Cyrl"]}
    tokenizer.add_special_tokens(codes)
    tokenizer.save_pretrained(folder)
    config = M2M100Config(
        vocab_size=len(tokenizer), max_position_embeddings=128, decoder_start_token_id=2, **SMALL
    )
    _save(M2M100ForConditionalGeneration(config), folder)


def _m2m100(folder: Path) -> None:
    from sentencepiece import SentencePieceProcessor
    from transformers import M2M100Config, M2M100ForConditionalGeneration, M2M100Tokenizer

    _sentencepiece(folder / "sentencepiece.bpe", model_type="bpe")
    spm = folder / "sentencepiece.bpe.model"
    pieces = SentencePieceProcessor(model_file=str(spm))
    words = ["<s>", "<pad>", "</s>", "<unk>"] + [
        pieces.id_to_piece(i) for i in range(3, len(pieces))
    ]
    vocabulary = folder / "vocab.json"
    vocabulary.write_text(json.dumps({word: i for i, word in enumerate(words)}), encoding="utf-8")
    # As on the hub, where the languages are listed among the special tokens.
    languages = M2M100Tokenizer(str(vocabulary), str(spm)).lang_code_to_token.values()
    tokenizer = M2M100Tokenizer(
        str(vocabulary), str(spm), additional_special_tokens=list(languages)
    )
    tokenizer.save_pretrained(folder)
    config = M2M100Config(
        vocab_size=len(words) + len(languages) + tokenizer.num_madeup_words,
        max_position_embeddings=128,
        decoder_start_token_id=2,
        **SMALL,
    )
    _save(M2M100ForConditionalGeneration(config), folder)


def _mbart(folder: Path, tokenizer_class: str = "MBartTokenizer") -> None:
    from transformers import AutoTokenizer, MBartConfig, MBartForConditionalGeneration

    _sentencepiece(folder / "sentencepiece.bpe")
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": tokenizer_class}))
    MBartConfig().save_pretrained(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    config = MBartConfig(
        vocab_size=len(tokenizer), max_position_embeddings=128, decoder_start_token_id=2, **SMALL
    )
    _save(MBartForConditionalGeneration(config), folder)


def _mbart50(folder: Path) -> None:
    _mbart(folder, "MBart50Tokenizer")


def _t5(folder: Path, languages: str = "") -> None:
    from transformers import AutoTokenizer, T5Config, T5ForConditionalGeneration

    symbols = {"user_defined_symbols": languages} if languages else {}
    _sentencepiece(folder / "spiece", pad_id=0, eos_id=1, unk_id=2, bos_id=-1, **symbols)
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "T5Tokenizer"}))
    T5Config().save_pretrained(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    config = T5Config(
        vocab_size=len(tokenizer),
        d_model=32,
        d_kv=16,
        d_ff=64,
        num_layers=1,
        num_heads=2,
        decoder_start_token_id=0,
    )
    _save(T5ForConditionalGeneration(config), folder)


def _madlad(folder: Path) -> None:
    _t5(folder, "<2en>,<2ru>")


FAMILIES = {
    "marian": _marian,
    "nllb": _nllb,
    "m2m100": _m2m100,
    "mbart": _mbart,
    "mbart50": _mbart50,
    "t5": _t5,
    "madlad": _madlad,
}
