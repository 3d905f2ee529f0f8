"""Tables of sending: orders to send a batch, what became of each item, messages about decisions."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.storage.base import Base, Code, Counter, Digest, TimeUs


class SendingOrder(Base):
    """That the ready items of a batch are to be sent: who asked, who agreed, how far it is."""

    __tablename__ = "sending_order"
    number: Mapped[Counter] = mapped_column(primary_key=True, autoincrement=True)
    batch: Mapped[Counter] = mapped_column(index=True)
    state: Mapped[Code] = mapped_column(index=True)
    people: Mapped[int]
    legal: Mapped[bool]
    not_before_us: Mapped[TimeUs | None]
    asked_by: Mapped[Code]
    asked_us: Mapped[TimeUs]
    decided_by: Mapped[str | None] = mapped_column(String(64))
    decided_us: Mapped[TimeUs | None]
    made: Mapped[int] = mapped_column(default=0)
    problems: Mapped[int] = mapped_column(default=0)
    changed_us: Mapped[TimeUs]


class SendingItem(Base):
    """One item of an order as it was then: the message made of it, or why there is none."""

    __tablename__ = "sending_item"
    order: Mapped[Counter] = mapped_column(ForeignKey("sending_order.number"), primary_key=True)
    item: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[Code]
    message: Mapped[Counter | None] = mapped_column(index=True)
    problem: Mapped[Code] = mapped_column(default="")


class DecisionMessage(Base):
    """A decision about a notification that its resident is to be told of (an outbox)."""

    __tablename__ = "decision_message"
    __table_args__ = (UniqueConstraint("log_index"),)
    number: Mapped[Counter] = mapped_column(primary_key=True, autoincrement=True)
    notification_id: Mapped[Code] = mapped_column(index=True)
    log_index: Mapped[Counter]
    action: Mapped[Code]
    identity: Mapped[Digest]
    resident_id: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(default="")
    due_on: Mapped[str | None] = mapped_column(String(10))
    protected: Mapped[bool]
    state: Mapped[Code] = mapped_column(index=True)
    problem: Mapped[Code] = mapped_column(default="")
    attempts: Mapped[int] = mapped_column(default=0)
    message: Mapped[Counter | None] = mapped_column(index=True)
    created_us: Mapped[TimeUs]
    changed_us: Mapped[TimeUs]
