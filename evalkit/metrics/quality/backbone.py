"""The built-in translation model read for judging: what it sees in a source and a given translation.

Plain PyTorch over the folder's files, without transformers. One pass over the translation as it stands
("forced decoding") gives hidden states, the probability of every piece, and where each piece looks.
"""

from __future__ import annotations

import copy
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import sentencepiece as spm
import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional as F

#: Pieces with a lower bias than this are never produced by the model: they are not English.
BARRED = -5000.0
#: A piece the model cannot produce counts as this unlikely (log-probability).
LEAST = -12.0
LONGEST = 200
#: So many rows of probabilities stay in a processor's cache.
ROWS = 128
#: No piece reaches over a blank.
TOKEN = re.compile(r"\S+")
UNKNOWN, END = "<unk>", "</s>"


@dataclass(frozen=True)
class Encoded:
    """A text as pieces and an end mark: numbers, and where each begins and ends in the text.

    `cut` is true where the text was longer than the model reads.
    """

    ids: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]
    cut: bool


@dataclass(frozen=True)
class Read:
    """What the model sees in a batch; n rows, s source and t target pieces, width w.

    source: (n, s, w) encoder states; source_embedding: (n, s, w);
    target: (n, t, w) states before each piece; target_embedding: (n, t, w);
    looks: (n, layers, heads, t, s) cross-attention;
    numbers: (n, t, 4) log-probability of the piece, of the best one, their difference, entropy.
    Masks are true where there is a piece.
    """

    source: Tensor
    source_embedding: Tensor
    source_mask: Tensor
    target: Tensor
    target_embedding: Tensor
    target_mask: Tensor
    looks: Tensor
    numbers: Tensor


