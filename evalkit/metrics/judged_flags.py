"""What is said of an example beside its score, whatever the model."""

from __future__ import annotations

from evalkit.metrics.base import Example

INPUT_TOO_LONG = "input_too_long"
COPY_OF_SOURCE = "copy_of_source"
EMPTY_HYPOTHESIS = "empty_hypothesis"
REPLY_NOT_UNDERSTOOD = "reply_not_understood"


def flags_of(example: Example, *, too_long: bool = False) -> tuple[str, ...]:
    """Flags of an example; ``too_long`` says that the model did not read all of it."""
    words = example.hypothesis.split()
    flags = []
    if not words:
        flags.append(EMPTY_HYPOTHESIS)
    elif words == example.source.split():
        flags.append(COPY_OF_SOURCE)
    if too_long:
        flags.append(INPUT_TOO_LONG)
    return tuple(flags)
