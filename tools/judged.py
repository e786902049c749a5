"""Judged translations of MLQE-PE, and their pieces' tags."""

from __future__ import annotations

import csv
import lzma
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

#: Marks of a piece that has no tag.
UNTAGGED = -1
Span = tuple[int, int]
WORD = re.compile(r"\w+(?:[-'’.,]\w+)*|[^\w\s]")


@dataclass(frozen=True)
class Judged:
    """A translation with its z-score; words and gaps as character spans that are BAD or OK.

    `words` are the spans of its words, `bad` says of each whether it is BAD; `gaps` of the place before each
    word and of the end. Without words nothing is known of the tags.
    """

    source: str
    target: str
    z: float
    words: tuple[Span, ...] = ()
    bad: tuple[bool, ...] = ()
    gaps: tuple[bool, ...] = ()
    kind: str = "judged"
    weight: float = 1.0

    def changed(self, **values: object) -> Judged:
        """A copy with other values."""
        return replace(self, **values)


def locate(text: str, tokens: Sequence[str]) -> tuple[Span, ...]:
    """Where tokens stand in a text, blanks between them skipped; by their lengths where spelt otherwise."""
    at, found = 0, []
    for token in tokens:
        place = text.find(token, at)
        if place < 0 or place > at + 3:
            while at < len(text) and text[at].isspace():
                at += 1
            place = at
        found.append((place, min(len(text), place + len(token))))
        at = found[-1][1]
    return tuple(found)


def judged(path: Path) -> list[Judged]:
    """The rows of a file of MLQE-PE."""
    found = []
    for row in _rows(path):
        tags = [tag == "BAD" for tag in row["tags"].split()]
        words = locate(row["translation"], row["tokenized_translation"].split())
        found.append(
            Judged(
                row["source"],
                row["translation"],
                float(row["da_z_mean"]),
                words,
                tuple(tags[1::2]),
                tuple(tags[0::2]),
            )
        )
    return found


def mended(path: Path, z: float, weight: float) -> list[Judged]:
    """People's corrections of the translations in a file of MLQE-PE, where they changed any; all words OK."""
    rows = [row for row in _rows(path) if row["post_edit"] != row["translation"]]
    return [sound(row["source"], row["post_edit"], z, weight) for row in rows]


def sound(source: str, target: str, z: float, weight: float) -> Judged:
    """A translation in which every word is OK."""
    words = tuple(m.span() for m in WORD.finditer(target))
    size = len(words)
    return Judged(source, target, z, words, (False,) * size, (False,) * (size + 1), weight=weight)


def _rows(path: Path) -> list[dict[str, str]]:
    with lzma.open(path, "rt", encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def piece_tags(example: Judged, spans: Sequence[Span]) -> tuple[list[int], list[int]]:
    """For each piece, whether its word is BAD, and whether the gap before it is; `UNTAGGED` where unknown.

    The end mark is the last piece: it has no word, and the gap before it is the text's last. Of a word's
    pieces only the first has a gap.
    """
    words, gaps = [UNTAGGED] * len(spans), [UNTAGGED] * len(spans)
    if not example.words:
        return words, gaps
    gaps[-1] = int(example.gaps[-1])
    first = dict[int, int]()
    for i, span in enumerate(spans[:-1]):
        if (at := word_at(example.words, span)) is not None:
            words[i] = int(example.bad[at])
            first.setdefault(at, i)
    for at, i in first.items():
        gaps[i] = int(example.gaps[at])
    return words, gaps


def word_at(words: Sequence[Span], span: Span) -> int | None:
    """The word that a piece belongs to: the one it shares most characters with."""
    shared = [min(end, span[1]) - max(begin, span[0]) for begin, end in words]
    best = max(range(len(words)), key=shared.__getitem__, default=None)
    return best if best is not None and shared[best] > 0 else None
