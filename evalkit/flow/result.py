"""What an evaluation found: three frames, the signatures and the manifest."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalkit.data import ALL_SYSTEMS, PROVIDED, Failure
from evalkit.errors import InputError
from evalkit.files.outputs import refuse_inputs
from evalkit.flow.coverage import Coverage
from evalkit.languages import LanguagePair
from evalkit.metrics.base import MetricCard
from evalkit.plan_paths import files_of_systems
from evalkit.plugins import REPORTS, VIEWS

if TYPE_CHECKING:
    import pandas as pd

# Reports that say what a run found as a whole, and at most show pairs.
SUMMARIES = frozenset({"json", "html", "markdown", "latex"})
FRAMES = ("pairs", "segments", "systems", "comparison", "clusters")

__all__ = ["ALL_SYSTEMS", "PROVIDED", "Evaluation"]


@dataclass(frozen=True, repr=False, eq=False)
class Evaluation:
    """The result of `evalkit.evaluate`. Frames are in the order of the documents and have a default index.

    pairs: one row a pair. Columns ``document, pair`` (1-based over the run)``, status, alignment,
        confidence, source, provided`` (then ``provided_2``... for further references)``, flags`` (names
        separated by spaces)``, id, source_line, provided_line``; before ``flags``, for a metric that needs the
        source alone, ``provided_METRIC``, and with two or more systems ``agreement`` (0-100) and ``triage``.
    segments: one row a pair and system, pairs outermost. The columns of ``pairs`` up to ``provided``,
        then ``system, translation, hypothesis`` ("mt" or "provided": the side that was scored as the
        hypothesis), one column a metric (NaN where the pair is not ``paired``), then the rest of ``pairs``.
        ``flags`` also has those of the translation.
    systems: one row a system, and one for the provided text where a metric scores it. Columns ``system, spec,
        segments`` (pairs scored), and for each metric ``m``: ``m`` (corpus score, never a mean of sentence
        scores under another name), ``m_low``, ``m_high`` (95% bootstrap interval).
    comparison: None, or the paired significance tests, one row a metric and ordered pair of candidates: see
        `evalkit.statistics.significance.Comparison`. ``clusters`` likewise.
    metrics: name -> what reports say of the metric.
    languages: of the source, and of the provided text.
    signatures: ``{"corpus": {metric: signature}, "sentence": {metric: signature}}``; all systems as references
        together have "METRIC:all".
    failures: inputs that could not be read, where there were many.
    in_parts: whether the run was written to a folder part by part. Then ``pairs`` and ``segments`` hold those to look at first,
        all of them only if they are few.
    coverage: of such a run, what all its pairs are; else None.
    manifest: everything needed to repeat the run, as plain JSON types.
    """

    pairs: pd.DataFrame
    segments: pd.DataFrame
    systems: pd.DataFrame
    metrics: Mapping[str, MetricCard]
    hypothesis: str
    languages: LanguagePair
    signatures: Mapping[str, Mapping[str, str]]
    manifest: Mapping[str, Any]
    warnings: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()
    comparison: pd.DataFrame | None = None
    clusters: pd.DataFrame | None = None
    coverage: Coverage | None = None
    in_parts: bool = False

    def __eq__(self, other: object) -> bool:
        """Whether both found the same: pairs, translations, scores, tests. When and where they ran is not compared."""
        if not isinstance(other, Evaluation):
            return NotImplemented
        return self._plain() == other._plain() and all(
            _same(getattr(self, name), getattr(other, name)) for name in FRAMES
        )

    def __hash__(self) -> int:
        return hash((self.hypothesis, self.languages.code, len(self.pairs), len(self.segments)))

    def _plain(self) -> tuple[Any, ...]:
        cards = dict(self.metrics)
        return cards, self.hypothesis, self.languages.code, self.signatures, self.warnings

    def __repr__(self) -> str:
        scores = ", ".join(
            f"{row['system']} " + " ".join(f"{metric} {row[metric]:.2f}" for metric in self.metrics)
            for _, row in self.systems.iterrows()
        )
        count = self.coverage.pairs if self.coverage else len(self.pairs)
        return f"<Evaluation of {count} pairs; {scores}>"

    def write(self, kind: str, path: str | Path, **options: Any) -> None:
        """Write a report of a kind of `evalkit.plugins.REPORTS`.

        Raises:
            InputError: there is no such kind, the file is an input of this run, or not all pairs are in memory.
            EvalkitError: the file cannot be written.
        """
        refuse_inputs(path, self._files())
        if self._is_partial and kind not in SUMMARIES:
            raise InputError(
                f"{kind} is of all pairs, and of a run in parts (out) only those to look at first are in memory: the folder"
                " has the CSV of all"
            )
        REPORTS.load(kind)(self, path, **options)

    @property
    def _is_partial(self) -> bool:
        return self.coverage is not None and self.coverage.pairs > len(self.pairs)

    def _files(self) -> list[str]:
        """The paths of what was read, so far as the manifest has them."""
        plan = self.manifest.get("plan", {})
        read = [str(file["path"]) for file in self.manifest.get("inputs", ())]
        found = [*read, *plan.get("inputs", ()), *files_of_systems(plan.get("systems", ()))]
        return [os.path.join(self.manifest.get("folder", ""), path) for path in found]

    def to_csv(self, path: str | Path, *, wide: bool = False, excel_safe: bool = False) -> None:
        """Write ``segments`` (or with ``wide`` one row a pair) as CSV, or as Parquet by the suffix."""
        self.write("csv", path, wide=wide, excel_safe=excel_safe)

    def to_json(self, path: str | Path) -> None:
        """Write the manifest."""
        self.write("json", path)

    def to_html(self, path: str | Path) -> None:
        """Write the report as one self-contained HTML file."""
        self.write("html", path)

    def to_markdown(self, path: str | Path) -> None:
        """Write the table of systems as Markdown."""
        self.write("markdown", path)

    def to_latex(self, path: str | Path) -> None:
        """Write the table of systems as LaTeX."""
        self.write("latex", path)

    def to_mt_metrics_eval(self, folder: str | Path) -> None:
        """Write ``.seg.score`` and ``.sys.score`` files, named as mt-metrics-eval names them."""
        self.write("mt-metrics-eval", folder)

    def buckets(self, by: str) -> pd.DataFrame:
        """The scores by group of pairs that are ``paired``: one row a group and system.

        Args:
            by: "length" (words of the source), "document", "finding" (a pair with several kinds is in several
                groups), "quality" (the estimate for the provided text) or "frequency" (of words in the references).

        Returns:
            Columns ``group, system, pairs, share`` (of the pairs), and for each metric the mean of the sentence scores. By
            frequency: ``group, system, hypothesis_words, reference_words, precision, recall, f1`` (0 to 1).

        Raises:
            InputError: there is no such grouping, or the run has no findings or no quality estimate.
        """
        from evalkit.flow.buckets import buckets

        return buckets(self, by)

    def plot(self, kind: str = "distribution", metric: str | None = None) -> Any:
        """Draw with matplotlib; ``kind`` is "distribution", "metrics" or "systems". Returns the axes."""
        if self._is_partial:
            raise InputError(
                "a plot is of all pairs, and of a run in parts (out) not all are in memory"
            )
        return VIEWS.load("plot")(self, kind, metric)

    def _repr_html_(self) -> str:
        html: str = VIEWS.load("notebook")(self)
        return html


def leading(metrics: Iterable[str]) -> str:
    """The metric that orders pairs: chrF where there is one, for BLEU is 0 or coarse on a short sentence."""
    names = list(metrics)
    return "chrf" if "chrf" in names else names[0]


def _same(one: pd.DataFrame | None, other: pd.DataFrame | None) -> bool:
    if one is None or other is None:
        return one is other
    return bool(one.equals(other))
