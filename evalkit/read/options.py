"""What the user said about the input; one object handed to every reader."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from evalkit.errors import InputError

ALIGNMENTS = ("auto", "lines", "sentences", "paragraphs")


@dataclass(frozen=True)
class Options:
    """See `evalkit.read.read` for each field."""

    encoding: str | None = None
    errors: str = "strict"
    align: str = "auto"
    source_column: str | None = None
    provided_columns: tuple[str, ...] = ()
    document_column: str | None = None
    id_column: str | None = None
    translation_columns: tuple[str, ...] = ()
    documents: str | Path | None = None
    provided_documents: str | Path | None = None

    def __post_init__(self) -> None:
        if self.align not in ALIGNMENTS:
            raise InputError(
                f"unknown alignment {self.align!r}: give one of {', '.join(ALIGNMENTS)}"
            )
        if self.errors not in ("strict", "replace"):
            raise InputError(f"unknown value {self.errors!r} of errors: give strict or replace")
