from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from evalkit.data import Corpus, Document, Segment


@pytest.fixture
def corpus_of() -> Callable[..., Corpus]:
    """A corpus of documents, each given as (source sentences, provided sentences)."""

    def corpus_of(*documents: tuple[Sequence[str], Sequence[str]]) -> Corpus:
        return Corpus(
            documents=tuple(
                Document(f"d{number}", _segments(source), _segments(provided))
                for number, (source, provided) in enumerate(documents)
            )
        )

    return corpus_of


def _segments(texts: Sequence[str]) -> tuple[Segment, ...]:
    return tuple(Segment(text, line, line - 1) for line, text in enumerate(texts, 1))
