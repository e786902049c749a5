"""Score files as mt-metrics-eval reads them, to set the scores beside other metrics and human judgements."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from evalkit.data import PAIRED, PROVIDED
from evalkit.errors import EvalkitError
from evalkit.files.writing import write_atomically
from evalkit.metrics.base import REFERENCES
from evalkit.report.contents import provided_columns

if TYPE_CHECKING:
    from evalkit.flow.result import Evaluation


def write_mt_metrics_eval(evaluation: Evaluation, folder: str | Path) -> None:
    """Write ``METRIC-REFERENCE.seg.score`` and ``METRIC-REFERENCE.sys.score`` into ``folder``.

    A line is ``system<TAB>score``; the lines of a system follow the input, and pairs without a score
    are left out (the format has no mark for them). ``REFERENCE`` is ``refA`` for the provided English,
    ``refA.refB`` for two of them, and ``src`` for a metric that needs no reference, which scores the provided
    English as well, as the system ``provided``. With ``hypothesis="provided"`` there is a file for each system,
    which is then the reference, and the scored system is called ``provided``. Scores are as
    sacreBLEU gives them, so that less TER is better.

    Raises:
        EvalkitError: the folder or a file cannot be written.
    """
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EvalkitError(f"cannot write {folder}: {error.strerror or error}") from error
    for reference, metrics, systems in _files(evaluation):
        for metric in metrics:
            stem = f"{evaluation.metrics[metric].label}-{reference}"
            sentences = (
                (name, score)
                for system, name in systems.items()
                for score in _sentence_scores(evaluation, system, metric)
            )
            corpus = evaluation.systems.set_index("system")[metric].dropna()
            _write(folder / f"{stem}.seg.score", sentences)
            _write(
                folder / f"{stem}.sys.score",
                ((name, corpus[system]) for system, name in systems.items() if system in corpus),
            )


def _files(evaluation: Evaluation) -> Iterator[tuple[str, list[str], dict[str, str]]]:
    """For each set of references, its name, the metrics that need it, and the systems scored against it: name -> name
    in the file."""
    cards = evaluation.metrics.items()
    candidates = evaluation.systems["system"]
    if alone := [name for name, card in cards if REFERENCES not in card.needs]:
        yield "src", alone, _distinct(candidates, r"\s")
    compared = [name for name, card in cards if REFERENCES in card.needs]
    if not compared:
        return
    names = _distinct(candidates[candidates != PROVIDED], r"\s")
    if evaluation.hypothesis == "mt":
        count = len(provided_columns(evaluation.pairs.columns))
        yield ".".join(f"ref{chr(ord('A') + k)}" for k in range(count)), compared, names
        return
    # The name of a reference ends where a dash or a dot begins.
    for system, reference in _distinct(names, r"\W").items():
        yield reference, compared, {system: PROVIDED}


def _sentence_scores(evaluation: Evaluation, system: str, metric: str) -> Iterable[float]:
    """The scores of the pairs that have one, in their order."""
    frame, column = evaluation.segments, metric
    if system == PROVIDED:
        frame, column = evaluation.pairs, f"{PROVIDED}_{metric}"
    else:
        frame = frame[frame["system"] == system]
    scores: Iterable[float] = frame.loc[frame["status"] == PAIRED, column].dropna()
    return scores


def _distinct(names: Iterable[str], forbidden: str) -> dict[str, str]:
    """Names with what the format forbids replaced by "_", and still different from each other."""
    found: dict[str, str] = {}
    for name in names:
        safe = re.sub(forbidden, "_", name) or "_"
        while safe in found.values():
            safe += "_"
        found[name] = safe
    return found


def _write(path: Path, rows: Iterable[tuple[str, float]]) -> None:
    with write_atomically(path) as stream:
        for name, score in rows:
            stream.write(f"{name}\t{float(score)!r}\n")
