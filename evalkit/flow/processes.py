"""Blocks of a long list, worked on by several processes."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import chain
from typing import Any, TypeVar

from evalkit.errors import EvalkitError

T = TypeVar("T")

# Items that a process takes at a time: some tenths of a second's work, for the checks.
BLOCK = 500
# For fewer blocks a process is not worth its start.
FEWEST = 4

# Libraries whose threads do not survive a fork.
THREADED = frozenset(("torch", "ctranslate2"))

#: Results of the items from one position to another, one for each.
Work = Callable[[int, int], Sequence[T]]

_work: Work[Any] | None = None


def cores() -> int:
    """Processors this process may use: fewer than the machine's in a container."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_blocks(work: Work[T], count: int, processes: int = 1, block: int = BLOCK) -> list[T]:
    """What ``work`` gives for the items 0 to ``count``, in their order; the same for every number of processes.

    Processes are forked, so that nothing is copied to them. Where that is not safe one process does all: on macOS and
    Windows, and in a process that has loaded what runs models, whose threads do not survive a fork.

    Raises:
        EvalkitError: a process ended before its work was done.
    """
    global _work
    blocks = [(begin, min(count, begin + block)) for begin in range(0, count, block)]
    with _no_collection():
        if processes < 2 or len(blocks) < FEWEST or not _may_fork():
            return list(chain.from_iterable(work(begin, end) for begin, end in blocks))
        _work = work
        try:
            with _pool(min(processes, len(blocks))) as pool:
                return list(chain.from_iterable(pool.map(_run, *zip(*blocks, strict=True))))
        except BrokenProcessPool:
            raise EvalkitError(
                "a process ended before its work was done: there may be too little memory"
            ) from None
        finally:
            _work = None


def _may_fork() -> bool:
    return sys.platform == "linux" and not THREADED & sys.modules.keys()


def _run(begin: int, end: int) -> Any:
    return None if _work is None else _work(begin, end)


@contextmanager
def _pool(processes: int) -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(processes, multiprocessing.get_context("fork")) as pool:
        with warnings.catch_warnings():
            # Python 3.12 warns of forking beside threads: numpy's are idle, and no lock of theirs is asked for.
            warnings.simplefilter("ignore", DeprecationWarning)
            pool.submit(int)
        yield pool


@contextmanager
def _no_collection() -> Iterator[None]:
    """Without Python's search for cycles, of which the checks make none: it would take a seventh of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
