"""Outputs, checked before the work begins: none may overwrite an input or another output, and each must be writable."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from evalkit.errors import EvalkitError, InputError
from evalkit.files.opening import STANDARD_INPUT

STANDARD_OUTPUT = "-"


def check_outputs(outputs: Iterable[str | None], inputs: Iterable[str | None]) -> None:
    """Raise an error for the first output that must not or cannot be written. None stands for a file not asked for.

    Raises:
        InputError: an output is an input, or is named twice, or has an empty name.
        EvalkitError: its folder is missing or may not be written.
    """
    read = [Path(path) for path in inputs if path and path != STANDARD_INPUT]
    seen: list[Path] = []
    for name in outputs:
        if name is None:
            continue
        if not name:
            raise InputError(
                "the name of an output is empty: give a file, or - for standard output"
            )
        if name == STANDARD_OUTPUT:
            continue
        path = Path(name)
        for other in read:
            if _same(path, other):
                raise InputError(f"{name} is an input of this run: write to another file")
        if any(_same(path, other) for other in seen):
            raise InputError(f"{name} is named for two outputs: give each a file of its own")
        seen.append(path)
        _require_writable(path)


def _same(one: Path, other: Path) -> bool:
    """Whether two paths are one file, be it by a link."""
    try:
        if one.samefile(other):
            return True
    except OSError:
        pass
    return one.resolve() == other.resolve()


def _require_writable(path: Path) -> None:
    target = path.resolve()
    if target.exists() and not target.is_file() and not target.is_dir():
        return  # a device or a pipe
    folder = target if target.is_dir() else target.parent
    try:
        if not folder.is_dir():
            raise FileNotFoundError(2, "there is no such folder")
        if target.is_file() and not os.access(target, os.W_OK):
            raise PermissionError(13, "it may not be written")
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise EvalkitError(f"cannot write {path}: {error.strerror or error}") from error
