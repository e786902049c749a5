"""What to read first: the probability that a sentence has an error a reader would mend.

log-odds = intercept + sum over checks of coefficient * evidence + coefficient * sure evidence
           + coefficient * distance from the systems + logit(prior) - logit(PRIOR)

The coefficients stand in ``weights.json``, kind "triage", and are fitted by `benchmarks/findings.py --fit`; docs/findings.md
says on what, and how well the probability is calibrated.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from evalkit.checks.base import Checked
from evalkit.checks.examine import Examined
from evalkit.checks.weights import level, logistic, weights

# The share of sentences with an error in the data of the fit, and so the prior of the probability.
PRIOR = 0.05
# The models: of translations by people, and of machine translation that people mend.
PEOPLE, MACHINE = "triage", "post-edits"
# Where nothing can be weighed: a source without a provided text.
EMPTY = 0.99
# Evidence of one check, as log-odds: below LEAST none counts, above MOST no more; it grows faster from BEND on, where most
# of it is of real errors (docs/findings.md: one slope puts 92.7% of all damage in the first tenth, two slopes 93.6%).
LEAST, BEND, MOST = -2.0, 0.5, 8.0

Floats = npt.NDArray[np.float64]


def triage(
    pairs: Sequence[Checked],
    examined: Sequence[Examined],
    near: Sequence[float] | Floats | None = None,
    *,
    confidence: Sequence[float] | None = None,
    quality: Sequence[float] | None = None,
    prior: float = PRIOR,
    kind: str = PEOPLE,
) -> Floats:
    """The probability of an error in each pair: (n,), from 0 to 1; the highest come first.

    Args:
        pairs: all with translations of the same number of systems.
        examined: what `examine` said of them.
        near: how near each provided text is to the systems, 0 to 100: `evalkit.statistics.closeness`.
        confidence: of each alignment, from 0 to 1: a pair that does not belong together is an error too.
        quality: an estimate of human judgement, 0 to 100, higher is better; NaN where there is none. It counts
            only if the weights have a coefficient for it.
        prior: the share of sentences with errors that is expected in a translation by people.
        kind: "triage", or "post-edits" where the provided text is a machine's; `prior` is then not asked.
    """
    shift = _logit(prior) - _logit(PRIOR) if kind == PEOPLE else 0.0
    found = np.empty(len(pairs))
    for k, (pair, each) in enumerate(zip(pairs, examined, strict=True)):
        if not pair.provided.strip():
            found[k] = EMPTY if pair.source.strip() else 0.0
            continue
        values = signals(pair, each, float("nan") if near is None else float(near[k]))
        if quality is not None and not math.isnan(quality[k]):
            values["quality"] = (quality[k] - 50.0) / 10.0
        model = weights(kind, level(pair.translations))
        found[k] = logistic(model.log_odds(values) + shift)
    if confidence is not None:
        found = 1.0 - (1.0 - found) * np.clip(np.asarray(confidence, dtype=float), 0.0, 1.0)
    return found


def signals(pair: Checked, examined: Examined, near: float) -> dict[str, float]:
    """The evidence that the triage weighs: log-odds of the checks, scores of rules, distance from the systems."""
    values = {}
    for name, log_odds in examined.log_odds.items():
        values[name] = max(LEAST, min(BEND, log_odds)) - LEAST
        values[f"sure {name}"] = max(0.0, min(MOST, log_odds) - BEND)
    for finding in examined.findings:
        if finding.name not in examined.log_odds:
            values[finding.name] = max(values.get(finding.name, 0.0), finding.score)
    values["length"] = math.log1p(len(pair.source) / 10.0)
    if not math.isnan(near):
        values["distance"] = 1.0 - near / 100.0
    return values


def order(probability: Floats | Mapping[int, float]) -> list[int]:
    """Positions, the likeliest error first; of equals, the first."""
    values = (
        np.asarray(list(probability.values()))
        if isinstance(probability, Mapping)
        else np.asarray(probability)
    )
    return [int(k) for k in np.argsort(-values, kind="stable")]


def _logit(probability: float) -> float:
    return math.log(probability / (1.0 - probability))
