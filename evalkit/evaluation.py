"""What an evaluation found: three frames, the signatures and the manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

# The row that scores the provided English against all systems at once (`--hypothesis provided`).
ALL_SYSTEMS = "all"


@dataclass(frozen=True, repr=False)
class Evaluation:
    """The result of `evalkit.evaluate`. Frames are in input order and have a default index.

    pairs: one row a pair. Columns ``document, pair`` (1-based over the run)``, status, alignment,
        confidence, source, provided`` (then ``provided_2``... for further references)``, flags`` (names
        separated by spaces)``, id, source_line, provided_line``; with two or more systems also
        ``agreement`` (0-100) and ``triage`` before ``flags``.
    segments: one row a pair and system, pairs outermost. The columns of ``pairs`` up to ``provided``,
        then ``system, translation, hypothesis`` ("mt" or "provided": the side that was scored as the
        hypothesis), one column a metric (NaN where the pair is not ``paired``), then the rest of ``pairs``.
        ``flags`` also has those of the translation.
    systems: one row a system. Columns ``system, spec, segments`` (pairs scored), and for each metric
        ``m``: ``m`` (corpus score, never a mean of sentence scores), ``m_low``, ``m_high`` (95% bootstrap
        interval).
    comparison: None, or with two or more systems the paired significance tests, one row a metric and
        ordered pair of systems: ``metric, system, other, difference, p_bootstrap, p_randomization``;
        ``clusters`` then ranks: one row a metric and system, ``metric, system, score, rank, cluster``.
    signatures: ``{"corpus": {metric: signature}, "sentence": {metric: signature}}``.
    manifest: everything needed to repeat the run, as plain JSON types.
    """

    pairs: pd.DataFrame
    segments: pd.DataFrame
    systems: pd.DataFrame
    metrics: tuple[str, ...]
    hypothesis: str
    signatures: Mapping[str, Mapping[str, str]]
    manifest: Mapping[str, Any]
    warnings: tuple[str, ...] = ()
    comparison: pd.DataFrame | None = None
    clusters: pd.DataFrame | None = None

    def __repr__(self) -> str:
        scores = ", ".join(
            f"{row['system']} " + " ".join(f"{metric} {row[metric]:.2f}" for metric in self.metrics)
            for _, row in self.systems.iterrows()
        )
        return f"<Evaluation of {len(self.pairs)} pairs; {scores}>"

    def to_csv(self, path: str | Path, *, wide: bool = False, excel_safe: bool = False) -> None:
        """Write ``segments`` (or with ``wide`` one row a pair) as CSV, or as Parquet by the suffix."""
        from evalkit.report.csv import write_csv

        write_csv(self, path, wide=wide, excel_safe=excel_safe)

    def to_json(self, path: str | Path) -> None:
        """Write the manifest."""
        from evalkit.report.manifest import write_manifest

        write_manifest(self, path)

    def to_html(self, path: str | Path) -> None:
        """Write the report as one self-contained HTML file."""
        from evalkit.report.html import write_html

        write_html(self, path)

    def to_markdown(self, path: str | Path) -> None:
        """Write the table of systems as Markdown."""
        from evalkit.report.summary import write_markdown

        write_markdown(self, path)

    def to_latex(self, path: str | Path) -> None:
        """Write the table of systems as LaTeX."""
        from evalkit.report.summary import write_latex

        write_latex(self, path)

    def to_mt_metrics_eval(self, folder: str | Path) -> None:
        """Write ``.seg.score`` and ``.sys.score`` files, named as mt-metrics-eval names them."""
        from evalkit.report.mt_metrics_eval import write_mt_metrics_eval

        write_mt_metrics_eval(self, folder)

    def plot(self, kind: str = "distribution", metric: str | None = None) -> Any:
        """Draw with matplotlib; ``kind`` is "distribution", "metrics" or "systems". Returns the axes."""
        from evalkit.report.plot import plot

        return plot(self, kind, metric)

    def _repr_html_(self) -> str:
        from evalkit.report.html import notebook_html

        return notebook_html(self)
