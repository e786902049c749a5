"""From a path to bytes: standard input, compression, empty and binary files."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evalkit.data import InputFile
from evalkit.errors import InputError
from evalkit.files.lines import writable

STANDARD_INPUT = "-"
COMPRESSIONS = (".gz", ".bz2", ".xz", ".zst")
CHUNK = 1 << 20

# A compressed file of text shrinks 3 to 20 times; one that grows a thousandfold to more than this
# is made to fill the memory.
BOMB_BYTES, BOMB_RATIO = 1 << 30, 1000

# What a file that is not text begins with, and what to do about it.
SIGNATURES = {
    b"%PDF": "a PDF; give --input-format pdf, or save its text first",
    b"PK\x03\x04": "a zip or office file (.docx, .xlsx) that is damaged or of a kind not known; save it as text",
    b"\xd0\xcf\x11\xe0": "an old office file (.doc, .xls); save it as text",
    b"\x1f\x8b": "compressed by gzip; its name must end in .gz",
    b"BZh": "compressed by bzip2; its name must end in .bz2",
    b"\xfd7zXZ": "compressed by xz; its name must end in .xz",
    b"\x28\xb5\x2f\xfd": "compressed by zstd; its name must end in .zst",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"{\\rtf": "an RTF file; save it as text",
}


@dataclass(frozen=True)
class Loaded:
    """The bytes of one input, decompressed, with what the manifest says of the file itself."""

    role: str
    path: str
    data: bytes
    sha256: str
    bytes: int

    def described(self, encoding: str, format: str) -> InputFile:
        """The record of this file for ``Corpus.files``."""
        return InputFile(self.role, self.path, self.sha256, self.bytes, encoding, format)


#: What a reader is given: a path, or a file that was loaded already, to tell its format.
Readable = str | Path | Loaded


def load(path: Readable, role: str) -> Loaded:
    """Read the whole of a file ("-": standard input) and undo its compression.

    Raises:
        InputError: no such file, a folder, no permission, empty, or damaged compressed data.
    """
    if isinstance(path, Loaded):
        return replace(path, role=role)
    name = str(path)
    if not name.strip():
        raise InputError(
            f"the name of an input is empty: give a file, or - for standard input ({role})"
        )
    try:
        raw = sys.stdin.buffer.read() if name == STANDARD_INPUT else Path(path).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        shown = "standard input" if name == STANDARD_INPUT else name
        raise InputError(f"cannot read {shown}: {reason}") from error
    return from_bytes(raw, name, role)


def from_bytes(raw: bytes, name: str, role: str) -> Loaded:
    """The bytes of a file of this name, its compression undone.

    Raises:
        InputError: empty, or damaged compressed data.
    """
    data = _decompressed(raw, name)
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        shown = "standard input" if name == STANDARD_INPUT else name
        raise InputError(f"{shown} is empty: give a file with text in it ({role})")
    return Loaded(role, name, data, hashlib.sha256(raw).hexdigest(), len(raw))


def stem(path: str | Path) -> str:
    """The name of a file without folder, compression and format: "a/news.tsv.gz" -> "news".

    Bytes of it that are not UTF-8 become U+FFFD: the name goes into reports.
    """
    name = writable(Path(path).name)[0]
    if name == STANDARD_INPUT:
        return "stdin"
    for suffix in COMPRESSIONS:
        name = name.removesuffix(suffix)
    return Path(name).stem or name


def suffix(path: str | Path) -> str:
    """The suffix that tells the format, lower case, compression taken off."""
    name = Path(path).name.lower()
    for compression in COMPRESSIONS:
        name = name.removesuffix(compression)
    return Path(name).suffix


def _decompressed(raw: bytes, name: str) -> bytes:
    kind = Path(name).suffix.lower()
    if kind not in COMPRESSIONS:
        return raw
    try:
        return _bounded(decompressed_parts(kind, raw), len(raw), name)
    except InputError:
        raise
    # Each library has its own error for a damaged file; zstandard's is not importable before use.
    except Exception as error:
        raise InputError(
            f"{name} is not a whole {kind} file ({error}): compress it again"
        ) from error


def decompressed_parts(kind: str, raw: bytes) -> Iterator[bytes]:
    """The data of a compressed file (``kind`` is one of `COMPRESSIONS`), a part at a time."""
    if kind == ".zst":
        yield from _zstd_parts(raw)
        return
    openers: dict[str, Callable[..., Any]] = {
        ".gz": gzip.open,
        ".bz2": bz2.open,
        ".xz": lzma.open,
    }
    with openers[kind](io.BytesIO(raw)) as stream:
        while part := stream.read(CHUNK):
            yield part


def _zstd_parts(raw: bytes) -> Iterator[bytes]:
    """Frame by frame, because zstandard's own stream reader takes a file cut short for a whole one."""
    import zstandard

    while raw:
        frame = zstandard.ZstdDecompressor().decompressobj()
        for begin in range(0, len(raw), CHUNK):
            yield frame.decompress(raw[begin : begin + CHUNK])
            if frame.eof:
                raw = frame.unused_data + raw[begin + CHUNK :]
                break
        else:
            raise EOFError("the data ends before the end of its frame")


def _bounded(parts: Iterator[bytes], compressed: int, name: str) -> bytes:
    kept, size = [], 0
    for part in parts:
        kept.append(part)
        size += len(part)
        if size > BOMB_BYTES and size > BOMB_RATIO * compressed:
            raise InputError(
                f"{name} expands more than {BOMB_RATIO} times, to over 1 GiB: refused;"
                " decompress it yourself if it is meant to"
            )
    return b"".join(kept)


def refuse_binary(loaded: Loaded) -> None:
    """Raise InputError if the bytes are not text of any encoding that is read here."""
    for signature, what in SIGNATURES.items():
        if loaded.data.startswith(signature):
            raise InputError(f"{loaded.path} is not text: it is {what}")
    if loaded.data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return
    name = _unmarked_utf16(loaded.data[:4000])
    if name:
        raise InputError(
            f"{loaded.path} looks like UTF-16 without a byte order mark: give --encoding {name}"
        )
    position = loaded.data.find(b"\x00")
    if position >= 0:
        raise InputError(
            f"{loaded.path} is not text: a zero byte at offset {position}; give a text file"
        )


def _unmarked_utf16(sample: bytes) -> str | None:
    """The byte order of text whose every second byte is 0 (Latin letters, spaces) or 4 (Cyrillic)."""
    half = len(sample) // 2
    for name, high, low in (
        ("utf-16-le", sample[1::2], sample[::2]),
        ("utf-16-be", sample[::2], sample[1::2]),
    ):
        if high.count(0) + high.count(4) > 0.8 * half > 10 * low.count(0):
            return name
    return None
