"""A batch of rows to scores of each row: what other engines (datasets, Ray, Spark) call for each of their batches."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from evalkit.data import Corpus, Document
from evalkit.errors import InputError
from evalkit.flow.frames import pair_frames
from evalkit.flow.lineup import with_recorded
from evalkit.flow.run import begin
from evalkit.flow.work import Shard, Work, tools_of
from evalkit.languages import language_pair
from evalkit.plan import Plan
from evalkit.plan_files import plan_to_dict
from evalkit.plugins import VIEWS
from evalkit.read.inputs import is_by_line
from evalkit.read.options import Options
from evalkit.read.texts import corpus_of_frame

# What a row has already, or what numbers it in a batch that nobody else knows.
NOT_NEW = frozenset(
    "document pair status alignment confidence source provided id source_line provided_line".split()
)

# What is done with batches of these columns under this plan, by both.
_works: dict[tuple[str, tuple[str, ...]], Work] = {}


def evaluate_rows(
    batch: Mapping[str, Sequence[Any]], plan: Plan | None = None
) -> dict[str, list[Any]]:
    """Scores of rows that are pairs already: one output a row, in their order.

    Systems and metrics are opened once a process. What only a whole run tells (corpus scores, intervals, duplicate sources,
    contradictions between rows) is not there.

    Args:
        batch: column -> one value a row: a list, an array, a Series. The columns are found as those of a table
            (``source``, ``provided`` or ``ru``, ``en``...; ``Plan.reading`` names others).
        plan: what is done; its inputs and reports do not count.

    Returns:
        New columns, as those of the CSV with ``wide``: for each system ``translation:SYSTEM``, ``METRIC:SYSTEM`` and
        ``flags:SYSTEM``; ``provided_METRIC`` and ``flags`` of the provided text; with ``plan.findings`` also ``findings``
        (JSON) and ``error_probability``. A score that there is none of is NaN.

    Raises:
        InputError: columns are missing, or a system has its translations by line.
        ModelUnavailable: a model cannot be had.
    """
    plan = plan or Plan()
    frame = pd.DataFrame({name: list(values) for name, values in batch.items()})
    if not len(frame):
        return {}
    pair = language_pair(plan.language_pair)
    corpus = corpus_of_frame(frame, Options(plan.reading, plan.pairing, pair))
    documents = tuple(corpus.documents)
    work = _work(plan, tuple(frame.columns), documents)
    texts = tuple(with_recorded(documents, [], plan.pairing.presplit))
    done = work(Shard(0, texts))
    assert done.scored is not None
    frames = pair_frames(done.scored, tools_of(work).metrics, plan.hypothesis)
    wide = VIEWS.load("wide")(*frames)
    new = [column for column in wide if column not in NOT_NEW and not _is_reference(column)]
    return {column: wide[column].tolist() for column in new}


def _is_reference(column: str) -> bool:
    return column.removeprefix("provided_").isdigit()


def _work(plan: Plan, columns: tuple[str, ...], documents: tuple[Document, ...]) -> Work:
    """What is done with batches of these columns; it opens the systems and metrics."""
    key = json.dumps(plan_to_dict(plan)), columns
    if key not in _works:
        by_line = next(filter(is_by_line, plan.systems), None)
        if by_line is not None:
            raise InputError(
                f"{by_line} has a translation for each line of a file, and a batch is a part of one: give the"
                " translations as a column"
            )
        _works[key] = begin(plan, Corpus(documents)).work
    return _works[key]
