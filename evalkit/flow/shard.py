"""A shard: some documents that go through all steps together. Whatever runs many of them calls `score_shard`."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np

from evalkit.checks.base import Check, PairFindings
from evalkit.checks.flags import suspicions
from evalkit.data import PAIRED, Document, Pair, Translation
from evalkit.flow.doubts import doubts_of
from evalkit.flow.lineup import Lineup
from evalkit.flow.scored import Counts, Place, Scored
from evalkit.flow.scoring import score_pairs
from evalkit.languages import LanguagePair
from evalkit.memory import Memory
from evalkit.metrics.base import Metric
from evalkit.pair import align
from evalkit.plan import Plan
from evalkit.progress import Advance
from evalkit.statistics.triage import triage
from evalkit.systems import Translations, run_system

# Sentences that a shard has at least: enough to fill the batches of a model.
SENTENCES = 1000
# A side that is empty because nothing corresponds to the other is no fault of an input that was aligned.
EMPTY_SIDES = ("empty_source", "empty_provided")


@dataclass(frozen=True)
class Tools:
    """What a process opens once for all its shards."""

    plan: Plan
    pair: LanguagePair
    lineup: Lineup
    metrics: Sequence[Metric]
    memory: Memory | None = None
    checks: Sequence[Check] = ()


def shards(
    documents: Iterable[Document], sentences: int = SENTENCES
) -> Iterator[tuple[Document, ...]]:
    """The documents in groups that have at least so many source sentences, but for the last."""
    group: list[Document] = []
    count = 0
    for document in documents:
        group.append(document)
        count += len(document.sources)
        if count >= sentences:
            yield tuple(group)
            group, count = [], 0
    if group:
        yield tuple(group)


def score_shard(
    documents: Sequence[Document], tools: Tools, advance: Advance | None = None
) -> Scored:
    """Translate, align and score documents whose paragraphs are split.

    Args:
        documents: as `flow.lineup.line_up` gives them. advance: called with the number of sentences translated.
    """
    clock = _Clock()
    with clock("translate"):
        runs, counts = _translated(documents, tools, advance)
    with clock("align"):
        found = [_aligned(document, tools, runs, k) for k, document in enumerate(documents)]
    pairs = [pair for of_document in found for pair in of_document]
    translations = {
        name: tuple(
            _join(runs[name][k], pair)
            for k, of_document in enumerate(found)
            for pair in of_document
        )
        for name in tools.lineup.names
    }
    with clock("score"):
        statistics = score_pairs(
            pairs, translations, tools.metrics, tools.plan.hypothesis, tools.memory
        )
        agreement, ranks = _triage(pairs, translations)
    with clock("check"):
        findings = _examined(pairs, translations, tools.checks)
    return Scored(
        documents=tuple(
            Place(
                document.name,
                document.input,
                document.position,
                len(found[k]),
                not document.rows,
                doubts_of(document, tools.pair, _bridge(tools, runs, k)),
            )
            for k, document in enumerate(documents)
        ),
        pairs=tuple(pairs),
        translations=translations,
        statistics=statistics,
        findings=tuple(findings),
        agreement=agreement,
        triage=ranks,
        counts=counts,
        seconds=clock.seconds,
    )


def _examined(
    pairs: Sequence[Pair],
    translations: Mapping[str, Sequence[Translation]],
    checks: Sequence[Check],
) -> Sequence[PairFindings]:
    if not checks:
        return ()
    # The checks are many modules, which only a run with findings loads.
    from evalkit.flow.findings import examine_pairs

    return examine_pairs(pairs, translations, checks)


def _translated(
    documents: Sequence[Document], tools: Tools, advance: Advance | None
) -> tuple[dict[str, list[Sequence[Translation]]], dict[str, Counts]]:
    """For each system the translations of each document, and where they came from."""
    runs: dict[str, list[Sequence[Translation]]] = {}
    counts = {}
    sources = [source for document in documents for source in document.sources]
    running = {system.name: system for system in tools.lineup.running}
    for name in tools.lineup.names:
        if name in running:
            found = run_system(running[name], sources, memory=tools.memory, advance=advance)
            runs[name] = list(_parts(found, documents))
            counts[name] = Counts(found.reused, found.computed, found.recorded)
        else:
            runs[name] = [_recorded(document, name) for document in documents]
            counts[name] = Counts(recorded=len(sources))
    return runs, counts


def _parts(found: Translations, documents: Sequence[Document]) -> Iterator[Sequence[Translation]]:
    begin = 0
    for document in documents:
        end = begin + len(document.sources)
        yield found.translations[begin:end]
        begin = end


def _recorded(document: Document, name: str) -> Sequence[Translation]:
    """A document of an input without this column has no translations by it."""
    return document.recorded.get(name) or (Translation("", ("empty_output",)),) * len(
        document.sources
    )


def _aligned(
    document: Document, tools: Tools, runs: Mapping[str, list[Sequence[Translation]]], k: int
) -> list[Pair]:
    """The pairs of a document, with the first system as the bridge, flagged."""
    return [
        flagged(pair, tools.pair, aligned=not document.rows)
        for pair in align(document, tools.pair, _bridge(tools, runs, k))
    ]


def _bridge(tools: Tools, runs: Mapping[str, list[Sequence[Translation]]], k: int) -> Sequence[str]:
    return [translation.text for translation in runs[tools.lineup.names[0]][k]]


def flagged(pair: Pair, languages: LanguagePair, *, aligned: bool) -> Pair:
    """The pair with what looks suspicious in its texts among its flags. aligned: its input did not pair them."""
    found = suspicions(pair.source, pair.provided, languages)
    if aligned:
        found = tuple(flag for flag in found if flag not in EMPTY_SIDES)
    return replace(pair, flags=tuple(dict.fromkeys((*pair.flags, *found)))) if found else pair


def _join(translations: Sequence[Translation], pair: Pair) -> Translation:
    """The translation of a pair: those of its source sentences, in order."""
    parts = [translations[i] for i in pair.source_index]
    if len(parts) == 1:
        return parts[0]
    flags = dict.fromkeys(flag for part in parts for flag in part.flags)
    return Translation(" ".join(part.text for part in parts if part.text), tuple(flags))


def _triage(
    pairs: Sequence[Pair], translations: Mapping[str, Sequence[Translation]]
) -> tuple[np.ndarray | None, np.ndarray | None]:
    """Agreement of the systems and triage, (pairs,) each; None with one system."""
    if len(translations) < 2:
        return None, None
    agreement, ranks = np.full(len(pairs), np.nan), np.full(len(pairs), np.nan)
    paired = [i for i, pair in enumerate(pairs) if pair.status == PAIRED]
    if paired:
        texts = {name: [run[i].text for i in paired] for name, run in translations.items()}
        provided = [next(text for text in pairs[i].provided if text) for i in paired]
        agreement[paired], ranks[paired] = triage(texts, provided)
    return agreement, ranks


class _Clock:
    """Wall-clock seconds of the named steps."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, step: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.seconds[step] = self.seconds.get(step, 0.0) + time.perf_counter() - began
