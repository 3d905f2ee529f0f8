"""Alarms: what a person must look at. The same kind about the same subject is counted up."""

from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.storage.tables import Alarm


class AlarmKind(StrEnum):
    """docs/operator.md says of each what it means and what to do."""

    CONFLICT = "conflict"
    QUARANTINED = "quarantined"
    QUARANTINE_FULL = "quarantine_full"
    LATE_REVISION = "late_revision"
    REVISION_CONFLICT = "revision_conflict"
    AUTHORITY = "authority"
    BROKER_DROPPED = "broker_dropped"
    BROKER_RELOAD = "broker_reload"
    EXAMINATION_FAILED = "examination_failed"
    STORING_FAILED = "storing_failed"
    RESTORED = "restored"
    REVOCATION = "revocation"
    CHANNEL_PAUSED = "channel_paused"
    CHANNEL_LIES = "channel_lies"
    MESSAGE_HELD = "message_held"
    MESSAGE_FAILED = "message_failed"
    CLOCK_JUMP = "clock_jump"
    DELIVERY_STOPPED = "delivery_stopped"


def raise_alarm(session: Session, kind: AlarmKind, subject: str, now_us: int) -> None:
    """Raise or count up an alarm; a subject is a device, a number or nothing, never a person."""
    found = session.scalar(
        select(Alarm).where(
            Alarm.kind == kind.value, Alarm.subject == subject, Alarm.seen_us.is_(None)
        )
    )
    if found is None:
        session.add(Alarm(kind=kind.value, subject=subject, first_us=now_us, last_us=now_us))
    else:
        found.count += 1
        found.last_us = now_us
