"""Tables of delivery: messages, each handing over, attempts, residents' channels, the ledger."""

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hub.storage.base import Base, Code, Counter, Digest, TimeUs


class Message(Base):
    """One message to one resident. Rows are never deleted; `due_us`: when to look at it again."""

    __tablename__ = "message"
    number: Mapped[Counter] = mapped_column(primary_key=True, autoincrement=True)
    key_sha256: Mapped[Digest] = mapped_column(unique=True)
    message_id: Mapped[Code] = mapped_column(unique=True)
    issuer: Mapped[Code]
    kind: Mapped[Code]
    atena_no: Mapped[Code] = mapped_column(index=True)
    document_number: Mapped[str | None] = mapped_column(String(128))
    text_sha256: Mapped[Digest]
    title: Mapped[str]
    legal: Mapped[bool]
    batch: Mapped[str | None] = mapped_column(String(64), index=True)
    not_before_us: Mapped[TimeUs | None]
    accepted_by: Mapped[Code]
    accepted_us: Mapped[TimeUs]
    state: Mapped[Code] = mapped_column(index=True)
    reason: Mapped[Code] = mapped_column(default="")
    channel: Mapped[Code] = mapped_column(default="")
    step: Mapped[int] = mapped_column(default=0)
    due_us: Mapped[TimeUs | None] = mapped_column(index=True)
    due_set_us: Mapped[TimeUs]
    address_released_by: Mapped[str | None] = mapped_column(String(64))
    handed_us: Mapped[TimeUs | None]
    delivered_us: Mapped[TimeUs | None]
    read_us: Mapped[TimeUs | None]
    changed_us: Mapped[TimeUs]


class MessageContent(Base):
    """The signed XML of a message, apart so that lists need not read it."""

    __tablename__ = "message_content"
    message: Mapped[Counter] = mapped_column(
        ForeignKey("message.number"), primary_key=True, autoincrement=False
    )
    content: Mapped[bytes] = mapped_column(LargeBinary)


class MessageDispatch(Base):
    """The handing over of one message to one channel for one purpose: the work list.

    doubt: hub/messages/delivery/states.py. address_sha256: of where it went last. paper: the
    channel called prints letters. taken_us, printed_us: of a letter, docs/messages.md.
    """

    __tablename__ = "message_dispatch"
    __table_args__ = (
        UniqueConstraint("message", "channel", "purpose"),
        Index("ix_message_dispatch_channel_due", "channel", "due_us"),
    )
    number: Mapped[Counter] = mapped_column(primary_key=True, autoincrement=True)
    message: Mapped[Counter] = mapped_column(ForeignKey("message.number"))
    channel: Mapped[Code]
    purpose: Mapped[Code]
    key: Mapped[Code] = mapped_column(unique=True)
    state: Mapped[Code] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=0)
    due_us: Mapped[TimeUs | None]
    due_set_us: Mapped[TimeUs]
    reference: Mapped[str] = mapped_column(String(256), default="", index=True)
    reason: Mapped[Code] = mapped_column(default="")
    doubt: Mapped[Code] = mapped_column(default="")
    address_sha256: Mapped[Digest | None]
    paper: Mapped[bool] = mapped_column(default=False)
    taken_us: Mapped[TimeUs | None]
    printed_us: Mapped[TimeUs | None]
    created_us: Mapped[TimeUs]
    changed_us: Mapped[TimeUs]


class MessageAttempt(Base):
    """One call of a channel: its row is stored before the call and completed after it."""

    __tablename__ = "message_attempt"
    __table_args__ = (UniqueConstraint("dispatch", "ordinal"),)
    number: Mapped[Counter] = mapped_column(primary_key=True, autoincrement=True)
    dispatch: Mapped[Counter] = mapped_column(ForeignKey("message_dispatch.number"))
    ordinal: Mapped[int]
    started_us: Mapped[TimeUs]
    finished_us: Mapped[TimeUs | None]
    outcome: Mapped[Code] = mapped_column(index=True)
    reason: Mapped[Code] = mapped_column(default="")


class MessageEvent(Base):
    """One line of a message's timeline. `detail` holds codes and numbers, never a name."""

    __tablename__ = "message_event"
    number: Mapped[Counter] = mapped_column(primary_key=True, autoincrement=True)
    message: Mapped[Counter] = mapped_column(ForeignKey("message.number"), index=True)
    time_us: Mapped[TimeUs]
    what: Mapped[Code]
    channel: Mapped[Code] = mapped_column(default="")
    actor: Mapped[Code]
    detail: Mapped[str] = mapped_column(default="")


class MessageLedger(Base):
    """One line of the ledger: what was sent by which channel and what that cost and saved."""

    __tablename__ = "message_ledger"
    __table_args__ = (UniqueConstraint("message", "channel", "what"),)
    number: Mapped[Counter] = mapped_column(primary_key=True, autoincrement=True)
    message: Mapped[Counter] = mapped_column(ForeignKey("message.number"))
    batch: Mapped[str | None] = mapped_column(String(64), index=True)
    channel: Mapped[Code]
    what: Mapped[Code]
    pages: Mapped[int]
    postage_yen: Mapped[int]
    print_yen: Mapped[int]
    tariff: Mapped[Code]
    time_us: Mapped[TimeUs]


class MessageRecipient(Base):
    """How a resident wants to be reached; who is in the register is found by resident_number.

    `name` and `address` (postal code, then lines) are of those who are not in it.
    """

    __tablename__ = "message_recipient"
    atena_no: Mapped[Code] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    protected: Mapped[bool] = mapped_column(default=False)
    language: Mapped[Code] = mapped_column(default="ja")
    large_print: Mapped[bool] = mapped_column(default=False)
    quiet_from: Mapped[int | None]
    quiet_until: Mapped[int | None]
    changed_by: Mapped[Code]
    changed_us: Mapped[TimeUs]


class MessageRegistration(Base):
    """A channel that a resident registered; rank 1 is tried first."""

    __tablename__ = "message_registration"
    atena_no: Mapped[Code] = mapped_column(primary_key=True)
    channel: Mapped[Code] = mapped_column(primary_key=True)
    address: Mapped[str]
    rank: Mapped[int]
    opted_in: Mapped[bool]
    released_by: Mapped[str | None] = mapped_column(String(64))
    changed_by: Mapped[Code]
    changed_us: Mapped[TimeUs]


class MessageSuppression(Base):
    """An address of a channel that refused for good; only its hash is kept."""

    __tablename__ = "message_suppression"
    channel: Mapped[Code] = mapped_column(primary_key=True)
    address_sha256: Mapped[Digest] = mapped_column(primary_key=True)
    reason: Mapped[Code]
    since_us: Mapped[TimeUs]


class MessageChannel(Base):
    """A channel as the engine sees it: failures in a row, pause, how far its reports were read."""

    __tablename__ = "message_channel"
    channel: Mapped[Code] = mapped_column(primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    paused_until_us: Mapped[TimeUs | None]
    due_set_us: Mapped[TimeUs] = mapped_column(default=0)
    paused_by: Mapped[Code] = mapped_column(default="")
    reason: Mapped[Code] = mapped_column(default="")
    cursor: Mapped[str] = mapped_column(String(256), default="")
    changed_us: Mapped[TimeUs]
