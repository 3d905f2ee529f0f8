"""The collection on disk: one SQLite file in WAL mode, whose generations switch at once."""

import contextlib
import os
import secrets
import sqlite3
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self

from hub.precedents.errors import CollectionError

STEPS: Final = ("schema.sql", "schema_2.sql")  # a store of version n has had the first n of them
FILE_NAME: Final = "precedents.sqlite3"  # in the office's state folder
VERSION: Final = len(STEPS)
WAIT_SECONDS: Final = 60.0  # an import of a whole code holds the lock while it builds the index


class Store:
    """One open store. Reading sees one generation for as long as `reading()` is open."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """CollectionError when there is no store at `path` (unless `create`) or it is not ours."""
        if not create and not path.is_file():
            raise CollectionError(f"{path}: no collection yet; `precedents import` makes one")
        self.path = path
        try:
            if create:
                _make(path)
            self._connection = sqlite3.connect(
                path, timeout=WAIT_SECONDS, isolation_level=None, check_same_thread=False
            )
            self._prepare(path)
        except (sqlite3.Error, OSError) as error:
            raise CollectionError(f"{path}: cannot be opened as a collection: {error}") from error

    def _prepare(self, path: Path) -> None:
        connection = self._connection
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")
        found = _version(connection)
        if not 1 <= found <= VERSION:
            connection.close()
            raise CollectionError(f"{path}: is no collection of this version (found {found})")
        if found < VERSION:
            with self.writing():
                for statement in _statements(_version(connection)):
                    connection.execute(statement)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def reading(self) -> Generator[sqlite3.Connection]:
        """One snapshot: whatever an import commits meanwhile is not seen."""
        yield from self._transaction("BEGIN")

    @contextmanager
    def writing(self) -> Generator[sqlite3.Connection]:
        """The only writer; everything is kept at the end or nothing."""
        yield from self._transaction("BEGIN IMMEDIATE")

    def _transaction(self, begin: str) -> Generator[sqlite3.Connection]:
        try:
            self._connection.execute(begin)
        except sqlite3.OperationalError as error:
            raise CollectionError(f"{self.path}: is busy; try again: {error}") from error
        try:
            yield self._connection
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        try:
            self._connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            self._connection.execute("ROLLBACK")
            raise CollectionError(f"{self.path}: cannot be written: {error}") from error

    def changes(self) -> int:
        """A number that differs after anybody has changed the file."""
        others = self._connection.execute("PRAGMA data_version").fetchone()[0]
        return int(others) + self._connection.total_changes


def _make(path: Path) -> None:
    """Make an empty store unless there is a file; nobody sees one that is half made.

    Only its owner may read it: an office's memos may be there, in a folder that is open to others.
    """
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".new-") as folder:
        made = Path(folder) / path.name
        made.touch(mode=0o600)
        connection = sqlite3.connect(made, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("BEGIN")
            for statement in _statements(0):
                connection.execute(statement)
            connection.execute("INSERT INTO state VALUES ('generation', '0')")
            connection.execute("COMMIT")
        finally:
            connection.close()
        with contextlib.suppress(FileExistsError):
            os.link(made, path)


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _statements(version: int) -> Generator[str]:
    """What makes a store of today out of one of `version`, 0 for an empty file; for a transaction.

    One by one, since `executescript` would end the transaction that they stand in.
    """
    for step in STEPS[version:]:
        pending = ""
        for line in (Path(__file__).parent / step).read_text(encoding="utf-8").splitlines(True):
            pending += line
            if sqlite3.complete_statement(pending):
                yield pending
                pending = ""
    yield f"PRAGMA user_version = {VERSION}"


def state_of(connection: sqlite3.Connection, key: str, default: str = "") -> str:
    """One value of the state table."""
    row = connection.execute("SELECT value FROM state WHERE key = ?", (key,)).fetchone()
    return default if row is None else str(row[0])


def set_state(connection: sqlite3.Connection, key: str, value: str) -> None:
    """Set one value of the state table."""
    connection.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (key, value))


def current(connection: sqlite3.Connection) -> int:
    """The generation that readers see; 0 before the first import."""
    return int(state_of(connection, "generation", "0"))


def edition(connection: sqlite3.Connection) -> str:
    """Tells one generation from another that got its number after an undo."""
    return f"{current(connection)}/{state_of(connection, 'edition')}"


def set_generation(connection: sqlite3.Connection, number: int) -> None:
    """Make a generation the one that readers see from now on."""
    set_state(connection, "generation", str(number))
    set_state(connection, "edition", secrets.token_hex(8))
