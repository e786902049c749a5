"""The steps alone, on lists of texts: score, compare, align, translate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np

from evalkit.data import Document, Example, Pair, Segment, Translation
from evalkit.errors import InputError
from evalkit.files.lines import writable
from evalkit.flow.counts import require_equal_counts
from evalkit.flow.scoring import (
    Candidate,
    Corpus,
    corpus_scores,
    joined_flags,
    sentence_scores,
    statistics,
    written_details,
)
from evalkit.languages import language_pair as pair_of
from evalkit.memory import Memory
from evalkit.metrics.base import CORPUS, REFERENCES, SENTENCE, SOURCE, Metric, MetricCard
from evalkit.metrics.registry import metrics_from
from evalkit.pair import align as align_document
from evalkit.pair.sentences import split_sentences
from evalkit.plan import (
    DEFAULT_METRICS,
    RANDOMIZATIONS,
    RESAMPLES,
    SEED,
    Decoding,
    MetricOptions,
    Trials,
)
from evalkit.statistics.significance import Comparison, compare_systems
from evalkit.statistics.triage import agreement
from evalkit.systems import System, open_system, run_system

if TYPE_CHECKING:
    import pandas as pd

# One text a segment, or for each segment a list of texts (None: absent).
ReferenceTexts = Sequence[str] | Sequence[Sequence[str | None]]


@dataclass(frozen=True, eq=False)
class Scores:
    """Scores of one system.

    segments: one row a segment: ``segment`` (from 1), ``hypothesis``, ``reference`` (``reference_2``...), then a
        column a metric, and ``flags`` where models judged.
    corpus: metric -> corpus score. intervals: metric -> (mean, low, high), empty if not asked for.
    signatures: {"corpus": {metric: signature}, "sentence": {metric: signature}}.
    """

    segments: pd.DataFrame
    corpus: Mapping[str, float]
    intervals: Mapping[str, tuple[float, float, float]]
    signatures: Mapping[str, Mapping[str, str]]


def score(
    hypotheses: Sequence[str],
    references: ReferenceTexts | None = None,
    metrics: Sequence[str] = DEFAULT_METRICS,
    options: MetricOptions | None = None,
    *,
    source: Sequence[str] | None = None,
    decoding: Decoding | None = None,
    resamples: int = 0,
    seed: int | None = SEED,
    memory: Memory | None = None,
) -> Scores:
    """Score hypotheses, sentence by sentence and as a corpus.

    Args:
        hypotheses: one text a segment.
        references: one text a segment, or a list of texts for each segment (None: absent).
        metrics: names of `evalkit.plugins.METRICS`; ``options`` are theirs.
        source: one text a segment, for metrics that need it. decoding: how models of metrics run.
        resamples: bootstrap trials of the 95% intervals; 0 for none.
        memory: where the judgements of models are kept; None for nowhere.

    Raises:
        InputError: not as many hypotheses as references; unknown metrics or options; a text where a list is
            wanted; a metric that needs what was not given.
    """
    import pandas as pd

    chosen = metrics_from(metrics, options, decoding)
    per_segment = _checked(chosen, {"hypotheses": hypotheses}, references, source)
    columns: dict[str, Any] = {"segment": np.arange(1, len(hypotheses) + 1)}
    columns["hypothesis"] = _shown(hypotheses)
    if references is not None:
        texts = reference_columns(per_segment)
        columns |= {name: _shown(column) for name, column in texts.items()}
    corpora: list[Corpus] = []
    judged = []
    signatures: dict[str, dict[str, str]] = {CORPUS: {}, SENTENCE: {}}
    trials = Trials(resamples, 0, seed)
    candidate = _candidate("hypotheses", hypotheses, per_segment, source)
    for metric in chosen:
        found = statistics(metric, candidate, memory)
        columns[metric.name] = sentence_scores(metric, found.values)
        columns |= written_details(metric, found)
        judged += [found.judgements] if found.judgements else []
        corpora.append(Corpus.of(metric, found.values))
        for level, drawn in ((CORPUS, resamples), (SENTENCE, 0)):
            signature = metric.signature(level, found.references, drawn, seed=seed)
            signatures[level][metric.name] = signature
    if judged:
        columns["flags"] = joined_flags(judged)
    whole = {
        metric.name: score
        for metric, score in zip(chosen, corpus_scores(corpora, trials), strict=True)
    }
    corpus = {name: found.score for name, found in whole.items()}
    intervals = {name: (found.mean, found.low, found.high) for name, found in whole.items()}
    return Scores(pd.DataFrame(columns), corpus, intervals if resamples else {}, signatures)


def _shown(texts: Sequence[str | None]) -> list[str | None]:
    """Texts for a frame: lone surrogates, which pandas' texts cannot hold, become U+FFFD. They are scored as they are."""
    return [None if text is None else writable(text)[0] for text in texts]


