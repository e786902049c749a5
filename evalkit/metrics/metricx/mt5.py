"""mT5 for one decoder step: its tokenizer, and the logit of one token."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evalkit.errors import ModelUnavailable

TOKENIZER_FILES = ("spiece.model", "tokenizer.json")
# `<extra_id_10>` in mT5's vocabulary of 250,100 pieces, whose last hundred are <extra_id_99> to <extra_id_0>.
SCORE_ID = 250_089
SCORE_TOKEN = "<extra_id_10>"
# What the decoder starts from.
_START_ID = 0


class Mt5Tokenizer:
    """Texts to ids by SentencePiece itself, so with its byte fallback, without the end of sequence.

    transformers' fast tokenizer for these files has no byte fallback; a folder that holds nothing but
    its tokenizer.json is read as that says.
    """

    def __init__(self, folder: Path) -> None:
        pieces, described = folder / TOKENIZER_FILES[0], folder / TOKENIZER_FILES[1]
        self.path = pieces if pieces.is_file() else described
        try:
            if pieces.is_file():
                from sentencepiece import SentencePieceProcessor

                self._pieces: Any = SentencePieceProcessor(model_file=str(pieces))
                self._described: Any = None
            else:
                from tokenizers import Tokenizer

                self._described = Tokenizer.from_file(str(described))
                self._described.no_padding()
                self._described.no_truncation()
        except Exception as error:  # both libraries raise nothing more precise
            reason = " ".join(str(error).split())[:200]
            raise ModelUnavailable(
                f"the tokenizer in {folder} cannot be loaded: {reason}"
            ) from error

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        """The ids of each text, none special."""
        if self._described is not None:
            found = self._described.encode_batch(list(texts), add_special_tokens=False)
            return [list(encoding.ids) for encoding in found]
        ids: list[list[int]] = self._pieces.encode(list(texts))
        return ids

    def score_id(self, vocabulary: int) -> int:
        """The id of `<extra_id_10>` in a model of so many ids.

        Raises:
            ModelUnavailable: it has none.
        """
        if vocabulary > SCORE_ID:
            return SCORE_ID
        for token in (SCORE_TOKEN, f"▁{SCORE_TOKEN}"):
            if self._described is not None:
                found = self._described.token_to_id(token)
            else:
                found = self._pieces.piece_to_id(token)
                found = None if found == self._pieces.unk_id() else found
            if found is not None and found < vocabulary:
                return int(found)
        raise ModelUnavailable(f"{self.path} has no {SCORE_TOKEN}, whose logit is the score")


class Mt5:
    """A loaded model. ``device`` is where it runs.

    Raises:
        ModelUnavailable: the weights are not those that config.json describes.
    """

    def __init__(
        self,
        folder: Path,
        tensors: Mapping[str, Any],
        tokenizer: Mt5Tokenizer,
        dtype: str,
        device: str,
    ) -> None:
        import torch
        from transformers import MT5Model

        config = config_of(folder)
        with torch.device("meta"):
            model = MT5Model(config)
        shared = tensors.get("shared.weight")
        if shared is None:
            raise ModelUnavailable(f"{folder}: the weights have no shared.weight")
        own = {
            name: shared if name.endswith("embed_tokens.weight") else tensors.get(name)
            for name in model.state_dict()
        }
        if missing := sorted(name for name, tensor in own.items() if tensor is None):
            raise ModelUnavailable(f"{folder}: the weights have no {missing[0]}")
        try:
            model.load_state_dict(own, assign=True)
        except RuntimeError as error:
            reason = str(error).strip().splitlines()[-1].strip()
            raise ModelUnavailable(
                f"{folder}: the weights are not of config.json: {reason}"
            ) from error
        self.device = device
        self._model = model.eval().to(device=device, dtype=getattr(torch, dtype))
        # Of the output layer one row is needed. Where it is not tied to the embeddings it is their own;
        # transformers 5 ties it always, which the published MetricX are not.
        head = tensors.get("lm_head.weight", shared)
        row = head[tokenizer.score_id(int(head.shape[0]))]
        self._row = row.to(device=device, dtype=torch.float32)

    def logits(self, batch: Sequence[Sequence[int]]) -> list[float]:
        """The logit of `<extra_id_10>` at the first step of each input."""
        import torch

        longest = max(1, *(len(ids) for ids in batch))
        ids = torch.zeros((len(batch), longest), dtype=torch.long)
        mask = torch.zeros((len(batch), longest), dtype=torch.long)
        for row, tokens in enumerate(batch):
            ids[row, : len(tokens)] = torch.tensor(tokens, dtype=torch.long)
            mask[row, : len(tokens)] = 1
        start = torch.full((len(batch), 1), _START_ID, dtype=torch.long)
        with torch.inference_mode():
            states = self._model(
                input_ids=ids.to(self.device),
                attention_mask=mask.to(self.device),
                decoder_input_ids=start.to(self.device),
                use_cache=False,
            ).last_hidden_state
            found: list[float] = (states[:, 0].float() @ self._row).tolist()
        return found


def config_of(folder: Path) -> Any:
    """The configuration of an mT5 model.

    Raises:
        ModelUnavailable: there is none, or it is damaged.
    """
    from transformers import MT5Config

    if not (folder / "config.json").is_file():
        raise ModelUnavailable(f"{folder} holds no MetricX model: it has no config.json")
    try:
        return MT5Config.from_pretrained(str(folder), local_files_only=True)
    except Exception as error:  # what a damaged configuration raises depends on the damage
        reason = " ".join(str(error).split())[:200]
        raise ModelUnavailable(f"{folder / 'config.json'} cannot be read: {reason}") from error
