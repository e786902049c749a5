"""Hashes of large files, computed once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from evalkit.errors import EvalkitError
from evalkit.files.cache import cache_folder
from evalkit.files.writing import write_atomically


def file_hashes(paths: Iterable[Path]) -> list[str]:
    """SHA-256 of each file's contents, as the hub shows it; kept by path, size and time of change."""
    store = cache_folder() / "file-hashes.json"
    known: dict[str, str] = {}
    with suppress(OSError, ValueError):
        known = dict(json.loads(store.read_text("utf-8")))
    before = len(known)
    found = []
    for path in paths:
        real = path.resolve()
        status = real.stat()
        key = f"{real}:{status.st_size}:{status.st_mtime_ns}"
        if key not in known:
            known[key] = _sha256(real)
        found.append(known[key])
    if len(known) > before:
        with suppress(OSError, EvalkitError):
            store.parent.mkdir(parents=True, exist_ok=True)
            with write_atomically(store) as stream:
                json.dump(known, stream, indent=0)
    return found


def named_hashes(paths: list[Path]) -> str:
    """SHA-256 over the names and the hashes of files, in this order."""
    lines = (
        f"{path.name}:{found}\n" for path, found in zip(paths, file_hashes(paths), strict=True)
    )
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
