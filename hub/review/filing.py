"""The list of notifications under review, kept up to date by each event that enters the log."""

from enum import StrEnum

from sqlalchemy.orm import Session

from hub.alarms import AlarmKind, raise_alarm
from hub.storage.tables import Filing
from intake.event.manifest import EventKind, Manifest


class FilingState(StrEnum):
    """Where a notification stands."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


def note_event(session: Session, manifest: Manifest, identity: bytes, received_us: int) -> None:
    """Take the newest revision as the one to review; events may come in any order.

    What was accepted stays accepted: a later revision of it raises an alarm and changes nothing.
    So does a second event with the same revision (amended at two counters that were offline): the
    review page lists both, and a return lets a counter make one of them.
    """
    filing = session.get(Filing, manifest.notification_id)
    if filing is None:
        filing = Filing(
            notification_id=manifest.notification_id,
            first_received_us=received_us,
            revision=0,
            state=FilingState.WAITING.value,
        )
        session.add(filing)
    if manifest.revision <= filing.revision:
        if manifest.revision == filing.revision and filing.identity != identity:
            raise_alarm(session, AlarmKind.REVISION_CONFLICT, manifest.device, received_us)
        return
    if filing.state == FilingState.ACCEPTED.value:
        raise_alarm(session, AlarmKind.LATE_REVISION, manifest.device, received_us)
        return
    withdrawn = manifest.kind is EventKind.WITHDRAWN
    filing.state = (FilingState.WITHDRAWN if withdrawn else FilingState.WAITING).value
    filing.reception_number = manifest.reception_number
    filing.procedure = manifest.procedure
    filing.device = manifest.device
    filing.identity = identity
    filing.revision = manifest.revision
    filing.taken_by = manifest.staff.id
    filing.updated_us = received_us
    session.flush()
