"""What pages and commands show of delivery: channels, a batch's progress, a message's timeline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.messages.channels.channel import Channel
from hub.messages.delivery.circuit import paused
from hub.messages.delivery.states import DispatchState
from hub.storage.tables import (
    Message,
    MessageAttempt,
    MessageChannel,
    MessageDispatch,
    MessageEvent,
)


@dataclass(frozen=True)
class ChannelRow:
    """A channel as an operator sees it. state: open, failing, paused (by itself or by hand)."""

    name: str
    assurance: str
    keeps_keys: bool
    reports: bool
    state: str
    reason: str
    failures: int
    paused_until_us: int | None
    waiting: int


@dataclass(frozen=True)
class Call:
    """One attempt of a hand-over."""

    ordinal: int
    started_us: int
    finished_us: int | None
    outcome: str
    reason: str


@dataclass(frozen=True)
class HandOver:
    """One hand-over with its attempts, oldest first."""

    channel: str
    purpose: str
    state: str
    reason: str
    due_us: int | None
    reference: str
    calls: tuple[Call, ...]


@dataclass(frozen=True)
class Event:
    """One line of a timeline."""

    time_us: int
    what: str
    channel: str
    actor: str
    detail: str


def channel_rows(
    session: Session, channels: Sequence[Channel], now_us: int
) -> tuple[ChannelRow, ...]:
    """The office's channels and how each is doing."""
    return tuple(_channel_row(session, channel, now_us) for channel in channels)


def progress(session: Session, batch: str) -> Mapping[str, int]:
    """How many messages of a batch are in each state."""
    rows = session.execute(
        select(Message.state, func.count()).where(Message.batch == batch).group_by(Message.state)
    )
    return {str(state): int(count) for state, count in rows}


def timeline(session: Session, number: int) -> tuple[Event, ...]:
    """Everything that happened to a message, oldest first."""
    rows = session.scalars(
        select(MessageEvent)
        .where(MessageEvent.message == number)
        .order_by(MessageEvent.time_us, MessageEvent.number)
    )
    return tuple(Event(r.time_us, r.what, r.channel, r.actor, r.detail) for r in rows)


def hand_overs(session: Session, number: int) -> tuple[HandOver, ...]:
    """The hand-overs of a message, oldest first, each with its calls."""
    rows = session.scalars(
        select(MessageDispatch)
        .where(MessageDispatch.message == number)
        .order_by(MessageDispatch.number)
    )
    return tuple(
        HandOver(
            row.channel,
            row.purpose,
            row.state,
            row.reason,
            row.due_us,
            row.reference,
            _calls(session, row.number),
        )
        for row in rows.all()
    )


def _calls(session: Session, dispatch: int) -> tuple[Call, ...]:
    rows = session.scalars(
        select(MessageAttempt)
        .where(MessageAttempt.dispatch == dispatch)
        .order_by(MessageAttempt.ordinal)
    )
    return tuple(Call(r.ordinal, r.started_us, r.finished_us, r.outcome, r.reason) for r in rows)


def _channel_row(session: Session, channel: Channel, now_us: int) -> ChannelRow:
    row = session.get(MessageChannel, channel.name)
    waiting = session.scalar(
        select(func.count())
        .select_from(MessageDispatch)
        .where(
            MessageDispatch.channel == channel.name,
            MessageDispatch.state.in_((DispatchState.DUE.value, DispatchState.UNKNOWN.value)),
        )
    )
    state = "paused" if paused(row, now_us) else "failing" if row and row.failures else "open"
    return ChannelRow(
        name=channel.name,
        assurance=channel.traits.assurance.value,
        keeps_keys=channel.traits.keeps_keys,
        reports=channel.traits.reports,
        state=state,
        reason=row.reason if row else "",
        failures=row.failures if row else 0,
        paused_until_us=row.paused_until_us if row else None,
        waiting=waiting or 0,
    )
