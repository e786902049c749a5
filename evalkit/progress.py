"""Progress on standard error: shown for what takes longer than a second, silent when piped."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

SHOW_AFTER_SECONDS = 1.0

Advance = Callable[[int], None]


@contextmanager
def progress(description: str, total: int | None, *, quiet: bool = False) -> Iterator[Advance]:
    """Give a function to call with the number of items done; draw a bar with rate and time left.

    Nothing is drawn within the first second, when standard error is not a terminal, or if ``quiet``.
    """
    if quiet or not sys.stderr.isatty():
        yield lambda count: None
        return
    bar = _Bar(description, total)
    try:
        yield bar.advance
    finally:
        bar.close()


class _Bar:
    """A rich progress bar that starts late, so that short work leaves the terminal alone.

    A timer starts it, because the first items may be long in coming.
    """

    def __init__(self, description: str, total: int | None) -> None:
        self.description, self.total, self.done = description, total, 0
        self.began = time.monotonic()
        self.display: Any = None
        self.closed = False
        self.lock = threading.Lock()
        self.timer = threading.Timer(SHOW_AFTER_SECONDS, self._start)
        self.timer.daemon = True
        self.timer.start()

    def advance(self, count: int) -> None:
        with self.lock:
            self.done += count
            if self.display is not None:
                rate = self.done / (time.monotonic() - self.began)
                self.display.update(self.task, completed=self.done, rate=f"{rate:,.1f}/s")

    def _start(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        with self.lock:
            if self.closed:
                return
            self.display = Progress(
                TextColumn("{task.description}"),
                BarColumn(bar_width=24),
                MofNCompleteColumn(),
                TextColumn("{task.fields[rate]}"),
                TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self.task = self.display.add_task(
                self.description, total=self.total, completed=self.done, rate=""
            )
            self.display.start()

    def close(self) -> None:
        self.timer.cancel()
        with self.lock:
            self.closed = True
            if self.display is not None:
                self.display.stop()
