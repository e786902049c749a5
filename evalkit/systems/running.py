"""Translate a list of sources with one system: each distinct source once, the memory first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from evalkit.data import Translation
from evalkit.errors import EvalkitError
from evalkit.memory import Memory
from evalkit.progress import Advance
from evalkit.systems.base import System


@dataclass(frozen=True, slots=True)
class Translations(Sequence[Translation]):
    """The translations in the order of the sources, and where they came from.

    ``reused`` and ``computed`` count distinct sources: found in the memory, and newly translated. ``recorded``
    counts translations that were made before the run and read.
    """

    translations: tuple[Translation, ...]
    reused: int = 0
    computed: int = 0
    recorded: int = 0

    def __len__(self) -> int:
        return len(self.translations)

    def __getitem__(self, index: Any) -> Any:
        return self.translations[index]

    def __iter__(self) -> Iterator[Translation]:
        return iter(self.translations)

    @property
    def texts(self) -> list[str]:
        return [translation.text for translation in self.translations]


def run_system(
    system: System,
    sources: Sequence[str],
    *,
    memory: Memory | None = None,
    advance: Advance | None = None,
) -> Translations:
    """Translate ``sources``; the result has one translation a source, in their order.

    Each distinct source is translated once. Each batch is stored in ``memory`` as soon as it is finished, so
    that an interrupted run goes on where it stopped. ``advance`` is called with the number of sources done.

    Raises:
        InputError: recorded translations do not fit the sources.
        ModelUnavailable: the model, program or endpoint cannot be had.
        EvalkitError: it failed on the way; what was finished is in the memory.
    """
    if system.recorded:
        found = _collect(system, sources, advance=advance)
        return Translations(tuple(found), recorded=len(found))
    distinct = list(dict.fromkeys(sources))
    known = memory.get_many(system.fingerprint, distinct) if memory else {}
    missing = [source for source in distinct if source not in known]
    if advance:
        advance(len(sources) - len(missing))
    computed = _collect(system, missing, memory, advance) if missing else []
    known |= zip(missing, computed, strict=True)
    return Translations(
        tuple(known[source] for source in sources), len(distinct) - len(missing), len(missing)
    )


def _collect(
    system: System,
    sources: Sequence[str],
    memory: Memory | None = None,
    advance: Advance | None = None,
) -> list[Translation]:
    """Run the system over ``sources`` and put its batches, as they come, in order."""
    results: list[Translation | None] = [None] * len(sources)
    for batch in system.translate(sources):
        if memory is not None:
            memory.put_many(system.fingerprint, [(sources[i], done) for i, done in batch])
        for index, translation in batch:
            results[index] = translation
        if advance:
            advance(len(batch))
    finished = [translation for translation in results if translation is not None]
    if len(finished) != len(sources):
        raise EvalkitError(f"{system.name} translated {len(finished)} of {len(sources)} sources")
    return finished
