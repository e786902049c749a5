"""The estimates themselves: what the translation model, slightly changed, sees in a pair."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from torch import Tensor

from evalkit.metrics.quality.backbone import Backbone, Encoded
from evalkit.metrics.quality.head import Head, features

#: The readers' weights and what is said of them, in the model's folder.
FILE = "quality.safetensors"
#: How the names of a change's two matrices begin and end; the weight's name is between.
CHANGE, LEFT, RIGHT = "change.", ".left", ".right"
#: Pieces of a batch, both sides padded.
BATCH = 3000
WORD = re.compile(r"\w+(?:[-'’.,]\w+)*|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the judge says of one pair.

    z: standard deviations above the mean human judgement. words: (begin, end, probability of BAD) of
    each word, in characters. gaps: the probability that something is missing before each word, and at the end.
    cut: the pair was longer than the model reads.
    """

    z: float
    words: tuple[tuple[int, int, float], ...]
    gaps: tuple[float, ...]
    cut: bool


class Reader:
    """The translation model as it was changed for judging, and the heads that read what it sees.

    `weights` are those of the file: of a change the two matrices under "change.NAME.left" and ".right",
    of head 0 under "0.NAME". `said` has the sizes: heads, width, looks, size.
    """

    def __init__(
        self, backbone: Backbone, weights: Mapping[str, Tensor], said: Mapping[str, int]
    ) -> None:
        lefts = [name for name in weights if name.startswith(CHANGE) and name.endswith(LEFT)]
        both = {name: (weights[name], weights[name.removesuffix(LEFT) + RIGHT]) for name in lefts}
        self.backbone = backbone.changed(
            {n.removeprefix(CHANGE).removesuffix(LEFT): pair for n, pair in both.items()}
        )
        self.heads = []
        for i in range(said["heads"]):
            head = Head(said["width"], said["looks"], said["size"]).eval()
            head.load_state_dict(_under(weights, f"{i}."))
            self.heads.append(head)

    def read(
        self, sources: Sequence[Encoded], targets: Sequence[Encoded], source_of: Sequence[int]
    ) -> list[tuple[Tensor, Tensor, Tensor]]:
        """What each head says; see `Head`. Target i belongs to source `source_of[i]`."""
        seen = features(self.backbone.read(sources, targets, source_of))
        return [head(seen) for head in self.heads]


class Judge:
    """The model of a folder with what was trained on it for judging."""

    def __init__(self, folder: Path) -> None:
        self.backbone = Backbone(folder)
        with safe_open(folder / FILE, "pt") as stored:
            said = json.loads(stored.metadata()["quality"])
            weights = {name: stored.get_tensor(name).float() for name in sorted(stored.keys())}
        self.readers = [
            Reader(self.backbone, _under(weights, f"{i}."), said) for i in range(said["readers"])
        ]
        #: Human judgements at even steps from the lowest to the highest.
        self.quantiles = np.array(said["quantiles"])

    def percentile(self, z: float) -> float:
        """How many of a hundred human judgements are lower."""
        steps = np.linspace(0.0, 100.0, len(self.quantiles))
        return float(np.interp(z, self.quantiles, steps))

    @torch.inference_mode()
    def estimates(self, pairs: Sequence[tuple[str, str]]) -> list[Estimate]:
        """One estimate a (source, translation), in their order; a source is read once."""
        sources = list(dict.fromkeys(source for source, _ in pairs))
        encoded = {text: self.backbone.encode(text, "source") for text in sources}
        targets = [self.backbone.encode(text, "target") for _, text in pairs]
        found: dict[int, Estimate] = {}
        for rows in self._batches([encoded[s] for s, _ in pairs], targets):
            there = list(dict.fromkeys(pairs[i][0] for i in rows))
            inputs = (
                [encoded[text] for text in there],
                [targets[i] for i in rows],
                [there.index(pairs[i][0]) for i in rows],
            )
            parts = [part for reader in self.readers for part in reader.read(*inputs)]
            z, words, gaps = (torch.stack(part).mean(0) for part in zip(*parts, strict=True))
            said = z, words.sigmoid(), gaps.sigmoid()
            for k, i in enumerate(rows):
                cut = encoded[pairs[i][0]].cut or targets[i].cut
                found[i] = _estimate(pairs[i][1], targets[i], [part[k] for part in said], cut)
        return [found[i] for i in range(len(pairs))]

    def _batches(
        self, sources: Sequence[Encoded], targets: Sequence[Encoded]
    ) -> Iterator[list[int]]:
        """Row numbers by length, pairs of one source together."""
        lengths = [(len(s.ids), s.ids, len(t.ids)) for s, t in zip(sources, targets, strict=True)]
        rows: list[int] = []
        widest = (0, 0)
        for i in sorted(range(len(targets)), key=lengths.__getitem__):
            wider = max(widest[0], lengths[i][0]), max(widest[1], lengths[i][2])
            if rows and sum(wider) * (len(rows) + 1) > BATCH:
                yield rows
                rows, wider = [], (lengths[i][0], lengths[i][2])
            rows.append(i)
            widest = wider
        if rows:
            yield rows


def _under(weights: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """The weights whose names begin with a prefix, without it."""
    return {n.removeprefix(prefix): w for n, w in weights.items() if n.startswith(prefix)}


def _estimate(text: str, target: Encoded, said: Sequence[Tensor], cut: bool) -> Estimate:
    """Pieces joined to words: a word is as bad as its pieces on average."""
    bad, gaps = said[1].tolist(), said[2].tolist()
    spans, words, before = target.spans[:-1], [], []
    at = 0
    for match in WORD.finditer(text):
        while at < len(spans) - 1 and spans[at][1] <= match.start():
            at += 1
        own = [k for k in range(at, len(spans)) if spans[k][0] < match.end()]
        own = [k for k in own if spans[k][1] > match.start()] or [min(at, len(spans) - 1)]
        words.append((*match.span(), sum(bad[k] for k in own) / len(own)))
        before.append(gaps[own[0]])
    return Estimate(float(said[0]), tuple(words), (*before, gaps[len(spans)]), cut)
