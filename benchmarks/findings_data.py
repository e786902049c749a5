"""WMT21 with known errors, and MLQE-PE with post-edits, as rows for the benchmark of findings."""

from __future__ import annotations

import csv
import lzma
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from damage import DAMAGES

from evalkit.checks.base import Checked

# What was measured with; any others serve for the fit.
RECORDED = ("Online-W", "Online-G", "NiuTrans")
SPLIT_SEED = 7


@dataclass(frozen=True)
class Row:
    """A pair and what is known of it: the damage put in ("" for none), or whether people mended it."""

    pair: Checked
    damage: str = ""
    reference: str = ""
    line: int = 0
    mended: bool = False
    judgement: float = 0.0


@dataclass(frozen=True)
class TestSet:
    """Sources, references and systems' translations, line by line."""

    source: tuple[str, ...]
    references: dict[str, tuple[str, ...]]
    systems: dict[str, tuple[str, ...]]
    documents: tuple[str, ...]

    def halves(self) -> tuple[list[int], list[int]]:
        """Lines of one half of the documents, on which everything is chosen, and of the other."""
        names = sorted(set(self.documents))
        random.Random(SPLIT_SEED).shuffle(names)
        chosen = set(names[: len(names) // 2])
        lines = range(len(self.documents))
        return (
            [k for k in lines if self.documents[k] in chosen],
            [k for k in lines if self.documents[k] not in chosen],
        )


def read_wmt21(folder: Path, bridge: Path | None = None) -> TestSet:
    """The WMT21 folder: source.ru, reference.A.en, reference.B.en, documents.txt, systems/.

    ``bridge`` holds wmt21.builtin.en, a weak system, from which the fit learns not to trust any.
    """
    more = [path for path in [bridge / "wmt21.builtin.en"] if path.is_file()] if bridge else []
    return TestSet(
        _lines(folder / "source.ru"),
        {name: _lines(folder / f"reference.{name}.en") for name in "AB"},
        {path.stem: _lines(path) for path in sorted((folder / "systems").glob("*.en")) + more},
        _lines(folder / "documents.txt"),
    )


def _lines(path: Path) -> tuple[str, ...]:
    return tuple(path.read_text(encoding="utf-8").split("\n")[:-1])


def rows(
    test: TestSet, lines: Sequence[int], level: str, *, seed: int, recorded: bool
) -> list[Row]:
    """Each line of each reference as it is, and with each damage that it can take.

    Args:
        level: "none", "one" or "several" translations at hand.
        recorded: the three systems of the report (of one, the first); else some of all ten, drawn for each line.
    """
    rng = random.Random(seed)
    found = []
    for name, texts in test.references.items():
        for line in lines:
            versions = {"": texts[line]}
            for kind, damage in DAMAGES.items():
                text = damage(rng, line, texts, test.source)
                if text is not None and text != texts[line]:
                    versions[kind] = text
            systems = _systems(test, level, rng, recorded)
            translations = {system: test.systems[system][line] for system in systems}
            for kind, text in versions.items():
                pair = Checked(test.source[line], text, translations)
                found.append(Row(pair, kind, name, line, mended=bool(kind)))
    return found


def _systems(test: TestSet, level: str, rng: random.Random, recorded: bool) -> Sequence[str]:
    if level == "none":
        return ()
    if recorded:
        return RECORDED[: 1 if level == "one" else 3]
    return rng.sample(sorted(test.systems), 1 if level == "one" else rng.choice((2, 3, 3, 4)))


def read_mlqe(folder: Path, name: str, bridge: Path | None = None, most: int = 10**9) -> list[Row]:
    """Sentences of MLQE-PE, the judgement of people, and whether a post-editor changed anything (HTER > 0).

    Args:
        bridge: a file with another translation of each source, for the evidence of one system.
    """
    path = folder / f"{name}.tsv.xz"
    with lzma.open(path, "rt", encoding="utf-8") as file:
        table = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[:most]
    translations = _lines(bridge) if bridge is not None else ("",) * len(table)
    return [
        Row(
            Checked(row["source"], row["translation"], {"builtin": other} if other else {}),
            mended=float(row["hter"]) > 0,
            judgement=float(row["da_z_mean"]),
            line=k,
        )
        for k, (row, other) in enumerate(zip(table, translations, strict=False))
    ]
