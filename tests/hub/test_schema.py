"""One schema for both engines: migrations lead to the tables, PostgreSQL knows the types."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from hub.storage.database import NEWEST, VERSIONS, Database
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


def test_a_revision_has_the_number_of_its_file(tmp_path: Path):
    """What is at the newest of them is opened without looking at any."""
    for path in VERSIONS.glob("[0-9]*.py"):
        assert f'revision = "{path.name[:4]}"' in path.read_text(encoding="utf-8")
    database = Database(f"sqlite:///{tmp_path / 'hub.sqlite3'}")
    database.migrate()
    assert database._revision() == NEWEST
    database.close()


def test_a_schema_that_is_behind_is_brought_up(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path / 'hub.sqlite3'}")
    database.migrate()
    with database.writing() as session:
        for column in ("address_sha256", "taken_us", "printed_us", "doubt", "paper"):
            session.execute(text(f"ALTER TABLE message_dispatch DROP COLUMN {column}"))
        session.execute(text("UPDATE alembic_version SET version_num = '0009'"))
    database.migrate()
    assert database._revision() == NEWEST
    with database.reading() as session:
        session.execute(text("SELECT printed_us FROM message_dispatch"))
    database.close()


def test_postgresql_takes_every_table():
    for table in Base.metadata.sorted_tables:
        text = str(CreateTable(table).compile(dialect=postgresql.dialect()))
        assert "BLOB" not in text
        for column in table.columns:
            if column.name.endswith("_us") or column.name in {"log_index", "sequence", "size"}:
                assert "BIGINT" in text
