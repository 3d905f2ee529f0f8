"""Tables of core systems: their tokens, and what each of them handed in: messages and batches."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.storage.base import Base, Code, Counter, Digest, TimeUs


class SystemToken(Base):
    """A token of a core system; only its hash is kept. Rows are never deleted."""

    __tablename__ = "system_token"
    number: Mapped[Counter] = mapped_column(primary_key=True, autoincrement=True)
    system: Mapped[Code] = mapped_column(index=True)
    token_sha256: Mapped[Digest]
    scopes: Mapped[str] = mapped_column(String(256))
    created_us: Mapped[TimeUs]
    created_by: Mapped[Code]
    expires_us: Mapped[TimeUs | None]
    revoked_us: Mapped[TimeUs | None]
    used_us: Mapped[TimeUs | None]


class SystemMessage(Base):
    """A message that a system handed in, under its own reference if it gave one."""

    __tablename__ = "system_message"
    __table_args__ = (
        UniqueConstraint("system", "message", name="uq_system_message_message"),
        UniqueConstraint("system", "reference", name="uq_system_message_reference"),
    )
    number: Mapped[Counter] = mapped_column(primary_key=True, autoincrement=True)
    system: Mapped[Code]
    message: Mapped[Counter] = mapped_column(ForeignKey("message.number"), index=True)
    reference: Mapped[str | None] = mapped_column(String(128))
    given_sha256: Mapped[Digest]
    received_us: Mapped[TimeUs]


class SystemBatch(Base):
    """A batch of documents that a system handed in, and the key under which it did so once."""

    __tablename__ = "system_batch"
    __table_args__ = (UniqueConstraint("system", "key_sha256", name="uq_system_batch_key_sha256"),)
    batch: Mapped[Counter] = mapped_column(
        ForeignKey("document_batch.number"), primary_key=True, autoincrement=False
    )
    system: Mapped[Code]
    key_sha256: Mapped[Digest]
    given_sha256: Mapped[Digest]
    received_us: Mapped[TimeUs]
