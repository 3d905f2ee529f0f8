"""The declarative base and the column types that both engines agree on."""

from typing import Annotated

from sqlalchemy import BigInteger, Integer, LargeBinary, MetaData, String
from sqlalchemy.orm import DeclarativeBase, mapped_column

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

Digest = Annotated[bytes, mapped_column(LargeBinary(32))]
TimeUs = Annotated[int, mapped_column(BigInteger)]
Counter = Annotated[int, mapped_column(BigInteger().with_variant(Integer, "sqlite"))]
Code = Annotated[str, mapped_column(String(64))]


class Base(DeclarativeBase):
    """Every table of the hub; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(naming_convention=NAMING)
