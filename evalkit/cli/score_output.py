"""What `evalkit score` prints and writes."""

from __future__ import annotations

import csv
import json
import math
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from evalkit.files.lines import writable
from evalkit.files.writing import write_atomically
from evalkit.metrics.base import MetricCard
from evalkit.report.printable import printable

if TYPE_CHECKING:
    from evalkit.flow.stream import Chunk, CorpusResult
    from evalkit.metrics import Metric

PIPED_WIDTH = 80
LEAST_TEXT = 10


class SentenceTable:
    """The table of sentences, one line each, as wide as the terminal (80 columns when piped).

    ``lines`` are collected, since nothing may be printed of files that turn out not to be parallel.
    """

    def __init__(self, metrics: Sequence[Metric], decimals: int | None) -> None:
        self.metrics = metrics
        self.decimals = [shown_decimals(MetricCard.of(m), decimals) for m in metrics]
        widths = zip(metrics, self.decimals, strict=True)
        self.columns = [max(len(m.label), 4 + decimals) for m, decimals in widths]
        labels = [f"{m.label:>{w}}" for m, w in zip(metrics, self.columns, strict=True)]
        self.lines = ["  ".join(["segment", *labels, "translation"])]
        terminal = shutil.get_terminal_size().columns if sys.stdout.isatty() else PIPED_WIDTH
        self.room = max(LEAST_TEXT, terminal - 9 - sum(w + 2 for w in self.columns))

    def add(self, chunk: Chunk) -> None:
        """Add the rows of a chunk."""
        columns = [chunk.scores[metric.name].tolist() for metric in self.metrics]
        for number, text in enumerate(chunk.hypotheses):
            cells = [
                f"{column[number]:>{width}.{decimals}f}"
                for column, width, decimals in zip(
                    columns, self.columns, self.decimals, strict=True
                )
            ]
            self.lines.append(
                "  ".join([f"{chunk.first + number:>7}", *cells, _shortened(text, self.room)])
            )


def shown_decimals(card: MetricCard, wanted: int | None) -> int:
    """Decimals of a score: those wanted, or one more than reports give a sentence."""
    return card.decimals + 1 if wanted is None else wanted


def _shortened(text: str, room: int) -> str:
    text = printable(text)
    if text.isascii():
        return text if len(text) <= room else text[: room - 3] + "..."
    from rich.cells import cell_len, set_cell_size

    return text if cell_len(text) <= room else set_cell_size(text, room - 3).rstrip() + "..."


def corpus_lines(
    results: Sequence[CorpusResult], segments: int, wanted: int | None
) -> Iterator[str]:
    """The corpus scores, their intervals, and the signatures of corpus and sentence scores."""
    yield f"corpus, {segments:,} segments"
    for result in results:
        found, decimals = result.score, shown_decimals(MetricCard.of(result.metric), wanted)
        line = f"{result.metric.label} = {found.score:.{decimals}f}"
        if not math.isnan(found.mean):
            mean, low, high = (
                f"{value:.{decimals}f}" for value in (found.mean, found.low, found.high)
            )
            half = f"{(found.high - found.low) / 2:.{decimals}f}"
            line += f" (μ = {mean} ± {half}, 95% interval {low} to {high})"
        yield line
        yield from signature_lines(result.signature)
        if result.sentence_signature != _without_trials(result.signature):
            yield from signature_lines(result.sentence_signature, "sentences: ")


def signature_lines(signature: str, before: str = "") -> Iterator[str]:
    """A signature, indented, broken between its parts where it is wider than 80 columns."""
    line = "  " + before
    for part in signature.split("|"):
        if len(line) + len(part) + 1 > PIPED_WIDTH:
            yield line
            line = "    "
        line += part + "|"
    yield line.removesuffix("|")


def _without_trials(signature: str) -> str:
    parts = signature.split("|")
    return "|".join(part for part in parts if part.partition(":")[0] not in {"bs", "seed"})


def write_csv(
    chunks: Iterable[Chunk], path: str, metrics: Sequence[Metric], references: int
) -> None:
    """One row a sentence, RFC 4180 and UTF-8, scores in full precision, empty where there is none.

    Columns: ``segment`` (from 1), ``hypothesis``, ``reference`` (``reference_2``...), one for each metric, and what
    models say beside their scores.
    """
    names = ["reference", *(f"reference_{k}" for k in range(2, references + 1))][:references]
    scored = [metric.name for metric in metrics]
    with write_atomically(path) as stream:
        writer = csv.writer(stream)
        header: list[str] | None = None
        for chunk in chunks:
            if header is None:
                header = ["segment", "hypothesis", *names, *scored, *chunk.details]
                writer.writerow(header)
            scores = [_cells(chunk.scores[name].tolist()) for name in scored]
            numbers = range(chunk.first, chunk.first + len(chunk.hypotheses))
            others = zip(*chunk.references, strict=True)
            details = chunk.details.values()
            writer.writerows(
                zip(numbers, chunk.hypotheses, *others, *scores, *details, strict=True)
            )


def _cells(scores: Iterable[float]) -> list[float | str]:
    return ["" if math.isnan(score) else score for score in scores]


def write_json(
    results: Sequence[CorpusResult],
    path: str,
    hypothesis: str,
    references: Sequence[str],
    segments: int,
) -> None:
    """Corpus scores, intervals and signatures, with what was scored."""
    from evalkit import __version__

    scores = []
    for result in results:
        entry = {
            "metric": result.metric.name,
            "name": result.metric.label,
            "score": None if math.isnan(result.score.score) else result.score.score,
            "signature": result.signature,
            "sentence_signature": result.sentence_signature,
        }
        if not math.isnan(result.score.mean):
            entry |= {end: getattr(result.score, end) for end in ("mean", "low", "high")}
        scores.append(entry)
    manifest = {
        "evalkit": __version__,
        "hypothesis": writable(hypothesis)[0],
        "references": [writable(reference)[0] for reference in references],
        "segments": segments,
        "scores": scores,
    }
    with write_atomically(path) as stream:
        stream.write(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
