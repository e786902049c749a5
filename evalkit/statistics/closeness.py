"""How near a provided text is to what the systems made of its source."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from evalkit.checks.base import Checked
from evalkit.metrics.base import SENTENCE
from evalkit.metrics.chrf import CHRF


def closeness(pairs: Sequence[Checked]) -> npt.NDArray[np.float64]:
    """How near each provided text is to the systems: (n,), 0 to 100; NaN where there are none.

    The mean over systems of the sentence chrF between the two, the lower of both directions.
    """
    found = np.full(len(pairs), np.nan)
    if not pairs:
        return found
    systems = sorted({name for pair in pairs for name in pair.translations})
    scores = np.full((len(systems), len(pairs)), np.nan)
    metric = CHRF()
    for row, name in enumerate(systems):
        at = [k for k, pair in enumerate(pairs) if name in pair.translations]
        provided = [pairs[k].provided for k in at]
        theirs = [pairs[k].translations[name] for k in at]
        statistics = metric.prepare([[text] for text in provided]).statistics(theirs)
        # The other direction has the same matches, with precision and recall exchanged.
        exchanged = statistics.reshape(len(at), -1, 3)[:, :, [1, 0, 2]].reshape(statistics.shape)
        scores[row, at] = np.minimum(
            metric.scores(statistics, SENTENCE), metric.scores(exchanged, SENTENCE)
        )
    known = ~np.all(np.isnan(scores), axis=0)
    found[known] = np.nanmean(scores[:, known], axis=0)
    return found
