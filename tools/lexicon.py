"""A bilingual lexicon of stems for the checks, and how each stem is written, learned from parallel sentences.

    python tools/lexicon.py ../shared/corpora evalkit/checks/lexicon

writes ru-en.tsv.gz (source stem, provided stem, probability), ru.tsv.gz and en.tsv.gz (stem, how often it occurs in a
million words, the share of capital letters inside sentences).

IBM model 1 (Brown et al. 1993) in both directions over stems; a pair of stems stays if the geometric mean of
both probabilities is high enough. MLQE's sentences are left out: findings are measured on them.
"""

from __future__ import annotations

import argparse
import gzip
import lzma
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from evalkit.checks.lexicon import MOSTLY_CAPITAL as OFTEN
from evalkit.checks.words import stem, words
from evalkit.languages.en import CHECK_WORDS as ENGLISH
from evalkit.languages.ru import CHECK_WORDS as RUSSIAN
from evalkit.languages.words import CheckWords

LEFT_OUT = {"mlqe_pe", "gettext_ui", "cataclysm_dda"}
# Pairs taken of one source at most; news is the nearest to what people check.
MOST_OF_A_SOURCE = 30_000
MOST_OF_DOCUMENTATION = 60_000
LONGEST = 40
RAREST_STEM = 3
RAREST_WRITTEN = 4
ITERATIONS = 6
LEAST_PROBABILITY, MOST_TRANSLATIONS = 0.02, 12


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("output", type=Path)
    arguments = parser.parse_args()
    started = time.time()
    texts = list(lines(arguments.corpora))
    for k, language in enumerate((RUSSIAN, ENGLISH)):
        rows = written([text[k] for text in texts], language)
        write(arguments.output / f"{language.code}.tsv.gz", rows)
        print(f"{len(rows)} stems, {time.time() - started:.0f} s", file=sys.stderr)
    both = ((stems(one, RUSSIAN), stems(other, ENGLISH)) for one, other in texts)
    pairs = [pair for pair in both if all(0 < len(side) <= LONGEST for side in pair)]
    sides = [vocabulary([pair[k] for pair in pairs]) for k in (0, 1)]
    forward = model_1(sides[0], sides[1])
    backward = model_1(sides[1], sides[0])
    rows = joined(forward, backward, sides[0][1], sides[1][1])
    write(arguments.output / "ru-en.tsv.gz", rows)
    print(f"{len(rows)} pairs of stems, {time.time() - started:.0f} s", file=sys.stderr)


