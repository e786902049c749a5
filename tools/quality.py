"""Step 6: train the networks that judge, and low-rank changes of the finished translation model that they read.

    python quality.py --model DIR --mlqe DIR --corpora DIR --work DIR

Writes quality.safetensors into --model, whose other files stay as they are: the changes are for judging
alone. A reader is a set of changes and the heads that were trained together with it; it is kept as
reader-SEED.pt in --work after every epoch, and the same command goes on after a stop. Delete these files
after a change of the model.

Trained on MLQE-PE's `train`: the judgements, the tags of words and gaps, people's corrections, the same
translations with errors put in and with exchanged sources; and on news, as it is and with errors.
"""

from __future__ import annotations

import argparse
import json
import os
import random
from pathlib import Path

import numpy as np
import torch
from corpus import news_pairs
from damage import Damager, exchanged
from judged import Judged, judged, mended, sound
from readings import Batch, LearningBackbone, Readings
from safetensors.torch import save_file
from torch.nn import functional as F

from evalkit.metrics.quality.head import Head
from evalkit.metrics.quality.judge import CHANGE, FILE, LEFT, RIGHT

#: The z-score that a correction or a human translation of news is given, and how much it counts.
SOUND, SOUND_WEIGHT = 0.75, 0.5
#: How much a damaged one counts.
DAMAGED_WEIGHT = 0.6
#: How often an epoch has each kind: a share of its examples.
SHARES = {"judged": 1.0, "mended": 0.4, "exchanged": 0.35, "damaged": 0.4}
SHARES |= {"news": 0.3, "damaged news": 0.35}
#: How often each kind of damage is done: most, those that are hard to see.
OFTEN = {"number": 2, "name": 1.5, "negation": 2, "word": 1, "omission": 2.5, "half": 1.5}
OFTEN |= {"words": 0.5, "letters": 0.5}
#: Weights of the losses of tags, besides that of the z-score.
WORDS, GAPS = 1.0, 0.4


