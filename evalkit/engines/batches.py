"""Which pieces are translated together: of like length, and within a budget of tokens."""

from __future__ import annotations

from collections.abc import Sequence

# Limits of the output length, in tokens. Few, so that pieces of one batch share one: then where an
# output is cut depends on its own source, never on its neighbours.
OUTPUT_LIMITS = (48, 96, 192, 384, 768)


def output_limit(source_tokens: int, most: int, fixed: int | None = None) -> int:
    """The tokens an output may have: at least twice its source, at most ``most``."""
    if fixed is not None:
        return min(fixed, most)
    wanted = 2 * source_tokens + 8
    return min(next((limit for limit in OUTPUT_LIMITS if limit >= wanted), wanted), most)


def plan_batches(
    lengths: Sequence[int], limits: Sequence[int], batch_tokens: int
) -> list[list[int]]:
    """Group positions so that (longest x count) stays within ``batch_tokens``, longest first.

    A batch has at least one piece, and all its pieces have the same output limit.
    """
    batches: list[list[int]] = []
    widest = 0
    for position in sorted(range(len(lengths)), key=lambda p: (-limits[p], -lengths[p], p)):
        current = batches[-1] if batches else []
        full = (len(current) + 1) * widest > batch_tokens
        if not current or full or limits[current[0]] != limits[position]:
            batches.append([])
            widest = lengths[position]
        batches[-1].append(position)
    return batches
