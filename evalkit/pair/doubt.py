"""Whether two texts belong together at all, as far as their alignment tells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from statistics import fmean

from evalkit.data import PAIRED, Corpus, Pair

# In WMT21 news with merged, split, lost and inserted sentences every document is above it with a
# translation, and 19 in 20 without one; 19 in 20 pairs of documents that have nothing in common are below.
DOUBTFUL = 0.6
# Fewer pairs say too little.
FEWEST_PAIRS = 4


def doubts(corpus: Corpus, pairs: Sequence[Pair]) -> tuple[str, ...]:
    """A warning, in a tuple, if the mean confidence in the pairs of some document is low; else ()."""
    confidences: dict[str, list[float]] = defaultdict(list)
    for pair in pairs[len(corpus.rows) :]:
        if pair.status == PAIRED:
            confidences[pair.document].append(pair.confidence)
    judged = {name: fmean(c) for name, c in confidences.items() if len(c) >= FEWEST_PAIRS}
    low = [name for name, mean in judged.items() if mean < DOUBTFUL]
    if not low:
        return ()
    what, where = "the text", ""
    if len(judged) > 1:
        what, where = f"{len(low)} of {len(judged)} documents", f" in {low[0]}"
    return (
        f"the alignment of {what} is doubtful (mean confidence {judged[low[0]]:.2f}{where}): "
        "do the Russian and the English belong together?",
    )
