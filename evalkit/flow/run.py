"""A run: a plan carried out, from the input to an `Evaluation`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

import pandas as pd

from evalkit.checks.base import Check
from evalkit.data import Corpus, Document, Failure, InputFile
from evalkit.errors import InputError
from evalkit.files.opening import load
from evalkit.flow.combine import combine
from evalkit.flow.doubts import warnings_of
from evalkit.flow.frames import pair_frames, systems_frame
from evalkit.flow.lineup import Lineup, SystemCard, line_up
from evalkit.flow.manifest import manifest
from evalkit.flow.result import Evaluation
from evalkit.flow.scored import Scored, aligned_pairs
from evalkit.flow.shard import Tools, score_shard, shards
from evalkit.languages import LanguagePair, language_pair
from evalkit.memory import open_memory
from evalkit.metrics import Metric, MetricCard, metrics_from
from evalkit.pair import split
from evalkit.plan import DEFAULT_METRICS, JUDGE, JUDGED_PAIR, Plan
from evalkit.progress import progress
from evalkit.read import Intake, open_inputs


@dataclass(frozen=True)
class About:
    """What a result says of its run besides its documents."""

    plan: Plan
    cards: Sequence[SystemCard]
    files: Sequence[InputFile]
    warnings: Sequence[str]
    failures: Sequence[Failure] = ()


def run(plan: Plan, *, corpus: Corpus | None = None, quiet: bool = True) -> Evaluation:
    """Carry out a plan.

    Args:
        corpus: texts of a Python program, instead of the inputs of the plan. quiet: no progress bars.

    Raises:
        InputError: the input cannot be accepted; of many inputs, none, or one and the plan is ``strict``.
        Unavailable: a model or a test set cannot be had.
    """
    pair = language_pair(plan.language_pair)
    metrics = _metrics(plan, pair, plan.metrics or ())
    intake = open_inputs(plan) if corpus is None else Intake.of(corpus)
    texts = list(_split(intake.documents, plan, pair))
    _check(texts, plan, pair)
    lineup, documents = line_up(texts, plan, pair, many=intake.many)
    checks = _open_checks(plan, pair) if plan.findings or plan.glossary else ()
    metrics = metrics or _metrics(plan, pair, _usual_metrics(lineup, pair))
    total = sum(len(text.sources) for text in texts) * max(1, len(lineup.running))
    with open_memory(plan) as memory, progress("Translating", total, quiet=quiet) as advance:
        tools = Tools(plan, pair, lineup, metrics, memory, checks)
        parts = [score_shard(shard, tools, advance) for shard in list(shards(documents))]
    about = About(plan, lineup.cards, _files(plan, intake), intake.summary(), intake.failures)
    return evaluation_of(parts, metrics, about)


def evaluation_of(parts: Iterable[Scored], metrics: Sequence[Metric], about: About) -> Evaluation:
    """The result of scored shards, in whatever order they come."""
    plan, pair = about.plan, language_pair(about.plan.language_pair)
    combined = combine(
        parts, metrics, plan.hypothesis, plan.trials, pair, plan.pairing.min_confidence
    )
    scored = combined.scored
    doubts = [(place.name, place.doubts) for place in scored.documents]
    found = warnings_of(doubts, aligned_pairs(scored), pair, about.warnings)
    warnings = (*about.warnings, *found)
    pairs, segments = pair_frames(combined, metrics, plan.hypothesis)
    comparisons = combined.comparisons.values()
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
        failures=tuple(about.failures),
        manifest={
            **manifest(plan, about.files, warnings, about.cards, combined, pairs, segments),
            "failures": [asdict(failure) for failure in about.failures],
        },
    )


def _open_checks(plan: Plan, pair: LanguagePair) -> Sequence[Check]:
    # The checks are many modules, which only a run with findings loads.
    from evalkit.flow.findings import glossary_of, open_checks

    return open_checks(pair, glossary_of(plan, pair))


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


def _check(documents: Sequence[Document], plan: Plan, pair: LanguagePair) -> None:
    references = max((len(row.provided) for d in documents for row in d.rows), default=1)
    if plan.hypothesis == "provided" and references > 1:
        raise InputError(
            f"--hypothesis provided scores one provided translation, and {references} were given;"
            " run it once for each"
        )
    if not any(document.sources for document in documents):
        raise InputError(
            f"there is no {pair.source.label} text in the input, so there is nothing to translate"
        )


def _together(frames: Sequence[pd.DataFrame]) -> pd.DataFrame | None:
    return pd.concat(frames, ignore_index=True) if frames else None
