"""Two runs of the same sources: what changed, which findings are new or gone, how the scores differ."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from evalkit.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

# Columns of a run's rows that are no scores though they hold numbers.
_NO_SCORES = frozenset(
    ["pair", "confidence", "source_line", "provided_line", "agreement", "triage", "probability"]
)
_PROVIDED = "provided"
TRIALS, SEED = 10_000, 12345
# Sums in another order differ in the last digits.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Differences:
    """Two runs compared, pair by pair of the same source.

    Attributes:
        pairs: one row a pair that both runs have: ``document, pair_before, pair_after, source, provided_before,
            provided_after, changed, new_findings, gone_findings`` (names with spaces between).
        findings: one row a finding that only one run has: ``document, pair, source, provided, change``
            ("new" or "gone")``, name, severity, message``.
        scores: one row a system and score that both have: ``system, score, pairs, before, after, difference,
            better, worse, p_value``: means of the sentence scores, how many rose and fell, and the two-sided
            p of exchanging before and after at random.
        only_before, only_after: sources that one run alone has.
    """

    pairs: pd.DataFrame
    findings: pd.DataFrame
    scores: pd.DataFrame
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]

    @property
    def changed(self) -> int:
        """How many provided texts differ."""
        return int(self.pairs["changed"].sum())


def differences(
    before: pd.DataFrame, after: pd.DataFrame, *, trials: int = TRIALS, seed: int = SEED
) -> Differences:
    """Compare the rows (one a pair and system, the long CSV) of two runs.

    Pairs belong together if they have the same source; of a source that occurs several times, the
    first belongs to the first.

    Raises:
        InputError: a column is missing, or the runs have no source in common.
    """
    for rows in (before, after):
        missing = [name for name in ("source", _PROVIDED) if name not in rows.columns]
        if missing:
            raise InputError(
                f"a run needs the columns source and provided; {missing[0]} is missing"
            )
    old, new = _pairs(before), _pairs(after)
    common = [key for key in old if key in new]
    if not common:
        raise InputError("the two runs have no source in common")
    return Differences(
        _pair_frame(old, new, common),
        _finding_frame(old, new, common),
        _score_frame(before, after, old, new, common, trials, seed),
        tuple(source for source, k in old if (source, k) not in new),
        tuple(source for source, k in new if (source, k) not in old),
    )


Key = tuple[str, int]
Rows = dict[Key, list[dict[str, Any]]]


def _pairs(rows: pd.DataFrame) -> Rows:
    """The rows of each pair, by its source and which of its occurrences it is."""
    found: Rows = {}
    seen: Counter[str] = Counter()
    key: Key = ("", 0)
    previous: object = None
    systems: set[object] = set()
    for number, row in enumerate(rows.to_dict("records")):
        pair = row.get("pair", row.get("id", number))
        system = row.get("system")
        if (pair, row["source"]) != previous or system in systems:
            source = str(row["source"])
            key = (source, seen[source])
            seen[source] += 1
            previous, systems = (pair, row["source"]), set()
        systems.add(system)
        found.setdefault(key, []).append(row)
    return found


def _found(row: dict[str, Any]) -> list[dict[str, Any]]:
    """The findings of a row: JSON, or the names among its flags."""
    cell = row.get("findings", "")
    if isinstance(cell, str) and cell.strip():
        parsed = json.loads(cell)
        return [f if isinstance(f, dict) else {"name": str(f)} for f in parsed]
    return [dict(f) for f in cell] if isinstance(cell, list | tuple) else []


def _identity(finding: dict[str, Any]) -> tuple[str, str]:
    return str(finding.get("name", "")), str(finding.get("message", ""))


def _one_sided(old: Rows, new: Rows, key: Key) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Findings that only the run after, and that only the run before has."""
    earlier, later = _found(old[key][0]), _found(new[key][0])
    known, kept = {_identity(f) for f in earlier}, {_identity(f) for f in later}
    return (
        [f for f in later if _identity(f) not in known],
        [f for f in earlier if _identity(f) not in kept],
    )


