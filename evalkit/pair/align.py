"""From a split corpus to pairs: each document aligned by itself, in the order of the source."""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.data import PAIRED, PROVIDED_ONLY, SOURCE_ONLY, Corpus, Document, Pair, Row, Segment
from evalkit.pair.anchors import band_for
from evalkit.pair.beads import Band, Gains, Span, best_path, posteriors
from evalkit.pair.features import bags
from evalkit.pair.lengths import LengthGains
from evalkit.pair.names import romanized, with_names
from evalkit.pair.similarity import WITH_BRIDGE, WITHOUT_BRIDGE
from evalkit.pair.texts import FINE_MARGIN, Text, usual_similarity

# How much likelier a path is for a gain of 1 more: chosen so that confidence is what it says.
SHARPNESS = 10.0
# Without a translation, texts less alike than this share no names to go by: Gale and Church it is.
NOTHING_SHARED = 0.08
# The model of Gale and Church is far surer of itself than it is right: lengths alone prove nothing.
LENGTHS_SHARPNESS, LENGTHS_CONFIDENCE = 0.3, 0.7


def align(corpus: Corpus, bridge: Sequence[str] | None = None) -> list[Pair]:
    """Pair the sentences of each document; rows are pairs as they stand.

    Args:
        corpus: as `split` gives it.
        bridge: a translation of every one of `source_sentences`, in the language of the provided text, to compare
            it with. None: names, numbers and lengths are compared, which is less sure; if the texts share no
            names either, only lengths (Gale and Church 1993).

    Returns:
        Pairs in the order of the source; a provided sentence without a source stands at its place.
    """
    pairs = [_pair_of_row(row, index) for index, row in enumerate(corpus.rows)]
    first = len(corpus.rows)
    count = first + sum(len(document.source) for document in corpus.documents)
    if bridge is not None and len(bridge) != count:
        raise ValueError(f"the bridge has {len(bridge)} translations for {count} source sentences")
    spans = _aligned(corpus.documents, None if bridge is None else bridge[first:])
    for document, found in zip(corpus.documents, spans, strict=True):
        pairs += [_pair(document, span, chance, first) for span, chance in found]
        first += len(document.source)
    return pairs


def _aligned(
    documents: Sequence[Document], bridge: Sequence[str] | None
) -> list[list[tuple[Span, float]]]:
    """For each document its beads with their confidence."""
    texts = _texts(documents, bridge)
    quality = usual_similarity(texts)
    by_length = bridge is None and quality < NOTHING_SHARED
    return [_beads_of(text, quality, by_length) for text in texts]


def _texts(documents: Sequence[Document], bridge: Sequence[str] | None) -> list[Text]:
    """What is compared of each document; rarity of n-grams is that in all documents together."""
    source = [segment.text for document in documents for segment in document.source]
    provided = [segment.text for document in documents for segment in document.provided]
    words = map(romanized, source) if bridge is None else with_names(bridge, source, provided)
    left, right = bags(list(words), provided)
    compared = source if bridge is None else bridge
    texts, s, p = [], 0, 0
    for document in documents:
        n, m = len(document.source), len(document.provided)
        texts.append(
            Text(
                source[s : s + n],
                compared[s : s + n],
                provided[p : p + m],
                left.part(s, s + n),
                right.part(p, p + m),
                WITHOUT_BRIDGE if bridge is None else WITH_BRIDGE,
            )
        )
        s, p = s + n, p + m
    return texts


def _beads_of(text: Text, quality: float, by_length: bool) -> list[tuple[Span, float]]:
    n, m = len(text.source), len(text.provided)
    if not n or not m:
        left_out = [(i, i + 1, 0, 0) for i in range(n)] + [(n, n, j, j + 1) for j in range(m)]
        return [(span, 1.0) for span in left_out]
    gains: Gains
    if by_length:
        gains, sharpness = LengthGains(text.source, text.provided), LENGTHS_SHARPNESS
        path = best_path(gains, band_for(text.left, text.right))
    else:
        gains, sharpness = text.gains(quality), SHARPNESS
        path = text.path(quality)
    fine = Band.around(path, n, m, FINE_MARGIN)
    chances = posteriors(gains, fine, path, sharpness)
    most = LENGTHS_CONFIDENCE if by_length else 1.0
    return [(span, most * chance) for span, chance in zip(path, chances, strict=True)]


def _pair_of_row(row: Row, index: int) -> Pair:
    has_source = bool(row.source.strip())
    has_provided = any(text.strip() for text in row.provided)
    status, alignment = PAIRED, "1-1"
    if not has_provided:
        status, alignment = SOURCE_ONLY, "1-0"
    elif not has_source:
        status, alignment = PROVIDED_ONLY, "0-1"
    return Pair(
        document=row.document,
        status=status,
        alignment=alignment,
        confidence=1.0,
        source=row.source,
        provided=row.provided,
        source_index=(index,) if status != PROVIDED_ONLY else (),
        id=row.id,
        source_line=row.line if status != PROVIDED_ONLY else 0,
        provided_line=row.line if status != SOURCE_ONLY else 0,
        flags=row.flags,
    )


def _pair(document: Document, span: Span, confidence: float, first: int) -> Pair:
    s0, s1, p0, p1 = span
    source, provided = document.source[s0:s1], document.provided[p0:p1]
    status = PAIRED if source and provided else SOURCE_ONLY if source else PROVIDED_ONLY
    return Pair(
        document=document.name,
        status=status,
        alignment=f"{len(source)}-{len(provided)}",
        confidence=confidence,
        source=_joined(source),
        provided=(_joined(provided),) if provided else ("",),
        source_index=tuple(range(first + s0, first + s1)),
        source_line=source[0].line if source else 0,
        provided_line=provided[0].line if provided else 0,
        flags=tuple(dict.fromkeys(f for segment in (*source, *provided) for f in segment.flags)),
    )


def _joined(segments: Sequence[Segment]) -> str:
    return " ".join(segment.text for segment in segments)
