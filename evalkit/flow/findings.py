"""The findings of pairs and the probability that each has an error: what `check` shows, and any run of pairs can ask for."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from evalkit.checks.base import Check, Checked, Finding, PairFindings
from evalkit.checks.evidence import Languages
from evalkit.checks.examine import default_checks, examine
from evalkit.checks.glossary import Term, read_glossary
from evalkit.checks.inconsistent import inconsistent
from evalkit.checks.triage import triage
from evalkit.data import Pair, Translation
from evalkit.errors import InputError
from evalkit.flow.processes import in_blocks
from evalkit.languages import LanguagePair
from evalkit.languages.pairs import known_codes
from evalkit.languages.words import CheckWords
from evalkit.plan import Plan
from evalkit.statistics.closeness import closeness

# Of a probability: more than it means, so that equal probabilities are written alike everywhere.
DECIMALS = 6


def check_words(pair: LanguagePair) -> tuple[CheckWords, CheckWords]:
    """What the checks know of the source's language, and of the provided text's.

    Raises:
        InputError: they know nothing of one of them.
    """
    found = [_words_of(language.code) for language in (pair.source, pair.target)]
    source, target = found
    if source is None or target is None:
        known = ", ".join(code for code in known_codes() if _words_of(code))
        raise InputError(f"no findings for {pair.code}: the checks know the words of {known} alone")
    return source, target


def _words_of(code: str) -> CheckWords | None:
    return getattr(importlib.import_module(f"evalkit.languages.{code}"), "CHECK_WORDS", None)


def glossary_of(plan: Plan, languages: LanguagePair) -> tuple[Term, ...]:
    """The terms that a plan prescribes; () without a glossary.

    Raises:
        InputError: the file cannot be read, or is no glossary.
    """
    if plan.glossary is None:
        return ()
    return read_glossary(plan.glossary, languages.source.code, languages.target.code)


def open_checks(languages: LanguagePair, glossary: Sequence[Term] = ()) -> Sequence[Check]:
    """The checks of a language pair.

    Raises:
        InputError: they know nothing of one of its languages.
    """
    return default_checks(*check_words(languages), glossary)


def find_errors(
    pairs: Sequence[Pair],
    translations: Mapping[str, Sequence[Translation]],
    languages: LanguagePair,
    glossary: Sequence[Term] = (),
    *,
    processes: int = 1,
) -> list[PairFindings]:
    """The findings of all pairs of a run, in document order, those that only a whole run shows among them.

    Args:
        pairs: those of all documents, in order.
        translations: by system, one for each pair; none where nothing was translated.
        glossary: terms of which the prescribed translations are missed.
        processes: how many work at once; see `evalkit.flow.processes.in_blocks`.

    Raises:
        InputError: the checks know nothing of a language.
    """
    checks = open_checks(languages, glossary)

    def examined(begin: int, end: int) -> list[PairFindings]:
        theirs = {name: run[begin:end] for name, run in translations.items()}
        return examine_pairs(pairs[begin:end], theirs, checks)

    # First what has to be found in order: the words that it meets need not be looked at again in each process.
    contradicting = _contradicting(pairs, languages)
    found = in_blocks(examined, len(pairs), processes)
    return _joined(found, contradicting)


def examine_pairs(
    pairs: Sequence[Pair],
    translations: Mapping[str, Sequence[Translation]],
    checks: Sequence[Check],
) -> list[PairFindings]:
    """What ``checks`` say of each pair alone, and the probability of an error.

    Of several provided texts the first that is not empty is examined.

    Args:
        translations: by system, one for each pair. An empty one is no evidence.
    """
    seen = [checked(pair, translations, at) for at, pair in enumerate(pairs)]
    examined = [examine(pair, checks) for pair in seen]
    probability = triage(
        seen,
        examined,
        closeness(seen) if translations else None,
        confidence=[pair.confidence for pair in pairs],
    )
    return [
        PairFindings(each.findings, round(float(p), DECIMALS))
        for each, p in zip(examined, probability, strict=True)
    ]


def with_inconsistent(
    pairs: Sequence[Pair], found: Sequence[PairFindings], languages: LanguagePair
) -> list[PairFindings]:
    """The findings with those that contradict an earlier pair; call it once, over all pairs of a run.

    The probability stays: it was calibrated on sentences alone.
    """
    return _joined(found, _contradicting(pairs, languages))


def _contradicting(pairs: Sequence[Pair], languages: LanguagePair) -> Sequence[tuple[Finding, ...]]:
    words = Languages.of(*check_words(languages))
    return inconsistent([Checked(pair.source, examined_text(pair)) for pair in pairs], words)


def _joined(
    found: Sequence[PairFindings], contradicting: Sequence[tuple[Finding, ...]]
) -> list[PairFindings]:
    return [
        replace(each, findings=each.findings + more) if more else each
        for each, more in zip(found, contradicting, strict=True)
    ]


def checked(pair: Pair, translations: Mapping[str, Sequence[Translation]], at: int) -> Checked:
    """What the checks see of the pair at position ``at`` of the translations."""
    texts = {name: run[at].text for name, run in translations.items() if run[at].text.strip()}
    return Checked(pair.source, examined_text(pair), texts)


def examined_text(pair: Pair) -> str:
    """Of the provided texts of a pair the one that is examined: the first that is not empty."""
    return next((text for text in pair.provided if text.strip()), "")