def write(path: Path, rows: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write("".join(rows).encode())


def written(texts: list[str], language: CheckWords) -> list[str]:
    """Lines ``stem, occurrences in a million words, share of capitals inside a sentence``.

    A word that is a name though its stem is none, or the reverse ("boris", "boring"), has a line of its own, with ``=`` before it.
    """
    of_words: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for text in texts:
        for word in words(text, language):
            if word.folded[0].isdigit():
                continue
            of_words[word.folded] += 1
            if not word.initial:
                inside[word.folded] += 1
                capital[word.folded] += word.capital
    forms: dict[str, list[str]] = {}
    for word in of_words:
        forms.setdefault(stem(word, language), []).append(word)
    million = sum(of_words.values()) / 1e6
    rows = []
    for of_stem, its in sorted(forms.items()):
        count = sum(of_words[word] for word in its)
        if count < RAREST_WRITTEN:
            continue
        share = sum(capital[w] for w in its) / max(1, sum(inside[w] for w in its))
        rows.append(f"{of_stem}\t{count / million:.1f}\t{share:.1f}\n")
        for word in sorted(its):
            own = capital[word] / max(1, inside[word])
            if of_words[word] >= RAREST_WRITTEN and (own >= OFTEN) != (share >= OFTEN):
                rows.append(f"={word}\t{of_words[word] / million:.1f}\t{own:.1f}\n")
    return rows


def lines(folder: Path) -> Iterator[tuple[str, str]]:
    """Pairs of sentences, not too many from one source."""
    rng = random.Random(1)
    by_source: dict[str, list[tuple[str, str]]] = {}
    with lzma.open(folder / "general.tsv.xz", "rt", encoding="utf-8") as file:
        for line in file:
            russian, english, source = line.rstrip("\n").split("\t")
            if source not in LEFT_OUT:
                by_source.setdefault(source, []).append((russian, english))
    with lzma.open(folder / "msdocs_human.tsv.xz", "rt", encoding="utf-8") as file:
        documentation = [tuple(line.rstrip("\n").split("\t")[:2]) for line in file]
    yield from rng.sample(documentation, MOST_OF_DOCUMENTATION)  # type: ignore[misc]
    for source in sorted(by_source):
        pairs = by_source[source]
        yield from rng.sample(pairs, min(len(pairs), MOST_OF_A_SOURCE))


def stems(text: str, language: CheckWords) -> list[str]:
    found = {word.stem for word in words(text, language) if not word.folded[0].isdigit()}
    return sorted(found)


def vocabulary(sentences: list[list[str]]) -> tuple[list[np.ndarray], list[str]]:
    """Sentences as numbers of stems, and the stems; 0 is the empty word, also for rare ones."""
    counts = Counter(stem for sentence in sentences for stem in sentence)
    kept = ["", *sorted(stem for stem, count in counts.items() if count >= RAREST_STEM)]
    number = {stem: k for k, stem in enumerate(kept)}
    found = [
        np.array([number[s] for s in sentence if s in number], dtype=np.int64)
        for sentence in sentences
    ]
    return found, kept


def model_1(
    given: tuple[list[np.ndarray], list[str]], made: tuple[list[np.ndarray], list[str]]
) -> tuple[np.ndarray, np.ndarray]:
    """p(made | given) of every pair of stems that meet: (keys, probabilities); key = given * |made| + made."""
    size = len(made[1])
    cells, lengths = [], []
    for left, right in zip(given[0], made[0], strict=True):
        with_empty = np.concatenate(([0], left))
        cells.append((with_empty[None, :] * size + right[:, None]).ravel())
        lengths.append(np.full(len(right), len(with_empty)))
    keys, position = np.unique(np.concatenate(cells), return_inverse=True)
    position = position.astype(np.int32)
    starts = np.concatenate(([0], np.cumsum(np.concatenate(lengths))))
    repeats = np.diff(starts)
    probability = np.full(len(keys), 1.0 / size)
    owner = keys // size
    for _ in range(ITERATIONS):
        values = probability[position]
        values /= np.repeat(np.add.reduceat(values, starts[:-1]), repeats)
        counts = np.bincount(position, values, minlength=len(keys))
        probability = counts / np.bincount(owner, counts)[owner]
    return keys, probability


def joined(
    forward: tuple[np.ndarray, np.ndarray],
    backward: tuple[np.ndarray, np.ndarray],
    source: list[str],
    target: list[str],
) -> list[str]:
    """Lines ``source stem, target stem, probability`` of the pairs that stay, sorted."""
    keys, there = forward
    turned = (backward[0] % len(source)) * len(target) + backward[0] // len(source)
    order = np.argsort(turned)
    at = np.searchsorted(turned, keys, sorter=order).clip(max=len(turned) - 1)
    same = turned[order[at]] == keys
    both = np.where(same, np.sqrt(there * backward[1][order[at]]), 0.0)
    found: dict[str, list[tuple[float, str]]] = {}
    for k in np.flatnonzero(both >= LEAST_PROBABILITY):
        left, right = source[keys[k] // len(target)], target[keys[k] % len(target)]
        if left and right:
            found.setdefault(left, []).append((float(both[k]), right))
    return [
        f"{left}\t{right}\t{probability:.2f}\n"
        for left in sorted(found)
        for probability, right in sorted(found[left], reverse=True)[:MOST_TRANSLATIONS]
    ]


if __name__ == "__main__":
    main()
