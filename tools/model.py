"""The Marian architecture in plain PyTorch, trained faster than transformers' own on a CPU.

Parameters have the names of `MarianMTModel`, so that exporting is a copy. Beyond it: the loss
needs only the rows of English pieces, is computed in chunks with its gradient, and one
cross-attention head can be guided by word alignments.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True)
class Shape:
    """Sizes of a model. `targets` is the number of English pieces, the first of the vocabulary."""

    vocabulary: int
    targets: int
    width: int = 256
    inner: int = 1024
    heads: int = 4
    encoder_layers: int = 4
    decoder_layers: int = 2


class SmoothedLoss(torch.autograd.Function):
    """Summed label-smoothed cross-entropy of `hidden @ weight.T`, chunk by chunk."""

    CHUNK = 512
    SMOOTHING = 0.1

    @staticmethod
    def forward(ctx, hidden: Tensor, weight: Tensor, wanted: Tensor) -> Tensor:
        smoothing, size = SmoothedLoss.SMOOTHING, weight.shape[0]
        low = weight.to(hidden.dtype)
        d_hidden, d_weight = torch.empty_like(hidden), torch.zeros_like(weight, dtype=torch.float32)
        total = hidden.new_zeros((), dtype=torch.float32)
        for start in range(0, len(hidden), SmoothedLoss.CHUNK):
            part, goal = (
                hidden[start : start + SmoothedLoss.CHUNK],
                wanted[start : start + SmoothedLoss.CHUNK, None],
            )
            logits = (part @ low.t()).float()
            logp = logits - logits.logsumexp(1, keepdim=True)
            total -= (1 - smoothing) * logp.gather(1, goal).sum() + smoothing / size * logp.sum()
            slope = logp.exp_().sub_(smoothing / size)
            slope.scatter_add_(1, goal, slope.new_full(goal.shape, smoothing - 1))
            slope = slope.to(hidden.dtype)
            d_hidden[start : start + SmoothedLoss.CHUNK] = slope @ low
            d_weight += (slope.t() @ part).float()
        ctx.save_for_backward(d_hidden, d_weight)
        return total

    @staticmethod
    def backward(ctx, grad: Tensor) -> tuple[Tensor, Tensor, None]:
        d_hidden, d_weight = ctx.saved_tensors
        return d_hidden * grad, d_weight * grad, None


class Attention(nn.Module):
    """Multi-head attention."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        for name in ("q_proj", "k_proj", "v_proj", "out_proj"):
            setattr(self, name, nn.Linear(width, width))

    def split(self, x: Tensor) -> Tensor:
        """(batch, length, width) to (batch, heads, length, width of a head)."""
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)

    def forward(
        self, x: Tensor, memory: Tensor, mask: Tensor, guide: Tensor | None = None
    ) -> tuple[Tensor, Tensor | None]:
        """Attend from x to memory. With `guide`, also the loss of head 0 against the positions wanted.

        Written out: on a CPU the backward pass of the fused attention takes six times as long.
        """
        q, k, v = (
            self.split(self.q_proj(x)),
            self.split(self.k_proj(memory)),
            self.split(self.v_proj(memory)),
        )
        scores = (q * q.shape[-1] ** -0.5) @ k.transpose(2, 3) + mask
        out = scores.softmax(-1).to(v.dtype) @ v
        lost = None
        if guide is not None:
            logp = scores[:, 0].float().log_softmax(-1)
            lost = -logp.gather(2, guide.clamp(min=0)[..., None])[..., 0][guide >= 0].sum()
        return self.out_proj(out.transpose(1, 2).flatten(2)), lost


class Layer(nn.Module):
    """An encoder or decoder layer, normalized after each sum as in Marian."""

    def __init__(self, shape: Shape, decoder: bool) -> None:
        super().__init__()
        self.self_attn = Attention(shape.width, shape.heads)
        self.self_attn_layer_norm = nn.LayerNorm(shape.width)
        if decoder:
            self.encoder_attn = Attention(shape.width, shape.heads)
            self.encoder_attn_layer_norm = nn.LayerNorm(shape.width)
        self.fc1 = nn.Linear(shape.width, shape.inner)
        self.fc2 = nn.Linear(shape.inner, shape.width)
        self.final_layer_norm = nn.LayerNorm(shape.width)

    def forward(
        self,
        x: Tensor,
        mask: Tensor,
        drop: float,
        memory: Tensor | None = None,
        memory_mask: Tensor | None = None,
        guide: Tensor | None = None,
    ) -> tuple[Tensor, Tensor | None]:
        """Apply the layer."""
        lost = None
        x = self.self_attn_layer_norm(x + dropped(self.self_attn(x, x, mask)[0], drop))
        if memory is not None:
            seen, lost = self.encoder_attn(x, memory, memory_mask, guide)
            x = self.encoder_attn_layer_norm(x + dropped(seen, drop))
        inner = self.fc2(F.relu(self.fc1(x)))
        return self.final_layer_norm(x + dropped(inner, drop)), lost


