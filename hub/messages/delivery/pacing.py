"""Time for delivery: durations survive a wall clock that jumps, so no storm and no lost reminder.

What is due is stored as wall time. When wall and monotonic clock part by more than TOLERANCE_US,
the due times that mean "so long from then" are moved by the jump; calendar times are not.
"""

import time
from collections.abc import Callable
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from hub.clock import Clock
from hub.messages.delivery.schedule import SECOND_US
from hub.messages.delivery.states import MessageState
from hub.storage.tables import Message, MessageAttempt, MessageChannel, MessageDispatch

Monotonic = Callable[[], float]
TOLERANCE_US: Final = 120 * SECOND_US
STEADY_S: Final = 900.0
"""After a jump forward, messages for a set time wait so long for the clock to be put right."""


class Timekeeper:
    """The wall clock, watched by the monotonic one."""

    def __init__(self, clock: Clock, monotonic: Monotonic = time.monotonic) -> None:
        self.clock = clock
        self.monotonic = monotonic
        self._wall, self._mono = clock(), monotonic()
        self._steady_at = self._mono

    @property
    def calendar_trusted(self) -> bool:
        """Whether what waits for a day of the calendar may go now."""
        return self.monotonic() >= self._steady_at

    def jump(self) -> tuple[int, int]:
        """How far the wall clock jumped since the last call (0: it did not), and where from."""
        wall, mono = self.clock(), self.monotonic()
        before = self._wall + int((mono - self._mono) * SECOND_US)
        self._wall, self._mono = wall, mono
        jumped = wall - before
        if abs(jumped) <= TOLERANCE_US:
            return 0, before
        if jumped > 0:
            self._steady_at = mono + STEADY_S
        return jumped, before


def jump_while_stopped(session: Session, now_us: int) -> tuple[int, int]:
    """How far the clock stands before the last attempt: it went back while nothing ran."""
    last = session.scalar(select(func.max(MessageAttempt.started_us))) or 0
    return (now_us - last, last) if now_us < last - TOLERANCE_US else (0, last)


def shift(session: Session, jump_us: int, before_us: int) -> None:
    """Move every stored duration that was set before the jump."""
    set_before = before_us + TOLERANCE_US
    now = before_us + jump_us
    for table in (Message, MessageDispatch):
        statement = (
            update(table)
            .where(table.due_us.is_not(None), table.due_set_us <= set_before)
            .values(due_us=table.due_us + jump_us, due_set_us=now)
        )
        if table is Message:
            calendar = (Message.state == MessageState.CREATED.value) & (
                Message.not_before_us.is_not(None)
            )
            statement = statement.where(~calendar)
        session.execute(statement)
    session.execute(
        update(MessageChannel)
        .where(MessageChannel.paused_until_us.is_not(None), MessageChannel.due_set_us <= set_before)
        .values(paused_until_us=MessageChannel.paused_until_us + jump_us, due_set_us=now)
    )
