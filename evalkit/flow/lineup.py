"""The systems of a run: which there are, in which order, and what was recorded of them before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from evalkit.data import Document, Translation
from evalkit.errors import InputError
from evalkit.languages import LanguagePair
from evalkit.plan import Plan
from evalkit.systems import Recorded, System, open_systems, require_names
from evalkit.systems.recorded import RecordedTable, recorded_translation

DEFAULT_SYSTEM = "builtin"


@dataclass(frozen=True)
class SystemCard:
    """What reports and the manifest say of a system; see `evalkit.systems.base.System`."""

    name: str
    spec: str
    note: str
    recorded: bool
    fingerprint: Mapping[str, str]

    @staticmethod
    def of(system: System) -> SystemCard:
        return SystemCard(
            system.name, system.spec, system.note, system.recorded, dict(system.fingerprint)
        )


@dataclass(frozen=True)
class Lineup:
    """The systems of a run, in their order.

    running: those that translate, opened. specs: their specifications, from which another process opens them.
    """

    cards: tuple[SystemCard, ...]
    running: tuple[System, ...]
    specs: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(card.name for card in self.cards)

    @property
    def loads_a_model(self) -> bool:
        """Whether some system is a model that runs in this process."""
        return any(card.fingerprint.get("kind") == "model" for card in self.cards)


def line_up(
    documents: Iterable[Document], plan: Plan, pair: LanguagePair, *, many: bool = False
) -> tuple[Lineup, Iterator[Document]]:
    """The systems recorded in the documents themselves, then those of the plan; `builtin` if there are none.

    Args:
        many: the documents are of many inputs.

    Returns:
        The systems, and the documents with all recorded translations in `Document.recorded`.

    Raises:
        InputError: a system cannot be opened, or has translations by line, and the inputs are many.
    """
    documents = iter(documents)
    first = next(documents, None)
    own = list(first.rows[0].recorded) if first is not None and first.rows else []
    specs = plan.systems or (() if own else (DEFAULT_SYSTEM,))
    systems = open_systems(specs, plan.decoding, pair)
    columns = [SystemCard(name, f"column:{name}", "", True, {"kind": "recorded"}) for name in own]
    require_names(
        [(card.name, card.spec) for card in columns] + [(s.name, s.spec) for s in systems]
    )
    lineup = Lineup(
        (*columns, *(SystemCard.of(system) for system in systems)),
        tuple(system for system in systems if not system.recorded),
        tuple(spec for spec, s in zip(specs, systems, strict=True) if not s.recorded),
    )
    by_line = next((system for system in systems if isinstance(system, Recorded)), None)
    if many and by_line is not None:
        raise InputError(
            f"{by_line.spec} has a translation for each line of one input, and there are many inputs: give a table"
            " (.tsv, .csv, .jsonl) with a source and a translation column"
        )
    everything = chain([] if first is None else [first], documents)
    recorded = [system for system in systems if system.recorded]
    return lineup, with_recorded(everything, recorded, plan.pairing.presplit)


def with_recorded(
    documents: Iterable[Document], systems: Sequence[System], presplit: bool
) -> Iterator[Document]:
    """The documents with the translations of these systems, and of their rows, in `Document.recorded`.

    Raises:
        InputError: a system has more or fewer translations than there are sources.
    """
    takers = {system.name: _taker(system, presplit) for system in systems}
    remaining = iter(documents)
    total = 0
    for document in remaining:
        sources = document.sources
        total += len(sources)
        found = _of_rows(document)
        for name, taker in takers.items():
            taken = taker.take(document, sources)
            if taken is None:
                rest = sum(len(other.sources) for other in remaining)
                raise taker.miscounted(total + rest)
            found[name] = tuple(taken)
        yield replace(document, recorded=found) if found else document
    for taker in takers.values():
        if not taker.finished():
            raise taker.miscounted(total)


def _of_rows(document: Document) -> dict[str, tuple[Translation, ...]]:
    names = dict.fromkeys(name for row in document.rows for name in row.recorded)
    return {
        name: tuple(recorded_translation(row.recorded.get(name, "")) for row in document.rows)
        for name in names
    }


class _Lines:
    """Takes recorded lines, document by document.

    They are parallel to the sources; or, where lines of the source file are rows or sentences (``presplit``), to that
    file, of which blank lines are neither.
    """

    def __init__(self, system: Recorded, presplit: bool) -> None:
        self.system, self.presplit, self.at = system, presplit, 0
        self.by_line = False

    def take(self, document: Document, sources: Sequence[str]) -> list[Translation] | None:
        lines = self.system.lines
        units = document.rows or (document.source if self.presplit else ())
        self.by_line = bool(units) and len(lines) == document.source_lines
        if self.by_line:
            return [recorded_translation(lines[unit.line - 1]) for unit in units]
        begin, self.at = self.at, self.at + len(sources)
        if self.at > len(lines):
            return None
        return [recorded_translation(line) for line in lines[begin : self.at]]

    def finished(self) -> bool:
        return self.by_line or self.at == len(self.system.lines)

    def miscounted(self, sources: int) -> InputError:
        return self.system.miscounted(sources)


class _Table:
    """Finds recorded translations by their sources."""

    def __init__(self, system: RecordedTable) -> None:
        self.system, self.finder = system, system.finder()

    def take(self, document: Document, sources: Sequence[str]) -> list[Translation] | None:
        return self.finder(sources)

    def finished(self) -> bool:
        return True

    def miscounted(self, sources: int) -> InputError:
        raise AssertionError("a table is not counted")


def _taker(system: System, presplit: bool) -> _Lines | _Table:
    if isinstance(system, Recorded):
        return _Lines(system, presplit)
    if isinstance(system, RecordedTable):
        return _Table(system)
    raise InputError(f"{system.spec}: a recorded system of an unknown kind")
