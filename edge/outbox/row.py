"""The values the outbox takes and gives: a place in the chain, what was composed for it, a row."""

from dataclasses import dataclass
from enum import StrEnum


class RowState(StrEnum):
    """What is known of a row: only a verified receipt moves it out of `waiting`."""

    WAITING = "waiting"
    JOURNALLED = "journalled"
    QUARANTINED = "quarantined"


@dataclass(frozen=True)
class Place:
    """The next free place of a signing key's chain, told while the transaction is open."""

    sequence: int  # 1 for the first event of the key
    previous: bytes | None  # identity of the event before it
    day_counter: int  # 1 for the first reception number of the day on this unit


@dataclass(frozen=True)
class Composed:
    """An event sealed for one place; `envelope` is stored and sent unchanged."""

    identity: bytes  # SHA-256 of what was signed
    envelope: bytes
    event_id: str
    notification_id: str
    reception_number: str
    kind: str  # filed, amended, withdrawn
    revision: int
    new_number: bool = True  # False: an amendment keeps the number the resident took home


@dataclass(frozen=True)
class Row:
    """One event of this unit, without its bytes."""

    row: int
    kid: bytes
    sequence: int
    identity: bytes
    digest: bytes  # SHA-256 of the envelope bytes
    previous: bytes | None
    event_id: str
    notification_id: str
    reception_number: str
    kind: str
    revision: int
    filed_us: int
    state: RowState
    reason: str | None  # why the office put it into quarantine
    receipt_us: int | None
    kept: bool  # whether the envelope bytes are still here


@dataclass(frozen=True)
class Summary:
    """The outbox in three numbers."""

    waiting: int
    quarantined: int
    oldest_us: int | None  # when the oldest waiting row was filed
