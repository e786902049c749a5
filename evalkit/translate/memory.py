"""The translation memory: an SQLite file of (system fingerprint, source) -> translation.

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
from typing import TypeVar

from evalkit.data import Translation
from evalkit.errors import EvalkitError
from evalkit.translate.memory_file import Damaged, open_file, transaction
from evalkit.translate.settings import cache_folder

log = logging.getLogger("evalkit")

# SQLite allows 999 variables in a statement where it was built long ago.
LOOKUP_SIZE = 500

Result = TypeVar("Result")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class MemoryInfo:
    """What a memory holds. ``systems`` has one (fingerprint, number of translations) a system."""

    path: Path
    bytes: int
    translations: int
    systems: tuple[tuple[Mapping[str, str], int], ...]


class Memory:
    """Translations made before. Usable as a context manager; the file is opened when first needed.

    ``warnings`` says what went wrong, one line each: a file that was damaged and set aside, or a
    folder that cannot be written, after which the run goes on without a memory.

    Raises:
        InputError: (by any method) ``path`` is a file of another kind; it is left as it is.
    """

    def __init__(self, path: str | Path | None = None) -> None:
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
            found: dict[str, Translation] = {}
            digest = _digest(fingerprint)
            for start in range(0, len(sources), LOOKUP_SIZE):
                wanted = {_hash(source): source for source in sources[start : start + LOOKUP_SIZE]}
                rows = connection.execute(
                    "SELECT source, translation, flags FROM translations "
                    "WHERE system = (SELECT id FROM systems WHERE digest = ?) "
                    f"AND hash IN ({','.join('?' * len(wanted))})",
                    (digest, *wanted),
                )
                for source, translation, flags in rows:
                    found[source] = Translation(translation, tuple(flags.split()))
            return found

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
                system = _system_id(connection, fingerprint)
                connection.executemany(
                    "INSERT OR IGNORE INTO translations VALUES (?, ?, ?, ?, ?, ?)",
                    [(system, *row) for row in rows],
                )

        self._attempt(write, None)

    def info(self) -> MemoryInfo:
        """Count what is there."""

        def read(connection: sqlite3.Connection) -> MemoryInfo:
            rows = connection.execute(
                "SELECT fingerprint, (SELECT count(*) FROM translations WHERE system = id) "
                "FROM systems ORDER BY id"
            ).fetchall()
            systems = tuple((json.loads(fingerprint), count) for fingerprint, count in rows)
            return MemoryInfo(self.path, self._size(), sum(n for _, n in systems), systems)

        return self._attempt(read, MemoryInfo(self.path, 0, 0, ()))

    def clear(self) -> int:
        """Forget everything; returns the number of translations there were."""

        def write(connection: sqlite3.Connection) -> int:
            with transaction(connection):
                count = connection.execute("SELECT count(*) FROM translations").fetchone()[0]
                connection.execute("DELETE FROM translations")
                connection.execute("DELETE FROM systems")
            # Shrinking the file is welcome, not needed: another process may be at work.
            with suppress(sqlite3.OperationalError):
                connection.execute("VACUUM")
            return count

        return self._attempt(write, 0)

    def export(self) -> Iterator[dict]:
        """Yield every translation as a record of plain JSON types, oldest system first."""

        def read(connection: sqlite3.Connection) -> Iterator[tuple]:
            return connection.execute(
                "SELECT fingerprint, source, translation, flags, made FROM translations "
                "JOIN systems ON systems.id = system ORDER BY systems.id, made, hash"
            )

        try:
            for fingerprint, source, translation, flags, made in self._attempt(read, iter(())):
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
                if self._connection is None:
                    self._open()
                return work(self._connection)
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

    def _open(self) -> None:
        self._connection, self._inode = open_file(self.path, own_place=self._own_place)

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


def _system_id(connection: sqlite3.Connection, fingerprint: Mapping[str, str]) -> int:
    connection.execute(
        "INSERT OR IGNORE INTO systems (digest, fingerprint) VALUES (?, ?)",
        (_digest(fingerprint), _canonical(fingerprint)),
    )
    row = connection.execute("SELECT id FROM systems WHERE digest = ?", (_digest(fingerprint),))
    return row.fetchone()[0]


def _canonical(fingerprint: Mapping[str, str]) -> str:
    return json.dumps(dict(fingerprint), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _digest(fingerprint: Mapping[str, str]) -> str:
    return hashlib.sha256(_canonical(fingerprint).encode("utf-8", "surrogatepass")).hexdigest()


def _hash(source: str) -> bytes:
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).digest()
