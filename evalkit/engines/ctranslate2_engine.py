"""Models run by CTranslate2: int8 on CPU, float16 on GPU, several workers at once."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evalkit.engines.base import OutOfMemory, Output, Search
from evalkit.engines.language_codes import direction
from evalkit.engines.model_folder import read_json
from evalkit.engines.quiet import quiet_transformers
from evalkit.errors import InputError, ModelUnavailable
from evalkit.languages import LanguagePair
from evalkit.plan import Decoding

# Tokens in a worker's batch, and batches handed over together so that no worker waits.
WORKER_TOKENS = 1024
BATCHES_A_WORKER = 8
POSITIONS = 512


class CTranslate2Engine:
    """A converted model, and the tokenizer of the model it was made from."""

    def __init__(
        self,
        model_folder: Path,
        tokenizer_folder: Path,
        model_type: str,
        *,
        search: Search,
        decoding: Decoding,
        pair: LanguagePair,
    ) -> None:
        ctranslate2 = import_ctranslate2()
        import torch

        self.device, index = _device(decoding.device)
        workers = (decoding.threads or _cores()) if self.device == "cpu" else 1
        # They share OpenMP, and CTranslate2 leaves it, so torch, with one thread.
        torch_threads = torch.get_num_threads()
        try:
            self.translator = ctranslate2.Translator(
                str(model_folder),
                device=self.device,
                device_index=index,
                compute_type=search.precision,
                inter_threads=workers,
                intra_threads=1,
            )
        except (RuntimeError, ValueError) as error:
            raise ModelUnavailable(f"CTranslate2 cannot load {model_folder}: {error}") from error
        finally:
            torch.set_num_threads(torch_threads)
        self.tokenizer = _tokenizer(tokenizer_folder)
        self.direction = direction(model_type, self.tokenizer, pair)
        if self.direction.decoder_start:
            raise ModelUnavailable("CTranslate2 cannot run mBART: use --backend transformers")
        if self.direction.source_code:
            self.tokenizer.src_lang = self.direction.source_code
        # Where padding starts the output, it is also a word the model could give.
        start = read_json(model_folder, "config.json").get("decoder_start_token")
        suppressed = [[start]] if start == self.tokenizer.pad_token else None
        generation = read_json(tokenizer_folder, "generation_config.json")
        self.options = {
            "beam_size": search.beam,
            "length_penalty": search.length_penalty,
            "no_repeat_ngram_size": generation.get("no_repeat_ngram_size") or 0,
            "repetition_penalty": generation.get("repetition_penalty") or 1.0,
            "suppress_sequences": suppressed,
        }
        self.batch_tokens = WORKER_TOKENS * BATCHES_A_WORKER * workers
        self.worker_tokens = decoding.batch_tokens or WORKER_TOKENS
        self.max_source_tokens = min(POSITIONS, self.tokenizer.model_max_length)
        self.max_new_tokens = POSITIONS - 2

    def encode(self, texts: Sequence[str]) -> list[list[str]]:
        if not texts:
            return []
        prefixed = [self.direction.prefix + text for text in texts]
        encoded = self.tokenizer(prefixed, truncation=False, verbose=False)["input_ids"]
        return [self.tokenizer.convert_ids_to_tokens(ids) for ids in encoded]

    def generate(self, batch: Sequence[list[str]], max_new_tokens: int) -> list[Output]:
        first = [self.direction.forced_bos] if self.direction.forced_bos else []
        try:
            results = self.translator.translate_batch(
                list(batch),
                target_prefix=[first] * len(batch) if first else None,
                max_batch_size=self.worker_tokens,
                batch_type="tokens",
                max_input_length=0,
                max_decoding_length=max_new_tokens,
                **self.options,
            )
        except RuntimeError as error:
            if "out of memory" in str(error).lower():
                raise OutOfMemory from error
            raise
        found = [result.hypotheses[0][len(first) :] for result in results]
        ids = [self.tokenizer.convert_tokens_to_ids(tokens) for tokens in found]
        texts = self.tokenizer.batch_decode(ids, skip_special_tokens=True)
        return [
            Output(text.strip(), len(tokens) + len(first) >= max_new_tokens)
            for text, tokens in zip(texts, found, strict=True)
        ]


def import_ctranslate2() -> Any:
    """The library, which is an optional part.

    Raises:
        ModelUnavailable: it is not installed.
    """
    try:
        import ctranslate2
    except ImportError as error:
        raise ModelUnavailable(
            "CTranslate2 is not installed: pip install 'evalkit[fast]'"
        ) from error
    return ctranslate2


def compute_type(decoding: Decoding) -> str:
    """The precision to convert to and run in."""
    if decoding.dtype != "auto":
        return decoding.dtype
    return "int8" if _device(decoding.device)[0] == "cpu" else "float16"


def _device(device: str) -> tuple[str, int]:
    gpus = import_ctranslate2().get_cuda_device_count()
    if device == "auto":
        return ("cuda" if gpus else "cpu"), 0
    kind, _, number = device.partition(":")
    if kind not in ("cpu", "cuda") or (number and not number.isdigit()):
        raise InputError(f"unknown device {device!r}: use auto, cpu, cuda or cuda:N")
    if kind == "cuda" and int(number or 0) >= gpus:
        raise InputError(f"there is no device {device!r} here: use --device cpu")
    return kind, int(number or 0)


def _cores() -> int:
    """Processors this process may use: fewer than the machine's in a container."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _tokenizer(folder: Path) -> Any:
    from transformers import AutoTokenizer

    try:
        with quiet_transformers():
            return AutoTokenizer.from_pretrained(
                str(folder), local_files_only=True, trust_remote_code=False
            )
    except (OSError, ValueError, KeyError, ImportError, TypeError) as error:
        raise ModelUnavailable(
            f"{folder} has no tokenizer that transformers can load: convert with --copy_files "
            "tokenizer_config.json and the tokenizer's other files"
        ) from error
