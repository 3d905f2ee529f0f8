"""A person decides about a quarantined envelope: into the log after all, or discarded."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.accounts.staff import StaffMember
from hub.errors import BadRequestError, ConflictError, NotFoundError
from hub.log.entry import EntryKind
from hub.log.journal import Append
from hub.office import Office
from hub.operations import QuarantineView, quarantine_view
from hub.storage.tables import IntakeEvent, Quarantined
from hub.writer.commit import append_event
from hub.writer.examine import Incoming, Rejected, Waiver
from intake.event.admission import Admitted
from intake.event.quarantine import QuarantineReason

WAIVERS = {
    QuarantineReason.WRONG_TOPIC.value: Waiver(topic=True),
    QuarantineReason.REVOKED_KEY.value: Waiver(key_state=True),
    QuarantineReason.NOT_YET_VALID_KEY.value: Waiver(key_state=True),
}


@dataclass(frozen=True)
class QuarantinedItem:
    """One envelope for the page; `obstacle` is the reason code that still stands, if any."""

    view: QuarantineView
    acceptable: bool
    obstacle: str


def look_at(office: Office, number: int) -> QuarantinedItem:
    """What is known of an envelope and whether it could be accepted now."""
    with office.database.reading() as session:
        row = _find(session, number)
        verdict = _examine_again(office, row)
        return QuarantinedItem(
            quarantine_view(row),
            acceptable=isinstance(verdict, Admitted) and row.state == "waiting",
            obstacle=verdict.reason.value if isinstance(verdict, Rejected) else "",
        )


def accept(office: Office, number: int, staff: StaffMember, reason: str) -> bytes:
    """Put the envelope into the log; returns the identity, under which it has a receipt now.

    Signature, office, environment and parts are checked again and never waived; what a person may
    look past is the topic, the state of the key, and that the sequence is taken (conflict).
    ConflictError when it cannot be.
    """
    why = _reason(reason)
    verdict = _examine_waiting(office, number)
    if isinstance(verdict, Rejected):
        raise ConflictError(f"it cannot enter the log: {verdict.reason.value}")
    with office.journal.appending() as append:
        row = _waiting(append.session, number)
        known = append.session.get(IntakeEvent, verdict.identity)
        if known is None:
            duplicate = _next_duplicate(append.session, verdict)
            append_event(append, verdict, row.received_us, duplicate=duplicate)
        _decide(append, row, staff, "accepted", why)
    return verdict.identity


def discard(office: Office, number: int, staff: StaffMember, reason: str) -> None:
    """Take the envelope off the list with a reason; its bytes are kept."""
    why = _reason(reason)
    with office.journal.appending() as append:
        _decide(append, _waiting(append.session, number), staff, "discarded", why)


def _examine_waiting(office: Office, number: int) -> Admitted | Rejected:
    """Examine before the write lock is taken: an unknown key asks the directory, which writes."""
    with office.database.reading() as session:
        return _examine_again(office, _waiting(session, number))


def _examine_again(office: Office, row: Quarantined) -> Admitted | Rejected:
    incoming = Incoming(row.topic_device, row.envelope, row.received_us)
    return office.examiner.examine(incoming, WAIVERS.get(row.reason, Waiver()))


def _next_duplicate(session: Session, admitted: Admitted) -> int:
    manifest = admitted.manifest
    last = session.scalar(
        select(func.max(IntakeEvent.duplicate)).where(
            IntakeEvent.kid == manifest.kid, IntakeEvent.sequence == manifest.sequence
        )
    )
    return 0 if last is None else last + 1


def _decide(append: Append, row: Quarantined, staff: StaffMember, state: str, why: str) -> None:
    row.state, row.decided_by = state, staff.login
    row.decided_us, row.decision_reason = append.time_us, why
    body = {
        "action": state,
        "number": row.number,
        "envelope_sha256": row.envelope_sha256,
        "quarantine_reason": row.reason,
        "reason": why,
        "staff_id": staff.staff_id,
    }
    append.office(EntryKind.QUARANTINE, staff.login, body)


def _reason(text: str) -> str:
    if not text.strip():
        raise BadRequestError("say why, for whoever reads the log later")
    return text.strip()


def _waiting(session: Session, number: int) -> Quarantined:
    row = _find(session, number)
    if row.state != "waiting":
        raise ConflictError("somebody has decided about this already")
    return row


def _find(session: Session, number: int) -> Quarantined:
    row = session.get(Quarantined, number)
    if row is None:
        raise NotFoundError("there is no such quarantined envelope")
    return row
