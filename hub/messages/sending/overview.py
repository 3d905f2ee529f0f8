"""How far batches have come, counted from their messages: what the list and the bars show."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from hub.clock import iso
from hub.messages.batches.store import READ
from hub.messages.delivery.states import MessageState
from hub.messages.sending import orders
from hub.messages.sending.orders import OrderState
from hub.storage.tables import (
    DecisionMessage,
    DocumentBatch,
    Message,
    SendingItem,
    SendingOrder,
)

REGISTER: Final = "register"
"""The place of messages about decisions, which belong to no batch."""


class Stage(StrEnum):
    """Where messages stand, as the bars show it, in the order of the bars."""

    READ = "read"
    DELIVERED = "delivered"
    HANDED = "handed"
    WAITING = "waiting"
    UNKNOWN = "unknown"
    PERSON = "person"
    FAILED = "failed"
    CANCELLED = "cancelled"


STAGES: Final[Mapping[str, Stage]] = {
    MessageState.READ: Stage.READ,
    MessageState.DELIVERED: Stage.DELIVERED,
    MessageState.HANDED: Stage.HANDED,
    MessageState.SENT: Stage.HANDED,
    MessageState.CREATED: Stage.WAITING,
    MessageState.SENDING: Stage.WAITING,
    MessageState.UNKNOWN: Stage.UNKNOWN,
    MessageState.HELD: Stage.PERSON,
    MessageState.PERMANENT_FAILURE: Stage.FAILED,
    MessageState.TECHNICAL_FAILURE: Stage.FAILED,
    MessageState.RETURNED: Stage.FAILED,
    MessageState.CANCELLED: Stage.CANCELLED,
}


@dataclass(frozen=True)
class Segment:
    """A part of a bar: stage, count, and its place in per mille of the bar."""

    stage: Stage
    count: int
    start: int
    width: int


@dataclass(frozen=True)
class Progress:
    """Messages by stage."""

    counts: Mapping[Stage, int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts.values())

    def of(self, stage: str) -> int:
        """How many are at a stage."""
        return self.counts.get(Stage(stage), 0)

    @property
    def segments(self) -> Sequence[Segment]:
        """The bar, without empty parts; widths end exactly at 1000."""
        found: list[Segment] = []
        before, total = 0, self.total
        for stage in Stage:
            count = self.of(stage)
            if count:
                start = before * 1000 // total
                end = (before + count) * 1000 // total
                found.append(Segment(stage, count, start, end - start))
                before += count
        return found


@dataclass(frozen=True)
class BatchLine:
    """One line of the list. key: the batch's number, or a word for what is no batch."""

    key: str
    name: str
    state: str
    created_at: str
    created_by: str
    ready: int
    held: int
    order: str
    progress: Progress


def progress(states: Iterable[tuple[str, int]]) -> Progress:
    """Counts of states as counts of stages."""
    counts: Counter[Stage] = Counter()
    for state, count in states:
        counts[STAGES[MessageState(state)]] += count
    return Progress(counts)


def batch_progress(session: Session, batch: int) -> Progress:
    """Of everything that was made of a batch, also what an earlier batch had sent already."""
    rows = session.execute(
        select(Message.state, func.count())
        .where(
            Message.number.in_(
                select(SendingItem.message)
                .join(SendingOrder, SendingOrder.number == SendingItem.order)
                .where(SendingOrder.batch == batch, SendingItem.message.is_not(None))
            )
            | (Message.batch == str(batch))
        )
        .group_by(Message.state)
    )
    return progress((state, count) for state, count in rows)


def lines(session: Session, *, author: str | None, most: int) -> Sequence[BatchLine]:
    """Batches that were read, the newest first; `author`: only what this login gave."""
    query = (
        select(DocumentBatch)
        .options(defer(DocumentBatch.list_content, raiseload=True))
        .where(DocumentBatch.state.in_([state.value for state in READ]))
    )
    if author is not None:
        query = query.where(DocumentBatch.created_by == author)
    found = session.scalars(query.order_by(DocumentBatch.number.desc()).limit(most)).all()
    return [_line(session, batch) for batch in found]


def register_progress(session: Session) -> Progress:
    """Of messages about decisions."""
    rows = session.execute(
        select(Message.state, func.count())
        .where(Message.number.in_(select(DecisionMessage.message)))
        .group_by(Message.state)
    )
    return progress((state, count) for state, count in rows)


def single_progress(session: Session) -> Progress:
    """Of messages that core systems handed in one by one."""
    rows = session.execute(
        select(Message.state, func.count())
        .where(
            Message.batch.is_(None),
            Message.number.not_in(
                select(DecisionMessage.message).where(DecisionMessage.message.is_not(None))
            ),
        )
        .group_by(Message.state)
    )
    return progress((state, count) for state, count in rows)


def asked(session: Session) -> Sequence[SendingOrder]:
    """Orders that wait for a second person, the oldest first."""
    return session.scalars(
        select(SendingOrder)
        .where(SendingOrder.state == OrderState.ASKED.value)
        .order_by(SendingOrder.number)
    ).all()


def _line(session: Session, batch: DocumentBatch) -> BatchLine:
    order = orders.newest(session, batch.number)
    return BatchLine(
        key=str(batch.number),
        name=batch.name,
        state=batch.state,
        created_at=iso(batch.created_us),
        created_by=batch.created_by,
        ready=batch.ready,
        held=batch.held,
        order="" if order is None else order.state,
        progress=batch_progress(session, batch.number),
    )
