"""Findings of an input: read, aligned and examined, with the translations at hand, without scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evalkit.checks.base import PairFindings
from evalkit.data import Failure, Pair, Translation
from evalkit.flow.alignment import align_input
from evalkit.flow.doubts import warnings_of
from evalkit.flow.findings import check_words, find_errors, glossary_of
from evalkit.flow.lineup import line_up
from evalkit.flow.processes import cores, in_blocks
from evalkit.flow.scored import aligned_confidences
from evalkit.flow.shard import Tools, flagged, score_shard
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


def check_input(plan: Plan, *, quiet: bool = True) -> CheckedInput:
    """Examine what a plan names. Without systems and recorded translations the rules alone run, and no model.

    Raises:
        InputError: the input or the glossary cannot be accepted, or the checks know nothing of a language.
        ModelUnavailable: a model cannot be had.
    """
    pair = language_pair(plan.language_pair)
    check_words(pair)
    terms = glossary_of(plan, pair)
    if plan.systems or plan.reading.translation_columns:
        pairs, translations, warnings, failures = _translated(plan, pair, quiet)
    else:
        aligned = align_input(plan, quiet=quiet, processes=cores())
        found = [
            (each, not document.rows) for document, pairs in aligned.documents for each in pairs
        ]

        def flags(begin: int, end: int) -> list[Pair]:
            return [flagged(each, pair, aligned=was) for each, was in found[begin:end]]

        pairs = in_blocks(flags, len(found), cores())
        translations, warnings, failures = {}, aligned.warnings, aligned.failures
    if any(len(each.provided) > 1 for each in pairs):
        warnings = (*warnings, "of several provided texts the first is checked")
    errors = find_errors(pairs, translations, pair, terms, processes=cores())
    return CheckedInput(pairs, errors, warnings, failures)


def _translated(
    plan: Plan, pair: LanguagePair, quiet: bool
) -> tuple[
    Sequence[Pair],
    Mapping[str, Sequence[Translation]],
    tuple[str, ...],
    tuple[Failure, ...],
]:
    """The pairs of all documents, and each system's translation of each pair."""
    intake = open_inputs(plan)
    split_documents = [split(document, plan.pairing, pair) for document in intake.documents]
    lineup, recorded = line_up(split_documents, plan, pair, many=intake.many)
    documents = list(recorded)
    total = sum(len(document.sources) for document in documents) * len(lineup.running)
    with (
        open_memory(plan) as memory,
        progress("Translating", total, quiet=quiet or not total) as advance,
    ):
        scored = score_shard(documents, Tools(plan, pair, lineup, (), memory), advance)
    known = intake.summary()
    doubts = [(place.name, place.doubts) for place in scored.documents]
    warnings = (*known, *warnings_of(doubts, aligned_confidences(scored), pair, known))
    return scored.pairs, scored.translations, warnings, tuple(intake.failures)
