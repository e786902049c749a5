"""Step 2: train for a number of minutes, on one GPU or on several CPU processes.

    python train.py --work DIR --minutes 40 --processes 2

Each CPU process uses one thread; gradients are averaged after every step. The state is saved every
few minutes as state.pt in --work (its weights alone kept as state-STEP.pt, to be averaged); the same
command goes on from it until the minutes are spent. With --start-from a new training starts from the
weights of a folder that export.py wrote.
The share of news in what the model sees goes from --news-from to --news-to, that of the dictionary
(if dictionary.py made words.npz) from --words-from to --words-to.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path

import numpy as np
import sentencepiece as spm
import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from batches import PAD, Corpus
from model import Shape, Translator
from optimizer import Muon, fast_in_bfloat16, flatten_gradients
from safetensors.torch import load_file

BETAS = (0.9, 0.98)
EXTRA = 5  # numbers summed over the processes with the gradients
STOPPED = 60.0  # seconds: a step that took longer was stopped (SIGSTOP, a sleeping machine), which is no training


def build(work: Path, shape_options: dict[str, int]) -> Translator:
    """A new model, its Russian embeddings placed by the lexicon."""
    vocabulary = json.loads((work / "vocab.json").read_text(encoding="utf-8"))
    lexicon = np.load(work / "lexicon.npz")
    english = len(spm.SentencePieceProcessor(model_file=str(work / "en.model")))
    torch.manual_seed(1)
    model = Translator(Shape(len(vocabulary), english, **shape_options), PAD)
    model.start_from_lexicon(
        *(torch.from_numpy(lexicon[k]) for k in ("source", "target", "weight"))
    )
    model.blank_padding()
    return model


def start_from(model: Translator, folder: Path, work: Path) -> None:
    """Take the weights of an exported folder; pieces are matched by name, new ones keep their start."""
    own, theirs = (
        json.loads((place / "vocab.json").read_text(encoding="utf-8")) for place in (work, folder)
    )
    weights = {
        name.removeprefix("model."): value.float()
        for name, value in load_file(folder / "model.safetensors").items()
    }
    known = [piece for piece in own if piece in theirs]
    table = model.shared.weight.detach().clone()
    table[[own[piece] for piece in known]] = weights["shared.weight"][
        [theirs[piece] for piece in known]
    ]
    weights = {name: weights[name] for name in model.state_dict()} | {"shared.weight": table}
    model.load_state_dict(weights)
    model.blank_padding()


def rate(done: float, step: int, warm: int) -> float:
    """Learning rate as a share of its peak: warmup, level, then straight to zero."""
    return min(1.0, (step + 1) / warm, max(0.0, 1.0 - done) / 0.65)


class Trainer:
    """One process of the training."""

    def __init__(self, args: argparse.Namespace, rank: int, world: int) -> None:
        self.args, self.rank, self.world = args, rank, world
        self.device = "cuda" if torch.cuda.is_available() and not args.cpu else "cpu"
        shape = dict(
            width=args.width,
            inner=args.inner,
            encoder_layers=args.encoder_layers,
            decoder_layers=args.decoder_layers,
        )
        self.model = build(args.work, shape)
        if args.start_from:
            start_from(self.model, args.start_from, args.work)
        self.model.to(self.device)
        matrices = self.model.matrices()
        inner = {id(m) for m in matrices}
        rest = [p for p in self.model.parameters() if id(p) not in inner]
        self.gradients = flatten_gradients(matrices + rest, extra=EXTRA)
        self.muon = Muon(matrices, rank, world)
        self.adam = torch.optim.Adam(rest, lr=args.adam_rate, betas=BETAS, eps=1e-9, fused=True)
        self.spent, self.step = 0.0, 0
        self.state = args.work / "state.pt"
        if self.state.exists():
            self.load()
        rng = np.random.default_rng(1000 * self.step + rank)
        self.news = Corpus(args.work / "news.npz", rng, args.batch)
        self.other = Corpus(args.work / "other.npz", rng, args.batch)
        words = args.work / "words.npz"
        self.words = Corpus(words, rng, args.batch) if words.exists() else None

    def load(self) -> None:
        """Go on from the saved state."""
        saved = torch.load(self.state, map_location=self.device, weights_only=True)
        self.model.load_state_dict(saved["model"])
        self.adam.load_state_dict(saved["adam"])
        for moving, value in zip(self.muon.moving, saved["muon"], strict=True):
            moving.copy_(value)
        self.spent, self.step = saved["spent"], saved["step"]
        self.model.blank_padding()

    def save(self) -> None:
        """Write the state whole, or not at all."""
        if self.rank:
            return
        fresh = self.state.with_suffix(".new")
        shape = {k: getattr(self.model.shape, k) for k in self.model.shape.__dataclass_fields__}
        torch.save(
            dict(
                model=self.model.state_dict(),
                adam=self.adam.state_dict(),
                muon=self.muon.moving,
                spent=self.spent,
                step=self.step,
                shape=shape,
            ),
            fresh,
        )
        os.replace(fresh, self.state)
        kept = dict(model=self.model.state_dict(), shape=shape)
        torch.save(kept, self.args.work / f"state-{self.step}.pt")
        print(f"saved after {self.spent / 60:.1f} minutes, {self.step} steps", flush=True)

    def corpus(self, done: float, rng: np.random.Generator) -> Corpus:
        """The corpus that the next batch comes from."""
        args, chance = self.args, rng.random()
        news = args.news_from + (args.news_to - args.news_from) * done
        words = args.words_from + (args.words_to - args.words_from) * done
        if chance < news:
            return self.news
        return self.words if self.words and chance > 1 - words else self.other

    def learn(self, done: float, rng: np.random.Generator) -> tuple[float, ...]:
        """One step of all processes; returns the mean losses and the number of target pieces."""
        source, target, aligned = self.corpus(done, rng).next()
        source, target, aligned = (x.to(self.device) for x in (source, target, aligned))
        self.gradients.zero_()
        low = fast_in_bfloat16(self.device)
        with torch.autocast(self.device, dtype=torch.bfloat16, enabled=low):
            loss, guided = self.model(source, target, aligned, self.args.dropout)
        weight = self.args.guide * (1 - done)
        (loss + weight * guided.sum()).backward()
        now = time.time()
        elapsed = now - self.began
        self.began = now
        told = [
            loss.item(),
            *guided.tolist(),
            float((target != PAD).sum()),
            elapsed if elapsed < STOPPED else 0.0,
        ]
        self.gradients[-EXTRA:] = torch.tensor(told, device=self.device)
        if self.world > 1:
            dist.all_reduce(self.gradients)
        loss, first, last, tokens, elapsed = self.gradients[-EXTRA:].tolist()
        self.spent += elapsed / self.world
        self.gradients.div_(tokens)
        norm = float(self.gradients[:-EXTRA].norm())
        self.gradients.mul_(min(1.0, self.args.clip / (norm + 1e-6)))
        lr = rate(done, self.step, self.args.warm)
        self.muon.step(self.args.muon_rate * lr)
        for group in self.adam.param_groups:
            group["lr"] = self.args.adam_rate * lr
        self.adam.step()
        self.model.blank_padding()
        return loss / tokens, first / tokens, last / tokens, tokens

    def run(self) -> None:
        """Train until the minutes are spent."""
        self.began = self.told = self.kept = time.time()
        rng, losses, tokens = np.random.default_rng(self.step), [], 0.0
        parent = os.getppid()
        while (done := self.spent / (self.args.minutes * 60)) < 1:
            if self.world > 1 and os.getppid() != parent:
                raise SystemExit("the starting process has gone")
            *lost, count = self.learn(done, rng)
            self.step += 1
            losses.append(lost)
            tokens += count
            if self.step % 20 == 0 and self.rank == 0:
                now = time.time()
                print(
                    f"{self.step} {self.spent:.0f}s loss, guides {np.mean(losses, 0).round(3)} "
                    f"{tokens / (now - self.told):.0f} pieces/s",
                    flush=True,
                )
                self.told, losses, tokens = now, [], 0.0
            if time.time() - self.kept > self.args.save_every:
                self.kept = time.time()
                self.save()
        self.save()


def worker(rank: int, world: int, args: argparse.Namespace) -> None:
    """Body of one process."""
    if args.threads:
        torch.set_num_threads(args.threads)
    if world > 1:
        dist.init_process_group(
            "gloo",
            init_method=f"file://{args.work.resolve()}/meeting-{args.meeting}",
            rank=rank,
            world_size=world,
        )
    Trainer(args, rank, world).run()
    if world > 1:
        dist.destroy_process_group()


def options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--work", type=Path, required=True, help="folder that prepare.py made")
    add(
        "--minutes",
        type=float,
        default=40,
        help="of training in all, those before a restart included",
    )
    add("--processes", type=int, default=1, help="one-thread CPU processes; 1 on a GPU")
    add(
        "--threads",
        type=int,
        default=1,
        help="of each process; two processes of one thread do more than one of two",
    )
    add("--cpu", action="store_true", help="do not use a GPU")
    add("--save-every", type=float, default=240, help="seconds")
    add(
        "--batch",
        type=int,
        default=4500,
        help="padded pieces, both sides, in a batch of one process",
    )
    add("--muon-rate", type=float, default=0.014)
    add("--adam-rate", type=float, default=6e-4)
    add("--warm", type=int, default=60, help="steps of warmup")
    add("--clip", type=float, default=1.0)
    add("--dropout", type=float, default=0.0)
    add("--guide", type=float, default=1.0, help="weight of the alignment loss at the start")
    add("--news-from", type=float, default=0.3)
    add("--news-to", type=float, default=0.7)
    add("--words-from", type=float, default=0.15)
    add("--words-to", type=float, default=0.08)
    add("--start-from", type=Path, help="exported folder to start from, of the same shape")
    add("--width", type=int, default=256)
    add("--inner", type=int, default=1024)
    add("--encoder-layers", type=int, default=4)
    add("--decoder-layers", type=int, default=2)
    args = parser.parse_args()
    args.meeting = os.getpid()
    return args


if __name__ == "__main__":
    chosen = options()
    if chosen.processes > 1:
        mp.spawn(worker, (chosen.processes, chosen), nprocs=chosen.processes)
    else:
        worker(0, 1, chosen)
