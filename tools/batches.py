"""Endless random batches of the encoded pairs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

EOS, PAD = 0, 2


class Corpus:
    """Encoded pairs, drawn for ever in random batches of like length."""

    def __init__(self, path: Path, rng: np.random.Generator, tokens: int) -> None:
        self.data, self.rng, self.tokens = dict(np.load(path)), rng, tokens
        self.size = len(self.data["source_start"]) - 1
        self.lengths = [np.diff(self.data[f"{side}_start"]) + 1 for side in ("source", "target")]
        self.order = self.lengths[1] * 100 + self.lengths[0]
        self.endless = self.batches()

    def batches(self) -> Iterator[np.ndarray]:
        """Row numbers of one batch after another."""
        while True:
            shuffled = self.rng.permutation(self.size)
            for start in range(0, self.size, 20_000):
                chunk = shuffled[start : start + 20_000]
                chunk = chunk[np.argsort(self.order[chunk], kind="stable")]
                parts = np.split(chunk, self.cuts(chunk))
                for j in self.rng.permutation(len(parts)):
                    yield parts[j]

    def cuts(self, rows: np.ndarray) -> list[int]:
        """Where to cut rows so that a batch padded has at most `tokens` pieces, both sides counted."""
        source, target = (lengths[rows] for lengths in self.lengths)
        found, first, widest = [], 0, (0, 0)
        for i in range(len(rows)):
            widest = max(widest[0], source[i]), max(widest[1], target[i])
            if sum(widest) * (i + 1 - first) > self.tokens and i > first:
                found.append(i)
                first, widest = i, (source[i], target[i])
        return found

    def next(self) -> tuple[Tensor, Tensor, Tensor]:
        """Padded source, target and alignment of the next batch."""
        rows = next(self.endless)
        source, target = (self.padded(side, side, rows, PAD, True) for side in ("source", "target"))
        return source, target, self.padded("aligned", "target", rows, -1, False)

    def padded(self, name: str, side: str, rows: np.ndarray, fill: int, end: bool) -> Tensor:
        """The named arrays of the rows, filled up to one length."""
        starts, values = self.data[f"{side}_start"], self.data[name]
        longest = max(starts[i + 1] - starts[i] for i in rows) + 1
        out = np.full((len(rows), longest), fill, np.int64)
        for k, i in enumerate(rows):
            piece = values[starts[i] : starts[i + 1]]
            out[k, : len(piece)] = piece
            if end:
                out[k, len(piece)] = EOS
        return torch.from_numpy(out)
