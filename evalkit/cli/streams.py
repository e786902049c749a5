"""Standard input, output and error: there in any case, and written to the end or the user is told."""

from __future__ import annotations

import errno
import os
import sys

WRITE_FAULTS = frozenset({errno.ENOSPC, errno.EFBIG, errno.EIO, errno.EBADF})


def open_standard_streams() -> None:
    """Put something in the place of streams that the caller has closed (``>&-``).

    A file that is opened later must not get their numbers, or what a library prints would end up in it. What is put
    there cannot be used: the one who tries gets "Bad file descriptor".
    """
    for number, name, wrong_way in ((0, "stdin", os.O_WRONLY), (1, "stdout", os.O_RDONLY)):
        if getattr(sys, name) is None:
            _occupy(number, wrong_way)
            setattr(sys, name, open(number, "r" if number == 0 else "w", closefd=False))  # noqa: SIM115
    if sys.stderr is None:
        _occupy(2, os.O_RDWR)
        sys.stderr = open(2, "w", closefd=False)  # noqa: SIM115 (it stays open)


def flush_output() -> None:
    """Write what was printed.

    Raises:
        OSError: standard output cannot be written; BrokenPipeError: nobody reads it any more.
    """
    sys.stdout.flush()


def is_of_output(error: OSError) -> bool:
    """Whether an error must be standard output's: an error of writing that names no file (all other writers do)."""
    return error.filename is None and error.errno in WRITE_FAULTS


def drop_output() -> None:
    """Let what could not be written go, so that Python does not try again as it ends."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):  # a stream of a program that calls `main`
        return


def _occupy(number: int, mode: int) -> None:
    handle = os.open(os.devnull, mode)
    if handle != number:
        os.dup2(handle, number)
        os.close(handle)
