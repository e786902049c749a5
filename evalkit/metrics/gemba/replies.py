"""What a judge's reply says, or that it says nothing we can use. A number is never guessed."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from typing import Any

from evalkit.metrics.base import Example

_FENCED = re.compile(r"\A\s*```[a-zA-Z]*\s*(.*?)\s*```\s*\Z", re.DOTALL)
MOST_ERRORS = 200


class NotUnderstood(Exception):
    """A reply that is not an answer to the question; says why."""


def errors_of(text: str, example: Example, severities: Sequence[str]) -> list[dict[str, Any]]:
    """The errors that a reply lists, as spans of the hypothesis.

    Raises:
        NotUnderstood: it is not the object that was asked for.
    """
    errors = _object(text).get("errors")
    if not isinstance(errors, list):
        raise NotUnderstood("no list of errors")
    if len(errors) > MOST_ERRORS:
        raise NotUnderstood(f"{len(errors)} errors")
    spans = []
    # A word that is wrong twice is named twice: each is looked for after the one before.
    after: dict[str, int] = {}
    for error in errors:
        if not isinstance(error, dict):
            raise NotUnderstood("an error that is no object")
        words, severity, category = (error.get(key) for key in ("text", "severity", "category"))
        if not isinstance(severity, str) or severity.strip().lower() not in severities:
            raise NotUnderstood(f"unknown severity {str(severity)[:40]!r}")
        if not isinstance(words, str):
            raise NotUnderstood("an error without text")
        words = _writable(words)
        start = example.hypothesis.find(words, after.get(words, 0)) if words else -1
        if start >= 0:
            after[words] = start + len(words)
        spans.append(
            {
                "text": words,
                "severity": severity.strip().lower(),
                "category": _writable(category) if isinstance(category, str) else "other",
                "start": start if start >= 0 else None,
                "end": start + len(words) if start >= 0 else None,
                "confidence": None,
            }
        )
    return spans


def score_of(text: str) -> float:
    """The score that a reply states, 0 to 100.

    Raises:
        NotUnderstood: it states none, or one that is not in the range.
    """
    score = _object(text).get("score")
    if isinstance(score, bool) or not isinstance(score, int | float):
        raise NotUnderstood("no score")
    if not math.isfinite(score) or not 0 <= score <= 100:
        raise NotUnderstood(f"the score {str(score)[:40]} is not of 0 to 100")
    return float(score)


def _writable(text: str) -> str:
    """Without what no UTF-8 file can hold, which JSON can spell out."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _object(text: str) -> dict[str, Any]:
    """The one JSON object that a reply is, alone or in a fence of its own."""
    fenced = _FENCED.match(text)
    try:
        content = json.loads(fenced[1] if fenced else text)
    except (ValueError, RecursionError) as error:
        raise NotUnderstood("not one JSON object") from error
    if not isinstance(content, dict):
        raise NotUnderstood("not one JSON object")
    return content
