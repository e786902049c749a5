"""How to translate: the options every kind of system is opened with, and what a system is."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from evalkit.data import Translation
from evalkit.errors import InputError

BACKENDS = ("transformers", "ctranslate2")
DTYPES = ("auto", "float32", "bfloat16", "float16", "int8")


@dataclass(frozen=True, slots=True)
class Settings:
    """Options for opening systems; each kind uses those that concern it.

    Those that change translations (``backend``, ``dtype``, ``beam``, ``length_penalty``,
    ``max_source_tokens``, ``max_new_tokens``) are part of a model's fingerprint; ``device``,
    ``batch_tokens`` and ``threads`` only change how fast they come.

    device: "auto" (a GPU where there is one), "cpu", "cuda" or "cuda:1".
    dtype: "auto" is float32 with transformers; int8 on CPU and float16 on GPU with CTranslate2.
    beam: None is what the model's generation settings say; 1 is greedy.
    batch_tokens: source tokens in a batch, padding included; None chooses by device and beam.
    max_source_tokens: longer sources are split; None is the model's own limit.
    max_new_tokens: output limit of a piece; None is in proportion to the length of its source.
    timeout: seconds for a hundred lines of a ``cmd:`` program, or a request to an ``openai:`` endpoint.
    requests: requests at once to an ``openai:`` endpoint.
    """

    backend: str = "transformers"
    device: str = "auto"
    dtype: str = "auto"
    beam: int | None = None
    length_penalty: float | None = None
    batch_tokens: int | None = None
    max_source_tokens: int | None = None
    max_new_tokens: int | None = None
    threads: int | None = None
    allow_pickle: bool = False
    timeout: float = 180.0
    requests: int = 4

    def __post_init__(self) -> None:
        if self.backend not in BACKENDS:
            raise InputError(f"unknown backend {self.backend!r}: use {' or '.join(BACKENDS)}")
        if self.dtype not in DTYPES:
            raise InputError(f"unknown dtype {self.dtype!r}: use one of {', '.join(DTYPES)}")
        for name in ("beam", "batch_tokens", "max_source_tokens", "max_new_tokens", "threads"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise InputError(f"{name} must be at least 1, not {value}")


class System(Protocol):
    """A named producer of English translations.

    ``fingerprint`` says, in plain strings, everything a translation depends on: two systems with
    equal fingerprints give equal translations. ``recorded`` systems do not translate: theirs are
    read by position, so they are neither de-duplicated nor kept in the memory.
    """

    name: str
    spec: str
    recorded: bool

    @property
    def fingerprint(self) -> Mapping[str, str]: ...

    def translate(self, sources: Sequence[str]) -> Iterator[list[tuple[int, Translation]]]:
        """Yield, as batches finish and in any order, lists of (position in ``sources``, translation)."""
        ...


def cache_folder() -> Path:
    """Where evalkit keeps what it can make again: $EVALKIT_CACHE, else the user's cache folder."""
    if folder := os.environ.get("EVALKIT_CACHE"):
        return Path(folder)
    import platformdirs

    return Path(platformdirs.user_cache_dir("evalkit", appauthor=False))
