"""The one pipeline of scores: examples -> statistics -> sentence scores; statistics -> corpus score and interval."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from evalkit.data import ALL_SYSTEMS, PAIRED, PROVIDED, Example, Pair, Translation
from evalkit.metrics.base import (
    REFERENCES,
    SENTENCE,
    Judgement,
    JudgingMetric,
    Metric,
    clipped,
    statistics_of,
)
from evalkit.metrics.ngrams.prepared import reference_count
from evalkit.plan import Trials
from evalkit.statistics.resampling import bootstrap_intervals

if TYPE_CHECKING:
    from evalkit.memory import Memory

# Examples that are judged, and then kept, at a time.
JUDGED_AT_ONCE = 512


#: A candidate and a metric, by name.
Key = tuple[str, str]


@dataclass(frozen=True)
class Statistics:
    """The statistics of a candidate under a metric.

    index: (n,) positions of the pairs that were scored. values: (n, k). references: how many each had, as
    sacreBLEU counts them (-1: that varies). judgements: of a judging metric, one a pair scored.
    """

    index: np.ndarray
    values: np.ndarray
    references: int = 1
    judgements: tuple[Judgement, ...] = ()


def references_of(parts: Iterable[Statistics]) -> int:
    """How many references the pairs of several statistics have: -1 if that varies, 1 if there are no pairs."""
    counts = {part.references for part in parts if len(part.index)}
    return counts.pop() if len(counts) == 1 else -1 if counts else 1


@dataclass(frozen=True)
class Candidate:
    """Something that is scored: its name, the positions (n,) of the pairs it has a text for, and its examples."""

    name: str
    index: np.ndarray
    examples: Sequence[Example]


@dataclass(frozen=True)
class CorpusScore:
    """A corpus score, and the mean and ends of its 95% bootstrap interval (NaN where there is none)."""

    score: float
    mean: float = math.nan
    low: float = math.nan
    high: float = math.nan


def score_pairs(
    pairs: Sequence[Pair],
    translations: Mapping[str, Sequence[Translation]],
    metrics: Sequence[Metric],
    hypothesis: str,
    memory: Memory | None = None,
) -> dict[Key, Statistics]:
    """Statistics of every paired pair, for every candidate and metric.

    A metric that needs references scores the translations against the provided texts, or with
    ``hypothesis="provided"`` the reverse, and then also the provided text against all translations as multiple
    references (`ALL_SYSTEMS`). Another one scores each translation, and the provided text (`PROVIDED`), which has
    no reference; with ``hypothesis="mt"`` a translation has those of the pair, for a metric that reads them too.
    """
    paired = [i for i, pair in enumerate(pairs) if pair.status == PAIRED]
    texts = {name: [run[i].text for i in paired] for name, run in translations.items()}
    index = np.array(paired, dtype=np.int64)
    scored = [pairs[i] for i in paired]
    compared = _compared(index, scored, texts, hypothesis)
    alone = _alone(index, scored, texts)
    with_references = [*compared, *(c for c in alone if c.name == PROVIDED)]

    def candidates(metric: Metric) -> list[Candidate]:
        if REFERENCES in metric.needs:
            return compared
        return with_references if REFERENCES in metric.optional and hypothesis == "mt" else alone

    return {
        (candidate.name, metric.name): statistics(metric, candidate, memory)
        for metric in metrics
        for candidate in candidates(metric)
    }


def statistics(metric: Metric, candidate: Candidate, memory: Memory | None = None) -> Statistics:
    """The statistics of a candidate; judgements are taken from the memory where it has them."""
    references = reference_count([example.references for example in candidate.examples])
    if isinstance(metric, JudgingMetric):
        judgements = judge(metric, candidate.examples, memory)
        values = statistics_of(judgements)
        return Statistics(candidate.index, values, references, tuple(judgements))
    return Statistics(candidate.index, metric.statistics(candidate.examples), references)


def judge(
    metric: JudgingMetric, examples: Sequence[Example], memory: Memory | None = None
) -> list[Judgement]:
    """One judgement an example; each distinct example is judged once, and those in the memory not again."""
    distinct = list(dict.fromkeys(examples))
    known: dict[Example, Judgement] = {}
    if memory is not None:
        kept = memory.get_judgements(metric.fingerprint, distinct)
        known = {example: judgement_from_text(text) for example, text in kept.items()}
    missing = [example for example in distinct if example not in known]
    for begin in range(0, len(missing), JUDGED_AT_ONCE):
        batch = missing[begin : begin + JUDGED_AT_ONCE]
        made = metric.judge(batch)
        known |= zip(batch, made, strict=True)
        if memory is not None:
            rows = [
                (example, judgement_text(found)) for example, found in zip(batch, made, strict=True)
            ]
            memory.put_judgements(metric.fingerprint, rows)
    return [known[example] for example in examples]


def sentence_scores(metric: Metric, statistics: np.ndarray) -> np.ndarray:
    """The score of each example: (n, k) -> (n,)."""
    scores: np.ndarray = clipped(metric, metric.scores(statistics, SENTENCE))
    return scores


def written_details(metric: Metric, statistics: Statistics) -> dict[str, list[str]]:
    """The columns of details that a judging metric has, as JSON, "" where there is none: one text an example."""
    if not isinstance(metric, JudgingMetric):
        return {}
    return {
        column: [
            json.dumps(judgement.details[detail], ensure_ascii=False)
            if detail in judgement.details
            else ""
            for judgement in statistics.judgements
        ]
        for detail, column in metric.detail_columns.items()
    }


def joined_flags(judged: Sequence[Sequence[Judgement]]) -> list[str]:
    """The flags of several metrics' judgements of the same examples, each once, separated by spaces."""
    return [
        " ".join(dict.fromkeys(flag for judgement in row for flag in judgement.flags))
        for row in zip(*judged, strict=True)
    ]


