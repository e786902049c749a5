"""Documents small enough to see, and their alignment."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from evalkit.data import Document, Pair, Segment
from evalkit.languages import language_pair
from evalkit.pair import align

RUSSIAN_ENGLISH = language_pair("ru-en")


@pytest.fixture
def document_of() -> Callable[..., Document]:
    """A document of (source sentences, provided sentences)."""

    def document_of(source: Sequence[str], provided: Sequence[str], name: str = "d0") -> Document:
        return Document(name, _segments(source), _segments(provided))

    return document_of


@pytest.fixture
def aligned(document_of) -> Callable[..., list[Pair]]:
    """The pairs of (source sentences, provided sentences), with a bridge or without."""

    def aligned(
        source: Sequence[str], provided: Sequence[str], bridge: Sequence[str] | None = None
    ) -> list[Pair]:
        return align(document_of(source, provided), RUSSIAN_ENGLISH, bridge)

    return aligned


def _segments(texts: Sequence[str]) -> tuple[Segment, ...]:
    return tuple(Segment(text, line, line - 1) for line, text in enumerate(texts, 1))
