"""Error spans from the labels of tokens, and what they cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

# MQM's weights, and the most a sentence can lose (Guerreiro et al. 2024, section 3).
_COSTS = {"minor": 1, "major": 5, "critical": 10}
_WORST = 25


def spans(
    probabilities: Any,
    ids: Sequence[int],
    offsets: Sequence[tuple[int, int]],
    labels: Sequence[str],
    decode: Callable[[Sequence[int]], str],
) -> list[dict[str, Any]]:
    """Runs of tokens that are labelled as errors, as unbabel-comet reports them.

    A run has the severity of its first token; its confidence is the mean of its tokens' highest
    probabilities. One that goes on to the last token is not reported.

    Args:
        probabilities: (tokens, 1 + labels), the first of no error.
        offsets: of each token, into the hypothesis.
    """
    import torch

    found: list[dict[str, Any]] = []
    highest, chosen = torch.as_tensor(probabilities).max(dim=1)
    start: int | None = None
    for position, label in enumerate(chosen[: len(offsets)].tolist()):
        if label and start is None:
            start = position
        elif not label and start is not None:
            found.append(
                {
                    "text": decode(ids[start:position]),
                    "severity": labels[int(chosen[start]) - 1],
                    "start": offsets[start][0],
                    "end": offsets[position - 1][1],
                    "confidence": highest[start:position].mean().item(),
                }
            )
            start = None
    return found


def mqm_score(found: Sequence[dict[str, Any]]) -> float:
    """1 for no error, 0 for 25 points of errors or more."""
    points = sum(_COSTS.get(span["severity"], 0) for span in found)
    return (_WORST - min(points, _WORST)) / _WORST
