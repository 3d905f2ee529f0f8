"""Tables of the log: entries, tree, checkpoints, sealed events and what was quarantined."""

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.storage.base import Base, Code, Counter, Digest, TimeUs


class LogEntry(Base):
    """One leaf. `payload` is the canonical CBOR of an office entry; empty for an intake event."""

    __tablename__ = "log_entry"
    index: Mapped[Counter] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[Code] = mapped_column(index=True)
    identity: Mapped[Digest] = mapped_column(unique=True)
    recorded_us: Mapped[TimeUs]
    actor: Mapped[Code]
    payload: Mapped[bytes | None] = mapped_column(LargeBinary)


class LogNode(Base):
    """The hash of a complete subtree; `position` counts those of 2**level leaves from the left."""

    __tablename__ = "log_node"
    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[Counter] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[Digest]


class Checkpoint(Base):
    """A signed statement about the first `size` leaves, as it was published."""

    __tablename__ = "checkpoint"
    epoch: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    size: Mapped[Counter] = mapped_column(primary_key=True, autoincrement=False)
    root: Mapped[Digest]
    time_us: Mapped[TimeUs]
    signed: Mapped[bytes] = mapped_column(LargeBinary)


class Epoch(Base):
    """A life of the log; a restore from backup begins a new one."""

    __tablename__ = "epoch"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    started_us: Mapped[TimeUs]
    first_size: Mapped[Counter]
    reason: Mapped[Code]


class IntakeEvent(Base):
    """An event in the log: its sealed manifest, unchanged, and what is looked up by.

    `duplicate` is 0; a person who accepts a conflicting event after all makes it 1 and so on.
    """

    __tablename__ = "intake_event"
    __table_args__ = (UniqueConstraint("kid", "sequence", "duplicate"),)
    identity: Mapped[Digest] = mapped_column(primary_key=True)
    log_index: Mapped[Counter] = mapped_column(ForeignKey("log_entry.index"), unique=True)
    kid: Mapped[bytes] = mapped_column(LargeBinary(16))
    sequence: Mapped[Counter]
    duplicate: Mapped[int] = mapped_column(default=0)
    device: Mapped[Code] = mapped_column(index=True)
    kind: Mapped[Code]
    event_id: Mapped[Code]
    notification_id: Mapped[Code] = mapped_column(index=True)
    reception_number: Mapped[Code] = mapped_column(index=True)
    revision: Mapped[int]
    procedure: Mapped[Code]
    staff_id: Mapped[Code]
    previous: Mapped[Digest | None]
    wall_time_us: Mapped[TimeUs]
    received_us: Mapped[TimeUs]
    envelope_version: Mapped[int]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class IntakePart(Base):
    """One encrypted part of an event; disposal after the legal period deletes the row only."""

    __tablename__ = "intake_part"
    identity: Mapped[Digest] = mapped_column(ForeignKey("intake_event.identity"), primary_key=True)
    name: Mapped[Code] = mapped_column(primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class Quarantined(Base):
    """An envelope that did not enter the log, whole, until a person decides."""

    __tablename__ = "quarantined"
    __table_args__ = (UniqueConstraint("envelope_sha256", "topic_device"),)
    number: Mapped[Counter] = mapped_column(primary_key=True, autoincrement=True)
    received_us: Mapped[TimeUs]
    topic_device: Mapped[Code]
    reason: Mapped[Code]
    envelope_sha256: Mapped[Digest]
    envelope: Mapped[bytes] = mapped_column(LargeBinary)
    identity: Mapped[Digest | None] = mapped_column(index=True)
    device: Mapped[str | None] = mapped_column(String(64))
    kid: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    sequence: Mapped[Counter | None]
    reception_number: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[Code] = mapped_column(default="waiting", index=True)
    decided_by: Mapped[str | None] = mapped_column(String(64))
    decided_us: Mapped[TimeUs | None]
    decision_reason: Mapped[str | None]
