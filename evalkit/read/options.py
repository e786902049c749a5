"""What a reader is told: one object handed to every one of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from evalkit.languages import Language, LanguagePair, language_pair
from evalkit.plan import Pairing, Plan, Reading


@dataclass(frozen=True)
class Options:
    """How to read (`Reading`), what is paired (`Pairing`), and the languages of the run.

    name: what the input is called in reports; "" takes the name of its file.
    recorded_lines: a system of the run has its translations recorded in a file, one for each line of the input.
    """

    reading: Reading = field(default_factory=Reading)
    pairing: Pairing = field(default_factory=Pairing)
    pair: LanguagePair = field(default_factory=lambda: language_pair(Plan().language_pair))
    name: str = ""
    recorded_lines: bool = False

    def called(self, name: str, documents: str | None = None) -> Options:
        """The same for an input of this name, ``documents`` naming the document of each of its lines."""
        reading = replace(self.reading, documents=documents) if documents else self.reading
        return replace(self, name=name, reading=reading)

    @property
    def languages(self) -> tuple[Language, Language]:
        """Both languages, the source first."""
        return self.pair.source, self.pair.target
