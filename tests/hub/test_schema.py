"""One schema for both engines: migrations lead to the tables, PostgreSQL knows the types."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from hub.storage.database import Database
from hub.storage.tables import Base


def test_migrations_lead_to_the_tables(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'hub.sqlite3'}"
    database = Database(url)
    database.migrate()
    database.migrate()
    database.close()
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_postgresql_takes_every_table():
    for table in Base.metadata.sorted_tables:
        text = str(CreateTable(table).compile(dialect=postgresql.dialect()))
        assert "BLOB" not in text
        for column in table.columns:
            if column.name.endswith("_us") or column.name in {"log_index", "sequence", "size"}:
                assert "BIGINT" in text
