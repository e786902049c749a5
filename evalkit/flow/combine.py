"""Shards into a result. All that needs the whole run is computed here: order, duplicates, intervals, tests."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np

from evalkit.checks.flags import duplicates
from evalkit.data import ALL_SYSTEMS, PROVIDED
from evalkit.flow.scored import Counts, Place, Scored
from evalkit.flow.scoring import (
    Corpus,
    CorpusScore,
    Key,
    Statistics,
    corpus_scores,
    references_of,
)
from evalkit.languages import LanguagePair
from evalkit.metrics.base import CORPUS, REFERENCES, SENTENCE, Metric
from evalkit.plan import Trials
from evalkit.statistics.significance import Comparison, compare_systems

DUPLICATE = "duplicate_source"


@dataclass(frozen=True)
class Combined:
    """A whole run: its shards as one, and what only the whole run tells.

    counted: of the statistics those that count: of pairs that are sure enough. All that follows is of these.
    scores: by candidate and metric. signatures: level -> metric -> signature; that of all systems as references
    together is under "METRIC:all". comparisons: by metric, where several candidates are scored on the same pairs.
    """

    scored: Scored
    counted: Mapping[Key, Statistics]
    scores: Mapping[Key, CorpusScore]
    signatures: Mapping[str, Mapping[str, str]]
    comparisons: Mapping[str, Comparison]


def combine(
    parts: Iterable[Scored],
    metrics: Sequence[Metric],
    hypothesis: str,
    trials: Trials,
    languages: LanguagePair,
    min_confidence: float = 0.0,
) -> Combined:
    """Put shards together; in whatever order they come, the result is the same.

    Args:
        min_confidence: pairs that are less sure have scores of their own, and no part in those of the corpus.
    """
    scored = in_order(list(parts))
    repeated = duplicates([pair.source for pair in scored.pairs])
    scored = with_duplicates(scored, repeated)
    if scored.findings:
        # The checks are many modules, which only a run with findings loads.
        from evalkit.flow.findings import with_inconsistent

        found = with_inconsistent(scored.pairs, scored.findings, languages)
        scored = replace(scored, findings=tuple(found))
    counted = scored.statistics
    if min_confidence:
        confidence = np.array([pair.confidence for pair in scored.pairs])
        counted = {k: sure(one, confidence, min_confidence) for k, one in counted.items()}
    return summarize(scored, counted, metrics, hypothesis, trials)


def summarize(
    scored: Scored,
    counted: Mapping[Key, Statistics],
    metrics: Sequence[Metric],
    hypothesis: str,
    trials: Trials,
) -> Combined:
    """Corpus scores, signatures and tests of the statistics that count, of all pairs of a run."""
    scored_by = {
        (candidate, metric.name): metric
        for metric in metrics
        for candidate in _candidates(counted, metric)
    }
    corpora = {
        key: Corpus.of(metric, counted[key].values)
        for key, metric in scored_by.items()
        if len(counted[key].values)
    }
    # Without a pair there is no score.
    scores = dict.fromkeys(scored_by, CorpusScore(math.nan))
    scores.update(zip(corpora, corpus_scores(list(corpora.values()), trials), strict=True))
    return Combined(
        scored,
        counted,
        scores,
        _signatures(counted, metrics, trials),
        _compare(counted, metrics, hypothesis, trials),
    )


def sure(one: Statistics, confidence: np.ndarray, least: float) -> Statistics:
    """The statistics of the pairs that have this confidence; confidence: (pairs,)."""
    kept = np.flatnonzero(confidence[one.index] >= least)
    judgements = tuple(one.judgements[k] for k in kept) if one.judgements else ()
    return Statistics(one.index[kept], one.values[kept], one.references, judgements)


def in_order(parts: Sequence[Scored]) -> Scored:
    """All documents of the parts in their order: by input, then by their position in it."""
    documents = [place for part in parts for place in part.documents]
    return joined(parts, sorted(range(len(documents)), key=lambda k: _key(documents[k])))


def joined(parts: Sequence[Scored], order: Sequence[int] | None = None) -> Scored:
    """Several parts as one, with their documents one after the other, or in another order."""
    documents = [place for part in parts for place in part.documents]
    begins = list(accumulate((place.pairs for place in documents), initial=0))
    if order is None:
        order = range(len(documents))
    # old: the position that each pair of the result has among those of the parts. new: the reverse.
    old = np.concatenate(
        [np.arange(begins[k], begins[k + 1]) for k in order] or [np.empty(0, dtype=np.int64)]
    )
    new = np.empty_like(old)
    new[old] = np.arange(len(old))
    positions = old.tolist()
    pairs = [pair for part in parts for pair in part.pairs]
    names = dict.fromkeys(name for part in parts for name in part.translations)
    runs = {name: [t for part in parts for t in part.translations[name]] for name in names}
    findings = [found for part in parts for found in part.findings]
    counts: dict[str, Counts] = {}
    seconds: dict[str, float] = {}
    for part in parts:
        for name, count in part.counts.items():
            counts[name] = counts.get(name, Counts()) + count
        for step, spent in part.seconds.items():
            seconds[step] = seconds.get(step, 0.0) + spent
    return Scored(
        documents=tuple(documents[k] for k in order),
        pairs=tuple(pairs[i] for i in positions),
        translations={name: tuple(run[i] for i in positions) for name, run in runs.items()},
        statistics=_joined_statistics(parts, new),
        findings=tuple(findings[i] for i in positions) if findings else (),
        agreement=_joined_numbers([part.agreement for part in parts], old),
        triage=_joined_numbers([part.triage for part in parts], old),
        counts=counts,
        seconds=seconds,
    )


def _key(place: Place) -> tuple[str, int, str]:
    return place.input, place.position, place.name


def _joined_numbers(parts: Sequence[np.ndarray | None], old: np.ndarray) -> np.ndarray | None:
    known = [part for part in parts if part is not None]
    return np.concatenate(known)[old] if known else None


def _joined_statistics(parts: Sequence[Scored], new: np.ndarray) -> dict[Key, Statistics]:
    offsets = list(accumulate((len(part.pairs) for part in parts), initial=0))
    keys = dict.fromkeys(key for part in parts for key in part.statistics)
    found = {}
    for key in keys:
        own = [
            (part.statistics[key], offset)
            for part, offset in zip(parts, offsets, strict=False)
            if key in part.statistics
        ]
        index = np.concatenate([new[one.index + offset] for one, offset in own])
        order = np.argsort(index, kind="stable")
        judgements = [judgement for one, _ in own for judgement in one.judgements]
        found[key] = Statistics(
            index[order],
            np.concatenate([one.values for one, _ in own if len(one.index)] or [own[0][0].values])[
                order
            ],
            references_of(one for one, _ in own),
            tuple(judgements[i] for i in order.tolist()) if judgements else (),
        )
    return found


def with_duplicates(scored: Scored, repeated: Sequence[bool]) -> Scored:
    """The pairs flagged whose source occurs more than once in the run."""
    pairs = tuple(
        replace(pair, flags=(*pair.flags, DUPLICATE)) if again else pair
        for pair, again in zip(scored.pairs, repeated, strict=True)
    )
    return replace(scored, pairs=pairs)


def _candidates(statistics: Mapping[Key, Statistics], metric: Metric) -> list[str]:
    return [candidate for candidate, name in statistics if name == metric.name]


def _signatures(
    statistics: Mapping[Key, Statistics], metrics: Sequence[Metric], trials: Trials
) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {CORPUS: {}, SENTENCE: {}}
    for metric in metrics:
        groups: dict[str, list[Statistics]] = {}
        for candidate in _candidates(statistics, metric):
            name = f"{metric.name}:{ALL_SYSTEMS}" if candidate == ALL_SYSTEMS else metric.name
            groups.setdefault(name, []).append(statistics[candidate, metric.name])
        for name, group in groups.items():
            counts = {one.references for one in group if len(one.index) and one.references} or {1}
            references = counts.pop() if len(counts) == 1 else -1
            resampled = trials.resamples if any(len(one.index) > 1 for one in group) else None
            found[CORPUS][name] = metric.signature(CORPUS, references, resampled, seed=trials.seed)
            found[SENTENCE][name] = metric.signature(SENTENCE, references)
    return found


def _compare(
    statistics: Mapping[Key, Statistics],
    metrics: Sequence[Metric],
    hypothesis: str,
    trials: Trials,
) -> dict[str, Comparison]:
    """Significance tests by metric, where several candidates are scored on the same pairs, at least two."""
    found = {}
    for metric in metrics:
        rivals = {
            candidate: {metric.name: statistics[candidate, metric.name].values}
            for candidate in _candidates(statistics, metric)
            if candidate not in _strangers(metric)
        }
        same_references = hypothesis == "mt" or REFERENCES not in metric.needs
        if same_references and len(rivals) > 1 and min(map(_length, rivals.values())) > 1:
            found[metric.name] = compare_systems(
                [metric],
                rivals,
                bootstrap=trials.resamples,
                randomization=trials.randomizations,
                seed=trials.seed,
            )
    return found


def _strangers(metric: Metric) -> tuple[str, ...]:
    """Candidates that are scored on other grounds than the rest, so that no difference from them means anything."""
    return (ALL_SYSTEMS, PROVIDED) if REFERENCES in metric.optional else (ALL_SYSTEMS,)


def _length(of_metric: Mapping[str, np.ndarray]) -> int:
    return min(len(values) for values in of_metric.values())