def examples(mlqe: Path, corpora: Path, news: int, seed: int = 0) -> dict[str, list[Judged]]:
    """Everything to train on, by kind."""
    rows = judged(mlqe / "train.tsv.xz")
    better = mended(mlqe / "train.tsv.xz", SOUND, SOUND_WEIGHT)
    rng = random.Random(seed)
    chosen = rng.sample(news_pairs(corpora), news) if news else []
    tagged = [sound(ru, en, SOUND, SOUND_WEIGHT) for ru, en in chosen]
    damager = Damager([x.target for x in rows + tagged], seed)

    def damaged(source: list[Judged], count: int) -> list[Judged]:
        found, kinds = [], rng.choices(list(OFTEN), list(OFTEN.values()), k=count)
        for kind in kinds:
            tries = (damager.damaged(rng.choice(source), kind) for _ in range(20))
            one = next((t for t in tries if t), None)
            found += [one.changed(weight=min(one.weight, DAMAGED_WEIGHT))] if one else []
        return found

    return {
        "judged": rows,
        "mended": better,
        "exchanged": exchanged(rng.sample(rows, len(rows) // 2) + tagged[: news // 3], seed),
        "damaged": damaged(rows + better, len(rows) * 3 // 5),
        "news": tagged,
        "damaged news": damaged(tagged, news * 3 // 2),
    }


def loss_of(head: Head, batch: Batch, drop: float) -> torch.Tensor:
    """The loss of z-scores, and of the tags there are."""
    z, words, gaps = head(batch.seen, drop)
    loss = (F.smooth_l1_loss(z, batch.z, reduction="none") * batch.weight).mean()
    for share, said, tags in ((WORDS, words, batch.words), (GAPS, gaps, batch.gaps)):
        if (known := tags >= 0).any():
            loss = loss + share * F.binary_cross_entropy_with_logits(
                said[known], tags[known].float()
            )
    return loss


class Reader:
    """Changes of the model and the heads that read it, trained together."""

    def __init__(self, args: argparse.Namespace, seed: int) -> None:
        self.args, self.seed = args, seed
        torch.manual_seed(seed)
        self.backbone = LearningBackbone(args.model, args.rank)
        looks = self.backbone.layers * self.backbone.heads
        self.heads = [Head(self.backbone.width, looks, args.size) for _ in range(args.heads)]
        groups = [
            (args.rate, [p for head in self.heads for p in head.parameters()]),
            (args.change_rate, [p for pair in self.backbone.factors.values() for p in pair]),
        ]
        self.parameters = [p for _, some in groups for p in some]
        self.adam = torch.optim.AdamW(
            [dict(params=some, lr=rate, peak=rate) for rate, some in groups], weight_decay=0.01
        )
        self.epochs = self.steps = 0
        self.state = args.work / f"reader-{seed}.pt"
        if self.state.exists():
            self.load()

    def load(self) -> None:
        """Go on from the saved state."""
        saved = torch.load(self.state, weights_only=True)
        with torch.no_grad():
            for parameter, value in zip(self.parameters, saved["parameters"], strict=True):
                parameter.copy_(value)
        self.adam.load_state_dict(saved["adam"])
        self.epochs, self.steps = saved["epochs"], saved["steps"]

    def save(self) -> None:
        """Write the state whole, or not at all."""
        fresh = self.state.with_suffix(".new")
        values = [p.detach() for p in self.parameters]
        kept = dict(parameters=values, adam=self.adam.state_dict())
        torch.save(kept | dict(epochs=self.epochs, steps=self.steps), fresh)
        os.replace(fresh, self.state)

    def train(self, parts: dict[str, Readings]) -> None:
        """Go on to the last epoch. The learning rates fall to zero over the epochs."""
        for number in range(self.epochs, self.args.epochs):
            rng = random.Random(f"{self.seed} {number}")
            todo = []
            for kind, readings in parts.items():
                size = len(readings.examples)
                rows = rng.sample(range(size), int(size * SHARES[kind]))
                todo += [(readings, part) for part in readings.parts(rows, self.args.batch)]
            rng.shuffle(todo)
            torch.manual_seed(rng.randrange(2**32))
            losses = []
            for k, (readings, part) in enumerate(todo):
                done = (number + k / len(todo)) / self.args.epochs
                losses.append(self.learn(readings, part, done))
            self.epochs = number + 1
            self.save()
            print(
                f"reader {self.seed}, epoch {self.epochs}: loss {np.mean(losses):.4f}", flush=True
            )

    def learn(self, readings: Readings, part: list[int], done: float) -> float:
        """One step; the mean loss of the heads."""
        for group in self.adam.param_groups:
            group["lr"] = group["peak"] * min(1.0, (self.steps + 1) / 100, 1 - done)
        batch = readings.batch(part, self.backbone.now())
        losses = [loss_of(head.train(), batch, self.args.drop) for head in self.heads]
        loss = torch.stack(losses).mean()
        self.adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.adam.step()
        self.steps += 1
        return loss.item()

    def weights(self) -> dict[str, torch.Tensor]:
        """Heads and changes by the names that the judge expects."""
        found = {
            f"{i}.{name}": value
            for i, head in enumerate(self.heads[: self.args.keep])
            for name, value in head.state_dict().items()
        }
        for name, (left, right) in self.backbone.factors.items():
            found |= {f"{CHANGE}{name}{LEFT}": left, f"{CHANGE}{name}{RIGHT}": right}
        return found


def save(args: argparse.Namespace, readers: list[Reader], z: list[float]) -> None:
    """The readers in half precision, and the distribution of human judgements."""
    backbone = readers[0].backbone
    said = dict(
        readers=len(readers),
        heads=min(args.keep, args.heads),
        width=backbone.width,
        looks=backbone.layers * backbone.heads,
        size=args.size,
        quantiles=[round(float(q), 4) for q in np.quantile(z, np.linspace(0, 1, 101))],
    )
    weights = {
        f"{i}.{name}": value.detach().half().contiguous()
        for i, reader in enumerate(readers)
        for name, value in reader.weights().items()
    }
    save_file(weights, args.model / FILE, metadata={"quality": json.dumps(said)})


def options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--model", type=Path, required=True, help="folder that export.py wrote")
    add("--mlqe", type=Path, required=True, help="folder of MLQE-PE's train.tsv.xz")
    add("--corpora", type=Path, required=True, help="folder of general.tsv.xz, for the news")
    add("--work", type=Path, required=True)
    add("--news", type=int, default=1500, help="pairs of news")
    add("--readers", type=int, default=2)
    add("--only", type=int, help="train this reader alone, beside others in other processes")
    add("--heads", type=int, default=2, help="of each reader, while training")
    add("--keep", type=int, default=1, help="heads of each reader that are written")
    add("--size", type=int, default=56)
    add("--rank", type=int, default=4, help="of the changes of each matrix")
    add("--epochs", type=int, default=3)
    add("--rate", type=float, default=1.5e-3, help="of learning, of the heads")
    add("--change-rate", type=float, default=5e-4, help="the same of the changes")
    add("--drop", type=float, default=0.4, help="dropout in the heads")
    add("--batch", type=int, default=1200, help="pieces, both sides, in a step")
    add("--threads", type=int, default=2)
    return parser.parse_args()


def main() -> None:
    """Run the step."""
    args = options()
    torch.set_num_threads(args.threads)
    args.work.mkdir(parents=True, exist_ok=True)
    found = examples(args.mlqe, args.corpora, args.news)
    readers = [Reader(args, s) for s in range(args.readers) if args.only in (None, s)]
    parts = {kind: Readings(readers[0].backbone, rows) for kind, rows in found.items() if rows}
    for reader in readers:
        reader.train(parts)
    if args.only is None:
        save(args, readers, [x.z for x in found["judged"]])
        print(f"{args.model}: {len(readers)} readers", flush=True)


if __name__ == "__main__":
    main()
