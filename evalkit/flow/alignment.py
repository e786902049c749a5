"""The alignment of an input alone, without scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from evalkit.data import PAIRED, Document, Doubts, Failure, Pair
from evalkit.flow.doubts import doubts_of, warnings_of
from evalkit.flow.lineup import line_up
from evalkit.flow.processes import in_blocks
from evalkit.languages import language_pair
from evalkit.memory import open_memory
from evalkit.pair import align, split
from evalkit.plan import Plan
from evalkit.progress import progress
from evalkit.read import open_inputs
from evalkit.systems import run_system


@dataclass(frozen=True)
class AlignedInput:
    """The documents of an input, split, each with its pairs; and what the user should know."""

    documents: Sequence[tuple[Document, Sequence[Pair]]]
    warnings: tuple[str, ...]
    failures: tuple[Failure, ...] = ()


def align_input(plan: Plan, *, quiet: bool = True, processes: int = 1) -> AlignedInput:
    """Read, split and align what a plan names, with its first system, if it has one, as the bridge.

    Args:
        processes: how many look for what is doubtful; see `evalkit.flow.processes.in_blocks`.

    Raises:
        InputError: the input cannot be accepted. ModelUnavailable: the model cannot be had.
    """
    pair = language_pair(plan.language_pair)
    intake = open_inputs(plan)
    documents = [split(document, plan.pairing, pair) for document in intake.documents]
    bridges = _bridges(documents, plan, intake.many, quiet)
    found = [
        (document, align(document, pair, bridge))
        for document, bridge in zip(documents, bridges, strict=True)
    ]
    aligned: dict[str, list[float]] = {}
    for document, pairs in found:
        if not document.rows:
            sure = [pair.confidence for pair in pairs if pair.status == PAIRED]
            aligned.setdefault(document.name, []).extend(sure)

    def doubtful(begin: int, end: int) -> list[tuple[str, Doubts]]:
        chosen = zip(documents[begin:end], bridges[begin:end], strict=True)
        return [(document.name, doubts_of(document, pair, bridge)) for document, bridge in chosen]

    doubts = in_blocks(doubtful, len(documents), processes, block=1)
    known = intake.summary()
    warnings = (*known, *warnings_of(doubts, aligned, pair, known))
    return AlignedInput(found, warnings, tuple(intake.failures))


def _bridges(
    documents: Sequence[Document], plan: Plan, many: bool, quiet: bool
) -> Sequence[Sequence[str] | None]:
    """A translation of each document, None without a system; rows are pairs already and need none."""
    if not plan.systems or all(document.rows for document in documents):
        return [None] * len(documents)
    first = replace(plan, systems=plan.systems[:1])
    lineup, recorded = line_up(documents, first, language_pair(plan.language_pair), many=many)
    name = lineup.names[-1]
    if not lineup.running:
        return [[t.text for t in document.recorded[name]] for document in recorded]
    sources = [source for document in documents for source in document.sources]
    with (
        open_memory(plan) as memory,
        progress("Translating", len(sources), quiet=quiet) as advance,
    ):
        texts = iter(run_system(lineup.running[0], sources, memory=memory, advance=advance).texts)
    return [[next(texts) for _ in document.sources] for document in documents]
