"""Logistic models of the checks and of the triage, fitted; see `findings.py`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from findings_data import Row
from scipy.optimize import minimize

from evalkit.checks.examine import WEIGHED
from evalkit.checks.signals import WeighedCheck
from evalkit.checks.triage import PRIOR

# The damages from which a check learns what it looks for.
LEARNS_FROM: dict[str, tuple[str, ...]] = {
    "number": ("number",),
    "name": ("name",),
    "negation": ("negation lost", "negation added"),
    "omission": ("half", "clause"),
    "addition": ("added",),
    "mismatch": ("exchanged", "following"),
}
# Damages that a check must not take for its own.
NOT_MISTAKEN = {"mismatch": ("half", "added")}
# How many clean sentences of the half that chooses each check may flag: together well below 6%.
FALSE_ALARMS = {
    "number": 0.007,
    "name": 0.028,
    "negation": 0.008,
    "omission": 0.015,
    "addition": 0.003,
    "mismatch": 0.003,
}
# Weights of all sentences sum to 1; that of errors in the triage is only PRIOR, so its ridge is less.
RIDGE = 1e-4
TRIAGE_RIDGE = 1e-5
DIGITS = 3

Values = Mapping[str, float]
Model = dict[str, object]


def fit_check(check: WeighedCheck, rows: Sequence[Row]) -> Model:
    """The model of one check at one level, from clean rows and from those with its damage."""
    wanted = LEARNS_FROM[check.name]
    others = NOT_MISTAKEN.get(check.name, ())
    used = [row for row in rows if not row.damage or row.damage in (*wanted, *others)]
    values = [check.signals(row.pair).values for row in used]
    names, matrix = table(values)
    damaged = np.array([row.damage in wanted for row in used])
    # Each of its damages counts alike, however many sentences can take it.
    share = np.full(len(used), 0.5 / (~damaged).sum())
    for kind in wanted:
        of_kind = np.array([row.damage == kind for row in used])
        share[of_kind] = 0.5 / len(wanted) / of_kind.sum()
    parameters = logistic_fit(matrix, damaged, share)
    odds = matrix @ parameters[:-1] + parameters[-1]
    clean = np.array([not row.damage for row in used])
    threshold = lowest_threshold(odds[clean], FALSE_ALARMS[check.name])
    return model(names, parameters, threshold)


def lowest_threshold(clean: np.ndarray, most: float) -> float:
    """The lowest log-odds, at least 0, that no more than a share ``most`` of clean sentences reaches."""
    values = np.unique(np.append(clean, 0.0))
    middles = np.append((values[1:] + values[:-1]) / 2, values[-1] + 0.5)
    reached = [float(np.mean(clean >= middle)) for middle in middles]
    return max(0.0, float(min(m for m, r in zip(middles, reached, strict=True) if r <= most)))


def fit_triage(values: Sequence[Values], rows: Sequence[Row]) -> Model:
    """The model of the triage at one level: a share PRIOR is damaged, each kind as much as any other."""
    kinds = sorted({row.damage for row in rows if row.damage})
    counts = {kind: sum(row.damage == kind for row in rows) for kind in (*kinds, "")}
    share = [
        PRIOR / len(kinds) / counts[row.damage] if row.damage else (1 - PRIOR) / counts[""]
        for row in rows
    ]
    wrong = np.array([bool(row.damage) for row in rows])
    # The length of a sentence says what damage it can take, and nothing of real texts.
    names, matrix = table([{k: v for k, v in each.items() if k != "length"} for each in values])
    parameters = logistic_fit(
        matrix, wrong, np.array(share), positive=len(names), ridge=TRIAGE_RIDGE
    )
    return model(names, parameters, 0.0)


def fit_post_edits(values: Sequence[Values], rows: Sequence[Row]) -> Model:
    """The model of the triage for machine translation: whether people who mended it changed a sentence."""
    names, matrix = table(values)
    mended = np.array([row.mended for row in rows])
    weight = np.full(len(rows), 1.0 / len(rows))
    parameters = logistic_fit(matrix, mended, weight, positive=len(names), ridge=RIDGE * 10)
    return model(names, parameters, 0.0)


def table(values: Sequence[Values]) -> tuple[list[str], np.ndarray]:
    """Names of all signals and a row for each sentence."""
    names = sorted({name for each in values for name in each})
    return names, np.array([[each.get(name, 0.0) for name in names] for each in values])


def logistic_fit(
    matrix: np.ndarray,
    wrong: np.ndarray,
    weight: np.ndarray,
    *,
    positive: int = 0,
    ridge: float = RIDGE,
) -> np.ndarray:
    """Coefficients and, last, the intercept: maximum likelihood with a little ridge.

    Args:
        positive: so many of the first coefficients are at least 0.
    """
    sign = np.where(wrong, 1.0, -1.0)
    penalty = np.append(np.full(matrix.shape[1], ridge), 0.0)
    padded = np.hstack([matrix, np.ones((len(matrix), 1))])

    def loss(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        margin = sign * (padded @ parameters)
        value = weight @ np.logaddexp(0.0, -margin) + penalty @ parameters**2
        slope = -weight * sign / (1.0 + np.exp(np.clip(margin, -50, 50)))
        return float(value), padded.T @ slope + 2 * penalty * parameters

    bounds = [(0.0, None)] * positive + [(None, None)] * (padded.shape[1] - positive)
    start = np.zeros(padded.shape[1])
    options = {"maxiter": 2000, "maxfun": 10000}
    return minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B", options=options).x


def model(names: Sequence[str], parameters: np.ndarray, threshold: float) -> Model:
    """As ``weights.json`` holds it."""
    kept = {name: round(float(p), DIGITS) for name, p in zip(names, parameters, strict=False)}
    return {
        "coefficients": {name: value for name, value in kept.items() if value},
        "intercept": round(float(parameters[-1]), DIGITS),
        "threshold": round(threshold, DIGITS),
    }


def write(path: Path, models: Mapping[str, Mapping[str, Model]]) -> None:
    """All models, with the command that made them."""
    stored = {"made by": "python benchmarks/findings.py --fit", "models": models}
    path.write_text(json.dumps(stored, indent=1, sort_keys=True) + "\n", encoding="utf-8")


CHECKS = WEIGHED
