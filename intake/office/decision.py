"""What the office decided about a notification: the body of a downward `decision`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, cast

from intake import canonical
from intake.errors import DecodeError
from intake.event.ids import ReceptionNumber
from intake.event.manifest import HASH_SIZE
from intake.record import DATE, TOKEN, UUID, Record

VERSION: Final = 1
LIMIT: Final = 384 * 1024
MAX_LIST: Final = 200
_NOTIFICATION_LIMIT: Final = 256 * 1024


class Outcome(StrEnum):
    """Accepted into the register, or returned to the counter with a reason."""

    ACCEPTED = "accepted"
    RETURNED = "returned"


@dataclass(frozen=True)
class Decision:
    """One decision; the fields from `reason` on are None exactly when accepted."""

    notification_id: str
    reception_number: str
    revision: int
    """The revision that was decided about; the next amendment has one more."""
    identity: bytes
    """The event that was decided about; the next amendment supersedes it."""
    outcome: Outcome
    decided_us: int
    reason: str | None = None
    owner: str | None = None
    """Staff id of whoever follows it up."""
    due_on: date | None = None
    notification: bytes | None = None
    """The notification as filed, so that it opens at any counter of the office."""


def encode(decision: Decision) -> bytes:
    """The canonical bytes; DecodeError when `decode` would refuse them."""
    due_on = None if decision.due_on is None else decision.due_on.isoformat()
    data = canonical.encode({"v": VERSION, **vars(decision), "due_on": due_on})
    decode(data)
    return data


def decode(data: bytes) -> Decision:
    """The decision in `data`; DecodeError when it is not exactly in the known form."""
    record = Record(canonical.decode(data, limit=LIMIT, depth=2), "decision")
    record.version(VERSION)
    decision = Decision(
        notification_id=record.text("notification_id", pattern=UUID),
        reception_number=str(ReceptionNumber.from_wire(record.text("reception_number"))),
        revision=record.integer("revision", minimum=1, maximum=9999),
        identity=record.octets("identity", size=HASH_SIZE),
        outcome=record.choice("outcome", Outcome),
        decided_us=record.integer("decided_us"),
        reason=None if record.absent("reason") else record.text("reason", limit=2000),
        owner=None if record.absent("owner") else record.text("owner", pattern=TOKEN),
        due_on=None if record.absent("due_on") else _date(record.text("due_on", pattern=DATE)),
        notification=(
            None
            if record.absent("notification")
            else record.octets("notification", limit=_NOTIFICATION_LIMIT)
        ),
    )
    record.close()
    given = (decision.reason, decision.owner, decision.due_on, decision.notification)
    returned = decision.outcome is Outcome.RETURNED
    if any((value is not None) != returned for value in given):
        raise DecodeError("a return, and only a return, has reason, owner, day and notification")
    return decision


def encode_list(decisions: Sequence[Decision]) -> bytes:
    """The body of an answer `returned`: what waits to be amended at any counter."""
    data = canonical.encode([encode(decision) for decision in decisions])
    decode_list(data)
    return data


def decode_list(data: bytes) -> tuple[Decision, ...]:
    """The decisions in such a body; DecodeError otherwise."""
    value = canonical.decode(data, limit=LIMIT, depth=1)
    if not isinstance(value, list) or len(cast("list[object]", value)) > MAX_LIST:
        raise DecodeError("this is no list of decisions")
    items = cast("list[object]", value)
    if not all(isinstance(item, bytes) for item in items):
        raise DecodeError("this is no list of decisions")
    return tuple(decode(item) for item in cast("list[bytes]", items))


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise DecodeError("this is no day of the calendar") from None
