"""A run whose parts are written to a folder as they are finished, and put together from there.

Whatever computed them (this process, several, a cluster, other machines with a share each), the parts are the same, and so is
what is put together from them. A run that was killed goes on from those that are whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from evalkit.data import Corpus
from evalkit.errors import EvalkitError, InputError
from evalkit.files.parquet import require_pyarrow
from evalkit.flow.gather import Sink, gather
from evalkit.flow.parts import part_path, part_paths
from evalkit.flow.result import Evaluation
from evalkit.flow.run import About, Begun, begin, result
from evalkit.flow.shares import (
    Share,
    read_share,
    require_same_work,
    require_whole_run,
    share_paths,
    write_share,
)
from evalkit.flow.work import Shard
from evalkit.flow.workers import run_shards
from evalkit.interruption import kept
from evalkit.languages import language_pair
from evalkit.metrics import metrics_from
from evalkit.plan import Plan, Reporting, Running, share_of
from evalkit.plugins import REPORTS, STREAMS
from evalkit.progress import progress
from evalkit.read.inputs import is_by_line

# What a whole run leaves beside its parts.
TABLE, MANIFEST = "scores.csv", "run.json"


@dataclass(frozen=True)
class ShareDone:
    """A share that is finished: how many parts it has, how many of them were there before, and how many the whole run has."""

    folder: Path
    share: Share
    own: int
    reused: int


def run_in_folder(plan: Plan, *, corpus: Corpus | None = None, quiet: bool = True) -> Evaluation:
    """Carry out a plan that has `Running.out`, and write its CSV and manifest beside its parts.

    The frames of the result hold the pairs to look at first; `Evaluation.coverage` counts all of them.

    Raises:
        InputError: as `evalkit.flow.run.run`; or the folder has parts of another plan. EvalkitError: a worker was lost.
    """
    if plan.running.shard is not None:
        raise InputError(
            "a share of a run has no result of its own: put the shares together with merge"
        )
    done = run_share(plan, corpus=corpus, quiet=quiet)
    expected = {part_path(done.folder, number) for number in range(done.share.parts)}
    stale = [path for path in part_paths(done.folder) if path not in expected]
    # Parts of an input that has grown shorter since, and what shares of the same run said of themselves before.
    stale += [path for path in share_paths(done.folder) if path.name != done.share.name]
    for path in stale:
        path.unlink()
    return merge([done.folder], plan=plan, out=done.folder)


def run_share(plan: Plan, *, corpus: Corpus | None = None, quiet: bool = True) -> ShareDone:
    """Compute the parts of a plan's share (all of them, if it names none) that are not there yet.

    Raises:
        InputError, EvalkitError: as `run_in_folder`.
    """
    require_pyarrow("a run in parts")
    folder = _folder(plan.running)
    number, shares = share_of(plan.running.shard)
    if plan.running.cluster is not None or plan.running.shard is not None:
        # Parts remember; SQLite on a file system that machines share is not safe.
        if plan.memory is not None:
            raise InputError(
                "a cluster and shares use no memory: their parts remember; leave --memory out"
            )
        plan = replace(plan, use_memory=False)
    # Whether there are as many recorded lines as sentences is known when all were read.
    begun = begin(plan, corpus, whole=any(map(is_by_line, plan.systems)))
    share = Share(number, shares, begun.work.digest, plan, begun.work.metrics, begun.lineup.cards)
    require_same_work(folder, begun.work)
    write_share(folder, share)
    own = reused = 0
    counted = _Counted(begun, share)
    alone = plan.running.jobs == 1 and plan.running.cluster is None
    # Alone, each batch of a system is told, so that the bar moves within a part; else each part, in inputs where they are counted.
    total = begun.intake.count if begun.intake.many and not alone else None
    with progress("Scoring", total, quiet=quiet) as advance:
        work = partial(begun.work, advance=advance) if alone else begun.work
        for done in run_shards(work, counted, plan.running):
            own, reused = own + 1, reused + done.reused
            if not done.reused:
                kept(1, "parts")
            if done.reused or not alone or not begun.lineup.running:
                advance(done.inputs if total else done.sentences)
    about = begun.about()
    share = replace(
        share,
        finished=True,
        parts=counted.total,
        files=tuple(about.files),
        warnings=tuple(about.warnings),
        failures=tuple(about.failures),
    )
    write_share(folder, share)
    return ShareDone(folder, share, own, reused)


def plan_of(folders: Sequence[str | Path]) -> Plan:
    """The plan of the run whose shares lie in some folders, as the first of them has it.

    Raises:
        InputError: the first folder has none.
    """
    return read_share(_shares(Path(folders[0]))[0]).plan


def merge(
    folders: Sequence[str | Path], *, plan: Plan | None = None, out: str | Path | None = None
) -> Evaluation:
    """Put the parts of a run together that lie in some folders, in whatever order these are named.

    Args:
        plan: whose trials and reports are used; None uses those of the run. out: a folder for its CSV and manifest.

    Raises:
        InputError: parts are missing, there twice, of another plan, or damaged.
    """
    require_pyarrow("a run in parts")
    shares = [(path, read_share(path)) for folder in folders for path in _shares(Path(folder))]
    paths = require_whole_run(shares)
    first = shares[0][1]
    used = plan or replace(first.plan, reporting=Reporting(), running=Running())
    if out is not None:
        _make(Path(out))
    pair = language_pair(used.language_pair)
    metrics = metrics_from(first.metrics, used.metric_options, used.decoding, pair)
    about = About(used, first.cards, first.files, first.warnings, first.failures)
    with ExitStack() as stack:
        sinks: list[Sink] = []
        if out is not None:
            sinks.append(stack.enter_context(STREAMS.load("csv")(Path(out) / TABLE)))
        if "csv" in used.reporting.reports:
            stream = STREAMS.load("csv")(
                used.reporting.reports["csv"],
                wide=used.reporting.wide,
                excel_safe=used.reporting.excel_safe,
            )
            sinks.append(stack.enter_context(stream))
        found = gather(paths, metrics, used, sinks)
    frames = found.pairs, found.segments
    evaluation = result(
        found.combined, frames, found.coverage, metrics, about, found.aligned, in_parts=True
    )
    if out is not None:
        REPORTS.load("json")(evaluation, Path(out) / MANIFEST)
    return evaluation


class _Counted:
    """The shards of a share, as they are asked for; ``total`` counts those of the whole run."""

    def __init__(self, begun: Begun, share: Share) -> None:
        self._begun, self._share = begun, share
        self.total = 0

    def __iter__(self) -> Iterator[Shard]:
        for shard in self._begun.shards():
            self.total += 1
            if self._share.has(shard.number):
                yield shard


def _folder(running: Running) -> Path:
    folder = Path(str(running.out)).absolute()
    _make(folder)
    return folder


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EvalkitError(f"cannot write to {folder}: {error.strerror}") from error


def _shares(folder: Path) -> list[Path]:
    paths = share_paths(folder)
    if not paths:
        raise InputError(f"{folder} holds no parts of a run: there is no share-I-of-N.json in it")
    return paths
