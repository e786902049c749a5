"""The alignment of a document: its pairs, in the order of the source. It depends on nothing outside the document."""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.checks.unrelated import LOW_CONFIDENCE
from evalkit.data import PAIRED, PROVIDED_ONLY, SOURCE_ONLY, Document, Pair, Row, Segment
from evalkit.languages import LanguagePair
from evalkit.pair.beads import Gains, Span, best_path, posteriors
from evalkit.pair.borders import Borders
from evalkit.pair.confidence import calibrated
from evalkit.pair.features import bags
from evalkit.pair.lengths import LengthGains
from evalkit.pair.names import with_names
from evalkit.pair.text import Text, usual_similarity
from evalkit.pair.weights import (
    SURE_WITH_BRIDGE,
    SURE_WITHOUT_BRIDGE,
    WITH_BRIDGE,
    WITHOUT_BRIDGE,
    Weights,
)

# Without a translation, texts less alike than this share no names to go by: Gale and Church it is.
NOTHING_SHARED = 0.08
# The model of Gale and Church is far surer of itself than it is right: lengths alone prove nothing.
LENGTHS_SHARPNESS, LENGTHS_CONFIDENCE = 0.3, SURE_WITHOUT_BRIDGE.nothing


def align(
    document: Document,
    pair: LanguagePair,
    bridge: Sequence[str] | None = None,
    weights: Weights | None = None,
) -> list[Pair]:
    """Pair the sentences of a document; rows are pairs as they stand.

    Args:
        document: as `split` gives it.
        bridge: a translation of every one of `Document.sources`, in the language of the provided text, to compare
            it with. None: names, numbers and lengths are compared, which is less sure; if the texts share no
            names either, only lengths (Gale and Church 1993).
        weights: other numbers than those of `evalkit.pair.weights`.

    Returns:
        Pairs in the order of the source; a provided sentence without a source stands at its place.
    """
    if document.rows:
        return [_pair_of_row(row, document.name, k) for k, row in enumerate(document.rows)]
    if bridge is not None and len(bridge) != len(document.source):
        raise ValueError(
            f"the bridge has {len(bridge)} translations for {len(document.source)} source sentences"
        )
    text = text_of(document, pair, bridge, weights)
    quality = usual_similarity(text)
    by_length = bridge is None and quality < NOTHING_SHARED
    beads = _beads_of(text, quality, by_length, bridge is not None)
    return [_pair(document, span, chance) for span, chance in beads]


def text_of(
    document: Document,
    pair: LanguagePair,
    bridge: Sequence[str] | None,
    weights: Weights | None = None,
) -> Text:
    """What is compared; see `align`."""
    source = [segment.text for segment in document.source]
    provided = [segment.text for segment in document.provided]
    if bridge is None:
        words, usual = list(map(pair.source.romanized, source)), WITHOUT_BRIDGE
    else:
        words, usual = with_names(bridge, source, provided, pair.source), WITH_BRIDGE
    weights = weights or usual
    left, right = bags(words, provided, pair.target.code, weights)
    compared = source if bridge is None else bridge
    borders = Borders.of(document.source, document.provided) if document.by_line else None
    return Text(source, compared, provided, left, right, weights, borders)


def _beads_of(
    text: Text, quality: float, by_length: bool, with_bridge: bool
) -> list[tuple[Span, float]]:
    path, chances = path_of(text, quality, by_length)
    if not text.source or not text.provided:
        return list(zip(path, chances, strict=True))
    if by_length:
        return [(span, LENGTHS_CONFIDENCE * c) for span, c in zip(path, chances, strict=True)]
    numbers = SURE_WITH_BRIDGE if with_bridge else SURE_WITHOUT_BRIDGE
    return list(zip(path, calibrated(text, path, chances, numbers), strict=True))


def path_of(text: Text, quality: float, by_length: bool = False) -> tuple[list[Span], list[float]]:
    """The best path of beads, and the posterior probability of each."""
    n, m = len(text.source), len(text.provided)
    if not n or not m:
        left_out = [(i, i + 1, 0, 0) for i in range(n)] + [(n, n, j, j + 1) for j in range(m)]
        return left_out, [1.0] * len(left_out)
    gains: Gains
    if by_length:
        gains = text.within(LengthGains(text.source, text.provided))
        path, sharpness = best_path(gains, text.band), LENGTHS_SHARPNESS
    else:
        gains, sharpness = text.within(text.gains(quality)), text.weights.sharpness
        path = text.path(quality)
    return path, posteriors(gains, text.around(path), path, sharpness)


def _pair_of_row(row: Row, document: str, index: int) -> Pair:
    has_source = bool(row.source.strip())
    has_provided = any(text.strip() for text in row.provided)
    status, alignment = PAIRED, "1-1"
    if not has_provided:
        status, alignment = SOURCE_ONLY, "1-0"
    elif not has_source:
        status, alignment = PROVIDED_ONLY, "0-1"
    return Pair(
        document=document,
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


def _pair(document: Document, span: Span, confidence: float) -> Pair:
    s0, s1, p0, p1 = span
    source, provided = document.source[s0:s1], document.provided[p0:p1]
    status = PAIRED if source and provided else SOURCE_ONLY if source else PROVIDED_ONLY
    flags = dict.fromkeys(f for segment in (*source, *provided) for f in segment.flags)
    if status == PAIRED and confidence < LOW_CONFIDENCE:
        flags["low_confidence"] = None
    return Pair(
        document=document.name,
        status=status,
        alignment=f"{len(source)}-{len(provided)}",
        confidence=confidence,
        source=_joined(source),
        provided=(_joined(provided),) if provided else ("",),
        source_index=tuple(range(s0, s1)),
        source_line=source[0].line if source else 0,
        provided_line=provided[0].line if provided else 0,
        flags=tuple(flags),
    )


def _joined(segments: Sequence[Segment]) -> str:
    return " ".join(segment.text for segment in segments)
