"""Where models run, and what happens when they do not fit there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from evalkit.engines.base import OutOfMemory
from evalkit.errors import InputError


def choose_device(device: str) -> str:
    """ "cuda" where there is a GPU and ``device`` is "auto"; else as asked.

    Raises:
        InputError: there is no such device.
    """
    import torch

    if device == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    try:
        kind = torch.device(device)
    except RuntimeError:
        raise InputError(f"unknown device {device!r}: use auto, cpu, cuda or cuda:N") from None
    if kind.type == "cuda" and (kind.index or 0) >= torch.cuda.device_count():
        raise InputError(f"there is no device {device!r} here: use --device cpu")
    return device


@contextmanager
def out_of_memory() -> Iterator[None]:
    """Raise `OutOfMemory` for whatever torch raises when memory runs out."""
    import torch

    try:
        yield
    except torch.OutOfMemoryError as error:
        torch.cuda.empty_cache()
        raise OutOfMemory from error
    except (RuntimeError, MemoryError) as error:
        # On CPU torch raises a plain RuntimeError.
        if isinstance(error, MemoryError) or "can't allocate memory" in str(error):
            raise OutOfMemory from error
        raise
