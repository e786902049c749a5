"""From paragraphs to the units that are aligned."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from evalkit.data import Document, Segment
from evalkit.languages import Language, LanguagePair
from evalkit.pair.sentences import split_sentences
from evalkit.plan import Pairing


def split(document: Document, pairing: Pairing, pair: LanguagePair) -> Document:
    """Turn the paragraphs of a document into sentences; rows, which are pairs already, stay.

    Nothing is split with `Pairing.presplit`, where a line is a sentence, nor where paragraphs are to be aligned.
    """
    if document.rows or pairing.presplit or pairing.align == "paragraphs":
        return document
    return replace(
        document,
        source=_sentences(document.source, pair.source),
        provided=_sentences(document.provided, pair.target),
    )


def _sentences(paragraphs: Iterable[Segment], language: Language) -> tuple[Segment, ...]:
    return tuple(
        replace(paragraph, text=sentence)
        for paragraph in paragraphs
        for sentence in split_sentences(paragraph.text, language)
    )
