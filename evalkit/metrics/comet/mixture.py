"""From the states of an encoder's layers to one vector a sequence, layer by layer as they come.

The mixture is ELMo's (Peters et al. 2018) with the options of COMET (Rei et al. 2020): the sum over
layers of weight x states, times gamma. Average and first-token pooling are linear, so each layer is
pooled as it comes, and no layer's states are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evalkit.metrics.comet.options import MIX, Options

# Under the square root of COMET's layer normalization.
_SMALLEST_VARIANCE = 1e-12


@dataclass(frozen=True, slots=True)
class Recipe:
    """How layers become a vector: weights (0 for a layer that is not used), normed or not, pooled."""

    weights: tuple[float, ...]
    normed: bool
    pool: str

    @property
    def last_layer(self) -> int:
        """The highest layer that is needed; those above it need not be computed."""
        return max((k for k, weight in enumerate(self.weights) if weight), default=0)


def recipe(options: Options, tensors: Mapping[str, Any], layers: int) -> Recipe:
    """The recipe of a checkpoint; ``layers`` counts the embeddings too.

    Raises:
        ValueError: the checkpoint asks for a layer that the encoder has not.
    """
    if options.pool == "default":
        # The encoder's own sentence vector: the first token's last state.
        return Recipe(_one(layers - 1, layers), False, "cls")
    if options.layer != MIX:
        return Recipe(_one(int(options.layer), layers), False, options.pool)
    import torch

    names = [f"layerwise_attention.scalar_parameters.{k}" for k in range(layers)]
    raw = torch.cat([tensors[name].float().reshape(1) for name in names])
    mixed = sparsemax(raw) if options.transformation == "sparsemax" else torch.softmax(raw, dim=0)
    weights = mixed * tensors["layerwise_attention.gamma"].float()
    return Recipe(tuple(weights.tolist()), options.layer_norm, options.pool)


def sparsemax(scores: Any) -> Any:
    """The projection of scores (n,) on the probability simplex (Martins and Astudillo 2016, algorithm 1)."""
    import torch

    ordered = torch.sort(scores, descending=True).values
    counts = torch.arange(1, len(scores) + 1, dtype=scores.dtype)
    above = ordered.cumsum(0) - 1
    support = int((counts * ordered > above).sum())
    return torch.clamp(scores - above[support - 1] / support, min=0)


class Pooled:
    """The vectors of one batch, growing layer by layer: (sequences, units), float32.

    Args:
        attended: 1 where a token is not padding: (sequences, longest).
        real: 1 where a token is not the padding token, even one that a text spells out.
    """

    def __init__(self, recipe: Recipe, attended: Any, real: Any) -> None:
        self.recipe = recipe
        self._attended = attended.float()
        self._real = real
        self._count = self._attended.sum(dim=1, keepdim=True)
        self._total: Any = 0.0

    def add(self, layer: int, states: Any) -> None:
        """Take the states of a layer: (sequences, longest, units)."""
        weight = self.recipe.weights[layer]
        if not weight:
            return
        states = states.float()
        if self.recipe.normed:
            states = self._normalized(states)
        self._total = self._total + weight * self._pool(states)

    def vectors(self) -> Any:
        """The mixture, pooled."""
        if self.recipe.pool != "max":
            return self._total
        hidden = ~self._real.bool().unsqueeze(-1)
        return self._total.masked_fill(hidden, float("-inf")).max(dim=1).values

    def _pool(self, states: Any) -> Any:
        if self.recipe.pool == "cls":
            return states[:, 0]
        if self.recipe.pool == "avg":
            real = self._real.to(states.dtype).unsqueeze(1)
            return (real @ states).squeeze(1) / self._count
        return states  # the maximum is of the mixture, not of each layer

    def _normalized(self, states: Any) -> Any:
        """Each sequence to mean 0 and variance 1 over all its tokens and units together."""
        attended = self._attended.unsqueeze(-1)
        numbers = self._count.unsqueeze(-1) * states.shape[-1]
        mean = (states * attended).sum(dim=(1, 2), keepdim=True) / numbers
        variance = (((states - mean) * attended) ** 2).sum(dim=(1, 2), keepdim=True) / numbers
        return (states - mean) / (variance + _SMALLEST_VARIANCE).sqrt()


def _one(layer: int, layers: int) -> tuple[float, ...]:
    if not 0 <= layer < layers:
        raise ValueError(f"it asks for layer {layer} of {layers}")
    return tuple(float(k == layer) for k in range(layers))
