"""Lines of a file as segments, those of each document together."""

from __future__ import annotations

from collections.abc import Sequence

from evalkit.data import Segment
from evalkit.files.lines import writable


def segments_of(lines: Sequence[str], numbers: Sequence[int] | None = None) -> tuple[Segment, ...]:
    """One segment a line that is not blank."""
    segments: list[Segment] = []
    for number, line in zip(numbers or range(1, len(lines) + 1), lines, strict=True):
        if line.strip():
            text, flags = writable(line)
            segments.append(Segment(text, number, len(segments), flags))
    return tuple(segments)


def grouped(lines: Sequence[str], names: Sequence[str]) -> dict[str, tuple[Segment, ...]]:
    """The lines of each document, in order of first appearance."""
    members: dict[str, list[int]] = {}
    for index, name in enumerate(names):
        members.setdefault(name, []).append(index)
    return {
        name: segments_of([lines[i] for i in indices], [i + 1 for i in indices])
        for name, indices in members.items()
    }


def merged_order(first: list[str], second: list[str]) -> list[str]:
    """All names, those only in ``second`` after the name they follow there."""
    known = set(first)
    following: dict[str | None, list[str]] = {}
    previous = None
    for name in second:
        if name in known:
            previous = name
        else:
            following.setdefault(previous, []).append(name)
    order = list(following.get(None, []))
    for name in first:
        order += [name, *following.get(name, [])]
    return order
