"""Parts on disk into a result, in a memory that holds a few numbers a pair, and the texts of one part at a time.

The figures are those of `evalkit.flow.combine.combine` over all shards at once: the same functions on the same statistics.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evalkit.checks.base import Checked
from evalkit.data import ALL_SYSTEMS
from evalkit.flow.combine import Combined, joined, summarize, sure, with_duplicates
from evalkit.flow.coverage import Coverage
from evalkit.flow.frames import pair_frames
from evalkit.flow.parts import read_figures, read_part
from evalkit.flow.result import leading
from evalkit.flow.scored import Counts, Place, Scored
from evalkit.flow.scoring import Key, Statistics, references_of
from evalkit.languages import LanguagePair, language_pair
from evalkit.metrics import Metric
from evalkit.plan import Plan

if TYPE_CHECKING:
    from evalkit.checks.inconsistent import Consistency

#: Takes the frames ``pairs`` and ``segments`` of consecutive pairs of a run.
Sink = Callable[[pd.DataFrame, pd.DataFrame], object]

# Pairs that a result keeps in memory: those to look at first, of each kind. A page has room for them.
KEPT_WORST, KEPT_OTHERS = 2000, 500
# Pairs whose frames are made at once: a frame costs some ten milliseconds however small it is.
GROUP_PAIRS = 4000
RANKS = ("triage", "error_probability", "confidence")


@dataclass(frozen=True)
class Gathered:
    """A run put together from its parts. Of ``combined.scored`` the pairs are missing; the frames have those to look at first."""

    combined: Combined
    pairs: pd.DataFrame
    segments: pd.DataFrame
    coverage: Coverage
    aligned: Mapping[str, Sequence[float]]


def gather(
    paths: Sequence[Path], metrics: Sequence[Metric], plan: Plan, sinks: Sequence[Sink] = ()
) -> Gathered:
    """Go through the parts twice: for the numbers, then for the texts, which ``sinks`` are given a few parts at a time.

    Args:
        paths: all parts of a run, in their order.

    Raises:
        InputError: one of them is not whole.
    """
    least = plan.pairing.min_confidence
    tally = _tally(paths, metrics, least)
    outline = tally.outline()
    combined = summarize(outline, tally.counted(), metrics, plan.hypothesis, plan.trials)
    kept = tally.kept(metrics)
    repeated = _repeated(tally.joined_keys())
    frames: list[tuple[pd.DataFrame, pd.DataFrame]] = []
    coverage = Coverage(least=least)
    first = 0
    for group in _groups(_with_run(paths, repeated, plan)):
        scored = joined(group)
        made = pair_frames(
            scored, metrics, plan.hypothesis, first=first + 1, references=tally.references
        )
        coverage += Coverage.of(*made, least)
        for sink in sinks:
            sink(*made)
        of_group = kept[first : first + len(scored.pairs)]
        if of_group.any() or not frames:
            frames.append(_chosen(*made, of_group))
        first += len(scored.pairs)
    pairs, segments = (pd.concat([each[k] for each in frames], ignore_index=True) for k in range(2))
    return Gathered(combined, pairs, segments, coverage, tally.aligned)


@dataclass
class _Tally:
    """The numbers of all parts, as they are read."""

    documents: list[Place] = field(default_factory=list)
    systems: tuple[str, ...] = ()
    statistics: dict[Key, list[Statistics]] = field(default_factory=dict)
    keys: list[np.ndarray] = field(default_factory=list)
    scores: dict[str, list[np.ndarray]] = field(default_factory=dict)
    paired: list[np.ndarray] = field(default_factory=list)
    aligned: dict[str, list[float]] = field(default_factory=dict)
    counts: dict[str, Counts] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    references: int = 1

    def outline(self) -> Scored:
        """Everything of the run but its pairs."""
        return Scored(
            tuple(self.documents),
            (),
            dict.fromkeys(self.systems, ()),
            {key: Statistics(np.empty(0, np.int64), np.empty((0, 1))) for key in self.statistics},
            counts=self.counts,
            seconds=self.seconds,
        )

    def counted(self) -> dict[Key, Statistics]:
        """The statistics that count, each of all parts; the parts' own are given up one after the other."""
        found = {}
        for key in list(self.statistics):
            parts = self.statistics[key]
            self.statistics[key] = []
            found[key] = Statistics(
                np.concatenate([part.index for part in parts]),
                np.concatenate([part.values for part in parts]),
                references_of(parts),
            )
        return found

    def joined_keys(self) -> np.ndarray:
        return np.concatenate(self.keys) if self.keys else np.empty((0, 2), np.uint64)

    def kept(self, metrics: Sequence[Metric]) -> np.ndarray:
        """Of all pairs, which stay in memory: a boolean each."""
        joined = {name: np.concatenate(parts) for name, parts in self.scores.items()}
        self.scores.clear()
        paired = np.concatenate(self.paired) if self.paired else np.empty(0, dtype=bool)
        if len(paired) <= KEPT_WORST:
            return np.ones(len(paired), dtype=bool)
        kept = np.zeros(len(paired), dtype=bool)
        name = leading(metric.name for metric in metrics)
        better = next(metric.higher_is_better for metric in metrics if metric.name == name)
        together = f"{name}:{ALL_SYSTEMS}"
        columns = [together] if together in joined else [f"{name}:{s}" for s in self.systems]
        every = np.array([joined[column] for column in columns if column in joined])
        if len(every):
            scored = np.isfinite(every).any(axis=0)
            mean = np.full(len(paired), np.nan)
            mean[scored] = np.nanmean(every[:, scored], axis=0)
            _keep(kept, mean if better else -mean, KEPT_WORST)
        for rank in RANKS:
            if rank in joined:
                sign = 1 if rank == "confidence" else -1
                _keep(kept, np.where(paired, sign * joined[rank], np.nan), KEPT_OTHERS)
        return kept


