"""The key under which a resident is written to: the 宛名番号, or ours where there is none yet.

A number of the core systems may come after the first message; what was sent before stays findable,
and goes on by the channels that are registered under the number.
"""

import uuid
from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.storage.tables import DecisionMessage, Resident, ResidentNumber

OURS: Final = "register"
"""Before the register's own id: no list of a core system can name a resident by accident."""
OF_A_NOTIFICATION: Final = 32
"""Digits and letters of a notification's id without its hyphens."""


def key_of(session: Session, resident_id: str) -> str:
    """The key for a resident of the register."""
    number = number_of(session, resident_id)
    return OURS + resident_id if number is None else number


def keys_of(session: Session, resident_id: str) -> Sequence[str]:
    """Every key under which the resident may have been written to, the best one first."""
    number = number_of(session, resident_id)
    ours = OURS + resident_id
    return (ours,) if number is None else (number, ours)


def number_of(session: Session, resident_id: str) -> str | None:
    """The 宛名番号 of a resident, where it is known."""
    return session.scalar(
        select(ResidentNumber.atena_no).where(ResidentNumber.resident_id == resident_id)
    )


def resident_of(session: Session, key: str) -> Resident | None:
    """The resident whom a key means; None for somebody who is not in the register.

    The key of a notification means whoever it brought into the register: what was written to them
    before is theirs, and protected as they are.
    """
    if key.startswith(OURS):
        return session.get(Resident, key.removeprefix(OURS))
    return _notified(session, key) or session.scalar(
        select(Resident)
        .join(ResidentNumber, ResidentNumber.resident_id == Resident.resident_id)
        .where(ResidentNumber.atena_no == key)
    )


def _notified(session: Session, key: str) -> Resident | None:
    try:
        notification_id = str(uuid.UUID(key))
    except ValueError:
        return None
    told = session.scalar(
        select(DecisionMessage.resident_id)
        .where(DecisionMessage.notification_id == notification_id)
        .where(DecisionMessage.resident_id.is_not(None))
        .limit(1)
    )
    return None if told is None else session.get(Resident, told)


def is_number(key: str) -> bool:
    """Whether a key is a 宛名番号, which a resident may know, and none of ours."""
    return not key.startswith(OURS) and len(key) != OF_A_NOTIFICATION


def key_of_notification(notification_id: str) -> str:
    """The key of whoever notified and is nobody of the register yet."""
    return notification_id.replace("-", "")
