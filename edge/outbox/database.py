"""The outbox's SQLite file: its tables, how it is opened, and when its disk is full."""

import sqlite3
from pathlib import Path
from typing import Any, Final

from edge.errors import OutboxError
from edge.outbox.row import Row, RowState

VERSION: Final = 1
SCHEMA = """
CREATE TABLE IF NOT EXISTS event (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    kid BLOB NOT NULL,
    sequence INTEGER NOT NULL,
    identity BLOB NOT NULL UNIQUE,
    digest BLOB NOT NULL,
    previous BLOB,
    event_id TEXT NOT NULL UNIQUE,
    notification_id TEXT NOT NULL,
    reception_number TEXT NOT NULL,
    kind TEXT NOT NULL,
    revision INTEGER NOT NULL,
    filed_us INTEGER NOT NULL,
    day TEXT NOT NULL,
    day_counter INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting',
    reason TEXT,
    receipt BLOB,
    receipt_us INTEGER,
    UNIQUE (kid, sequence)
);
CREATE TABLE IF NOT EXISTS envelope (
    row INTEGER PRIMARY KEY REFERENCES event (row),
    bytes BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS event_state ON event (state, row);
CREATE INDEX IF NOT EXISTS event_notification ON event (notification_id, revision);
CREATE INDEX IF NOT EXISTS event_digest ON event (digest);
CREATE INDEX IF NOT EXISTS event_day ON event (day, day_counter);
"""
COLUMNS = """event.row, kid, sequence, identity, digest, previous, event_id, notification_id,
    reception_number, kind, revision, filed_us, state, reason, receipt_us,
    EXISTS (SELECT 1 FROM envelope WHERE envelope.row = event.row) AS kept"""
FULL = ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE")
CHECKPOINT_PAGES = 20  # the default of 1,000 lets the WAL eat a small disk


def open_database(path: Path) -> sqlite3.Connection:
    """Open or make the file so that every commit is synced; OutboxError when it cannot be used."""
    try:
        database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        database.row_factory = sqlite3.Row
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            f"wal_autocheckpoint = {CHECKPOINT_PAGES}",
            "foreign_keys = ON",
            "busy_timeout = 5000",
        ):
            database.execute(f"PRAGMA {pragma}")
        found = int(database.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.DatabaseError as error:
        raise OutboxError(f"{path}: the outbox cannot be opened ({error})") from error
    if found > VERSION:
        database.close()
        raise OutboxError(f"{path}: written by a newer version of this software: update the unit")
    return database


def make_tables(database: sqlite3.Connection) -> None:
    """Make what is missing."""
    database.executescript(SCHEMA)
    database.execute(f"PRAGMA user_version = {VERSION}")


def disk_full(error: sqlite3.OperationalError) -> bool:
    """Whether SQLite failed for want of space."""
    return error.sqlite_errorname in FULL


def row_of(found: sqlite3.Row) -> Row:
    """A row selected with COLUMNS."""
    values: dict[str, Any] = dict(found)
    values["state"] = RowState(values["state"])
    values["kept"] = bool(values["kept"])
    return Row(**values)