class Backbone:
    """The model's weights and pieces. `folder` holds what transformers' Marian models hold."""

    def __init__(self, folder: Path) -> None:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.numbers: dict[str, int] = json.loads(
            (folder / "vocab.json").read_text(encoding="utf-8")
        )
        self.heads: int = config["encoder_attention_heads"]
        self.layers: int = config["decoder_layers"]
        self.start: int = config["decoder_start_token_id"]
        self.pad: int = config["pad_token_id"]
        stored = load_file(folder / "model.safetensors")
        self.weights = {name.removeprefix("model."): w.float() for name, w in stored.items()}
        self.embedding = self.weights["shared.weight"]
        self.width = self.embedding.shape[1]
        english = (self.weights["final_logits_bias"][0] > BARRED).nonzero()[:, 0]
        self.output = self.embedding[english]
        self.column = torch.full((len(self.embedding),), -1)
        self.column[english] = torch.arange(len(english))
        self.places = _sinusoids(512, self.width)
        self.spm = {
            side: spm.SentencePieceProcessor(model_file=str(folder / f"{side}.spm"))
            for side in ("source", "target")
        }

    def changed(self, factors: Mapping[str, tuple[Tensor, Tensor]]) -> Backbone:
        """The model with the product of two narrow matrices, (rows, rank) and (rank, columns), added to each weight named.

        This is LoRA (Hu et al. 2021). The other weights are shared.
        """
        found = copy.copy(self)
        added = {name: self.weights[name] + left @ right for name, (left, right) in factors.items()}
        found.weights = self.weights | added
        return found

    def encode(self, text: str, side: str) -> Encoded:
        """Pieces of a text with the end mark; `side` is "source" or "target"."""
        ids: list[int] = []
        spans: list[tuple[int, int]] = []
        tokens = list(TOKEN.finditer(text))
        unknown = self.numbers[UNKNOWN]
        for token, pieces in zip(
            tokens, self.spm[side].encode([t[0] for t in tokens], out_type=str), strict=True
        ):
            ids += [self.numbers.get(piece, unknown) for piece in pieces]
            spans += _spans(pieces, token.start(), token.end())
        ids, cut = ids[: LONGEST - 1], len(ids) > LONGEST - 1
        spans = spans[: LONGEST - 1]
        end = spans[-1][1] if spans else 0
        return Encoded((*ids, self.numbers[END]), (*spans, (end, end)), cut)

    def padded(self, rows: Sequence[Encoded]) -> tuple[Tensor, Tensor]:
        """(n, longest) piece numbers and their mask."""
        longest = max(len(row.ids) for row in rows)
        ids = torch.full((len(rows), longest), self.pad)
        for i, row in enumerate(rows):
            ids[i, : len(row.ids)] = torch.tensor(row.ids)
        lengths = torch.tensor([len(row.ids) for row in rows])
        return ids, torch.arange(longest)[None] < lengths[:, None]

    def read(
        self,
        sources: Sequence[Encoded],
        targets: Sequence[Encoded],
        source_of: Sequence[int] | None = None,
    ) -> Read:
        """Forced decoding of `targets`; target i belongs to source `source_of[i]`, by default i.

        The encoder runs once for each source.
        """
        ids, mask = self.padded(sources)
        memory, embedded = self._encoder(ids, mask), self.embedding[ids]
        if source_of is not None:
            of = torch.tensor(source_of)
            memory, embedded, mask = memory[of], embedded[of], mask[of]
        labels, real = self.padded(targets)
        states, looks = self._decoder(labels, memory, mask)
        return Read(
            memory,
            embedded,
            mask,
            states,
            self.embedding[labels],
            real,
            looks,
            self._numbers(states, labels, real),
        )

    def _encoder(self, ids: Tensor, mask: Tensor) -> Tensor:
        x = self._embed(ids)
        away = torch.zeros(mask.shape).masked_fill(~mask, -1e9)[:, None, None]
        for i in range(sum(f"encoder.layers.{i}.fc1.weight" in self.weights for i in range(99))):
            x = self._attend(x, x, away, f"encoder.layers.{i}.self_attn")[0]
            x = self._inner(x, f"encoder.layers.{i}")
        return x

    def _decoder(self, labels: Tensor, memory: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        inputs = torch.cat([torch.full_like(labels[:, :1], self.start), labels[:, :-1]], 1)
        x, looks = self._embed(inputs), []
        future = torch.full((labels.shape[1],) * 2, -1e9).triu(1)
        away = torch.zeros(mask.shape).masked_fill(~mask, -1e9)[:, None, None]
        for i in range(self.layers):
            name = f"decoder.layers.{i}"
            x, _ = self._attend(x, x, future, f"{name}.self_attn")
            x, seen = self._attend(x, memory, away, f"{name}.encoder_attn")
            x = self._inner(x, name)
            looks.append(seen)
        return x, torch.stack(looks, 1)

    def _embed(self, ids: Tensor) -> Tensor:
        return self.embedding[ids] * math.sqrt(self.width) + self.places[: ids.shape[1]]

    def _linear(self, x: Tensor, name: str) -> Tensor:
        return F.linear(x, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])

    def _norm(self, x: Tensor, name: str) -> Tensor:
        weight, bias = self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]
        return F.layer_norm(x, (self.width,), weight, bias)

    def _attend(self, x: Tensor, memory: Tensor, away: Tensor, name: str) -> tuple[Tensor, Tensor]:
        def split(y: Tensor, part: str) -> Tensor:
            flat = self._linear(y, f"{name}.{part}")
            return flat.view(*flat.shape[:2], self.heads, -1).transpose(1, 2)

        q, k, v = split(x, "q_proj"), split(memory, "k_proj"), split(memory, "v_proj")
        seen = (q * q.shape[-1] ** -0.5 @ k.transpose(2, 3) + away).softmax(-1)
        out = self._linear((seen @ v).transpose(1, 2).flatten(2), f"{name}.out_proj")
        return self._norm(x + out, f"{name}_layer_norm"), seen

    def _inner(self, x: Tensor, name: str) -> Tensor:
        inner = self._linear(F.relu(self._linear(x, f"{name}.fc1")), f"{name}.fc2")
        return self._norm(x + inner, f"{name}.final_layer_norm")

    def _numbers(self, states: Tensor, labels: Tensor, real: Tensor) -> Tensor:
        """Rows of English pieces alone, and only where there is a piece."""
        column = self.column[labels[real]]
        parts = zip(states[real].split(ROWS), column.split(ROWS), strict=True)
        found = states.new_zeros((*labels.shape, 4))
        found[real] = torch.cat([self._probabilities(*part) for part in parts])
        return found

    def _probabilities(self, states: Tensor, column: Tensor) -> Tensor:
        """(rows, 4), as `Read.numbers`, of as many states and the columns of their pieces, -1 where there is none."""
        logp = (states @ self.output.T).log_softmax(-1)
        own = logp.gather(1, column.clamp(min=0)[:, None])[:, 0]
        own = own.masked_fill(column < 0, LEAST).clamp(min=LEAST)
        best = logp.max(1).values
        entropy = -(logp.exp() * logp).sum(1)
        return torch.stack([own, best, own - best, entropy], 1)


def _spans(pieces: Sequence[str], begin: int, end: int) -> list[tuple[int, int]]:
    """Where the pieces of one token stand in a text; by their lengths, as some are normalized."""
    lengths = [len(piece.replace("▁", "")) for piece in pieces]
    scale, at, found = (end - begin) / max(1, sum(lengths)), 0, []
    for length in lengths:
        found.append((begin + round(at * scale), begin + round((at + length) * scale)))
        at += length
    return found


def _sinusoids(length: int, width: int) -> Tensor:
    rates = torch.exp(torch.arange(0, width, 2) * (-math.log(10_000) / width))
    angles = torch.arange(length)[:, None] * rates[None, :]
    return torch.cat([angles.sin(), angles.cos()], 1)
