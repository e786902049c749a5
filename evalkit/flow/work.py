"""What a process does with a shard: any process, here or on another machine, from the same plan."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalkit import __version__
from evalkit.data import Document
from evalkit.errors import EvalkitError, InputError
from evalkit.flow.lineup import Lineup, SystemCard
from evalkit.flow.parts import PartNote, part_path, read_note, write_part
from evalkit.flow.scored import Scored
from evalkit.flow.shard import Tools, score_shard
from evalkit.languages import language_pair
from evalkit.memory import open_memory
from evalkit.metrics import metrics_from
from evalkit.plan import Plan
from evalkit.plan_files import plan_to_dict
from evalkit.progress import Advance
from evalkit.systems import open_systems

if TYPE_CHECKING:
    from evalkit.checks.base import Check
    from evalkit.checks.glossary import Term

# Options that change neither what is computed from a text nor which texts there are: where it runs, what is written, what is
# drawn at random when all is put together.
WITHOUT_EFFECT = ("strict", "memory", "use_memory", "trials", "reporting", "running")
SPEED = ("device", "batch_tokens", "threads", "timeout", "requests")
# How the texts are named; they themselves are compared.
NAMES = ("inputs", "from_list", "test_set", "source", "provided", "glossary")


@dataclass(frozen=True)
class Shard:
    """Some documents, and the number of their part, from 0."""

    number: int
    documents: tuple[Document, ...]


@dataclass(frozen=True)
class Done:
    """A shard that is finished.

    sentences, inputs: how many it had. reused: its part was there. scored: what came out, if it was not written.
    """

    number: int
    sentences: int
    inputs: int
    reused: bool = False
    scored: Scored | None = None


@dataclass(frozen=True)
class Work:
    """What is done with every shard of a run; it can be sent to another process.

    cards: of all systems. running: specifications of those that translate, the others were recorded. metrics: specifications.
    terms: of the plan's glossary, which need not be where other processes run. folder: where parts are written; None gives back
    what was scored.
    """

    plan: Plan
    cards: tuple[SystemCard, ...]
    running: tuple[str, ...]
    metrics: tuple[str, ...]
    terms: tuple[Term, ...] = ()
    folder: str | None = None
    version: str = __version__

    @property
    def digest(self) -> str:
        """Of all that a part depends on besides the texts."""
        systems = [(card.name, dict(card.fingerprint)) for card in self.cards]
        terms = [(term.source, term.translations) for term in self.terms]
        parts = [self.version, work_options(self.plan), self.metrics, systems, terms]
        return _digest(json.dumps(parts))

    def __call__(self, shard: Shard, advance: Advance | None = None) -> Done:
        """Score a shard; a part of it that is whole already is left as it is.

        Raises:
            EvalkitError: another version of evalkit runs here, a system failed, or the part cannot be written.
        """
        if self.version != __version__:
            raise EvalkitError(
                f"a worker has evalkit {__version__}, and the run was begun with {self.version}: install the same"
            )
        sentences = sum(len(document.sources) for document in shard.documents)
        inputs = len({document.input for document in shard.documents})
        done = Done(shard.number, sentences, inputs)
        if self.folder is None:
            return replace(done, scored=self._scored(shard, advance))
        note = PartNote(shard.number, self.digest, _digest(repr(shard.documents)))
        if _is_there(Path(self.folder), note):
            return replace(done, reused=True)
        scored = self._scored(shard, advance)
        write_part(Path(self.folder), note, scored, tools_of(self).metrics)
        return done

    def _scored(self, shard: Shard, advance: Advance | None) -> Scored:
        tools = tools_of(self)
        with open_memory(self.plan) as memory:
            return score_shard(shard.documents, replace(tools, memory=memory), advance)


# What this process has opened, by the digest of the work: loading a model takes longer than many a shard.
_opened: dict[str, Tools] = {}


def keep_open(work: Work, tools: Tools) -> None:
    """Have what was opened already be used for this work in this process."""
    _opened.clear()
    _opened[work.digest] = tools


def tools_of(work: Work) -> Tools:
    """What is opened for a work in this process."""
    digest = work.digest
    if digest not in _opened:
        pair = language_pair(work.plan.language_pair)
        running = open_systems(work.running, work.plan.decoding, pair)
        plan = work.plan
        metrics = metrics_from(work.metrics, plan.metric_options, plan.decoding, pair)
        lineup = Lineup(work.cards, tuple(running), work.running)
        keep_open(work, Tools(plan, pair, lineup, metrics, None, checks_of(plan, work.terms)))
    return _opened[digest]


def checks_of(plan: Plan, terms: Sequence[Term] = ()) -> Sequence[Check]:
    """The checks of a plan that asks for findings, or has a glossary."""
    if not plan.findings and plan.glossary is None:
        return ()
    # The checks are many modules, which only a run with findings loads.
    from evalkit.flow.findings import open_checks

    return open_checks(language_pair(plan.language_pair), terms)


def _is_there(folder: Path, note: PartNote) -> bool:
    path = part_path(folder, note.number)
    if not path.exists():
        return False
    try:
        return read_note(path) == note
    except InputError:
        return False


def work_options(plan: Plan) -> dict[str, Any]:
    """The options of a plan that parts depend on, as plain types."""
    options = plan_to_dict(plan)
    kept = {n: v for n, v in options.items() if n not in (*WITHOUT_EFFECT, *NAMES)}
    return {**kept, "decoding": _without(options["decoding"], SPEED)}


def _without(options: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name not in names}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