def _tally(paths: Sequence[Path], metrics: Sequence[Metric], least: float) -> _Tally:
    tally = _Tally()
    name = leading(metric.name for metric in metrics)
    for path in paths:
        found = read_figures(path, RANKS, name)
        tally.systems = found.systems
        tally.documents += found.documents
        tally.keys.append(found.keys)
        tally.paired.append(found.paired)
        tally.references = max(tally.references, found.references)
        for column, values in found.scores.items():
            tally.scores.setdefault(column, []).append(values)
        confidence = found.scores["confidence"]
        for key, one in found.statistics.items():
            counts = one if not least else sure(one, confidence, least)
            index = counts.index.astype(np.int32)
            tally.statistics.setdefault(key, []).append(replace(counts, index=index))
        begin = 0
        for place in found.documents:
            own = slice(begin, begin + place.pairs)
            begin += place.pairs
            if place.aligned:
                of_document = confidence[own][found.paired[own]].tolist()
                tally.aligned.setdefault(place.name, []).extend(of_document)
        for system, counted in found.counts.items():
            tally.counts[system] = tally.counts.get(system, Counts()) + counted
        for step, spent in found.seconds.items():
            tally.seconds[step] = tally.seconds.get(step, 0.0) + spent
    return tally


def _with_run(paths: Sequence[Path], repeated: np.ndarray, plan: Plan) -> Iterator[Scored]:
    """The parts with what only the whole run tells of their pairs."""
    first = 0
    consistency: Consistency | None = None
    pair = language_pair(plan.language_pair)
    if plan.findings or plan.glossary is not None:
        consistency = _consistency(pair)
    for path in paths:
        scored = read_part(path).scored
        own = repeated[first : first + len(scored.pairs)]
        first += len(scored.pairs)
        if consistency is not None:
            from evalkit.flow.findings import examined_text

            seen = [Checked(pair.source, examined_text(pair)) for pair in scored.pairs]
            more = consistency.contradictions(seen)
            findings = tuple(
                replace(each, findings=each.findings + found) if found else each
                for each, found in zip(scored.findings, more, strict=True)
            )
            scored = replace(scored, findings=findings)
        yield with_duplicates(scored, own.tolist())


def _groups(parts: Iterable[Scored]) -> Iterator[list[Scored]]:
    """Consecutive parts with `GROUP_PAIRS` pairs together, or a little more."""
    group: list[Scored] = []
    for scored in parts:
        group.append(scored)
        if sum(len(each.pairs) for each in group) >= GROUP_PAIRS:
            yield group
            group = []
    if group:
        yield group


def _consistency(pair: LanguagePair) -> Consistency:
    # The checks are many modules, which only a run with findings loads.
    from evalkit.checks.evidence import Languages
    from evalkit.checks.inconsistent import Consistency
    from evalkit.flow.findings import check_words

    return Consistency(Languages.of(*check_words(pair)))


def _repeated(keys: np.ndarray) -> np.ndarray:
    """Of each source, given by its key (n, 2), whether it occurs more than once."""
    if not len(keys):
        return np.zeros(0, dtype=bool)
    order = np.lexsort((keys[:, 1], keys[:, 0]))
    ordered = keys[order]
    same = (ordered[1:] == ordered[:-1]).all(axis=1)
    again = np.zeros(len(keys), dtype=bool)
    again[order[1:]] |= same
    again[order[:-1]] |= same
    return again & keys.any(axis=1)


def _keep(kept: np.ndarray, values: np.ndarray, count: int) -> None:
    """Mark the least of some values; among equals the first, as reports take them. NaN is none of them."""
    order = np.argsort(values, kind="stable")
    known = int(np.isfinite(values).sum())
    kept[order[: min(count, known)]] = True


def _chosen(
    pairs: pd.DataFrame, segments: pd.DataFrame, kept: np.ndarray
) -> tuple[pd.DataFrame, pd.DataFrame]:
    numbers = pairs["pair"][kept]
    return pairs[kept], segments[segments["pair"].isin(numbers)]