def _pair_frame(old: Rows, new: Rows, common: Sequence[Key]) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for key in common:
        earlier, later = old[key][0], new[key][0]
        came, went = _one_sided(old, new, key)
        rows.append(
            {
                "document": later.get("document", ""),
                "pair_before": earlier.get("pair"),
                "pair_after": later.get("pair"),
                "source": key[0],
                "provided_before": earlier[_PROVIDED],
                "provided_after": later[_PROVIDED],
                "changed": str(earlier[_PROVIDED]) != str(later[_PROVIDED]),
                "new_findings": " ".join(dict.fromkeys(str(f["name"]) for f in came)),
                "gone_findings": " ".join(dict.fromkeys(str(f["name"]) for f in went)),
            }
        )
    return pd.DataFrame(rows)


def _finding_frame(old: Rows, new: Rows, common: Sequence[Key]) -> pd.DataFrame:
    import pandas as pd

    columns = ["document", "pair", "source", "provided", "change", "name", "severity", "message"]
    rows = []
    for key in common:
        came, went = _one_sided(old, new, key)
        for change, side, findings in (("new", new, came), ("gone", old, went)):
            row = side[key][0]
            for finding in findings:
                rows.append(
                    {
                        "document": row.get("document", ""),
                        "pair": row.get("pair"),
                        "source": key[0],
                        "provided": row[_PROVIDED],
                        "change": change,
                        "name": finding.get("name", ""),
                        "severity": finding.get("severity", ""),
                        "message": finding.get("message", ""),
                    }
                )
    return pd.DataFrame(rows, columns=columns)


def _score_frame(
    before: pd.DataFrame,
    after: pd.DataFrame,
    old: Rows,
    new: Rows,
    common: Sequence[Key],
    trials: int,
    seed: int,
) -> pd.DataFrame:
    import pandas as pd

    columns = [
        "system",
        "score",
        "pairs",
        "before",
        "after",
        "difference",
        "better",
        "worse",
        "p_value",
    ]
    names = [
        name
        for name in before.columns
        if name in after.columns
        and name not in _NO_SCORES
        and all(pd.api.types.is_float_dtype(rows[name]) for rows in (before, after))
    ]
    systems = list(dict.fromkeys(before["system"])) if "system" in before.columns else [""]
    rows = []
    for system in systems:
        for name in names:
            values = np.array(
                [(_value(old[key], system, name), _value(new[key], system, name)) for key in common]
            )
            values = values[~np.isnan(values).any(axis=1)]
            if not len(values):
                continue
            change = values[:, 1] - values[:, 0]
            rows.append(
                {
                    "system": system,
                    "score": name,
                    "pairs": len(values),
                    "before": values[:, 0].mean(),
                    "after": values[:, 1].mean(),
                    "difference": change.mean(),
                    "better": int((change > 0).sum()),
                    "worse": int((change < 0).sum()),
                    "p_value": exchange_test(change, trials=trials, seed=seed),
                }
            )
    return pd.DataFrame(rows, columns=columns)


def _value(rows: Sequence[dict[str, Any]], system: str, name: str) -> float:
    for row in rows:
        if row.get("system", "") == system:
            return float(row[name])
    return float("nan")


def exchange_test(change: np.ndarray, *, trials: int = TRIALS, seed: int = SEED) -> float:
    """Two-sided p of paired differences (n,): how often random signs give a sum as far from 0.

    Approximate randomization (Riezler and Maxwell 2005), with the observed one counted as a trial: (r + 1) / (trials + 1).
    """
    moved = change[change != 0]
    if not len(moved):
        return 1.0
    generator = np.random.default_rng(seed)
    observed, reached = abs(moved.sum()), 0
    most = max(1, 4_000_000 // len(moved))
    for begin in range(0, trials, most):
        count = min(most, trials - begin)
        signs = generator.integers(0, 2, (count, len(moved)), dtype=np.int8) * 2 - 1
        sums = np.abs(signs @ moved)
        reached += int((sums >= observed - _ROUNDING * max(1.0, observed)).sum())
    return (reached + 1) / (trials + 1)
