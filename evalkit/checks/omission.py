"""Something of the source, or of what the systems made of it, is not in the provided text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from statistics import median

from evalkit.checks.base import Checked, Span
from evalkit.checks.evidence import Evidence, Languages, evidence
from evalkit.checks.signals import Signals, WeighedCheck, longest_run, spans
from evalkit.checks.words import Word

# More than this says nothing more.
MOST_WORDS = 10.0
# Characters added to lengths, so that short texts may differ more.
LENGTH_FLOOR = 10.0
FARTHEST = 1.5
# A source of which so much has no counterpart is not the source of this text.
FOREIGN = 0.6
LONGEST_SHOWN = 80


class OmissionCheck(WeighedCheck):
    """Content words without counterpart, against those that a paraphrase would account for."""

    name = "omission"

    def signals(self, pair: Checked) -> Signals:
        values, missing, whole = _omitted(
            pair.source, pair.provided, tuple(pair.translations.items()), self.languages
        )
        return Signals(values, self._message(pair.source, missing, whole), source_spans=whole)

    def _message(self, source: str, missing: Sequence[Word], whole: tuple[Span, ...]) -> str:
        if not missing:
            return "The translation is shorter than its source: something may be left out."
        text = source[whole[0][0] : whole[-1][1]]
        if len(text) > LONGEST_SHOWN:
            text = f"{text[: LONGEST_SHOWN // 2 - 2]} ... {text[2 - LONGEST_SHOWN // 2 :]}"
        return f'The translation seems to leave out "{text}".'


class MismatchCheck(OmissionCheck):
    """The provided text belongs to another sentence: the signals are those of an omission, weighed otherwise."""

    name = "mismatch"

    def _message(self, source: str, missing: Sequence[Word], whole: tuple[Span, ...]) -> str:
        return "The translation seems to be one of another sentence."


@lru_cache(maxsize=8)
def _omitted(
    source_text: str,
    provided_text: str,
    translations: tuple[tuple[str, str], ...],
    languages: Languages,
) -> tuple[dict[str, float], tuple[Word, ...], tuple[Span, ...]]:
    """Signals, missing words of the longest run, and its place; remembered for the two checks that ask."""
    pair = Checked(source_text, provided_text, dict(translations))
    found = evidence(pair, languages)
    source = [
        (word, not covered and known)
        for word, covered, known in zip(found.source, found.covered, found.known, strict=True)
        if word.content
    ]
    flags = [lacking for _, lacking in source]
    begin, end = longest_run(flags)
    missing = [word for word, lacking in source[begin:end] if lacking]
    share = sum(flags) / max(1, len(flags))
    values = {
        "run": min(MOST_WORDS, len(missing)),
        "share": share,
        "foreign": max(0.0, share - FOREIGN),
        "shorter": shorter(pair),
        "both": min(share, _new_share(found)),
    }
    if found.translated:
        unseen = [_lacking(found, k) for k in range(len(found.translated))]
        new = [_unsupported(found, k) for k in range(len(unseen))]
        deficits = [len(u) - n for u, n in zip(unseen, new, strict=True)]
        values["deficit"] = _clipped(median(deficits))
        values["least deficit"] = _clipped(min(deficits))
        values["unseen"] = min(MOST_WORDS, min(len(u) for u in unseen))
    return values, tuple(missing), spans(_between(found.source, missing))


def shorter(pair: Checked) -> float:
    """How much shorter the provided text is than the median translation, or than the source: a logarithm."""
    lengths = [len(text) for text in pair.translations.values()] or [len(pair.source)]
    ratio = (median(lengths) + LENGTH_FLOOR) / (len(pair.provided) + LENGTH_FLOOR)
    return max(-FARTHEST, min(FARTHEST, math.log(ratio)))


def _lacking(found: Evidence, system: int) -> list[Word]:
    theirs = found.translated[system]
    return [
        word
        for word, covered in zip(theirs.words, theirs.covered, strict=True)
        if not covered and word.content
    ]


def _unsupported(found: Evidence, system: int) -> int:
    return sum(
        not supported and word.content
        for word, supported in zip(found.provided, found.translated[system].supported, strict=True)
    )


def _new_share(found: Evidence) -> float:
    """The share of provided content words that neither the source nor a system calls for."""
    new = [new for word, new in zip(found.provided, found.nowhere, strict=True) if word.content]
    return sum(new) / max(1, len(new))


def _clipped(value: float) -> float:
    return max(-MOST_WORDS, min(MOST_WORDS, float(value)))


def _between(every: tuple[Word, ...], missing: list[Word]) -> list[Word]:
    """All words from the first to the last that are missing."""
    if not missing:
        return []
    return [w for w in every if missing[0].start <= w.start <= missing[-1].start]
