"""The quarantine: envelopes with a reason code, kept whole until a person decides."""

import hashlib

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.alarms import AlarmKind, raise_alarm
from hub.storage.tables import Quarantined
from hub.writer.examine import Incoming, Rejected
from intake.event.quarantine import QuarantineReason


def set_aside(session: Session, incoming: Incoming, rejected: Rejected) -> None:
    """Keep the envelope and raise an alarm; the same bytes on the same topic are kept once."""
    digest = hashlib.sha256(incoming.data).digest()
    known = session.scalar(
        select(Quarantined.number).where(
            Quarantined.envelope_sha256 == digest, Quarantined.topic_device == incoming.device
        )
    )
    if known is not None:
        return
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
