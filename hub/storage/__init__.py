"""One schema for SQLite and PostgreSQL: tables, connection, migrations."""
