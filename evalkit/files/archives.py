"""Zip and tar archives: what is in them, and one file of it at a time. Nothing is unpacked on the disk."""

from __future__ import annotations

import os
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import IO

from evalkit.errors import InputError
from evalkit.files.opening import (
    BOMB_BYTES,
    BOMB_RATIO,
    Loaded,
    decompressed_parts,
    from_bytes,
)

# A name's end, and that of the compression a tar archive was put through.
TARS = {
    ".tar": "",
    ".tar.gz": ".gz",
    ".tgz": ".gz",
    ".tar.bz2": ".bz2",
    ".tbz2": ".bz2",
    ".tar.xz": ".xz",
    ".txz": ".xz",
    ".tar.zst": ".zst",
    ".tzst": ".zst",
}
ZIP = ".zip"


def is_archive(path: str) -> bool:
    """Whether a file is an archive, by its name."""
    return path.lower().endswith((ZIP, *TARS))


def members(path: str) -> list[str]:
    """The names of the files in an archive, in its order.

    Raises:
        InputError: it cannot be read, or is none.
    """
    with _errors(path):
        archive = _opened(path, os.stat(path).st_mtime_ns)
        if isinstance(archive, zipfile.ZipFile):
            return [one.filename for one in archive.infolist() if not one.is_dir()]
        return [one.name for one in archive.getmembers() if one.isfile()]


def load_member(path: str, member: str, role: str) -> Loaded:
    """One file of an archive, its own compression (``notes.txt.gz``) undone. It is called ``ARCHIVE/MEMBER``.

    Raises:
        InputError: it cannot be read, or is made to fill the memory.
    """
    with _errors(path, member):
        archive = _opened(path, os.stat(path).st_mtime_ns)
        if isinstance(archive, zipfile.ZipFile):
            info = archive.getinfo(member)
            if info.file_size > BOMB_BYTES and info.file_size > BOMB_RATIO * info.compress_size:
                raise _bomb(f"{path}/{member}")
            raw = archive.read(info)
        else:
            stream = archive.extractfile(member)
            raw = stream.read() if stream else b""
    return from_bytes(raw, f"{path}/{member}", role)


# The few that are read from by turns: two sides of a test set, say.
@lru_cache(maxsize=2)
def _opened(path: str, changed: int) -> zipfile.ZipFile | tarfile.TarFile:
    if path.lower().endswith(ZIP):
        return zipfile.ZipFile(path)
    # The longest end counts: ".tar.gz", not ".gz".
    ending = max((end for end in TARS if path.lower().endswith(end)), key=len)
    return tarfile.open(fileobj=_seekable(path, TARS[ending]))


def _seekable(path: str, compression: str) -> IO[bytes]:
    """The tar archive decompressed: files are asked for in the order of their names, not of the archive.

    It has no name on the disk, so that nothing stays behind, however the run ends.
    """
    if not compression:
        return open(path, "rb")
    whole = tempfile.TemporaryFile()  # noqa: SIM115 (it stays open as long as the archive)
    raw = Path(path).read_bytes()
    for part in decompressed_parts(compression, raw):
        whole.write(part)
        if whole.tell() > BOMB_BYTES and whole.tell() > BOMB_RATIO * len(raw):
            raise _bomb(path)
    whole.seek(0)
    return whole


def _bomb(name: str) -> InputError:
    return InputError(
        f"{name} expands more than {BOMB_RATIO} times, to over 1 GiB: refused;"
        " unpack it yourself if it is meant to"
    )


@contextmanager
def _errors(path: str, member: str = "") -> Iterator[None]:
    """What the libraries raise, as one line."""
    try:
        yield
    except InputError:
        raise
    except FileNotFoundError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error
    # Each library, and each compression in it, has errors of its own for damaged files.
    except Exception as error:
        name = f"{path}/{member}" if member else path
        reason = getattr(error, "strerror", None) or error
        raise InputError(
            f"cannot read {name}: {reason or type(error).__name__}: check the archive"
        ) from error
