"""Scoring as many lines as there are, a chunk at a time, in memory that hardly grows with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from evalkit.data import Example
from evalkit.errors import InputError
from evalkit.flow.counts import LONGEST_SEARCH, require_equal_counts, slip_note
from evalkit.flow.scoring import (
    Candidate,
    Corpus,
    CorpusScore,
    corpus_scores,
    joined_flags,
    sentence_scores,
    statistics,
    written_details,
)
from evalkit.metrics.base import CORPUS, SENTENCE, Metric
from evalkit.plan import Trials

if TYPE_CHECKING:
    from evalkit.memory import Memory

CHUNK = 4096


@dataclass(frozen=True)
class TextLines:
    """One text a line, which can be gone through more than once.

    ``name`` is for messages, ``total`` (about how many there are) for the progress bar.
    """

    name: str
    open: Callable[[], Iterator[str]]
    total: int | None = None


@dataclass(frozen=True)
class Chunk:
    """Consecutive lines and their sentence scores: metric -> (lines,). ``first`` counts from 1.

    details: further columns of judging metrics, and ``flags``, one text a line.
    """

    first: int
    hypotheses: list[str]
    references: list[tuple[str, ...]]
    scores: dict[str, np.ndarray]
    details: dict[str, list[str]]


@dataclass(frozen=True)
class CorpusResult:
    """The corpus score of one metric, with what to cite."""

    metric: Metric
    score: CorpusScore
    signature: str
    sentence_signature: str


class StreamScorer:
    """Scores lines against parallel references and sources, and sums up what the corpus scores need.

    Args:
        metrics: what to compute.
        trials: trials of the intervals, if any; for these statistics are kept: 40 bytes a line for BLEU, 72 for
            chrF. memory: where judgements are kept.
    """

    def __init__(
        self,
        metrics: Sequence[Metric],
        trials: Trials = Trials(resamples=0),  # noqa: B008 (frozen)
        memory: Memory | None = None,
    ) -> None:
        self.metrics, self.trials, self.memory = metrics, trials, memory
        self.segments = self.references = 0
        self.tokenized = 0  # lines that end in " .", as tokenized text does
        self.slip = ""  # a warning that the lines slip against each other
        self._sums: dict[str, np.ndarray] = {}
        self._kept: dict[str, list[np.ndarray]] = {metric.name: [] for metric in metrics}

    def score(
        self,
        hypotheses: TextLines,
        references: Sequence[TextLines],
        source: TextLines | None = None,
    ) -> Iterator[Chunk]:
        """Go through the lines once.

        Raises:
            InputError: not as many lines in each; raised at the end of the shorter one.
        """
        self.references = len(references)
        parallel = [*references, *([source] if source else [])]
        open_hypotheses = hypotheses.open()
        opened = [lines.open() for lines in parallel]
        while True:
            texts = list(islice(open_hypotheses, CHUNK))
            others = [list(islice(lines, CHUNK)) for lines in opened]
            for lines, read in zip(parallel, others, strict=True):
                if len(read) != len(texts):
                    _refuse(hypotheses, lines)
            if not texts:
                return
            sources = others.pop() if source else [""] * len(texts)
            rows: list[tuple[str, ...]] = [()] * len(texts)
            if others:
                rows = list(zip(*others, strict=True))
                if not self.segments:
                    self.slip = slip_note(texts, others[0], hypotheses.name, references[0].name)
            yield self._chunk(texts, rows, sources)
            self.segments += len(texts)

    def _chunk(self, texts: list[str], rows: list[tuple[str, ...]], sources: list[str]) -> Chunk:
        self.tokenized += sum(text.endswith(" .") for text in texts)
        examples = list(map(Example, texts, rows, sources))
        candidate = Candidate("", np.arange(len(texts)), examples)
        scores: dict[str, np.ndarray] = {}
        details: dict[str, list[str]] = {}
        judged = []
        for metric in self.metrics:
            found = statistics(metric, candidate, self.memory)
            values = found.values
            self._sums[metric.name] = self._sums.get(metric.name, 0) + values.sum(axis=0)
            if self.trials.resamples:
                whole = values.dtype.kind == "i"
                self._kept[metric.name].append(values.astype(np.int32) if whole else values)
            scores[metric.name] = sentence_scores(metric, values)
            details |= written_details(metric, found)
            judged += [found.judgements] if found.judgements else []
        if judged:
            details["flags"] = joined_flags(judged)
        return Chunk(self.segments + 1, texts, rows, scores, details)

    def results(self) -> list[CorpusResult]:
        """The corpus score of each metric over all lines so far."""
        trials, seed = self.trials.resamples, self.trials.seed
        if trials:
            for name, kept in self._kept.items():
                self._kept[name] = [np.concatenate(kept)]
        corpora = [
            Corpus(one, self._sums[one.name], self._kept[one.name][0] if trials else None)
            for one in self.metrics
        ]
        return [
            CorpusResult(
                metric,
                score,
                metric.signature(CORPUS, self.references, trials, seed=seed),
                metric.signature(SENTENCE, self.references),
            )
            for metric, score in zip(self.metrics, corpus_scores(corpora, self.trials), strict=True)
        ]


def _refuse(hypotheses: TextLines, references: TextLines) -> None:
    """Go through both again, now to count them and to see where they part."""
    counts = [sum(1 for _ in lines.open()) for lines in (hypotheses, references)]
    heads = [list(islice(lines.open(), 2 * LONGEST_SEARCH)) for lines in (hypotheses, references)]
    require_equal_counts(heads[0], heads[1], hypotheses.name, references.name, counts)
    raise InputError(f"{hypotheses.name} and {references.name} changed while they were read")
