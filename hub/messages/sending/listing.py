"""Lists of messages: of a batch by stage, what waits for a person, decisions to be told."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from hub.clock import iso
from hub.messages.delivery.states import MessageState
from hub.messages.from_register.queueing import TellingState
from hub.messages.sending.overview import STAGES, Stage
from hub.messages.sending.timeline import Line, line
from hub.storage.tables import DecisionMessage, Filing, Message, SendingItem, SendingOrder

WAITS = (MessageState.HELD.value, MessageState.UNKNOWN.value)


@dataclass(frozen=True)
class Rows:
    """Some of the messages, and how many there are."""

    rows: tuple[Line, ...]
    total: int


@dataclass(frozen=True)
class ItemProblem:
    """An item of an order of which no message was made, and why."""

    item: int
    problem: str


@dataclass(frozen=True)
class DecisionLine:
    """A decision that is told, or to be told."""

    number: int
    reception_number: str
    notification_id: str
    action: str
    state: str
    problem: str
    message: int | None
    created_at: str


def of_batch(session: Session, batch: int, stage: str, first: int, most: int) -> Rows:
    """The messages of a batch, those at `stage` alone when one is given."""
    made = (
        select(SendingItem.message)
        .join(SendingOrder, SendingOrder.number == SendingItem.order)
        .where(SendingOrder.batch == batch, SendingItem.message.is_not(None))
    )
    return _rows(
        session, _at(stage, Message.number.in_(made) | (Message.batch == str(batch))), first, most
    )


def waiting(session: Session, first: int, most: int) -> Rows:
    """Messages that wait for a person, and those whose outcome is unknown."""
    return _rows(session, [Message.state.in_(WAITS)], first, most)


def single(session: Session, first: int, most: int) -> Rows:
    """Messages of no batch that are not about decisions: core systems handed them in."""
    told = select(DecisionMessage.message).where(DecisionMessage.message.is_not(None))
    return _rows(session, [Message.batch.is_(None), Message.number.not_in(told)], first, most)


def count_waiting(session: Session) -> int:
    """How many messages wait for a person or are unknown."""
    return session.scalar(select(func.count()).where(Message.state.in_(WAITS))) or 0


def count_problems(session: Session) -> int:
    """How many decisions could not be told."""
    state = DecisionMessage.state == TellingState.PROBLEM.value
    return session.scalar(select(func.count()).where(state)) or 0


def decisions(session: Session, most: int) -> Sequence[DecisionLine]:
    """Decisions, those with a problem first, then the newest."""
    rows = session.execute(
        select(DecisionMessage, Filing)
        .join(Filing, Filing.notification_id == DecisionMessage.notification_id)
        .order_by(
            (DecisionMessage.state == TellingState.PROBLEM.value).desc(),
            DecisionMessage.number.desc(),
        )
        .limit(most)
    )
    return [
        DecisionLine(
            row.number,
            filing.reception_number,
            row.notification_id,
            row.action,
            row.state,
            row.problem,
            row.message,
            iso(row.created_us),
        )
        for row, filing in rows
    ]


def problems_of(session: Session, order: SendingOrder | None) -> Sequence[ItemProblem]:
    """Items of an order that could not be made."""
    if order is None:
        return ()
    rows = session.scalars(
        select(SendingItem)
        .where(SendingItem.order == order.number, SendingItem.problem != "")
        .order_by(SendingItem.item)
    )
    return [ItemProblem(row.item, row.problem) for row in rows]


def _at(stage: str, condition: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    if not stage:
        return [condition]
    states = [state for state, one in STAGES.items() if one is Stage(stage)]
    return [condition, Message.state.in_([str(state) for state in states])]


def _rows(session: Session, where: list[ColumnElement[bool]], first: int, most: int) -> Rows:
    found = session.scalars(
        select(Message).where(*where).order_by(Message.number.desc()).offset(first).limit(most)
    )
    total = session.scalar(select(func.count()).select_from(Message).where(*where)) or 0
    return Rows(tuple(line(one) for one in found), total)
