"""Columns and constraints as revisions write them; a change here would change old revisions."""

import sqlalchemy as sa


def binary(name: str, length: int | None = None, *, null: bool = False) -> sa.Column[bytes]:
    """Bytes, of at most `length`."""
    return sa.Column(name, sa.LargeBinary(length), nullable=null)


def text(name: str, length: int | None = None, *, null: bool = False) -> sa.Column[str]:
    """Text, of at most `length` characters."""
    return sa.Column(name, sa.String(length), nullable=null)


def time(name: str, *, null: bool = False) -> sa.Column[int]:
    """Microseconds since 1970."""
    return sa.Column(name, sa.BigInteger(), nullable=null)


def integer(name: str, *, null: bool = False, autoincrement: bool = False) -> sa.Column[int]:
    """A small number."""
    return sa.Column(name, sa.Integer(), nullable=null, autoincrement=autoincrement)


def counter(name: str, *, null: bool = False, autoincrement: bool = False) -> sa.Column[int]:
    """A 64-bit number that SQLite may count up itself."""
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, nullable=null, autoincrement=autoincrement)


def flag(name: str) -> sa.Column[bool]:
    """True or false."""
    return sa.Column(name, sa.Boolean(), nullable=False)


def refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    """A foreign key by the house's name for it."""
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}")


def unique(table: str, *columns: str) -> sa.UniqueConstraint:
    """A unique constraint by the house's name for it."""
    return sa.UniqueConstraint(*columns, name=f"uq_{table}_{columns[0]}")
