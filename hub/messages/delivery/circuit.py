"""A channel that fails again and again is left alone for a while, and the operator is told."""

from typing import Final

from sqlalchemy.orm import Session

from hub.alarms import AlarmKind, raise_alarm
from hub.messages.delivery.schedule import SECOND_US
from hub.storage.tables import MessageChannel

FAILURES: Final = 10
"""In a row, before a channel is paused."""
FIRST_PAUSE_S: Final = 60
LONGEST_PAUSE_S: Final = 900
ENGINE: Final = "system"


def row_of(session: Session, channel: str, now_us: int) -> MessageChannel:
    """The row of a channel, made when there is none."""
    row = session.get(MessageChannel, channel)
    if row is None:
        row = MessageChannel(
            channel=channel, failures=0, paused_by="", reason="", cursor="", changed_us=now_us
        )
        session.add(row)
        session.flush()
    return row


def paused(row: MessageChannel | None, now_us: int) -> bool:
    """Whether nothing is handed over now."""
    if row is None:
        return False
    if row.paused_until_us is not None:
        return now_us < row.paused_until_us
    return bool(row.paused_by)


def count(session: Session, channel: str, results: list[bool], reason: str, now_us: int) -> None:
    """Take in how calls went, oldest first: True took it or refused it, False failed."""
    row = session.get(MessageChannel, channel)
    if row is None and all(results):
        return
    row = row or row_of(session, channel, now_us)
    for went in results:
        row.failures = 0 if went else row.failures + 1
    by_hand = row.paused_by not in ("", ENGINE)
    if by_hand:
        return
    if row.failures < FAILURES:
        row.paused_until_us, row.paused_by, row.reason = None, "", ""
        return
    pause_s = min(FIRST_PAUSE_S << min(row.failures - FAILURES, 8), LONGEST_PAUSE_S)
    row.paused_until_us = now_us + pause_s * SECOND_US
    row.due_set_us, row.paused_by, row.reason, row.changed_us = now_us, ENGINE, reason[:64], now_us
    raise_alarm(session, AlarmKind.CHANNEL_PAUSED, channel, now_us)
