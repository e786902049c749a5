"""Writing files whole or not at all."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from evalkit.errors import EvalkitError
from evalkit.interruption import at_end, held


@contextmanager
def write_atomically(path: str | Path, *, binary: bool = False) -> Iterator[IO]:
    """Open ``path`` for writing; it appears under its name only when the block ends without error.

    Text is UTF-8 and line ends are written as given. "-" writes to standard output. A device or
    pipe (``/dev/stdout``) is written directly, because it cannot be replaced.

    Raises:
        EvalkitError: the target cannot be written (no such folder, no permission, disk full).
    """
    if str(path) == "-":
        yield sys.stdout.buffer if binary else sys.stdout
        return
    target = Path(path)
    mode = "wb" if binary else "w"
    encoding, newline = (None, None) if binary else ("utf-8", "")
    try:
        if target.exists() and not target.is_file() and not target.is_dir():
            with open(target, mode, encoding=encoding, newline=newline) as stream:
                yield stream
            return
        # A symbolic link keeps pointing where it did: the file it names is replaced.
        target = target.resolve()
        if target.is_dir():
            raise IsADirectoryError(21, "it is a folder")
        with held():
            handle, temporary = _temporary(target)
            keep = at_end(lambda: os.unlink(temporary))
        try:
            with open(handle, mode, encoding=encoding, newline=newline) as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            os.chmod(temporary, _mode_for(target))
            os.replace(temporary, target)
        except BaseException:
            with suppress(OSError):
                os.unlink(temporary)
            raise
        finally:
            keep()
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        raise EvalkitError(f"cannot write {path}: {error.strerror or error}") from error


def check_writable(path: str | Path, *, folder: bool = False) -> None:
    """Find out now whether `write_atomically` can write ``path``: work is not to be lost for a mistyped name.

    Args:
        folder: files are to be written into ``path``, which need not exist.

    Raises:
        EvalkitError: no such folder, no permission, a folder where a file is to be written or the reverse.
    """
    if str(path) == "-":
        return
    target = Path(path)
    try:
        target = target.resolve()
        if folder:
            while not target.exists():
                target = target.parent
            target /= "file"
        elif target.is_dir():
            raise IsADirectoryError(errno.EISDIR, "it is a folder")
        elif target.exists() and not target.is_file():
            if not os.access(target, os.W_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
            return
        with held():
            handle, temporary = _temporary(target)
            os.close(handle)
            os.unlink(temporary)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise EvalkitError(f"cannot write {path}: {reason}") from error


def _temporary(target: Path) -> tuple[int, str]:
    """A new file beside ``target``, open for writing, and its name."""
    return tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")


def _mode_for(target: Path) -> int:
    """The permissions the file has, or those a new file would get (mkstemp makes private ones)."""
    if target.exists():
        return target.stat().st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
