"""A run: a plan carried out, from the input to an `Evaluation`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from evalkit.data import Corpus, Document, Failure, InputFile
from evalkit.errors import InputError
from evalkit.files.opening import load
from evalkit.flow.combine import Combined, combine
from evalkit.flow.coverage import Coverage
from evalkit.flow.doubts import warnings_of
from evalkit.flow.frames import pair_frames, systems_frame
from evalkit.flow.lineup import Lineup, SystemCard, line_up
from evalkit.flow.manifest import manifest
from evalkit.flow.result import Evaluation
from evalkit.flow.scored import Scored, aligned_confidences
from evalkit.flow.shard import Tools, shards
from evalkit.flow.work import Shard, Work, checks_of, keep_open
from evalkit.flow.workers import run_shards, threads_each
from evalkit.languages import LanguagePair, language_pair
from evalkit.metrics import Metric, MetricCard, metrics_from
from evalkit.pair import split
from evalkit.plan import DEFAULT_METRICS, JUDGE, JUDGED_PAIR, Plan
from evalkit.progress import progress
from evalkit.read import Intake, open_inputs

if TYPE_CHECKING:
    from evalkit.checks.glossary import Term


@dataclass(frozen=True)
class About:
    """What a result says of its run besides its documents."""

    plan: Plan
    cards: Sequence[SystemCard]
    files: Sequence[InputFile]
    warnings: Sequence[str]
    failures: Sequence[Failure] = ()


@dataclass(frozen=True)
class Begun:
    """A run as far as it is the same wherever its shards run: its documents, as they are taken, and what is done with them.

    metrics: opened, as ``work`` names them.
    """

    intake: Intake
    documents: Iterator[Document]
    lineup: Lineup
    work: Work
    metrics: Sequence[Metric]

    def about(self) -> About:
        """Said when all documents were taken."""
        intake = self.intake
        return About(
            self.work.plan,
            self.lineup.cards,
            _files(self.work.plan, intake),
            intake.summary(),
            intake.failures,
        )

    def shards(self) -> Iterator[Shard]:
        for number, documents in enumerate(shards(self.documents)):
            yield Shard(number, documents)


def run(plan: Plan, *, corpus: Corpus | None = None, quiet: bool = True) -> Evaluation:
    """Carry out a plan.

    Args:
        corpus: texts of a Python program, instead of the inputs of the plan. quiet: no progress bars.

    Raises:
        InputError: the input cannot be accepted; of many inputs, none, or one and the plan is ``strict``.
        Unavailable: a model or a test set cannot be had.
    """
    if plan.running.out is not None:
        # What writes and reads parts is for large runs alone.
        from evalkit.flow.in_folder import run_in_folder

        return run_in_folder(plan, corpus=corpus, quiet=quiet)
    begun = begin(plan, corpus, whole=True)
    documents = list(begun.documents)
    begun = replace(begun, documents=iter(documents))
    running = max(1, len(begun.lineup.running))
    total = sum(len(document.sources) for document in documents) * running
    parts = []
    with progress("Translating", total, quiet=quiet) as advance:
        alone = plan.running.jobs == 1
        work = partial(begun.work, advance=advance) if alone else begun.work
        for done in run_shards(work, begun.shards(), plan.running):
            if done.scored is not None:
                parts.append(done.scored)
            if not alone:
                advance(done.sentences * running)
    return evaluation_of(parts, begun.metrics, begun.about())


def begin(plan: Plan, corpus: Corpus | None = None, *, whole: bool = False) -> Begun:
    """Open the inputs, systems and metrics of a plan.

    Args:
        whole: read all documents before any system is opened, so that what is wrong with them is told at once.
    """
    pair = language_pair(plan.language_pair)
    metrics = _metrics(plan, pair, plan.metrics or ())
    intake = open_inputs(plan) if corpus is None else Intake.of(corpus)
    texts: Iterable[Document] = _checked(_split(intake.documents, plan, pair), plan, pair)
    if whole:
        texts = list(texts)
    lineup, documents = line_up(texts, plan, pair, many=intake.many)
    specs = plan.metrics or _usual_metrics(lineup, pair)
    metrics = metrics or _metrics(plan, pair, specs)
    threads = plan.decoding.threads or threads_each(plan.running)
    plan = replace(plan, decoding=replace(plan.decoding, threads=threads))
    terms = _terms(plan, pair)
    # Workers may have another working folder.
    folder = None if plan.running.out is None else os.path.abspath(plan.running.out)
    work = Work(plan, lineup.cards, lineup.specs, tuple(specs), terms, folder)
    keep_open(work, Tools(plan, pair, lineup, metrics, None, checks_of(plan, terms)))
    return Begun(intake, documents, lineup, work, metrics)


def evaluation_of(parts: Iterable[Scored], metrics: Sequence[Metric], about: About) -> Evaluation:
    """The result of scored shards, in whatever order they come."""
    plan, pair = about.plan, language_pair(about.plan.language_pair)
    combined = combine(
        parts, metrics, plan.hypothesis, plan.trials, pair, plan.pairing.min_confidence
    )
    frames = pair_frames(combined.scored, metrics, plan.hypothesis)
    coverage = Coverage.of(*frames, plan.pairing.min_confidence)
    aligned = aligned_confidences(combined.scored)
    return result(combined, frames, coverage, metrics, about, aligned)


def result(
    combined: Combined,
    frames: tuple[pd.DataFrame, pd.DataFrame],
    coverage: Coverage,
    metrics: Sequence[Metric],
    about: About,
    aligned: Mapping[str, Sequence[float]],
    *,
    in_parts: bool = False,
) -> Evaluation:
    """The result of a combined run.

    Args:
        frames: ``pairs`` and ``segments``, of all pairs or those that are kept in memory. coverage: of all pairs.
        aligned: the confidences of the documents that were aligned, see `evalkit.flow.scored.aligned_confidences`.
    """
    plan, pair = about.plan, language_pair(about.plan.language_pair)
    doubts = [(place.name, place.doubts) for place in combined.scored.documents]
    found = warnings_of(doubts, aligned, pair, about.warnings)
    warnings = (*about.warnings, *found)
    comparisons = combined.comparisons.values()
    pairs, segments = frames
    return Evaluation(
        pairs=pairs,
        segments=segments,
        systems=systems_frame(combined, metrics, {card.name: card.spec for card in about.cards}),
        metrics={metric.name: MetricCard.of(metric) for metric in metrics},
        hypothesis=plan.hypothesis,
        languages=pair,
        signatures=combined.signatures,
        warnings=warnings,
        comparison=_together([c.comparison for c in comparisons]),
        clusters=_together([c.clusters for c in comparisons]),
        coverage=coverage if in_parts else None,
        in_parts=in_parts,
        failures=tuple(about.failures),
        manifest={
            **manifest(plan, about.files, warnings, about.cards, combined, coverage),
            "failures": [asdict(failure) for failure in about.failures],
        },
    )


def _terms(plan: Plan, pair: LanguagePair) -> tuple[Term, ...]:
    if plan.glossary is None:
        return ()
    # The checks are many modules, which only a run with findings loads.
    from evalkit.flow.findings import glossary_of

    return glossary_of(plan, pair)


def _files(plan: Plan, intake: Intake) -> Sequence[InputFile]:
    """Every file that was read, the glossary among them."""
    if plan.glossary is None:
        return intake.files
    kind = "tbx" if plan.glossary.lower().endswith(".tbx") else "tsv"
    return [*intake.files, load(plan.glossary, "glossary").described("utf-8", kind)]


def _split(documents: Iterable[Document], plan: Plan, pair: LanguagePair) -> Iterable[Document]:
    return (split(document, plan.pairing, pair) for document in documents)


def _metrics(plan: Plan, pair: LanguagePair, specs: Sequence[str]) -> list[Metric]:
    return metrics_from(specs, plan.metric_options, plan.decoding, pair)


def _usual_metrics(lineup: Lineup, pair: LanguagePair) -> tuple[str, ...]:
    """The metrics of a run that names none. A judge that loads a model joins where one is loaded anyway."""
    judged = pair.code == JUDGED_PAIR and lineup.loads_a_model
    return (*DEFAULT_METRICS, JUDGE) if judged else DEFAULT_METRICS


def _checked(documents: Iterable[Document], plan: Plan, pair: LanguagePair) -> Iterator[Document]:
    """The documents; an error as soon as it is known that they cannot be evaluated."""
    any_source = False
    for document in documents:
        references = max((len(row.provided) for row in document.rows), default=1)
        if plan.hypothesis == "provided" and references > 1:
            raise InputError(
                f"--hypothesis provided scores one provided translation, and {references} were given;"
                " run it once for each"
            )
        any_source = any_source or bool(document.sources)
        yield document
    if not any_source:
        raise InputError(
            f"there is no {pair.source.label} text in the input, so there is nothing to translate"
        )


def _together(frames: Sequence[pd.DataFrame]) -> pd.DataFrame | None:
    return pd.concat(frames, ignore_index=True) if frames else None
