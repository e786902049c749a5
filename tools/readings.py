"""What the translation model sees in judged pairs, computed once and kept in half precision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from judged import UNTAGGED, Judged, piece_tags, word_at
from torch import Tensor

from evalkit.metrics.quality.backbone import Backbone, Encoded, Read
from evalkit.metrics.quality.head import features

BATCH = 3000


@dataclass
class Row:
    """The readings of one pair; names as in `Read`, without padding."""

    source_ids: Tensor
    target_ids: Tensor
    source: Tensor
    target: Tensor
    looks: Tensor
    numbers: Tensor
    words: Tensor
    gaps: Tensor


@dataclass
class Batch:
    """What a step of training needs: the head's input, z-scores, tags of pieces, weights."""

    seen: dict[str, Tensor]
    z: Tensor
    words: Tensor
    gaps: Tensor
    weight: Tensor


class Readings:
    """Judged pairs as a backbone sees them."""

    def __init__(self, backbone: Backbone, examples: Sequence[Judged]) -> None:
        self.backbone, self.examples = backbone, list(examples)
        sources = [backbone.encode(x.source, "source") for x in examples]
        self.targets = [backbone.encode(x.target, "target") for x in examples]
        self.lengths = [len(s.ids) + len(t.ids) for s, t in zip(sources, self.targets, strict=True)]
        rows: dict[int, Row] = {}
        with torch.inference_mode():
            for part in self.parts(range(len(examples)), BATCH):
                rows |= self.read(part, [sources[i] for i in part])
        self.rows = [rows[i] for i in range(len(examples))]

    def parts(self, rows: Sequence[int], size: int) -> list[list[int]]:
        """Rows of like length, `size` pieces or so together."""
        found: list[list[int]] = [[]]
        for i in sorted(rows, key=self.lengths.__getitem__):
            if found[-1] and self.lengths[i] * (len(found[-1]) + 1) > size:
                found.append([])
            found[-1].append(i)
        return found if found[0] else []

    def read(self, part: list[int], sources: Sequence[Encoded]) -> dict[int, Row]:
        """The readings of these rows."""
        targets = [self.targets[i] for i in part]
        seen, found = self.backbone.read(sources, targets), {}
        for k, (i, source, target) in enumerate(zip(part, sources, targets, strict=True)):
            s, t = len(source.ids), len(target.ids)
            words, gaps = piece_tags(self.examples[i], target.spans)
            found[i] = Row(
                torch.tensor(source.ids),
                torch.tensor(target.ids),
                seen.source[k, :s].half(),
                seen.target[k, :t].half(),
                seen.looks[k, :, :, :t, :s].half(),
                seen.numbers[k, :t].half(),
                torch.tensor(words),
                torch.tensor(gaps),
            )
        return found

    def batch(self, part: Sequence[int]) -> Batch:
        """These rows, padded."""
        rows = [self.rows[i] for i in part]
        size = max(len(r.source_ids) for r in rows), max(len(r.target_ids) for r in rows)
        embedding, pad = self.backbone.embedding, self.backbone.pad

        def padded(name: str, shape: tuple[int, ...], fill: float, like: torch.dtype) -> Tensor:
            out = torch.full((len(rows), *shape), fill, dtype=like)
            for k, row in enumerate(rows):
                value = getattr(row, name)
                out[(k, *(slice(n) for n in value.shape))] = value.to(like)
            return out

        width, looks = embedding.shape[1], rows[0].looks.shape[:2]
        source_ids = padded("source_ids", size[:1], pad, torch.long)
        target_ids = padded("target_ids", size[1:], pad, torch.long)
        read = Read(
            padded("source", (size[0], width), 0.0, torch.float32),
            embedding[source_ids],
            source_ids != pad,
            padded("target", (size[1], width), 0.0, torch.float32),
            embedding[target_ids],
            target_ids != pad,
            padded("looks", (*looks, size[1], size[0]), 0.0, torch.float32),
            padded("numbers", (size[1], 4), 0.0, torch.float32),
        )
        chosen = [self.examples[i] for i in part]
        return Batch(
            features(read),
            torch.tensor([x.z for x in chosen]),
            padded("words", size[1:], UNTAGGED, torch.long),
            padded("gaps", size[1:], UNTAGGED, torch.long),
            torch.tensor([x.weight for x in chosen]),
        )

    def by_word(self, i: int, pieces: Sequence[float]) -> list[tuple[float, bool]]:
        """(estimate, truth) of each tagged word of a row: the mean of its pieces."""
        example, own = self.examples[i], dict[int, list[float]]()
        for value, span in zip(pieces, self.targets[i].spans[:-1], strict=False):
            if (at := word_at(example.words, span)) is not None:
                own.setdefault(at, []).append(value)
        return [(sum(v) / len(v), example.bad[at]) for at, v in own.items()]