def dropped(x: Tensor, share: float) -> Tensor:
    """Dropout, skipped when there is none."""
    return F.dropout(x, share) if share else x


class Stack(nn.Module):
    """The layers of one side."""

    def __init__(self, shape: Shape, decoder: bool) -> None:
        super().__init__()
        count = shape.decoder_layers if decoder else shape.encoder_layers
        self.layers = nn.ModuleList(Layer(shape, decoder) for _ in range(count))


class Translator(nn.Module):
    """Encoder, decoder and one shared embedding."""

    def __init__(self, shape: Shape, pad: int) -> None:
        super().__init__()
        self.shape, self.pad = shape, pad
        self.shared = nn.Embedding(shape.vocabulary, shape.width)
        self.encoder, self.decoder = Stack(shape, False), Stack(shape, True)
        self.register_buffer("places", sinusoids(512, shape.width), persistent=False)
        for matrix in self.matrices():
            nn.init.xavier_uniform_(matrix)
        for name, value in self.named_parameters():
            if name.endswith("bias"):
                nn.init.zeros_(value)
        nn.init.normal_(self.shared.weight, std=shape.width**-0.5)

    def matrices(self) -> list[nn.Parameter]:
        """The weights of the layers, without embeddings, biases and norms."""
        return [
            value
            for name, value in self.named_parameters()
            if value.dim() == 2 and "shared" not in name
        ]

    @torch.no_grad()
    def start_from_lexicon(self, source: Tensor, target: Tensor, weight: Tensor) -> None:
        """Place each Russian piece near the English pieces it is translated by, and let cross-attention match and copy."""
        width = self.shape.width
        mixed = F.normalize((self.shared.weight[target] * weight[..., None]).sum(1), dim=1)
        russian = source >= self.shape.targets
        own = self.shared.weight[source[russian]]
        self.shared.weight[source[russian]] = 0.9 * mixed[russian] + 0.4 * own
        find, copy = self.decoder.layers[0].encoder_attn, self.decoder.layers[-1].encoder_attn
        for projection in (find.q_proj, find.k_proj, copy.v_proj, copy.out_proj):
            projection.weight.mul_(0.3).add_(torch.eye(width))

    @torch.no_grad()
    def blank_padding(self) -> None:
        """Keep the padding's embedding at zero: the decoder starts from nothing, as Marian's do."""
        self.shared.weight[self.pad].zero_()

    def embed(self, tokens: Tensor) -> Tensor:
        """Embeddings scaled, plus positions."""
        return self.shared(tokens) * math.sqrt(self.shape.width) + self.places[: tokens.shape[1]]

    def forward(
        self, source: Tensor, target: Tensor, guide: Tensor | None, drop: float = 0.0
    ) -> tuple[Tensor, Tensor | None]:
        """Summed smoothed loss of `target`, and that of the guided heads.

        `guide` holds the source position of each target piece. The first decoder layer looks for
        that of the piece before, the last one for that of the piece to come.
        """
        low = torch.bfloat16 if torch.is_autocast_enabled(source.device.type) else torch.float32
        padding = torch.zeros(source.shape, dtype=low, device=source.device).masked_fill(
            source == self.pad, -1e9
        )
        padding = padding[:, None, None, :]
        memory = dropped(self.embed(source), drop)
        for layer in self.encoder.layers:
            memory, _ = layer(memory, padding, drop)
        inputs = torch.cat([torch.full_like(target[:, :1], self.pad), target[:, :-1]], 1)
        x, losses = dropped(self.embed(inputs), drop), []
        future = torch.full((target.shape[1],) * 2, -1e9, dtype=low, device=source.device).triu(1)
        guides: dict[int, Tensor] = {}
        if guide is not None:
            guides = {
                0: torch.cat([torch.full_like(guide[:, :1], -1), guide[:, :-1]], 1),
                len(self.decoder.layers) - 1: guide,
            }
        for i, layer in enumerate(self.decoder.layers):
            x, found = layer(x, future, drop, memory, padding, guides.get(i))
            losses += [] if found is None else [found]
        real = target != self.pad
        loss = SmoothedLoss.apply(
            x[real].to(low), self.shared.weight[: self.shape.targets], target[real]
        )
        return loss, torch.stack(losses) if losses else None


def sinusoids(length: int, width: int) -> Tensor:
    """Marian's positions: sines in the first half, cosines in the second."""
    rates = torch.exp(torch.arange(0, width, 2) * (-math.log(10_000) / width))
    angles = torch.arange(length)[:, None] * rates[None, :]
    return torch.cat([angles.sin(), angles.cos()], 1)
