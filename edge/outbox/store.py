"""The outbox in SQLite: sequence, chain, bytes and reception number in one synced transaction.

A row is closed by `close` alone, which the link calls with a verified receipt bound to the row's
identity; nothing the broker says closes one. Envelope bytes have a table of their own, so that
closing a row writes little even when the disk is nearly full.
"""

import contextlib
import hashlib
import sqlite3
import threading
from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path
from typing import TypeVar

from edge.errors import OutboxFullError
from edge.outbox.ballast import Ballast, Room
from edge.outbox.database import COLUMNS, disk_full, make_tables, open_database, row_of
from edge.outbox.row import Composed, Place, Row, RowState, Summary

T = TypeVar("T")


class Outbox:
    """The outbox of one unit; safe to call from several threads."""

    def __init__(self, folder: Path, *, ballast_bytes: int = 0, reserve_bytes: int = 0) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = threading.RLock()
        self._ballast = Ballast(folder / "ballast", ballast_bytes, reserve_bytes)
        self._db = open_database(folder / "outbox.sqlite3")
        self._draining(lambda: make_tables(self._db))
        self._ballast.lay()

    def close_files(self) -> None:
        """Close the database; the object is of no use afterwards."""
        with self._lock:
            self._db.close()

    def room(self) -> Room:
        """Room left on the disk; lays the ballast again where space has come back."""
        with self._lock:
            self._ballast.lay()
            return self._ballast.room(self._reusable())

    def make_way(self) -> bool:
        """Give the ballast back for what must be written on a full disk; False: it is gone."""
        with self._lock:
            return self._ballast.give_back()

    def demand_room(self) -> None:
        """Raise OutboxFullError, with the sentence for the clerk, if nothing new may be taken."""
        with self._lock:
            self._ballast.demand(self._reusable())

    def file(
        self, kid: bytes, day: str, filed_us: int, compose: Callable[[Place], Composed]
    ) -> Row:
        """Take the next place of `kid`, let `compose` seal the event for it, and sync it to disk.

        When this returns, the event survives a power cut; when it raises, nothing was taken.
        Raises OutboxFullError on a full disk. `day` (YYYY-MM-DD) restarts the reception counter.
        """
        with self._lock:
            self._ballast.demand(self._reusable())
            try:
                with self._transaction():
                    place = self._next_place(kid, day)
                    composed = compose(place)
                    self._insert(kid, day, filed_us, place, composed)
            except sqlite3.OperationalError as error:
                if not disk_full(error):
                    raise
                raise OutboxFullError(
                    "The disk is full and this notification was not accepted: call the operator; "
                    "what was accepted before is safe and goes on being sent"
                ) from error
            row = self.find(composed.identity)
            assert row is not None
            return row

    def close(
        self, identity: bytes, state: RowState, receipt: bytes, receipt_us: int, reason: str | None
    ) -> bool:
        """Close a row with the verified `receipt` bound to `identity`; False when unknown here.

        A row in quarantine may become journalled later; a journalled row stays journalled.
        """
        with self._lock:
            return self._draining(
                lambda: (
                    self._db.execute(
                        "UPDATE event SET state = ?, receipt = ?, receipt_us = ?, reason = ? "
                        "WHERE identity = ? AND state != 'journalled'",
                        (state.value, receipt, receipt_us, reason, identity),
                    ).rowcount
                    == 1
                )
            )

    def waiting(self) -> tuple[bytes, ...]:
        """Identities of the rows without a receipt, oldest first."""
        return tuple(
            row["identity"]
            for row in self._select("SELECT identity FROM event WHERE state='waiting' ORDER BY row")
        )

    def envelope(self, identity: bytes) -> bytes | None:
        """The bytes of an event as they were signed, or None when unknown or no longer kept."""
        rows = self._select(
            "SELECT bytes FROM envelope JOIN event USING (row) WHERE identity = ?", (identity,)
        )
        return rows[0]["bytes"] if rows else None

    def receipt(self, identity: bytes) -> bytes | None:
        """The receipt that closed the row, or None."""
        rows = self._select("SELECT receipt FROM event WHERE identity = ?", (identity,))
        return rows[0]["receipt"] if rows else None

    def find(self, identity: bytes) -> Row | None:
        """The row of an identity."""
        rows = self._select(f"SELECT {COLUMNS} FROM event WHERE identity = ?", (identity,))  # noqa: S608 - COLUMNS is a constant
        return row_of(rows[0]) if rows else None

    def find_sent(self, digest: bytes) -> Row | None:
        """The row whose bytes have this SHA-256: so the office names what it cannot read."""
        rows = self._select(f"SELECT {COLUMNS} FROM event WHERE digest = ?", (digest,))  # noqa: S608 - COLUMNS is a constant
        return row_of(rows[0]) if rows else None

    def find_revision(self, notification_id: str, revision: int) -> Row | None:
        """The row that carries this revision of a notification, or None."""
        rows = self._select(
            f"SELECT {COLUMNS} FROM event WHERE notification_id = ? AND revision = ?",  # noqa: S608 - COLUMNS is a constant
            (notification_id, revision),
        )
        return row_of(rows[0]) if rows else None

    def rows(self, state: RowState | None = None, *, limit: int = 1000) -> tuple[Row, ...]:
        """Rows, newest first, of one state or of all."""
        chosen = "" if state is None else "WHERE state = ?"
        values = (limit,) if state is None else (state.value, limit)
        found = self._select(
            f"SELECT {COLUMNS} FROM event {chosen} ORDER BY row DESC LIMIT ?",  # noqa: S608 - constants only
            values,
        )
        return tuple(row_of(row) for row in found)

    def summary(self) -> Summary:
        """How many rows wait and are set aside, and since when the oldest waits."""
        found = self._select(
            "SELECT count(*) FILTER (WHERE state = 'waiting'), "
            "count(*) FILTER (WHERE state = 'quarantined'), "
            "min(filed_us) FILTER (WHERE state = 'waiting') FROM event"
        )[0]
        return Summary(*found)

    def reopen(self, since_us: int) -> int:
        """Set rows filed since `since_us` whose bytes are kept to waiting again; how many.

        The office asks for it after a restore; the receipts of the new epoch close them again.
        """
        with self._lock:
            return self._draining(
                lambda: (
                    self._db.execute(
                        "UPDATE event SET state = 'waiting' WHERE filed_us >= ? "
                        "AND EXISTS (SELECT 1 FROM envelope WHERE envelope.row = event.row)",
                        (since_us,),
                    ).rowcount
                )
            )

    def forget(self, before_us: int) -> int:
        """Delete the bytes of rows journalled before `before_us`; how many.

        One transaction each: freeing pages also writes, and a nearly full disk has room for few.
        """
        with self._lock:
            old = self._select(
                "SELECT row FROM envelope JOIN event USING (row) "
                "WHERE state = 'journalled' AND receipt_us < ? ORDER BY row",
                (before_us,),
            )
            for found in old:
                self._draining(partial(self._forget_one, found["row"]))
            return len(old)

    def _forget_one(self, row: int) -> None:
        self._db.execute("DELETE FROM envelope WHERE row = ?", (row,))

    def check(self) -> str:
        """SQLite's own verdict on the file: "ok" or what is wrong."""
        return str(self._select("PRAGMA integrity_check")[0][0])

    def _next_place(self, kid: bytes, day: str) -> Place:
        last = self._db.execute(
            "SELECT sequence, identity FROM event WHERE kid = ? ORDER BY sequence DESC LIMIT 1",
            (kid,),
        ).fetchone()
        counter = self._db.execute(
            "SELECT coalesce(max(day_counter), 0) + 1 FROM event WHERE day = ?", (day,)
        ).fetchone()[0]
        if last is None:
            return Place(1, None, counter)
        return Place(last["sequence"] + 1, last["identity"], counter)

    def _insert(
        self, kid: bytes, day: str, filed_us: int, place: Place, composed: Composed
    ) -> None:
        cursor = self._db.execute(
            "INSERT INTO event (kid, sequence, identity, digest, previous, event_id, "
            "notification_id, reception_number, kind, revision, filed_us, day, day_counter) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                kid,
                place.sequence,
                composed.identity,
                hashlib.sha256(composed.envelope).digest(),
                place.previous,
                composed.event_id,
                composed.notification_id,
                composed.reception_number,
                composed.kind,
                composed.revision,
                filed_us,
                day,
                place.day_counter if composed.new_number else 0,
            ),
        )
        self._db.execute(
            "INSERT INTO envelope (row, bytes) VALUES (?, ?)",
            (cursor.lastrowid, composed.envelope),
        )

    def _reusable(self) -> int:
        pages = self._db.execute("PRAGMA freelist_count").fetchone()[0]
        return int(pages) * int(self._db.execute("PRAGMA page_size").fetchone()[0])

    def _select(self, query: str, values: tuple[object, ...] = ()) -> list[sqlite3.Row]:
        with self._lock:
            return self._db.execute(query, values).fetchall()

    @contextlib.contextmanager
    def _transaction(self) -> Generator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    def _draining(self, work: Callable[[], T]) -> T:
        """Run `work`; on a full disk give the ballast back and run it once more."""
        try:
            return work()
        except sqlite3.OperationalError as error:
            if not disk_full(error) or not self._ballast.give_back():
                raise
        return work()
