"""What every step of delivery decides by: the office's channels, the schedule, the tariff."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.messages.channels.channel import Assurance, Traits
from hub.messages.delivery.outgoing import NAMESPACE
from hub.messages.delivery.schedule import Schedule
from hub.messages.delivery.states import DispatchState, Doubt, Purpose
from hub.messages.delivery.tariff import Tariff
from hub.storage.tables import Message, MessageDispatch, MessageEvent

GONE: Final = Traits(Assurance.BEST_EFFORT, keeps_keys=False)
TAKEN: Final = (
    DispatchState.CALLING,
    DispatchState.UNKNOWN,
    DispatchState.HANDED,
    DispatchState.DELIVERED,
    DispatchState.READ,
)


@dataclass(frozen=True)
class Rules:
    """Fixed for the life of an engine. traits: the channels that this office has, by name."""

    traits: Mapping[str, Traits]
    schedule: Schedule = field(default_factory=Schedule)
    tariff: Tariff = field(default_factory=Tariff.load)

    def of(self, channel: str) -> Traits:
        """How a channel behaves; of one that is no longer configured nothing is taken for sure."""
        return self.traits.get(channel, GONE)


@dataclass(frozen=True)
class Case:
    """One hand-over of one message, looked at in one transaction at one moment."""

    session: Session
    rules: Rules
    message: Message
    dispatch: MessageDispatch
    now_us: int

    def say(self, what: str, detail: str = "") -> None:
        """Add a line about this channel to the timeline."""
        channel = self.dispatch.channel
        say(self.session, self.message, what, self.now_us, channel=channel, detail=detail)


def say(
    session: Session,
    message: Message,
    what: str,
    now_us: int,
    *,
    channel: str = "",
    actor: str = "system",
    detail: str = "",
) -> None:
    """Add a line to the timeline of a message. `detail`: codes and numbers only."""
    session.add(
        MessageEvent(
            message=message.number,
            time_us=now_us,
            what=what,
            channel=channel,
            actor=actor,
            detail=detail,
        )
    )


def open_dispatch(
    session: Session, message: Message, channel: str, purpose: Purpose, now_us: int
) -> bool:
    """Put a hand-over on the work list, due now; false when it is there already.

    One that was withdrawn before any call is begun anew.
    """
    known = session.scalar(
        select(MessageDispatch).where(
            MessageDispatch.message == message.number,
            MessageDispatch.channel == channel,
            MessageDispatch.purpose == purpose.value,
        )
    )
    if known is not None and known.state == DispatchState.CANCELLED:
        known.state, known.reason, known.tries = DispatchState.DUE.value, "", 0
        known.due_us, known.due_set_us = now_us, now_us
        known.created_us, known.changed_us = now_us, now_us
        return True
    if known is not None:
        return False
    key = uuid.uuid5(NAMESPACE, f"{message.message_id}/{channel}/{purpose.value}")
    session.add(
        MessageDispatch(
            message=message.number,
            channel=channel,
            purpose=purpose.value,
            key=str(key),
            state=DispatchState.DUE.value,
            due_us=now_us,
            due_set_us=now_us,
            created_us=now_us,
            changed_us=now_us,
        )
    )
    return True


def dispatches(session: Session, message: Message) -> list[MessageDispatch]:
    """Every hand-over of a message, oldest first."""
    session.flush()
    return list(
        session.scalars(
            select(MessageDispatch)
            .where(MessageDispatch.message == message.number)
            .order_by(MessageDispatch.number)
        )
    )


def in_doubt(dispatch: MessageDispatch) -> bool:
    """Whether the channel may have the message though nobody saw it take it."""
    unknown = dispatch.state == DispatchState.UNKNOWN or dispatch.doubt != Doubt.NONE
    return unknown and dispatch.purpose == Purpose.MESSAGE


def taken(dispatch: MessageDispatch) -> bool:
    """Whether the channel of a hand-over has the message or may have it."""
    has_it = dispatch.state in TAKEN and dispatch.purpose == Purpose.MESSAGE
    return has_it or in_doubt(dispatch)


def has_it(session: Session, message: Message) -> bool:
    """Whether any channel has the message or may have it; then it cannot be cancelled."""
    return any(taken(one) for one in dispatches(session, message))
