"""What a system is: a named producer of translations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from evalkit.data import Translation
from evalkit.languages import LanguagePair
from evalkit.plan import Decoding

Batch = list[tuple[int, Translation]]


@dataclass(frozen=True, slots=True)
class Request:
    """What a kind of system is opened with.

    name: what reports call the system. spec: the specification as it was given. argument: what follows the
    kind in it ("hf:ORG/NAME" has "ORG/NAME"). decoding: how models run. pair: the languages.
    """

    name: str
    spec: str
    argument: str
    decoding: Decoding
    pair: LanguagePair


class System(Protocol):
    """A named producer of translations.

    note: what a reader of its scores should know; "" as a rule.
    location: where it is (a folder, a program, an address), for people; "" if that says nothing.
    recorded: it does not translate but has translations made before, one for each source in their order, so its
        sources are neither de-duplicated nor kept in the memory.
    fingerprint: all that a translation depends on, in plain strings: two systems with equal fingerprints give
        equal translations.
    """

    name: str
    spec: str
    note: str
    location: str
    recorded: bool

    @property
    def fingerprint(self) -> Mapping[str, str]: ...

    def translate(self, sources: Sequence[str]) -> Iterator[Batch]:
        """Yield, as batches finish and in any order, lists of (position in ``sources``, translation)."""
        ...
