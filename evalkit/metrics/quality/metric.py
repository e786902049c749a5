"""The quality of a translation as its source shows it, without a reference."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from evalkit.engines.model_folder import BUILTIN_MODEL
from evalkit.errors import InputError
from evalkit.languages import LanguagePair
from evalkit.metrics.base import Example, Judgement, JudgingMetric

if TYPE_CHECKING:
    from evalkit.metrics.quality.judge import Estimate, Judge

#: The pair it was trained on.
LANGUAGE_PAIR = "ru-en"
NOTE = (
    "an estimate of human judgement (0-100) by the built-in model, trained on what people thought of one system's"
    " Reddit and Wikiquote sentences: it finds what to read, and proves nothing"
)
#: Counts changes of the code that change scores.
VERSION = "1"


class Quality(JudgingMetric):
    """Percentile of human judgement, 0-100, of a Russian sentence's English translation.

    Estimated by the built-in translation model and small networks trained on what people thought of one
    system's translations of Reddit and Wikiquote (MLQE-PE). Details: `z`, the estimate in standard
    deviations; `words`, [word, probability that it is wrong]; `gaps`, the probability that something is
    missing before each word and at the end.

    Raises:
        InputError: it is asked for another pair of languages. OSError: the folder lacks a file.
    """

    name = "quality"
    label = "Quality"
    higher_is_better = True
    range = (0.0, 100.0)
    needs = frozenset({"source"})
    note = NOTE
    detail_columns: Mapping[str, str] = {"words": "words"}

    def __init__(
        self, name: str = "quality", folder: Path | None = None, pair: LanguagePair | None = None
    ) -> None:
        if pair is not None and pair.code != LANGUAGE_PAIR:
            raise InputError(f"quality judges {LANGUAGE_PAIR} alone, not {pair.code}")
        self.name = name
        self.folder = folder or BUILTIN_MODEL

    @cached_property
    def fingerprint(self) -> Mapping[str, str]:
        digest = hashlib.sha256()
        for name in ("model.safetensors", "quality.safetensors", "vocab.json"):
            digest.update((self.folder / name).read_bytes())
        return {"metric": "quality", "procedure": VERSION, "model": digest.hexdigest()[:16]}

    @cached_property
    def _judge(self) -> Judge:
        from evalkit.metrics.quality.judge import Judge

        return Judge(self.folder)

    def judge(self, batch: Sequence[Example]) -> list[Judgement]:
        """One judgement an example. Without a source there is no score; nothing, or the source, is the worst."""
        asked = [i for i, x in enumerate(batch) if x.source.strip() and not _flag(x)]
        estimates = self._judge.estimates([(batch[i].source, batch[i].hypothesis) for i in asked])
        found = [Judgement(math.nan if not x.source.strip() else 0.0, _flag(x)) for x in batch]
        for i, estimate in zip(asked, estimates, strict=True):
            found[i] = self._judgement(batch[i].hypothesis, estimate)
        return found

    def _judgement(self, text: str, estimate: Estimate) -> Judgement:
        details = {
            "z": round(estimate.z, 4),
            "words": [[text[a:b], round(bad, 3)] for a, b, bad in estimate.words],
            "gaps": [round(gap, 3) for gap in estimate.gaps],
        }
        flags = ("input_too_long",) if estimate.cut else ()
        return Judgement(float(np.round(self._judge.percentile(estimate.z), 2)), flags, details)


def _flag(example: Example) -> tuple[str, ...]:
    """What makes a hypothesis no translation at all."""
    if not example.hypothesis.strip():
        return ("empty_hypothesis",)
    same = example.hypothesis.split() == example.source.split()
    return ("copy_of_source",) if same else ()
