"""The manifest: what was run on what, enough to repeat it."""

from __future__ import annotations

import platform
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timezone
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from evalkit import __version__
from evalkit.data import Corpus

if TYPE_CHECKING:
    import pandas as pd

    from evalkit.pair_scores import Scores
    from evalkit.translate import System, Translations

PACKAGES = ("sacrebleu", "numpy", "pandas", "transformers", "torch", "sentencepiece", "ctranslate2")


def manifest(
    corpus: Corpus,
    systems: Sequence[System],
    runs: Mapping[str, Translations],
    scores: Scores,
    pairs: pd.DataFrame,
    segments: pd.DataFrame,
    settings: Mapping[str, Any],
    seconds: Mapping[str, float],
) -> dict[str, Any]:
    """The manifest as plain JSON types. ``seconds`` are the wall-clock times of the steps."""
    return {
        "evalkit": __version__,
        "versions": {"python": platform.python_version(), **_versions()},
        "command": sys.argv,
        "finished": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "seconds": dict(seconds),
        "inputs": [asdict(file) for file in corpus.files],
        "settings": dict(settings),
        "systems": [_system(system, runs[system.name]) for system in systems],
        "signatures": {level: dict(of) for level, of in scores.signatures.items()},
        "counts": _counts(pairs, segments),
        "scores": [
            {"system": system, "metric": metric, "score": score, "low": low, "high": high}
            for (system, metric), (score, low, high) in scores.corpus.items()
        ],
        "segments": dict(scores.segments),
        "warnings": list(corpus.warnings),
    }


def _versions() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _system(system: System, run: Translations) -> dict[str, Any]:
    return {
        "name": system.name,
        "spec": system.spec,
        "fingerprint": dict(system.fingerprint),
        "note": getattr(system, "note", ""),
        "from_memory": run.reused,
        "translated": run.computed,
    }


def _counts(pairs: pd.DataFrame, segments: pd.DataFrame) -> dict[str, Any]:
    """Pairs by status, by alignment type and by flag; translations by flag."""
    return {
        "pairs": len(pairs),
        "status": dict(Counter(pairs["status"])),
        "alignment": dict(Counter(pairs["alignment"])),
        "flags": dict(Counter(flag for flags in pairs["flags"] for flag in flags.split())),
        "segment_flags": dict(
            Counter(flag for flags in segments["flags"] for flag in flags.split())
        ),
    }
