"""Any sequence-to-sequence model that transformers loads."""

from __future__ import annotations

import copy
import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evalkit.engines.base import Output, Search
from evalkit.engines.devices import choose_device, out_of_memory
from evalkit.engines.language_codes import direction
from evalkit.engines.quiet import quiet_transformers
from evalkit.errors import InputError, ModelUnavailable, first_line
from evalkit.languages import LanguagePair
from evalkit.plan import Decoding

# Source tokens in a batch by kind of device, measured greedy; a beam wants fewer.
CPU_BATCH_TOKENS = 2048
GPU_BATCH_TOKENS = 65_536
# Where a configuration does not say how many positions it has, what all such models can do.
USUAL_POSITIONS = 512


class TransformersEngine:
    """A model and its tokenizer, loaded by transformers' own code from a folder."""

    def __init__(
        self,
        folder: Path,
        *,
        search: Search,
        decoding: Decoding,
        pair: LanguagePair,
    ) -> None:
        # Threads that wait by spinning make torch a hundred times slower on a machine with other work.
        # It has an effect only where torch has not been imported yet.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        import torch

        if decoding.threads:
            torch.set_num_threads(decoding.threads)
        self.device = choose_device(decoding.device)
        with quiet_transformers():
            self.tokenizer, self.model = load(
                folder, search.precision, allow_pickle=decoding.allow_pickle
            )
        self.model.eval().to(self.device)
        if search.precision == "int8":
            self.model = _quantized(self.model)
        self.direction = direction(self.model.config.model_type, self.tokenizer, pair)
        if self.direction.source_code:
            self.tokenizer.src_lang = self.direction.source_code
        positions = _positions(self.model.config)
        self.max_source_tokens = min(positions, _sane(self.tokenizer.model_max_length))
        self.max_new_tokens = positions - 2
        self.generation = self._generation_config(search)
        if self.device == "cpu":
            self.batch_tokens = CPU_BATCH_TOKENS // min(search.beam, 2)
        else:
            self.batch_tokens = GPU_BATCH_TOKENS // search.beam

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        if not texts:
            return []
        prefixed = [self.direction.prefix + text for text in texts]
        # Lengths are checked by the caller, which splits; the tokenizer would only warn.
        return self.tokenizer(prefixed, truncation=False, verbose=False)["input_ids"]

    def generate(self, batch: Sequence[list[int]], max_new_tokens: int) -> list[Output]:
        import torch

        ids, mask = _padded(batch, self.tokenizer.pad_token_id)
        self.generation.max_new_tokens = max_new_tokens
        with torch.inference_mode(), out_of_memory(), quiet_transformers():
            sequences = self.model.generate(
                input_ids=ids.to(self.device),
                attention_mask=mask.to(self.device),
                generation_config=self.generation,
            ).cpu()
        texts = self.tokenizer.batch_decode(sequences, skip_special_tokens=True)
        # The first token starts the decoder; padding follows the end.
        lengths = (sequences[:, 1:] != self.generation.pad_token_id).sum(dim=1).tolist()
        return [
            Output(text.strip(), length >= max_new_tokens)
            for text, length in zip(texts, lengths, strict=True)
        ]

    def _generation_config(self, search: Search) -> Any:
        config = copy.deepcopy(self.model.generation_config)
        config.num_beams = search.beam
        config.length_penalty = search.length_penalty
        config.do_sample = False
        config.num_return_sequences = 1
        config.max_length = None
        # Left from sampling, they would only be warned about.
        config.temperature = config.top_k = config.top_p = None
        if search.beam == 1:
            config.early_stopping = False
        if config.pad_token_id is None:
            config.pad_token_id = self.tokenizer.pad_token_id
        token_id = self.tokenizer.convert_tokens_to_ids
        if self.direction.forced_bos:
            config.forced_bos_token_id = token_id(self.direction.forced_bos)
        if self.direction.decoder_start:
            config.decoder_start_token_id = token_id(self.direction.decoder_start)
        return config


def load(folder: Path, precision: str, *, allow_pickle: bool) -> tuple[Any, Any]:
    """The tokenizer and the model of a folder, from safetensors alone unless pickle is allowed.

    Raises:
        ModelUnavailable: the files are damaged, or of no kind that transformers can load.
    """
    import torch
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    pickled = allow_pickle and not list(folder.glob("*.safetensors"))
    local = {"local_files_only": True, "trust_remote_code": False}
    try:
        tokenizer = AutoTokenizer.from_pretrained(str(folder), **local)
        model = AutoModelForSeq2SeqLM.from_pretrained(
            str(folder), use_safetensors=not pickled, **local
        )
    except (OSError, ValueError, KeyError, RuntimeError, ImportError, TypeError) as error:
        raise ModelUnavailable(
            f"the model in {folder} cannot be loaded: {first_line(error)}"
        ) from error
    except Exception as error:  # safetensors has an error of its own, not derived from the above
        raise ModelUnavailable(f"the model in {folder} cannot be loaded: {error}") from error
    # int8 is made of float32, once the model is on its device.
    return tokenizer, model.to(torch.float32 if precision == "int8" else getattr(torch, precision))


def _quantized(model: Any) -> Any:
    """Linear layers in int8, activations quantized as they come (CPU only)."""
    import torch

    if model.device.type != "cpu":
        raise InputError("--dtype int8 with transformers is for CPU: use bfloat16 on a GPU")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the function is to move to another package
        return torch.ao.quantization.quantize_dynamic(model, {torch.nn.Linear}, dtype=torch.qint8)


def _padded(batch: Sequence[list[int]], pad: int) -> tuple[Any, Any]:
    """Token ids and attention mask, each (pieces, longest)."""
    import torch

    longest = max(map(len, batch))
    ids = torch.full((len(batch), longest), pad)
    mask = torch.zeros((len(batch), longest), dtype=torch.long)
    for row, tokens in enumerate(batch):
        ids[row, : len(tokens)] = torch.tensor(tokens)
        mask[row, : len(tokens)] = 1
    return ids, mask


def _positions(config: Any) -> int:
    return _sane(getattr(config, "max_position_embeddings", None))


def _sane(length: int | None) -> int:
    """Tokenizers without a limit say 10^30."""
    return length if length and length < 100_000 else USUAL_POSITIONS
