"""Tables of the office: notifications under review, accounts and sessions, devices, messages."""

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from hub.storage.base import Base, Code, Counter, Digest, TimeUs


class Filing(Base):
    """One notification under review: its newest revision and what was decided. No personal data."""

    __tablename__ = "filing"
    notification_id: Mapped[Code] = mapped_column(primary_key=True)
    reception_number: Mapped[Code] = mapped_column(index=True)
    procedure: Mapped[Code]
    device: Mapped[Code]
    identity: Mapped[Digest]
    revision: Mapped[int]
    state: Mapped[Code] = mapped_column(index=True)
    taken_by: Mapped[Code]
    first_received_us: Mapped[TimeUs] = mapped_column(index=True)
    updated_us: Mapped[TimeUs]
    decided_by: Mapped[str | None] = mapped_column(String(64))
    decided_us: Mapped[TimeUs | None]
    decided_identity: Mapped[Digest | None]
    reason: Mapped[str | None]
    owner: Mapped[str | None] = mapped_column(String(64))
    due_on: Mapped[str | None] = mapped_column(String(10))
    decision_index: Mapped[Counter | None]


class Account(Base):
    """A member of staff: who may log in to the pages, and to the units (through the roster)."""

    __tablename__ = "account"
    login: Mapped[Code] = mapped_column(primary_key=True)
    staff_id: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    pin_verifier: Mapped[str | None]
    disabled: Mapped[bool] = mapped_column(default=False)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until_us: Mapped[TimeUs] = mapped_column(default=0)
    created_us: Mapped[TimeUs]


class AccountRole(Base):
    """A role of an account."""

    __tablename__ = "account_role"
    login: Mapped[Code] = mapped_column(ForeignKey("account.login"), primary_key=True)
    role: Mapped[Code] = mapped_column(primary_key=True)


class WebSession(Base):
    """A logged-in browser: only the hash of its cookie is kept."""

    __tablename__ = "web_session"
    token_sha256: Mapped[Digest] = mapped_column(primary_key=True)
    login: Mapped[Code] = mapped_column(ForeignKey("account.login"), index=True)
    csrf_token: Mapped[Code]
    created_us: Mapped[TimeUs]
    seen_us: Mapped[TimeUs]


class DeviceKey(Base):
    """A signing key that the authority's directory named, once verified to the pinned root.

    Rows are never deleted: an event signed years ago must stay verifiable.
    """

    __tablename__ = "device_key"
    kid: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    device: Mapped[Code] = mapped_column(index=True)
    environment: Mapped[Code]
    certificate: Mapped[bytes] = mapped_column(LargeBinary)
    not_before_us: Mapped[TimeUs]
    not_after_us: Mapped[TimeUs]
    status: Mapped[Code]


class Device(Base):
    """A unit of the office: what the directory says of it and what it last said of itself."""

    __tablename__ = "device"
    device: Mapped[Code] = mapped_column(primary_key=True)
    device_code: Mapped[str | None] = mapped_column(String(16))
    status: Mapped[Code]
    encryption_certificate: Mapped[bytes | None] = mapped_column(LargeBinary)
    connection: Mapped[str | None] = mapped_column(String(64))
    boot_id: Mapped[str | None] = mapped_column(String(64))
    seen_us: Mapped[TimeUs | None]
    health: Mapped[str | None]
    health_us: Mapped[TimeUs | None]


class Alarm(Base):
    """Something that a person must look at; the same alarm is counted, not repeated."""

    __tablename__ = "alarm"
    number: Mapped[Counter] = mapped_column(primary_key=True, autoincrement=True)
    kind: Mapped[Code] = mapped_column(index=True)
    subject: Mapped[Code]
    first_us: Mapped[TimeUs]
    last_us: Mapped[TimeUs]
    count: Mapped[int] = mapped_column(default=1)
    seen_by: Mapped[str | None] = mapped_column(String(64))
    seen_us: Mapped[TimeUs | None]


class Publication(Base):
    """The newest retained message of a kind and its version, which never goes back."""

    __tablename__ = "publication"
    kind: Mapped[Code] = mapped_column(primary_key=True)
    version: Mapped[Counter]
    content_sha256: Mapped[Digest]
    message: Mapped[bytes] = mapped_column(LargeBinary)
    issued_us: Mapped[TimeUs]
    expires_us: Mapped[TimeUs]


class CardRevocation(Base):
    """What the hub learnt about a certificate in an event's card evidence. No personal data."""

    __tablename__ = "card_revocation"
    identity: Mapped[Digest] = mapped_column(primary_key=True)
    purpose: Mapped[Code] = mapped_column(primary_key=True)
    notification_id: Mapped[Code] = mapped_column(index=True)
    state: Mapped[Code]
    reason: Mapped[Code]
    attempts: Mapped[int] = mapped_column(default=0)
    asked_us: Mapped[TimeUs]
    next_us: Mapped[TimeUs | None] = mapped_column(index=True)
    holds_until_us: Mapped[TimeUs | None]
    revoked_us: Mapped[TimeUs | None]
