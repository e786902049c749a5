"""The manifest: what was run on what, enough to repeat it, and what came out."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timezone
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from evalkit import __version__
from evalkit.data import InputFile
from evalkit.flow.combine import Combined
from evalkit.flow.coverage import Coverage
from evalkit.flow.lineup import SystemCard
from evalkit.flow.scored import Counts
from evalkit.plan import Plan
from evalkit.plan_files import plan_to_dict

if TYPE_CHECKING:
    import pandas as pd

PACKAGES = ("sacrebleu", "numpy", "pandas", "transformers", "torch", "sentencepiece", "ctranslate2")


def manifest(
    plan: Plan,
    files: Sequence[InputFile],
    warnings: Sequence[str],
    cards: Sequence[SystemCard],
    combined: Combined,
    coverage: Coverage,
) -> dict[str, Any]:
    """The manifest as plain JSON types. ``seconds`` in it are the wall-clock times of the steps."""
    options = plan_to_dict(plan)
    reporting, running = options.pop("reporting"), options.pop("running")
    scored = combined.scored
    return {
        "evalkit": __version__,
        "versions": {"python": platform.python_version(), **_versions()},
        "command": sys.argv,
        "folder": os.getcwd(),
        "finished": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "seconds": {step: round(spent, 3) for step, spent in scored.seconds.items()},
        "inputs": [asdict(file) for file in files],
        "plan": options,
        "reporting": reporting,
        "running": running,
        "systems": [_system(card, scored.counts.get(card.name, Counts())) for card in cards],
        "signatures": {level: dict(of) for level, of in combined.signatures.items()},
        "counts": coverage.as_dict(),
        "scores": [
            {
                "system": candidate,
                "metric": metric,
                "score": found.score,
                "low": found.low,
                "high": found.high,
            }
            for (candidate, metric), found in combined.scores.items()
        ],
        "comparison": _records(c.comparison for c in combined.comparisons.values()),
        "clusters": _records(c.clusters for c in combined.comparisons.values()),
        "segments": {
            candidate: max(
                len(found.index)
                for (name, _), found in combined.counted.items()
                if name == candidate
            )
            for candidate in dict.fromkeys(name for name, _ in combined.counted)
        },
        "warnings": list(warnings),
    }


def _versions() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _system(card: SystemCard, counts: Counts) -> dict[str, Any]:
    return {
        "name": card.name,
        "spec": card.spec,
        "fingerprint": dict(card.fingerprint),
        "note": card.note,
        "from_memory": counts.reused,
        "translated": counts.computed,
        "recorded": counts.recorded,
    }


def _records(frames: Iterable[pd.DataFrame]) -> list[Mapping[str, Any]]:
    return [row for frame in frames for row in frame.to_dict("records")]
