"""What an engine is: a loaded model that translates pieces in batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol


class OutOfMemory(Exception):
    """A batch was too large for the device."""


@dataclass(frozen=True, slots=True)
class Output:
    """What a model gave for a piece. ``cut``: it reached the limit of its length."""

    text: str
    cut: bool


@dataclass(frozen=True, slots=True)
class Search:
    """How the output is searched for. precision: float32, bfloat16, float16 or int8. beam: 1 is greedy."""

    precision: str
    beam: int
    length_penalty: float


class Engine(Protocol):
    """A loaded model.

    max_source_tokens: the longest input it takes. max_new_tokens: the longest output. batch_tokens: the batch it
    likes best.
    """

    max_source_tokens: int
    max_new_tokens: int
    batch_tokens: int

    def encode(self, texts: Sequence[str]) -> list[list[Any]]:
        """The tokens that go into the model, special ones included; nothing is truncated."""
        ...

    def generate(self, batch: Sequence[list[Any]], max_new_tokens: int) -> list[Output]:
        """Translate encoded pieces; raises `OutOfMemory`."""
        ...
