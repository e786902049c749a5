"""The feed-forward network that turns vectors into a score: linear layers with an activation between."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_PREFIX = "estimator.ff."
# A linear layer, its activation and its dropout each have a number in COMET's checkpoints.
_STEP = 3
_ACTIVATIONS = (
    "Tanh",
    "Sigmoid",
    "ReLU",
    "GELU",
    "SiLU",
    "Mish",
    "Softplus",
    "Softsign",
    "LeakyReLU",
    "ELU",
    "Hardtanh",
    "Identity",
)


class Estimator:
    """(rows, features) -> (rows,), in float32."""

    def __init__(
        self, tensors: Mapping[str, Any], activation: str, final_activation: str | None
    ) -> None:
        self._layers: list[tuple[Any, Any]] = []
        while (weight := tensors.get(self._name("weight"))) is not None:
            self._layers.append((weight.float(), tensors[self._name("bias")].float()))
        if not self._layers:
            raise KeyError(f"{_PREFIX}0.weight")
        self._between = _activation(activation)
        self._last = _activation(final_activation) if final_activation else None

    @property
    def features(self) -> int:
        """Features of a row."""
        return int(self._layers[0][0].shape[1])

    def to(self, device: str) -> Estimator:
        """Move the weights."""
        self._layers = [(weight.to(device), bias.to(device)) for weight, bias in self._layers]
        return self

    def __call__(self, rows: Any) -> Any:
        from torch.nn.functional import linear

        for number, (weight, bias) in enumerate(self._layers, start=1):
            rows = linear(rows, weight, bias)
            if number < len(self._layers):
                rows = self._between(rows)
        if self._last is not None:
            rows = self._last(rows)
        return rows.reshape(-1)

    def _name(self, kind: str) -> str:
        return f"{_PREFIX}{_STEP * len(self._layers)}.{kind}"


def _activation(name: str) -> Any:
    """An activation of torch by its name, in whatever case."""
    import torch

    for known in _ACTIVATIONS:
        if known.lower() == name.lower():
            return getattr(torch.nn, known)()
    raise ValueError(f"unknown activation {name!r}")
