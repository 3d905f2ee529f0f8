"""What a core system asks: states, changes since, the timeline, the ledger of its messages.

The cursor of changes is the number of the last event it has seen: events are counted in the order
of commits and never by the clock, so that none is missed and none comes twice.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.messages.delivery.ledger import yen
from hub.messages.systems.own import own_messages, references
from hub.storage.tables import (
    Message,
    MessageContent,
    MessageEvent,
    MessageLedger,
    SystemMessage,
)

MOST: Final = 500


@dataclass(frozen=True)
class Found:
    """A message with the system's own reference."""

    message: Message
    reference: str | None


@dataclass(frozen=True)
class Changes:
    """Messages that changed, in the order of their last change; `next`: the cursor after them."""

    found: Sequence[Found]
    next: int
    more: bool


@dataclass(frozen=True)
class Total:
    """A sum of the ledger. Yen of letters were spent, of other channels saved."""

    channel: str
    what: str
    count: int
    postage_yen: int
    print_yen: int


def changes(session: Session, system: str, after: int, most: int, batch: str | None) -> Changes:
    """At most `most` messages of this system with an event behind `after`."""
    last = func.max(MessageEvent.number)
    query = (
        select(MessageEvent.message, last)
        .join(Message, Message.number == MessageEvent.message)
        .where(MessageEvent.number > after, own_messages(system))
        .group_by(MessageEvent.message)
        .order_by(last)
        .limit(most + 1)
    )
    if batch is not None:
        query = query.where(Message.batch == batch)
    rows = [(int(number), int(event)) for number, event in session.execute(query)]
    more, rows = len(rows) > most, rows[:most]
    found = with_references(session, system, [number for number, _ in rows])
    return Changes(found, rows[-1][1] if rows else after, more)


def by_ids(session: Session, system: str, message_ids: Sequence[str]) -> list[Found]:
    """Those of these messages that are the system's."""
    query = select(Message.number).where(Message.message_id.in_(message_ids), own_messages(system))
    return with_references(session, system, list(session.scalars(query)))


def by_references(session: Session, system: str, given: Sequence[str]) -> list[Found]:
    """The messages that the system handed in under these references."""
    query = select(SystemMessage.message).where(
        SystemMessage.system == system, SystemMessage.reference.in_(given)
    )
    return with_references(session, system, list(session.scalars(query)))


def with_references(session: Session, system: str, numbers: list[int]) -> list[Found]:
    """Messages in the order of their numbers given, each with the system's reference."""
    named = references(session, system, numbers)
    rows = {
        row.number: row
        for row in session.scalars(select(Message).where(Message.number.in_(numbers)))
    }
    return [Found(rows[number], named.get(number)) for number in numbers]


def timeline(session: Session, number: int) -> Sequence[MessageEvent]:
    """What happened to a message, oldest first."""
    query = select(MessageEvent).where(MessageEvent.message == number).order_by(MessageEvent.number)
    return session.scalars(query).all()


def content(session: Session, number: int) -> bytes:
    """The signed XML of a message."""
    return bytes(session.get_one(MessageContent, number).content)


def ledger(session: Session, system: str, batch: str | None, paper: Collection[str]) -> list[Total]:
    """The ledger of this system's messages by channel; `paper`: the names of those that print."""
    query = (
        select(
            MessageLedger.channel,
            MessageLedger.what,
            func.count(),
            func.sum(yen(MessageLedger.postage_yen, paper)),
            func.sum(yen(MessageLedger.print_yen, paper)),
        )
        .join(Message, Message.number == MessageLedger.message)
        .where(own_messages(system))
        .group_by(MessageLedger.channel, MessageLedger.what)
        .order_by(MessageLedger.channel, MessageLedger.what)
    )
    if batch is not None:
        query = query.where(Message.batch == batch)
    return [
        Total(str(channel), str(what), int(count), int(postage), int(printed))
        for channel, what, count, postage, printed in session.execute(query)
    ]
