"""Progress on standard error: shown for what takes longer than a second, silent when piped."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SHOW_AFTER_SECONDS = 1.0

Advance = Callable[[int], object]


@contextmanager
def progress(description: str, total: int | None, *, quiet: bool = False) -> Iterator[Advance]:
    """Give a function to call with the number of items done; draw a bar with rate and time left.

    Nothing is drawn within the first second, when standard error is not a terminal, or if ``quiet``.
    """
    if quiet or not sys.stderr.isatty():
        yield lambda count: None
        return
    from tqdm import tqdm

    with tqdm(
        desc=description,
        total=total,
        delay=SHOW_AFTER_SECONDS,
        leave=False,
        dynamic_ncols=True,
        unit="",
        file=sys.stderr,
    ) as bar:
        yield bar.update
