"""The connection: durable settings for SQLite, and two kinds of session, reading and writing."""

import logging
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, inspect, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from hub.errors import StateError, StorageError

VERSIONS = Path(__file__).parent / "migrations" / "versions"
NEWEST = max(path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*.py"))
"""The revision that this program knows last; files are named after theirs."""
LOG_LOCK = 0x4D41444F  # PostgreSQL advisory lock under which the log grows

logger = logging.getLogger(__name__)


class Database:
    """One schema on SQLite (WAL, synchronous=FULL, foreign keys) or PostgreSQL."""

    def __init__(self, url: str) -> None:
        self._sqlite = url.startswith("sqlite")
        options: dict[str, Any] = {"connect_args": {"timeout": 20.0}} if self._sqlite else {}
        self._engine: Engine = create_engine(url, **options)
        if self._sqlite:
            event.listen(self._engine, "connect", _prepare_sqlite)
            event.listen(self._engine, "begin", _begin_sqlite)
        self._writer = self._engine.execution_options(madoguchi_writes=True)

    @contextmanager
    def reading(self) -> Generator[Session]:
        """A session on one consistent snapshot; nothing it changes is kept."""
        with Session(self._engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Generator[Session]:
        """A session that holds the only write lock from its start and commits at the end.

        Raises StorageError when the database cannot be written (disk full, busy, lost).
        """
        try:
            with Session(self._writer, expire_on_commit=False) as session, session.begin():
                if not self._sqlite:
                    session.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": LOG_LOCK})
                yield session
        except OperationalError as error:
            logger.warning("database refused a write: %s", type(error.orig).__name__)
            raise StorageError("the database cannot be written; see disk space and health") from (
                error
            )

    def exists(self) -> bool:
        """Whether the schema is there."""
        return inspect(self._engine).has_table("log_entry")

    def require(self) -> None:
        """Raise StateError unless `madoguchi-hub init` was run."""
        if not self.exists():
            raise StateError("there is no hub here yet; run `madoguchi-hub init --config FILE`")

    def migrate(self) -> None:
        """Bring the schema to the newest revision; does nothing when it is there already."""
        if self._revision() == NEWEST:
            return
        from hub.storage.migrating import upgrade  # noqa: PLC0415 - loads Alembic: half a second

        with self._writer.connect() as connection:
            upgrade(connection)
            connection.commit()

    def _revision(self) -> str | None:
        with self._engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            return connection.scalar(text("SELECT version_num FROM alembic_version"))

    def backup_to(self, target: Path) -> None:
        """A consistent copy of an SQLite database in the new file `target`, while it is in use."""
        if not self._sqlite:
            raise StateError("back PostgreSQL up with pg_basebackup; this copies SQLite only")
        with self._engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("VACUUM INTO ?", (str(target),))
            connection.exec_driver_sql("BEGIN")

    def close(self) -> None:
        """Close every pooled connection."""
        self._engine.dispose()


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DBAPI connection has no common type
    connection.isolation_level = None  # transactions are begun below, not guessed by the driver
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA wal_autocheckpoint=200")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:  # noqa: ANN401 - as above
    writes = connection.get_execution_options().get("madoguchi_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
