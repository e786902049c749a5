"""Whether the lines of two parallel files are sentences, or paragraphs of several."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Where a sentence ends and another begins, as far as marks and capitals tell; splitting itself knows more.
BORDER = re.compile(r"[.!?…][»”\"')\]]*\s+[«“„\"'(\[]*(?=[^\W\d_a-zа-яё])")
# Lines that are looked at, spread over the file, and the share of them that must have several sentences.
LOOKED_AT, MOST = 400, 0.5
# Fewer lines tell nothing of a file.
FEWEST_LINES = 2


def sentences_a_line(left: Sequence[str], right: Sequence[str]) -> tuple[float, float] | None:
    """The mean numbers of sentences in a line, if most lines have several on both sides; else None.

    Lines without a text on either side are passed over.
    """
    both = [(a, b) for a, b in zip(left, right, strict=True) if a.strip() and b.strip()]
    if len(both) < FEWEST_LINES:
        return None
    looked_at = both[:: max(1, len(both) // LOOKED_AT)]
    counts = [[len(BORDER.findall(text.strip())) + 1 for text in pair] for pair in looked_at]
    for side in (0, 1):
        if sum(pair[side] > 1 for pair in counts) <= MOST * len(counts):
            return None
    return (
        sum(pair[0] for pair in counts) / len(counts),
        sum(pair[1] for pair in counts) / len(counts),
    )
