"""The quarantine: envelopes with a reason code, kept whole until a person decides."""

import hashlib
from typing import Final

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from hub.alarms import AlarmKind, raise_alarm
from hub.storage.tables import Quarantined
from hub.writer.examine import Incoming, Rejected
from intake.event.quarantine import QuarantineReason

QUARANTINE_BYTES: Final = 64 * 1024 * 1024
LEAST_COST: Final = 4096
"""What an envelope counts at least: a flood of tiny ones fills the disk with rows and indices."""


class QuarantineRoom:
    """How many bytes each unit may still have set aside; asked for once a transaction."""

    def __init__(self, session: Session, limit: int = QUARANTINE_BYTES) -> None:
        self._session = session
        self._limit = limit
        self._taken: dict[str, int] = {}

    def take(self, device: str, size: int) -> bool:
        """Whether `size` bytes more of `device` may be kept; if so they count from now on."""
        taken = self._taken.get(device)
        if taken is None:
            taken = self._undecided(device)
        fits = taken + max(size, LEAST_COST) <= self._limit
        self._taken[device] = taken + max(size, LEAST_COST) if fits else taken
        return fits

    def _undecided(self, device: str) -> int:
        size = func.length(Quarantined.envelope)
        cost = case((size < LEAST_COST, LEAST_COST), else_=size)
        waiting = (Quarantined.topic_device == device) & (Quarantined.state == "waiting")
        return self._session.scalar(select(func.coalesce(func.sum(cost), 0)).where(waiting)) or 0


def set_aside(
    session: Session, incoming: Incoming, rejected: Rejected, room: QuarantineRoom
) -> bool:
    """Keep the envelope and raise an alarm; the same bytes on the same topic are kept once.

    False when the unit's room is used up: nothing is kept but the alarm, and no receipt is due.
    """
    digest = hashlib.sha256(incoming.data).digest()
    known = session.scalar(
        select(Quarantined.number).where(
            Quarantined.envelope_sha256 == digest, Quarantined.topic_device == incoming.device
        )
    )
    if known is not None:
        return True
    if not room.take(incoming.device, len(incoming.data)):
        raise_alarm(session, AlarmKind.QUARANTINE_FULL, incoming.device, incoming.received_us)
        return False
    claimed = rejected.claimed
    manifest = claimed.manifest if claimed else None
    session.add(
        Quarantined(
            received_us=incoming.received_us,
            topic_device=incoming.device,
            reason=rejected.reason.value,
            envelope_sha256=digest,
            envelope=incoming.data,
            identity=claimed.identity if claimed else None,
            device=manifest.device if manifest else None,
            kid=manifest.kid if manifest else None,
            sequence=manifest.sequence if manifest else None,
            reception_number=manifest.reception_number if manifest else None,
        )
    )
    conflict = rejected.reason is QuarantineReason.CONFLICT
    kind = AlarmKind.CONFLICT if conflict else AlarmKind.QUARANTINED
    raise_alarm(session, kind, incoming.device, incoming.received_us)
    session.flush()
    return True
