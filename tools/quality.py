"""Step 6: train the networks that judge, on what the finished translation model sees.

    python quality.py --model DIR --mlqe DIR --work DIR

Writes quality.safetensors into --model. The translation model itself is not changed: what it sees in
every pair is computed once (readings.pt in --work), then several small networks are trained, each kept
as head-SEED.pt; the same command goes on after a stop. Delete these files after a change of the model.

Trained on MLQE-PE's `train`: the judgements, the tags of words and gaps, people's corrections, the same
translations with errors put in and with exchanged sources; and on news, as it is and with errors.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

import numpy as np
import torch
from corpus import news_pairs
from damage import Damager, exchanged
from judged import Judged, judged, mended, sound
from readings import Batch, Readings
from safetensors.torch import save_file
from torch.nn import functional as F

from evalkit.metrics.quality.backbone import Backbone
from evalkit.metrics.quality.head import Head

#: The z-score that a correction or a human translation of news is given, and how much it counts.
SOUND, SOUND_WEIGHT = 0.75, 0.5
#: How much a damaged one counts.
DAMAGED_WEIGHT = 0.6
#: How often an epoch has each kind: a share of its examples.
SHARES = {"judged": 1.0, "mended": 0.4, "exchanged": 0.4, "damaged": 0.4}
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


def train(parts: dict[str, Readings], args: argparse.Namespace, seed: int) -> Head:
    """One head. The learning rate falls to zero over the epochs."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    backbone = parts["judged"].backbone
    head = Head(backbone.width, backbone.layers * backbone.heads, args.size)
    adam = torch.optim.AdamW(head.parameters(), lr=args.rate, weight_decay=0.01)
    steps = total = 0

    def epoch() -> list[tuple[str, list[int]]]:
        found = []
        for kind, readings in parts.items():
            size = len(readings.rows)
            rows = rng.sample(range(size), int(size * SHARES[kind]))
            found += [(kind, part) for part in readings.parts(rows, args.batch)]
        return rng.sample(found, len(found))

    for number in range(args.epochs):
        head.train()
        todo, losses = epoch(), []
        total = total or len(todo) * args.epochs
        for kind, part in todo:
            for group in adam.param_groups:
                group["lr"] = args.rate * min(1.0, (steps + 1) / 100, max(0.0, 1 - steps / total))
            loss = loss_of(head, parts[kind].batch(part), args.drop)
            adam.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(head.parameters(), 1.0)
            adam.step()
            losses.append(loss.item())
            steps += 1
        print(f"head {seed}, epoch {number + 1}: loss {np.mean(losses):.4f}", flush=True)
    return head.eval()


def save(folder: Path, heads: list[Head], size: int, backbone: Backbone, z: list[float]) -> None:
    """The heads in half precision, and the distribution of human judgements."""
    weights = {
        f"{i}.{name}": value.half().contiguous()
        for i, head in enumerate(heads)
        for name, value in head.state_dict().items()
    }
    said = dict(
        heads=len(heads),
        width=backbone.width,
        looks=backbone.layers * backbone.heads,
        size=size,
        quantiles=[round(float(q), 4) for q in np.quantile(z, np.linspace(0, 1, 101))],
    )
    save_file(weights, folder / "quality.safetensors", metadata={"quality": json.dumps(said)})


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
    add("--heads", type=int, default=3)
    add("--only", type=int, help="train this head alone, beside others in other processes")
    add("--size", type=int, default=56)
    add("--epochs", type=int, default=5)
    add("--rate", type=float, default=1.5e-3)
    add("--drop", type=float, default=0.4)
    add("--batch", type=int, default=1200, help="pieces, both sides, in a step")
    add("--threads", type=int, default=1)
    return parser.parse_args()


def main() -> None:
    """Run the step."""
    args = options()
    torch.set_num_threads(args.threads)
    args.work.mkdir(parents=True, exist_ok=True)
    kept = args.work / "readings.pt"
    if not kept.exists():
        backbone = Backbone(args.model)
        found = examples(args.mlqe, args.corpora, args.news)
        parts = {kind: Readings(backbone, rows) for kind, rows in found.items() if rows}
        torch.save(parts, kept)
    parts = torch.load(kept, weights_only=False)
    backbone = parts["judged"].backbone
    if args.only is not None:
        head = train(parts, args, args.only)
        torch.save(head.state_dict(), args.work / f"head-{args.only}.pt")
        return
    heads = []
    for seed in range(args.heads):
        file = args.work / f"head-{seed}.pt"
        if not file.exists():
            torch.save(train(parts, args, seed).state_dict(), file)
        head = Head(backbone.width, backbone.layers * backbone.heads, args.size)
        head.load_state_dict(torch.load(file, weights_only=True))
        heads.append(head)
    save(args.model, heads, args.size, backbone, [x.z for x in parts["judged"].examples])
    print(f"{args.model}: {len(heads)} heads", flush=True)


if __name__ == "__main__":
    main()
