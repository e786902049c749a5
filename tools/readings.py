"""Judged pairs in batches as the translation model sees them, and the model with changes that are learned."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from judged import UNTAGGED, Judged, piece_tags
from torch import Tensor
from torch.nn import Parameter

from evalkit.metrics.quality.backbone import Backbone
from evalkit.metrics.quality.head import features

#: The matrices of the layers.
MATRIX = re.compile(r".*layers\.\d+\..*(?<!norm)\.weight")


class LearningBackbone(Backbone):
    """The translation model, whose layers take in low-rank changes (LoRA, Hu et al. 2021) while judging is learned.

    `factors`: for each matrix the two narrow ones whose product is added; the left one starts at zero.
    """

    def __init__(self, folder: Path, rank: int) -> None:
        super().__init__(folder)
        self.factors = {
            name: (
                Parameter(torch.zeros(weight.shape[0], rank)),
                Parameter(torch.randn(rank, weight.shape[1]) / math.sqrt(weight.shape[1])),
            )
            for name, weight in self.weights.items()
            if MATRIX.fullmatch(name)
        }

    def now(self) -> Backbone:
        """The model with what it has learned so far."""
        return self.changed(self.factors)


@dataclass
class Batch:
    """What a step of training needs: the head's input, z-scores, tags of pieces, weights."""

    seen: dict[str, Tensor]
    z: Tensor
    words: Tensor
    gaps: Tensor
    weight: Tensor


class Readings:
    """Judged pairs in pieces, with their tags."""

    def __init__(self, backbone: Backbone, examples: Sequence[Judged]) -> None:
        self.examples = list(examples)
        self.sources = [backbone.encode(x.source, "source") for x in examples]
        self.targets = [backbone.encode(x.target, "target") for x in examples]
        self.tags = [piece_tags(x, t.spans) for x, t in zip(examples, self.targets, strict=True)]
        both = zip(self.sources, self.targets, strict=True)
        self.lengths = [len(source.ids) + len(target.ids) for source, target in both]

    def parts(self, rows: Sequence[int], size: int) -> list[list[int]]:
        """Rows of like length, `size` pieces or so together."""
        found: list[list[int]] = [[]]
        for i in sorted(rows, key=self.lengths.__getitem__):
            if found[-1] and self.lengths[i] * (len(found[-1]) + 1) > size:
                found.append([])
            found[-1].append(i)
        return found if found[0] else []

    def batch(self, part: Sequence[int], backbone: Backbone) -> Batch:
        """These rows, as a backbone sees them."""
        read = backbone.read([self.sources[i] for i in part], [self.targets[i] for i in part])
        words = torch.full(read.target_mask.shape, UNTAGGED)
        gaps = words.clone()
        for k, i in enumerate(part):
            for tags, of in zip((words, gaps), self.tags[i], strict=True):
                tags[k, : len(of)] = torch.tensor(of)
        chosen = [self.examples[i] for i in part]
        z, weight = (
            torch.tensor([getattr(x, name) for x in chosen], dtype=torch.float32)
            for name in ("z", "weight")
        )
        return Batch(features(read), z, words, gaps, weight)
