"""Outputs, checked before the work begins: none may overwrite an input or another output, and each must be writable."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from evalkit.errors import InputError
from evalkit.files.writing import check_writable

STANDARD_OUTPUT = "-"


def check_outputs(
    outputs: Mapping[str, str | None],
    inputs: Iterable[str | None],
    folders: Iterable[str] = (),
) -> None:
    """Raise an error for the first output that must not or cannot be written.

    Args:
        outputs: option -> the path it was given. inputs: what is read. Of both, None is nothing.
        folders: the options whose path is a folder to write into.

    Raises:
        InputError: an output is an input, or is named twice, or has an empty name.
        EvalkitError: it cannot be written.
    """
    read = [path for path in inputs if path]
    seen: dict[str, str] = {}
    for option, path in outputs.items():
        if path is None:
            continue
        if not path.strip():
            raise InputError(
                f"{option}: the name of an output is empty: give a file, or - for standard output"
            )
        if any(_is_same_file(path, other) for other in read):
            raise InputError(f"{option}: {path} is an input of this run: write to another file")
        place = path if path == STANDARD_OUTPUT else os.path.realpath(path)
        if place in seen and not _is_device(place):
            shown = "standard output" if path == STANDARD_OUTPUT else path
            raise InputError(
                f"{option}: {shown} is named for two outputs ({seen[place]} too): give each its own"
            )
        seen[place] = option
        check_writable(path, folder=option in folders)


def refuse_inputs(path: str | Path, inputs: Iterable[str]) -> None:
    """Raise InputError if a path that will be written is an input."""
    if any(_is_same_file(str(path), other) for other in inputs):
        raise InputError(f"{path} is an input of this run: write to another file")


def _is_device(path: str) -> bool:
    return os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path)


def _is_same_file(path: str, other: str) -> bool:
    """Whether two paths are one file, be it by a link."""
    try:
        return Path(path).is_file() and os.path.samefile(path, other)
    except (OSError, ValueError):
        return False
