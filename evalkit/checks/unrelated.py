"""Whether two texts belong together at all, as far as their alignment tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean

# Less sure than this is as likely wrong as right.
LOW_CONFIDENCE = 0.5

# In WMT21 news with merged, split, lost and inserted sentences every document is above it with a
# translation, and 99 in 100 without one; 19 in 20 pairs of documents that have nothing in common are below, with a translation all.
DOUBTFUL = 0.6
# Fewer pairs say too little.
FEWEST_PAIRS = 4


def unrelated_texts(
    documents: Mapping[str, Sequence[float]], languages: tuple[str, str]
) -> tuple[str, ...]:
    """A warning, in a tuple, if the mean confidence in the pairs of some aligned document is low; else ().

    Args:
        documents: the confidences of the pairs of each document that was aligned. languages: names of source and target language.
    """
    judged = {}
    for name, confidences in documents.items():
        if len(confidences) >= FEWEST_PAIRS:
            judged[name] = fmean(confidences)
    low = [name for name, mean in judged.items() if mean < DOUBTFUL]
    if not low:
        return ()
    what, where = "the text", ""
    if len(judged) > 1:
        what, where = f"{len(low)} of {len(judged)} documents", f" in {low[0]}"
    return (
        f"the alignment of {what} is doubtful (mean confidence {judged[low[0]]:.2f}{where}): "
        f"do the {languages[0]} and the {languages[1]} belong together?",
    )
