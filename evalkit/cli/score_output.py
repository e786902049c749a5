"""What `evalkit score` prints and writes."""

from __future__ import annotations

import csv
import json
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from evalkit.files import write_atomically
from evalkit.report.visible import visible

if TYPE_CHECKING:
    from evalkit.score import Metric
    from evalkit.score.stream import Chunk, CorpusResult

PIPED_WIDTH = 80
LEAST_TEXT = 10


class SentenceTable:
    """The table of sentences, one line each, as wide as the terminal (80 columns when piped).

    ``lines`` are collected, since nothing may be printed of files that turn out not to be parallel.
    """

    def __init__(self, metrics: Sequence[Metric], decimals: int) -> None:
        self.metrics, self.decimals = metrics, decimals
        self.columns = [max(len(m.label), 4 + decimals) for m in metrics]
        labels = [f"{m.label:>{w}}" for m, w in zip(metrics, self.columns, strict=True)]
        self.lines = ["  ".join(["segment", *labels, "translation"])]
        terminal = shutil.get_terminal_size().columns if sys.stdout.isatty() else PIPED_WIDTH
        self.room = max(LEAST_TEXT, terminal - 9 - sum(w + 2 for w in self.columns))

    def add(self, chunk: Chunk) -> None:
        """Add the rows of a chunk."""
        columns = [chunk.scores[metric.name].tolist() for metric in self.metrics]
        for number, text in enumerate(chunk.hypotheses):
            cells = [
                f"{column[number]:>{width}.{self.decimals}f}"
                for column, width in zip(columns, self.columns, strict=True)
            ]
            self.lines.append(
                "  ".join([f"{chunk.first + number:>7}", *cells, _shortened(text, self.room)])
            )


def _shortened(text: str, room: int) -> str:
    text = visible(text)
    if text.isascii():
        return text if len(text) <= room else text[: room - 3] + "..."
    from rich.cells import cell_len, set_cell_size

    return text if cell_len(text) <= room else set_cell_size(text, room - 3).rstrip() + "..."


def corpus_lines(results: Sequence[CorpusResult], segments: int, decimals: int) -> Iterator[str]:
    """The corpus scores, their intervals, and the signatures of corpus and sentence scores."""
    yield f"corpus, {segments:,} segments"
    for result in results:
        line = f"{result.label} = {result.score:.{decimals}f}"
        if result.interval:
            mean, low, high = (f"{value:.{decimals}f}" for value in result.interval)
            half = f"{(result.interval[2] - result.interval[1]) / 2:.{decimals}f}"
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
    """One row a sentence, RFC 4180 and UTF-8, scores in full precision.

    Columns: ``segment`` (from 1), ``hypothesis``, ``reference`` (``reference_2``...), one for each metric.
    """
    further = [f"reference_{k}" for k in range(2, references + 1)]
    names = [metric.name for metric in metrics]
    with write_atomically(path) as stream:
        writer = csv.writer(stream)
        writer.writerow(["segment", "hypothesis", "reference", *further, *names])
        for chunk in chunks:
            scores = [chunk.scores[name].tolist() for name in names]
            numbers = range(chunk.first, chunk.first + len(chunk.hypotheses))
            others = zip(*chunk.references, strict=True)
            writer.writerows(zip(numbers, chunk.hypotheses, *others, *scores, strict=True))


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
            "metric": result.metric,
            "name": result.label,
            "score": result.score,
            "signature": result.signature,
            "sentence_signature": result.sentence_signature,
        }
        if result.interval:
            entry |= dict(zip(("mean", "low", "high"), result.interval, strict=True))
        scores.append(entry)
    manifest = {
        "evalkit": __version__,
        "hypothesis": hypothesis,
        "references": list(references),
        "segments": segments,
        "scores": scores,
    }
    with write_atomically(path) as stream:
        stream.write(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
