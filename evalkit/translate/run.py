"""Translate a list of sources with one system: each distinct source once, the memory first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evalkit.data import Translation
from evalkit.errors import EvalkitError
from evalkit.progress import progress
from evalkit.translate.memory import Memory
from evalkit.translate.registry import open_system
from evalkit.translate.settings import System


@dataclass(frozen=True, slots=True)
class Translations(Sequence[Translation]):
    """The translations in the order of the sources, and where they came from.

    ``reused`` and ``computed`` count distinct sources: found in the memory, and newly translated.
    Recorded translations count as reused, each one.
    """

    translations: tuple[Translation, ...]
    reused: int
    computed: int

    def __len__(self) -> int:
        return len(self.translations)

    def __getitem__(self, index):
        return self.translations[index]

    def __iter__(self) -> Iterator[Translation]:
        return iter(self.translations)

    @property
    def texts(self) -> list[str]:
        return [translation.text for translation in self.translations]


def translate(
    system: System | str,
    sources: Sequence[str],
    *,
    memory: Memory | None = None,
    quiet: bool = False,
) -> Translations:
    """Translate ``sources``; the result has one translation a source, in their order.

    Each batch is stored in ``memory`` as soon as it is finished, so that an interrupted run goes
    on where it stopped. ``system`` is an open system or a specification such as "builtin".

    Raises:
        InputError: recorded translations do not fit the sources.
        ModelUnavailable: the model, program or endpoint cannot be had.
        EvalkitError: it failed on the way; what was finished is in the memory.
    """
    if isinstance(system, str):
        system = open_system(system)
    if system.recorded:
        found = _collect(system, sources, quiet=True)
        return Translations(tuple(found), reused=len(found), computed=0)
    distinct = list(dict.fromkeys(sources))
    known = memory.get_many(system.fingerprint, distinct) if memory else {}
    missing = [source for source in distinct if source not in known]
    computed = _collect(system, missing, memory, quiet) if missing else []
    known |= zip(missing, computed, strict=True)
    return Translations(
        tuple(known[source] for source in sources), len(distinct) - len(missing), len(missing)
    )


def _collect(
    system: System, sources: Sequence[str], memory: Memory | None = None, quiet: bool = False
) -> list[Translation]:
    """Run the system over ``sources`` and put its batches, as they come, in order."""
    results: list[Translation | None] = [None] * len(sources)
    with progress(f"Translating ({system.name})", len(sources), quiet=quiet) as advance:
        for batch in system.translate(sources):
            if memory is not None:
                memory.put_many(system.fingerprint, [(sources[i], done) for i, done in batch])
            for index, translation in batch:
                results[index] = translation
            advance(len(batch))
    finished = [translation for translation in results if translation is not None]
    if len(finished) != len(sources):
        raise EvalkitError(f"{system.name} translated {len(finished)} of {len(sources)} sources")
    return finished
