"""The end of the program by a signal: Ctrl-C, SIGTERM, a terminal that is closed.

The program ends in the handler of the signal, not by an exception through whatever is at work: native code that calls
Python (torch as it is loaded) aborts on one, and in a destructor it is lost. What must not be left behind is told to
`at_end` beforehand. The memory needs no such care: what it has committed stays, however a process ends.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType

# Name of the signal -> what the user is told. A program ended by signal N has the exit code 128 + N.
ENDS = {"SIGINT": "interrupted", "SIGTERM": "terminated", "SIGHUP": "terminal closed"}
CLEAR_LINE = "\r\x1b[K"

_actions: dict[object, Callable[[], object]] = {}
_kept: Counter[str] = Counter()
_held = 0
_waiting: int | None = None


def end_on_signals() -> None:
    """From now on, end by one line and the exit code 128 + N on signal N. For a program, not for a library.

    A signal that the caller has switched off (nohup, a shell's background job) stays off.
    """
    process = os.getpid()

    def handler(number: int, frame: FrameType | None) -> None:
        global _waiting
        if os.getpid() != process:  # a child that inherited this handler has none of our files
            os._exit(128 + number)
        if _held:
            _waiting = number
        else:
            _end(number)

    for name in ENDS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, handler)


def finished() -> None:
    """All is done and written: nothing is left that a signal could interrupt."""
    for name in ENDS:
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, signal.SIG_IGN)


@contextmanager
def held() -> Iterator[None]:
    """A signal that comes within waits for the end of the block: between making a thing and telling `at_end` of it."""
    global _held
    _held += 1
    try:
        yield
    finally:
        _held -= 1
        if not _held and _waiting is not None:
            _end(_waiting)


def at_end(action: Callable[[], object]) -> Callable[[], None]:
    """Have ``action`` done if a signal ends the program; gives a function that takes this back."""
    key = object()
    _actions[key] = action

    def take_back() -> None:
        _actions.pop(key, None)

    return take_back


def kept(count: int, what: str) -> None:
    """Tell that so many results of this run ("translations") were committed to the memory."""
    _kept[what] += count


def message(number: int = signal.SIGINT) -> str:
    """The line that says how the program ended, and what of its work is kept, if anything is."""
    how = ENDS[signal.Signals(number).name]
    results = " and ".join(f"{count:,} {what}" for what, count in _kept.items() if count)
    rest = f"; {results} are kept, run the same command to go on" if results else ""
    return f"evalkit: {how}{rest}"


def _end(number: int) -> None:
    finished()
    for action in list(_actions.values()):
        with suppress(Exception):
            action()
    with suppress(OSError, ValueError, AttributeError):
        start = CLEAR_LINE if os.isatty(2) else ""
        # Past Python's buffers, whose locks the interrupted code may hold.
        os.write(2, f"{start}{message(number)}\n".encode(sys.stderr.encoding, "replace"))
    os._exit(128 + number)
