"""Findings of an input: read, aligned and examined, with the translations at hand, without scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from evalkit.checks.base import PairFindings
from evalkit.checks.flags import suspicions
from evalkit.checks.glossary import read_glossary
from evalkit.data import Document, Failure, Pair, Translation
from evalkit.flow.alignment import align_input
from evalkit.flow.doubts import warnings_of
from evalkit.flow.findings import check_words, find_errors
from evalkit.flow.lineup import line_up
from evalkit.flow.shard import EMPTY_SIDES, Tools, score_shard
from evalkit.languages import LanguagePair, language_pair
from evalkit.memory import open_memory
from evalkit.pair import split
from evalkit.plan import Plan
from evalkit.progress import progress
from evalkit.read import open_inputs


@dataclass(frozen=True)
class CheckedInput:
    """The pairs of an input, flagged, in order, what was found in each, and what the user should know."""

    pairs: Sequence[Pair]
    found: Sequence[PairFindings]
    warnings: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()


def check_input(plan: Plan, glossary: str | None = None, *, quiet: bool = True) -> CheckedInput:
    """Examine what a plan names. Without systems and recorded translations the rules alone run, and no model.

    Args:
        glossary: a file of terms, TSV or TBX.

    Raises:
        InputError: the input or the glossary cannot be accepted, or the checks know nothing of a language.
        ModelUnavailable: a model cannot be had.
    """
    pair = language_pair(plan.language_pair)
    check_words(pair)
    terms = read_glossary(glossary, pair.source.code, pair.target.code) if glossary else ()
    if plan.systems or plan.reading.translation_columns:
        documents, translations, warnings, failures = _translated(plan, pair, quiet)
    else:
        aligned = align_input(plan, quiet=quiet)
        documents, translations = [(d, _flagged(d, p, pair)) for d, p in aligned.documents], {}
        warnings, failures = aligned.warnings, aligned.failures
    pairs = [each for _, of_document in documents for each in of_document]
    if any(len(each.provided) > 1 for each in pairs):
        warnings = (*warnings, "of several provided texts the first is checked")
    found = find_errors(documents, translations, pair, terms)
    return CheckedInput(pairs, found, warnings, failures)


Paired = list[tuple[Document, Sequence[Pair]]]


def _translated(
    plan: Plan, pair: LanguagePair, quiet: bool
) -> tuple[Paired, dict[str, Sequence[Translation]], tuple[str, ...], tuple[Failure, ...]]:
    """The documents with their pairs, and each system's translation of each pair."""
    intake = open_inputs(plan)
    split_documents = [split(document, plan.pairing, pair) for document in intake.documents]
    lineup, recorded = line_up(split_documents, plan, pair, many=intake.many)
    ready = list(recorded)
    total = sum(len(document.sources) for document in ready) * len(lineup.running)
    with (
        open_memory(plan) as memory,
        progress("Translating", total, quiet=quiet or not total) as advance,
    ):
        scored = score_shard(ready, Tools(plan, pair, lineup, (), memory), advance)
    remaining = iter(scored.pairs)
    documents: Paired = [
        (document, [next(remaining) for _ in range(place.pairs)])
        for document, place in zip(ready, scored.documents, strict=True)
    ]
    aligned: dict[str, list[Pair]] = {}
    for document, pairs in documents:
        if not document.rows:
            aligned.setdefault(document.name, []).extend(pairs)
    known = intake.summary()
    doubts = [(place.name, place.doubts) for place in scored.documents]
    warnings = (*known, *warnings_of(doubts, aligned, pair, known))
    return documents, dict(scored.translations), warnings, tuple(intake.failures)


def _flagged(document: Document, pairs: Sequence[Pair], languages: LanguagePair) -> list[Pair]:
    hidden = () if document.rows else EMPTY_SIDES
    return [
        replace(pair, flags=tuple(dict.fromkeys((*pair.flags, *_but(pair, languages, hidden)))))
        for pair in pairs
    ]


def _but(pair: Pair, languages: LanguagePair, hidden: Sequence[str]) -> list[str]:
    found = suspicions(pair.source, pair.provided, languages)
    return [flag for flag in found if flag not in hidden]
