"""What can be added to evalkit, and where each thing is found: metrics, systems, readers, reports.

To add one to evalkit itself, write its file and a line in a table below. To add one from outside, give a
package an entry point of the same group and form, ``name = "module:object"``; nothing here is changed. The
modules are imported when they are asked for.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from evalkit.errors import InputError

log = logging.getLogger("evalkit")


@dataclass(frozen=True)
class Group:
    """The things of one kind, by name.

    name: the entry point group. kind: what one of them is called in messages. own: those that come with
    evalkit, as "module:object".
    """

    name: str
    kind: str
    own: Mapping[str, str]

    def names(self) -> list[str]:
        """All names, evalkit's own first."""
        return list(dict.fromkeys([*self.own, *_entries(self.name)]))

    def __contains__(self, name: str) -> bool:
        return name in self.own or name in _entries(self.name)

    def load(self, name: str) -> Any:
        """The object of this name.

        Raises:
            InputError: there is none, or the package that brings it cannot be imported.
        """
        if name in self.own:
            module, _, attribute = self.own[name].partition(":")
            return getattr(importlib.import_module(module), attribute)
        entry = _entries(self.name).get(name)
        if entry is None:
            raise InputError(f"unknown {self.kind} {name!r}; choose from {', '.join(self.names())}")
        try:
            return entry.load()
        except Exception as error:  # whatever a stranger's package raises
            raise InputError(
                f"{self.kind} {name!r} ({entry.value}) cannot be loaded: {error}"
            ) from error

    def added(self) -> Iterator[tuple[str, Any]]:
        """The name and object of each one that another package brings; one that cannot be loaded is a warning."""
        for name in _entries(self.name):
            try:
                yield name, self.load(name)
            except InputError as error:
                log.warning("evalkit: warning: %s", error)


@cache
def _entries(group: str) -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=group)}


#: A function of keyword options that gives a `evalkit.metrics.base.Metric`, a class as a rule.
METRICS = Group(
    "evalkit.metrics",
    "metric",
    {
        "bleu": "evalkit.metrics.bleu:BLEU",
        "chrf": "evalkit.metrics.chrf:CHRF",
        "chrf++": "evalkit.metrics.chrf:chrf_plus_plus",
        "ter": "evalkit.metrics.ter:TER",
        "quality": "evalkit.metrics.quality:Quality",
        "gemba-mqm": "evalkit.metrics.gemba.metric:gemba_mqm",
        "gemba-esa": "evalkit.metrics.gemba.metric:gemba_esa",
    },
)

#: A function of `evalkit.systems.base.Request` that gives a `evalkit.systems.base.System`. KIND:ARGUMENT names one.
SYSTEMS = Group(
    "evalkit.systems",
    "kind of system",
    {
        "builtin": "evalkit.systems.builtin:open_builtin",
        "hf": "evalkit.systems.model:open_model",
        "ct2": "evalkit.systems.ctranslate2_model:open_converted",
        "file": "evalkit.systems.recorded:open_recorded",
        "cmd": "evalkit.systems.command:Command",
        "openai": "evalkit.systems.endpoint:Endpoint",
    },
)

#: A function of (path or loaded file, `evalkit.read.options.Options`) that gives a `evalkit.data.Corpus`. One from outside says in its
#: attribute ``suffixes`` which files it is for.
READERS = Group(
    "evalkit.readers",
    "format",
    {
        "text": "evalkit.read.bilingual:read_bilingual",
        "tsv": "evalkit.read.tables:read_tsv",
        "csv": "evalkit.read.tables:read_csv",
        "psv": "evalkit.read.tables:read_psv",
        "jsonl": "evalkit.read.tables:read_jsonl",
        "json": "evalkit.read.tables:read_json",
        "xlsx": "evalkit.read.tables:read_xlsx",
        "docx": "evalkit.read.docx:read_docx",
        "html": "evalkit.read.html:read_html",
        "markdown": "evalkit.read.markdown:read_markdown",
        "pdf": "evalkit.read.pdf:read_pdf",
        "srt": "evalkit.read.subtitles:read_srt",
        "vtt": "evalkit.read.subtitles:read_vtt",
        "tmx": "evalkit.read.localization:read_tmx",
        "xliff": "evalkit.read.localization:read_xliff",
        "po": "evalkit.read.localization:read_po",
    },
)

#: A function of (`evalkit.flow.result.Evaluation`, path, keyword options) that writes a file.
REPORTS = Group(
    "evalkit.reports",
    "report",
    {
        "csv": "evalkit.report.csv:write_csv",
        "json": "evalkit.report.manifest:write_manifest",
        "html": "evalkit.report.html:write_html",
        "markdown": "evalkit.report.summary:write_markdown",
        "latex": "evalkit.report.summary:write_latex",
        "mt-metrics-eval": "evalkit.report.mt_metrics_eval:write_mt_metrics_eval",
    },
)

#: A function of (path, keyword options) that opens a report which is written part by part: a context that gives a function of the
#: frames ``pairs`` and ``segments`` of consecutive pairs.
STREAMS = Group("evalkit.streams", "stream", {"csv": "evalkit.report.csv:open_csv"})

#: What shows the frames of an `evalkit.flow.result.Evaluation` otherwise: in a notebook, or a row a pair.
VIEWS = Group(
    "evalkit.views",
    "view",
    {
        "notebook": "evalkit.report.html:notebook_html",
        "plot": "evalkit.report.plot:plot",
        "wide": "evalkit.report.csv:wide_frame",
    },
)
