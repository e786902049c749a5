"""From paragraphs to the units that are aligned, and the list of all source sentences of a run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from evalkit.data import Corpus, Segment
from evalkit.pair.sentences import split_sentences

UNITS = ("sentences", "paragraphs")


def split(corpus: Corpus, *, presplit: bool = False, unit: str = "sentences") -> Corpus:
    """Turn the paragraphs of each document into sentences; rows, which are pairs already, stay.

    Args:
        presplit: a line of the input is a sentence: nothing is to be split.
        unit: "sentences", or "paragraphs" to leave them whole and align those.
    """
    if unit not in UNITS:
        raise ValueError(f"unit is one of {UNITS}, not {unit!r}")
    if presplit or unit == "paragraphs":
        return corpus
    documents = tuple(
        replace(
            document,
            source=_sentences(document.source, "ru"),
            provided=_sentences(document.provided, "en"),
        )
        for document in corpus.documents
    )
    return replace(corpus, documents=documents)


def source_sentences(corpus: Corpus) -> list[str]:
    """All source sentences of the run in input order: what is translated, and what ``Pair.source_index`` counts.

    Rows come first, one entry a row; then the source segments of each document.
    """
    rows = [row.source for row in corpus.rows]
    return rows + [segment.text for document in corpus.documents for segment in document.source]


def _sentences(paragraphs: Iterable[Segment], language: str) -> tuple[Segment, ...]:
    return tuple(
        replace(paragraph, text=sentence)
        for paragraph in paragraphs
        for sentence in split_sentences(paragraph.text, language)
    )
