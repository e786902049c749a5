"""The program: `evalkit`, or `python -m evalkit`.

Signals are taken care of before anything else is imported, which takes most of the time of a short run.
"""

import os

try:
    from evalkit.interruption import end_on_signals, finished

    end_on_signals()
except KeyboardInterrupt:
    os.write(2, b"evalkit: interrupted\n")
    os._exit(130)

import sys
import threading
from contextlib import suppress

from evalkit import cli


def main() -> None:
    """Run the command line; ends the process."""
    try:
        try:
            cli.main()
        finally:
            finished()
    except SystemExit as end:
        _leave(end)
        raise


def _leave(end: SystemExit) -> None:
    """End at once: to take all objects apart, which the system frees anyway, is a tenth of a short run.

    Where another thread is left, Python waits for it as usual; where a profiler or debugger looks on, it is to see the end.
    """
    watched = sys.getprofile() or sys.gettrace()
    if watched or threading.active_count() > 1 or not isinstance(end.code, int):
        return
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(end.code)


if __name__ == "__main__":
    main()
