"""What is kept between runs: translations and scores, by what made them and the text."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from evalkit.memory.store import Memory
from evalkit.plan import Plan

__all__ = ["Memory", "open_memory"]


def open_memory(plan: Plan) -> AbstractContextManager[Memory | None]:
    """A context that gives the memory of a run, or None if none is wanted."""
    return Memory(plan.memory) if plan.use_memory else nullcontext()
