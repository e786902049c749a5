"""Choose weights of the aligner by random search, on data that no published row reports.

    python benchmarks/choose_weights.py newstest2018.ru-en.tsv.xz --trials 60

The file has a pair a line, Russian and English. It is cut into documents of 5 to 40 sentences, and disturbed as
benchmarks/alignment.py does it. Bridges: the built-in model, a stronger one (the English with three words in ten put
out of it and as many others in), and none. Prints the mean strict F1 of every trial, the best last.
"""

from __future__ import annotations

import argparse
import lzma
import random
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from alignment import RUSSIAN_ENGLISH, Benchmark, disturb

import evalkit
from evalkit.pair import align
from evalkit.pair.weights import WITH_BRIDGE, WITHOUT_BRIDGE, Weights

# Weights that are searched: the least and the greatest factor to today's value.
SEARCHED = {
    "prior_pairs": (0.25, 2.0),
    "quality": (0.7, 1.4),
    "prior_sentences": (0.2, 4.0),
    "rarity_power": (0.7, 1.3),
    "unseen": (0.5, 1.6),
    "unseen_alike": (0.8, 1.2),
    "threshold": (0.7, 1.3),
}


def read_pairs(path: Path, first: int) -> tuple[list[str], list[str]]:
    """Both sides of the first pairs."""
    with lzma.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        pairs = [
            line.rstrip("\n").split("\t") for line, _ in zip(lines, range(first), strict=False)
        ]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def documents_of(count: int, rng: random.Random) -> list[str]:
    """The name of a document for each line."""
    names: list[str] = []
    while len(names) < count:
        names += [f"d{len(names)}"] * rng.randint(5, 40)
    return names[:count]


def strong(english: Sequence[str], rng: random.Random) -> list[str]:
    """A translation that has seven of ten words of the reference."""
    words = [word for line in english for word in line.split()]
    return [
        " ".join(w if rng.random() < 0.7 else rng.choice(words) for w in line.split())
        for line in english
    ]


def mean_f1(
    made: Sequence[Benchmark], bridges: Sequence[Sequence[str] | None], weights: Weights
) -> float:
    """Mean strict F1; without a bridge the weights keep what `WITHOUT_BRIDGE` has of its own."""
    scores = []
    for bridge in bridges:
        own = weights
        if bridge is None:
            special = {"length", "farthest", "quality"}
            own = replace(weights, **{name: getattr(WITHOUT_BRIDGE, name) for name in special})
        for benchmark in made:
            found, begin = [], 0
            for document in benchmark.documents:
                end = begin + len(document.source)
                part = None if bridge is None else bridge[begin:end]
                found.append(align(document, RUSSIAN_ENGLISH, part, own))
                begin = end
            scores.append(benchmark.scores(found)["strict_f1"])
    return sum(scores) / len(scores)


def main() -> None:
    """Search."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--first", type=int, default=1000, help="pairs used")
    parser.add_argument("--trials", type=int, default=60)
    arguments = parser.parse_args()
    rng = random.Random(5)
    source, english = read_pairs(arguments.pairs, arguments.first)
    names = documents_of(len(source), rng)
    translated = [translation.text for translation in evalkit.translate(source)]
    bridges = [translated, strong(english, rng), None]
    made = [
        disturb(source, english, names, seed=seed, sentence_like=like)
        for seed, like in ((1, False), (2, True))
    ]
    best, most = WITH_BRIDGE, mean_f1(made, bridges, WITH_BRIDGE)
    print(f"{most:.4f} today", flush=True)
    for trial in range(arguments.trials):
        names_changed = rng.sample(sorted(SEARCHED), 2)
        changed = {
            name: getattr(best, name) * rng.uniform(*SEARCHED[name]) for name in names_changed
        }
        candidate = replace(best, **changed)
        score = mean_f1(made, bridges, candidate)
        kept = score > most
        if kept:
            best, most = candidate, score
        shown = ", ".join(f"{name} {value:.3g}" for name, value in changed.items())
        print(f"{score:.4f} {'*' if kept else ' '} {trial}: {shown}", flush=True)
    print(f"{most:.4f} best: {asdict(best)}")


if __name__ == "__main__":
    main()