@dataclass(frozen=True)
class Corpus:
    """What a corpus score is made of: a metric, the sum (k,) of statistics, and those of each example, (n, k), for an interval."""

    metric: Metric
    sums: np.ndarray
    statistics: np.ndarray | None = None

    @classmethod
    def of(cls, metric: Metric, statistics: np.ndarray) -> Corpus:
        return cls(metric, statistics.sum(axis=0), statistics)


def corpus_scores(several: Sequence[Corpus], trials: Trials) -> list[CorpusScore]:
    """The score of each, with its interval where the statistics of at least two examples are given."""
    scores = [float(clipped(one.metric, one.metric.scores(one.sums))) for one in several]
    resampled = {
        k: (one.metric, one.statistics)
        for k, one in enumerate(several)
        if trials.resamples
        and one.statistics is not None
        and len(one.statistics) > 1
        and not math.isnan(scores[k])
    }
    found = bootstrap_intervals(list(resampled.values()), trials.resamples, trials.seed)
    intervals = dict(zip(resampled, found, strict=True))
    return [CorpusScore(score, *intervals.get(k, ())) for k, score in enumerate(scores)]


def _compared(
    index: np.ndarray, pairs: Sequence[Pair], texts: Mapping[str, Sequence[str]], hypothesis: str
) -> list[Candidate]:
    """The candidates of a metric that needs references."""
    provided = [tuple(text for text in pair.provided if text) for pair in pairs]
    sources = [pair.source for pair in pairs]
    if hypothesis == "mt":
        return [
            Candidate(name, index, list(map(Example, run, provided, sources)))
            for name, run in texts.items()
        ]
    references = {name: [(text,) if text else () for text in run] for name, run in texts.items()}
    if len(texts) > 1:
        references[ALL_SYSTEMS] = [
            tuple(text for text in row if text) for row in zip(*texts.values(), strict=True)
        ]
    found = []
    for name, rows in references.items():
        # An empty translation is no reference: such a pair has no score for this system.
        usable = [k for k, row in enumerate(rows) if row]
        examples = [Example(provided[k][0], rows[k], sources[k]) for k in usable]
        found.append(Candidate(name, index[usable], examples))
    return found


def _alone(
    index: np.ndarray, pairs: Sequence[Pair], texts: Mapping[str, Sequence[str]]
) -> list[Candidate]:
    """The candidates of a metric that needs the source alone."""
    every = {name: list(run) for name, run in texts.items()}
    every[PROVIDED] = [next((t for t in pair.provided if t), "") for pair in pairs]
    return [
        Candidate(
            name,
            index,
            [Example(text, (), pair.source) for text, pair in zip(run, pairs, strict=True)],
        )
        for name, run in every.items()
    ]


def judgement_text(judgement: Judgement) -> str:
    score = None if math.isnan(judgement.score) else judgement.score
    return json.dumps([score, judgement.flags, judgement.details], ensure_ascii=False)


def judgement_from_text(text: str) -> Judgement:
    score, flags, details = json.loads(text)
    return Judgement(math.nan if score is None else score, tuple(flags), details)
