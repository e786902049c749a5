"""The memory: an SQLite file of what models made, translations by (system fingerprint, source) and judgements of
metrics by (metric fingerprint, texts).

Processes share it: it is written in short transactions, one a batch, in write-ahead mode. What was
committed stays, however a process ends. A memory that cannot be used never stops a run.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from evalkit.data import Example, Translation
from evalkit.errors import EvalkitError
from evalkit.files.cache import cache_folder
from evalkit.interruption import kept
from evalkit.memory.file import Damaged, open_file, transaction

log = logging.getLogger("evalkit")

# SQLite allows 999 variables in a statement where it was built long ago.
LOOKUP_SIZE = 500

Result = TypeVar("Result")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class MemoryInfo:
    """What a memory holds. ``systems`` has one (fingerprint, number of translations) a system, ``metrics`` likewise."""

    path: Path
    bytes: int
    translations: int
    systems: tuple[tuple[Mapping[str, str], int], ...]
    metrics: tuple[tuple[Mapping[str, str], int], ...] = ()


class Memory:
    """Translations made before. Usable as a context manager; the file is opened when first needed.

    ``warnings`` says what went wrong, one line each: a file that was damaged and set aside, or a
    folder that cannot be written, after which the run goes on without a memory.

    Raises:
        InputError: (by any method) ``path`` is a file of another kind; it is left as it is.
    """

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        self.path = Path(path) if path is not None else cache_folder() / "memory.sqlite3"
        self.warnings: list[str] = []
        # Under our own name in our own folder, whatever is there was ours.
        self._own_place = path is None
        self._connection: sqlite3.Connection | None = None
        self._inode = 0
        self._usable = True

    def get_many(
        self, fingerprint: Mapping[str, str], sources: Sequence[str]
    ) -> dict[str, Translation]:
        """The translations that are known, by source."""

        def read(connection: sqlite3.Connection) -> dict[str, Translation]:
            rows = _look_up(
                connection,
                "SELECT source, translation, flags FROM translations "
                "WHERE system = (SELECT id FROM systems WHERE digest = ?)",
                fingerprint,
                [_hash(source) for source in sources],
            )
            return {source: Translation(text, tuple(flags.split())) for source, text, flags in rows}

        return self._attempt(read, {})

    def put_many(
        self, fingerprint: Mapping[str, str], batch: Iterable[tuple[str, Translation]]
    ) -> None:
        """Store (source, translation) pairs in one transaction; those already there stay.

        Text that is not valid Unicode (lone surrogates) cannot be stored and is left out.
        """
        now = time.time()
        rows = [
            (_hash(source), source, made.text, " ".join(made.flags), now)
            for source, made in batch
            if not _SURROGATE.search(source + made.text)
        ]

        def write(connection: sqlite3.Connection) -> None:
            with transaction(connection):
                system = _id_of(connection, "systems", fingerprint)
                connection.executemany(
                    "INSERT OR IGNORE INTO translations VALUES (?, ?, ?, ?, ?, ?)",
                    [(system, *row) for row in rows],
                )
            kept(len(rows), "translations")

        self._attempt(write, None)

    def get_judgements(
        self, fingerprint: Mapping[str, str], examples: Sequence[Example]
    ) -> dict[Example, str]:
        """The judgements of a metric that are known, by example, as `put_judgements` was given them."""

        def read(connection: sqlite3.Connection) -> dict[Example, str]:
            wanted = {_example_hash(example): example for example in examples}
            rows = _look_up(
                connection,
                "SELECT hash, judgement FROM judgements "
                "WHERE metric = (SELECT id FROM metrics WHERE digest = ?)",
                fingerprint,
                list(wanted),
            )
            return {wanted[key]: judgement for key, judgement in rows}

        return self._attempt(read, {})

    def put_judgements(
        self, fingerprint: Mapping[str, str], batch: Iterable[tuple[Example, str]]
    ) -> None:
        """Store (example, judgement as text) in one transaction; those already there stay.

        A judgement that is not valid Unicode (lone surrogates) cannot be stored and is left out.
        """
        now = time.time()
        rows = [
            (_example_hash(example), judgement, now)
            for example, judgement in batch
            if not _SURROGATE.search(judgement)
        ]

        def write(connection: sqlite3.Connection) -> None:
            with transaction(connection):
                metric = _id_of(connection, "metrics", fingerprint)
                connection.executemany(
                    "INSERT OR IGNORE INTO judgements VALUES (?, ?, ?, ?)",
                    [(metric, *row) for row in rows],
                )
            kept(len(rows), "judgements")

        self._attempt(write, None)

    def info(self) -> MemoryInfo:
        """Count what is there."""

        def read(connection: sqlite3.Connection) -> MemoryInfo:
            systems = counted(connection, "systems", "translations WHERE system")
            metrics = counted(connection, "metrics", "judgements WHERE metric")
            translations = sum(count for _, count in systems)
            return MemoryInfo(self.path, self._size(), translations, systems, metrics)

        def counted(
            connection: sqlite3.Connection, makers: str, made: str
        ) -> tuple[tuple[Mapping[str, str], int], ...]:
            rows = connection.execute(
                f"SELECT fingerprint, (SELECT count(*) FROM {made} = id) FROM {makers} ORDER BY id"
            )
            return tuple((json.loads(fingerprint), count) for fingerprint, count in rows)

        return self._attempt(read, MemoryInfo(self.path, 0, 0, ()))

    def clear(self) -> int:
        """Forget everything; returns the number of translations there were."""

        def write(connection: sqlite3.Connection) -> int:
            with transaction(connection):
                count = connection.execute("SELECT count(*) FROM translations").fetchone()[0]
                connection.execute("DELETE FROM translations")
                for table in ("systems", "judgements", "metrics"):
                    connection.execute(f"DELETE FROM {table}")
            # Shrinking the file is welcome, not needed: another process may be at work.
            with suppress(sqlite3.OperationalError):
                connection.execute("VACUUM")
            return count

        return self._attempt(write, 0)

    def export(self) -> Iterator[dict]:
        """Yield every translation as a record of plain JSON types, oldest system first."""

        def read(connection: sqlite3.Connection) -> Iterator[tuple[Any, ...]]:
            return connection.execute(
                "SELECT fingerprint, source, translation, flags, made FROM translations "
                "JOIN systems ON systems.id = system ORDER BY systems.id, made, hash"
            )

        try:
            nothing: Iterator[tuple[Any, ...]] = iter(())
            for fingerprint, source, translation, flags, made in self._attempt(read, nothing):
                yield {
                    "source": source,
                    "translation": translation,
                    "flags": flags.split(),
                    "made": made,
                    "fingerprint": json.loads(fingerprint),
                }
        except sqlite3.DatabaseError as error:
            raise EvalkitError(f"{self.path} is damaged ({error}): not all was exported") from error

    def close(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def __enter__(self) -> Memory:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _attempt(self, work: Callable[[sqlite3.Connection], Result], without: Result) -> Result:
        """Do ``work``; after damage with a new file, after a fault of the disk without a memory."""
        for _ in range(2):
            if not self._usable:
                break
            try:
                connection = self._connection or self._open()
                return work(connection)
            except (sqlite3.OperationalError, OSError) as error:
                self._give_up(error)
            except Damaged as error:
                self._set_aside(error, error.inode)
            except sqlite3.DatabaseError as error:
                # Damage comes as this class itself; those derived from it are mistakes of ours.
                if type(error) is not sqlite3.DatabaseError:
                    raise
                self._set_aside(error, self._inode)
        return without

    def _open(self) -> sqlite3.Connection:
        self._connection, self._inode = open_file(self.path, own_place=self._own_place)
        return self._connection

    def _set_aside(self, error: Exception, inode: int) -> None:
        """Move the damaged file away, keeping it, unless another process already has."""
        self.close()
        moment = f"{time.strftime('%Y%m%d-%H%M%S')}-{time.time_ns() % 10**9:09d}"
        aside = self.path.with_name(f"{self.path.name}.damaged-{moment}")
        try:
            if os.stat(self.path).st_ino != inode:
                return
            os.replace(self.path, aside)
            for suffix in ("-wal", "-shm", "-journal"):
                with suppress(FileNotFoundError):
                    os.replace(f"{self.path}{suffix}", f"{aside}{suffix}")
        except FileNotFoundError:
            return
        except OSError as fault:
            return self._give_up(fault)
        self._warn(
            f"the translation memory {self.path} is damaged ({error}): "
            f"set aside as {aside.name}, a new one is begun"
        )

    def _give_up(self, error: Exception) -> None:
        self.close()
        self._usable = False
        reason = getattr(error, "strerror", None) or error
        self._warn(
            f"the translation memory {self.path} cannot be used ({reason}): "
            "going on without it, new translations are not kept"
        )

    def _warn(self, message: str) -> None:
        self.warnings.append(message)
        log.warning("evalkit: warning: %s", message)

    def _size(self) -> int:
        files = [self.path, Path(f"{self.path}-wal")]
        return sum(file.stat().st_size for file in files if file.exists())


def _look_up(
    connection: sqlite3.Connection,
    select: str,
    fingerprint: Mapping[str, str],
    hashes: Sequence[bytes],
) -> Iterator[tuple[Any, ...]]:
    """The rows that one maker made for these hashes; SQLite takes only so many at a time."""
    digest = _digest(fingerprint)
    for start in range(0, len(hashes), LOOKUP_SIZE):
        wanted = hashes[start : start + LOOKUP_SIZE]
        marks = ",".join("?" * len(wanted))
        yield from connection.execute(f"{select} AND hash IN ({marks})", (digest, *wanted))


def _id_of(connection: sqlite3.Connection, table: str, fingerprint: Mapping[str, str]) -> int:
    """The number of a system or metric; it gets one if it has none."""
    connection.execute(
        f"INSERT OR IGNORE INTO {table} (digest, fingerprint) VALUES (?, ?)",
        (_digest(fingerprint), _canonical(fingerprint)),
    )
    row = connection.execute(f"SELECT id FROM {table} WHERE digest = ?", (_digest(fingerprint),))
    found: int = row.fetchone()[0]
    return found


def _canonical(fingerprint: Mapping[str, str]) -> str:
    return json.dumps(dict(fingerprint), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _digest(fingerprint: Mapping[str, str]) -> str:
    return hashlib.sha256(_canonical(fingerprint).encode("utf-8", "surrogatepass")).hexdigest()


def _hash(source: str) -> bytes:
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).digest()


def _example_hash(example: Example) -> bytes:
    """Of all texts of an example; each is preceded by its length, so that no other texts give the same bytes."""
    digest = hashlib.sha256()
    for text in (example.hypothesis, example.source, *example.references):
        raw = text.encode("utf-8", "surrogatepass")
        digest.update(f"{len(raw)}:".encode() + raw)
    return digest.digest()
