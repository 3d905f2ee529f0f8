"""What is due for messages as a whole: first channel, reminders, reports, clock jumps."""

import logging
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.alarms import AlarmKind, raise_alarm
from hub.messages.channels.channel import Channel
from hub.messages.delivery.advancing import advance
from hub.messages.delivery.circuit import row_of
from hub.messages.delivery.outcomes import refuse
from hub.messages.delivery.pacing import Timekeeper, jump_while_stopped, shift
from hub.messages.delivery.reports import take
from hub.messages.delivery.rules import Case, Rules
from hub.messages.delivery.states import DispatchState, MessageState
from hub.storage.database import Database
from hub.storage.tables import Message, MessageChannel, MessageDispatch

AT_ONCE: Final = 50
"""Messages in one commit, so that others who write wait a moment only."""
LOST_S: Final = 60.0
"""How often to look for hand-overs of channels that are gone; it reads the whole work list."""

logger = logging.getLogger(__name__)


class Keeper:
    """Moves messages on when their time has come."""

    def __init__(self, database: Database, rules: Rules, timekeeper: Timekeeper) -> None:
        self._database, self._rules, self._time = database, rules, timekeeper
        self._look_for_lost_at = 0.0

    def begin(self) -> None:
        """See to a clock that was set back while nothing ran."""
        now = self._time.clock()
        with self._database.writing() as session:
            jumped, before = jump_while_stopped(session, now)
            if jumped:
                self._jumped(session, jumped, before, now)

    def turn(self) -> int:
        """Move on at most AT_ONCE messages; returns how many were moved."""
        jumped, before = self._time.jump()
        now = self._time.clock()
        if jumped:
            with self._database.writing() as session:
                self._jumped(session, jumped, before, now)
        with self._database.reading() as session:
            due = self._due(session, now, 1)
        if not due:
            return self._leave_lost_channels(now)
        with self._database.writing() as session:
            due = self._due(session, now, AT_ONCE)
            for message in due:
                advance(session, self._rules, message, now)
        return len(due)

    def poll(self, channel: Channel) -> int:
        """Ask a channel for reports and apply them; returns how many came."""
        with self._database.reading() as session:
            row = session.get(MessageChannel, channel.name)
            cursor = row.cursor if row else ""
        receipts, after = channel.receipts(cursor)
        if not receipts and after == cursor:
            return 0
        now = self._time.clock()
        with self._database.writing() as session:
            lies = take(session, self._rules, channel.name, receipts, now)
            row_of(session, channel.name, now).cursor = after[:256]
            if lies:
                logger.warning("channel %s reported %d unknown hand-overs", channel.name, lies)
                raise_alarm(session, AlarmKind.CHANNEL_LIES, channel.name, now)
        return len(receipts)

    def _due(self, session: Session, now_us: int, most: int) -> list[Message]:
        statement = select(Message).where(Message.due_us <= now_us)
        if not self._time.calendar_trusted:
            waits = (Message.state == MessageState.CREATED.value) & (
                Message.not_before_us.is_not(None)
            )
            statement = statement.where(~waits)
        return list(session.scalars(statement.order_by(Message.due_us, Message.number).limit(most)))

    def _jumped(self, session: Session, jump_us: int, before_us: int, now: int) -> None:
        logger.warning("the wall clock jumped by %d s", jump_us // 1_000_000)
        shift(session, jump_us, before_us)
        raise_alarm(session, AlarmKind.CLOCK_JUMP, "", now)

    def _leave_lost_channels(self, now: int) -> int:
        """Move on what waits for channels that this office has no more; returns how many.

        A person may send such a hand-over again at any time.
        """
        monotonic = self._time.monotonic()
        if monotonic < self._look_for_lost_at:
            return 0
        with self._database.reading() as session:
            if not self._lost(session, 1):
                self._look_for_lost_at = monotonic + LOST_S
                return 0
        with self._database.writing() as session:
            lost = self._lost(session, AT_ONCE)
            for dispatch in lost:
                message = session.get_one(Message, dispatch.message)
                refuse(Case(session, self._rules, message, dispatch, now), "channel_removed")
        return len(lost)

    def _lost(self, session: Session, most: int) -> list[MessageDispatch]:
        """Hand-overs of channels that are gone; without a time they wait for a person already."""
        statement = select(MessageDispatch).where(
            MessageDispatch.state.in_((DispatchState.DUE.value, DispatchState.UNKNOWN.value)),
            MessageDispatch.due_us.is_not(None),
            MessageDispatch.channel.not_in(list(self._rules.traits)),
        )
        return list(session.scalars(statement.limit(most)))
