"""Word alignment of encoded pairs: IBM model 1 with a preference for the diagonal (numpy only)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

Row = tuple[list[int], list[int]]


class Lexicon:
    """p(English piece | Russian piece), learned by expectation maximization.

    Row `sources` of the table is the empty word, which any English piece may come from.
    """

    def __init__(
        self, sources: int, targets: int, sharpness: float = 4.0, empty: float = 0.08
    ) -> None:
        self.sources, self.targets, self.sharpness, self.empty = sources, targets, sharpness, empty
        self.table = np.full((sources + 1, targets), 1.0 / targets, np.float32)

    def train(self, rows: list[Row], rounds: int) -> None:
        """Run `rounds` of expectation maximization."""
        for round_ in range(rounds):
            found = np.zeros(self.table.size, np.float32)
            for _, x, y, posterior in self.posteriors(rows):
                cells = x[:, :, None] * self.targets + y[:, None, :]
                used = posterior > 1e-4
                np.add.at(found, cells[used], posterior[used])
            found = found.reshape(self.table.shape) + 1e-9
            self.table = found / found.sum(1, keepdims=True)
            print("alignment round", round_ + 1, flush=True)

    def posteriors(
        self, rows: list[Row], size: int = 1000
    ) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]:
        """Yield (row numbers, sources, targets, p(source position | target piece)) by groups of like length."""
        order = np.argsort([len(s) * 100 + len(t) for s, t in rows], kind="stable")
        for start in range(0, len(order), size):
            group = order[start : start + size]
            length_x = np.array([len(rows[i][0]) for i in group])
            length_y = np.array([len(rows[i][1]) for i in group])
            x = np.full((len(group), length_x.max() + 1), self.sources)
            y = np.zeros((len(group), length_y.max()), np.int64)
            for k, i in enumerate(group):
                x[k, : length_x[k]], y[k, : length_y[k]] = rows[i]
            at_x = np.arange(x.shape[1])[None, :] / length_x[:, None]
            at_y = np.arange(y.shape[1])[None, :] / length_y[:, None]
            apart = np.abs(at_x[:, :, None] - np.minimum(at_y, 1)[:, None, :])
            prior = np.exp(-self.sharpness * apart).astype(np.float32)
            prior *= (at_x < 1)[:, :, None]
            prior *= (1 - self.empty) / prior.sum(1, keepdims=True)
            prior[:, -1] = self.empty
            joint = prior * self.table[x[:, :, None], y[:, None, :]]
            joint /= joint.sum(1, keepdims=True) + 1e-30
            joint *= (at_y < 1)[:, None, :]
            yield group, x, y, joint

    def align(self, rows: list[Row]) -> np.ndarray:
        """For each target piece of each row, in order, its likeliest source position (-1: none)."""
        starts = np.cumsum([0] + [len(t) for _, t in rows])
        aligned = np.full(starts[-1], -1, np.int16)
        for group, x, _, posterior in self.posteriors(rows):
            best = posterior.argmax(1)
            best[(best == x.shape[1] - 1) | (posterior.max(1) < 0.3)] = -1
            for k, i in enumerate(group):
                aligned[starts[i] : starts[i + 1]] = best[k, : starts[i + 1] - starts[i]]
        return aligned

    def save(self, path: Path, renumber: np.ndarray, best: int = 8) -> None:
        """Keep the `best` English pieces of each Russian piece, Russian numbered as in the vocabulary."""
        top = np.argpartition(-self.table[:-1], best, axis=1)[:, :best]
        weights = np.take_along_axis(self.table[:-1], top, 1)
        np.savez(path, source=renumber, target=top, weight=weights)