def _with_shown_names(systems: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    names = [writable(str(name))[0] for name in systems]
    if len(set(names)) < len(names):
        raise InputError(f"two systems would have the same name: {', '.join(names)}")
    return dict(zip(names, systems.values(), strict=True))


@dataclass(frozen=True, eq=False)
class Ranking(Comparison):
    """`Comparison`, with what reports say of each metric (``metrics``), the ``signatures`` of the corpus
    scores, and the ``agreement`` of the systems on each segment, (n,) 0 to 100."""

    metrics: Mapping[str, MetricCard]
    signatures: Mapping[str, str]
    agreement: np.ndarray


def compare(
    systems: Mapping[str, Sequence[str]],
    references: ReferenceTexts | None = None,
    metrics: Sequence[str] = DEFAULT_METRICS,
    options: MetricOptions | None = None,
    *,
    source: Sequence[str] | None = None,
    decoding: Decoding | None = None,
    baseline: str | None = None,
    bootstrap: int = RESAMPLES,
    randomization: int = RANDOMIZATIONS,
    seed: int | None = SEED,
    memory: Memory | None = None,
) -> Ranking:
    """Rank systems by corpus score, and test their differences.

    Args:
        systems: name -> one text a segment.
        references, metrics, options, source, decoding, memory: as for `score`; references are prepared once for all systems.
        baseline, bootstrap, randomization, seed: as for `compare_systems`.

    Raises:
        InputError: as `score`; or fewer than two systems.
    """
    chosen = metrics_from(metrics, options, decoding)
    systems = _with_shown_names(systems)
    per_segment = _checked(chosen, systems, references, source)
    values: dict[str, dict[str, np.ndarray]] = {name: {} for name in systems}
    signatures = {}
    for metric in chosen:
        for name, texts in systems.items():
            candidate = _candidate(name, texts, per_segment, source)
            found = statistics(metric, candidate, memory)
            values[name][metric.name] = found.values
        signatures[metric.name] = metric.signature(
            CORPUS, found.references, bootstrap, randomization, seed
        )
    baseline = None if baseline is None else writable(baseline)[0]
    tested = compare_systems(chosen, values, baseline, bootstrap, randomization, seed)
    cards = {metric.name: MetricCard.of(metric) for metric in chosen}
    return Ranking(
        **vars(tested), metrics=cards, signatures=signatures, agreement=agreement(systems)
    )


def align(
    source: Sequence[str] | str,
    provided: Sequence[str] | str,
    *,
    bridge: Sequence[str] | None = None,
    language_pair: str = "ru-en",
) -> list[Pair]:
    """Pair the sentences of two texts.

    Args:
        source, provided: sentences in order; or each one text, which is split into sentences.
        bridge: a translation of every source sentence; without one, names, numbers and lengths are compared.

    Raises:
        InputError: not as many translations as source sentences.
    """
    pair = pair_of(language_pair)
    if isinstance(source, str):
        source = split_sentences(source, pair.source)
    if isinstance(provided, str):
        provided = split_sentences(provided, pair.target)
    if bridge is not None and (isinstance(bridge, str) or len(bridge) != len(source)):
        raise InputError(
            f"the bridge must have a translation for each of {len(source)} source sentences"
        )
    sides = [
        tuple(Segment(text, paragraph=k) for k, text in enumerate(texts))
        for texts in (source, provided)
    ]
    return align_document(Document("", sides[0], sides[1]), pair, bridge)


def translate(
    source: Sequence[str],
    system: str | System = "builtin",
    *,
    language_pair: str = "ru-en",
    decoding: Decoding = Decoding(),  # noqa: B008 (frozen)
    memory: str | PathLike[str] | bool = True,
) -> list[Translation]:
    """Translate texts with one system, which is open or named as on the command line.

    ``memory`` is True for the user's own, False for none, or a path.

    Raises:
        InputError: a text where a list is wanted. ModelUnavailable: the model cannot be had.
    """
    if isinstance(source, str):
        raise InputError("the source is a text; give a list of texts")
    opened = (
        open_system(system, decoding, pair_of(language_pair)) if isinstance(system, str) else system
    )
    if memory is False:
        return list(run_system(opened, source))
    with Memory(None if memory is True else memory) as kept:
        return list(run_system(opened, source, memory=kept))


def reference_columns(references: Sequence[Sequence[str | None]]) -> dict[str, list[str | None]]:
    """``reference``, ``reference_2``...: one column for each reference a segment may have."""
    columns = {}
    for k in range(max(map(len, references), default=1)):
        name = "reference" if k == 0 else f"reference_{k + 1}"
        columns[name] = [texts[k] if k < len(texts) else None for texts in references]
    return columns


def _checked(
    metrics: Sequence[Metric],
    systems: Mapping[str, Sequence[str]],
    references: ReferenceTexts | None,
    source: Sequence[str] | None,
) -> list[tuple[str | None, ...]]:
    """The references of each segment, once it is sure that all is there and of one length."""
    first = next(iter(systems.values()), ())
    for name, texts in (*systems.items(), ("references", references), ("source", source)):
        if isinstance(texts, str):
            raise InputError(f"{name} is a text; give a list of texts, one a segment")
    for metric in metrics:
        for need, given in ((REFERENCES, references), (SOURCE, source)):
            if need in metric.needs and given is None:
                raise InputError(f"{metric.label} needs {need}, which was not given")
    if references is None:
        per_segment: list[tuple[str | None, ...]] = [()] * len(first)
    else:
        per_segment = [(t,) if isinstance(t, str) else tuple(t) for t in references]
    for name, texts in systems.items():
        if references is not None:
            require_equal_counts(texts, [segment[0] for segment in per_segment], name)
        elif len(texts) != len(first):
            raise InputError(f"{name} has {len(texts)} texts, another system {len(first)}")
    if source is not None and len(source) != len(first):
        raise InputError(f"source has {len(source)} texts for {len(first)} hypotheses")
    return per_segment


def _candidate(
    name: str,
    texts: Sequence[str],
    references: Sequence[tuple[str | None, ...]],
    source: Sequence[str] | None,
) -> Candidate:
    sources = [""] * len(texts) if source is None else source
    present = [tuple(text for text in segment if text is not None) for segment in references]
    examples = list(map(Example, texts, present, sources))
    return Candidate(name, np.arange(len(texts)), examples)
