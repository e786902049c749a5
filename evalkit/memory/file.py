"""The file of the memory: made whole, told from other files, opened for several processes."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from evalkit.errors import InputError

# Marks the file as ours ("evkt"), so that another program's database is never written to.
APPLICATION_ID = 0x65766B74
SCHEMA_VERSION = 2
BUSY_SECONDS = 30.0

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS systems ("
    "id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, fingerprint TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS translations ("
    "system INTEGER NOT NULL REFERENCES systems(id), hash BLOB NOT NULL, source TEXT NOT NULL, "
    "translation TEXT NOT NULL, flags TEXT NOT NULL, made REAL NOT NULL, "
    "PRIMARY KEY (system, hash)) WITHOUT ROWID",
    # Since version 2.
    "CREATE TABLE IF NOT EXISTS metrics ("
    "id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, fingerprint TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS judgements ("
    "metric INTEGER NOT NULL REFERENCES metrics(id), hash BLOB NOT NULL, judgement TEXT NOT NULL, "
    "made REAL NOT NULL, PRIMARY KEY (metric, hash)) WITHOUT ROWID",
)


class Damaged(Exception):
    """The file is a memory, or stands where ours should be, and SQLite cannot read it."""

    def __init__(self, reason: str, inode: int) -> None:
        super().__init__(reason)
        self.inode = inode


def open_file(path: Path, *, own_place: bool) -> tuple[sqlite3.Connection, int]:
    """A connection to the file, made if it is not there, and the file's inode.

    ``own_place``: whatever is there was ours, so a file of another kind counts as damaged.

    Raises:
        InputError: it is a file of another kind. Damaged; sqlite3.OperationalError, OSError: it
            cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        inode = os.stat(path).st_ino
        try:
            ours = _is_ours(connection)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError as error:
            if own_place or _has_our_mark(path):
                raise Damaged(str(error), inode) from error
            raise _not_ours(path) from error
        if ours is False:
            raise Damaged("it is another program's", inode) if own_place else _not_ours(path)
        if ours is None or connection.execute("PRAGMA user_version").fetchone()[0] < SCHEMA_VERSION:
            _create(connection)
        # Write-ahead mode comes once the mark is in the file itself. Some network folders cannot
        # have it: that is slower, and as safe.
        with suppress(sqlite3.OperationalError):
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
    except BaseException:
        connection.close()
        raise
    return connection, inode


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """A write transaction that waits for its turn at once, not at its first write."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def _is_ours(connection: sqlite3.Connection) -> bool | None:
    """True for a memory, False for another database, None for an empty one."""
    # Another process may make the tables and the mark, in one transaction, between these two lines:
    # whoever sees the tables first sees the mark as well.
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    mark = connection.execute("PRAGMA application_id").fetchone()[0]
    if mark == APPLICATION_ID:
        return True
    return False if tables else None


def _has_our_mark(path: Path) -> bool:
    """The application id lies at offset 68 of an SQLite file."""
    with open(path, "rb") as stream:
        header = stream.read(72)
    return header[68:72] == APPLICATION_ID.to_bytes(4, "big")


def _not_ours(path: Path) -> InputError:
    return InputError(f"{path} is not a translation memory of evalkit: give another path")


def _create(connection: sqlite3.Connection) -> None:
    """Make the tables that are not there yet, and the mark, in one transaction; another process may have been first."""
    with transaction(connection):
        for statement in SCHEMA:
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
