"""Reads an event of the log again: its manifest, and the parts that the hub may open."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.errors import NotFoundError
from hub.keys.ring import KeyRing
from hub.storage.tables import Filing, IntakeEvent, IntakePart
from intake import notification as notifications
from intake.errors import IntakeError
from intake.event import envelope, seal
from intake.event.envelope import Envelope
from intake.event.manifest import Manifest, PartName
from intake.notification import Notification


def read_manifest(event: IntakeEvent) -> Manifest:
    """The manifest that was sealed; it was verified when it entered the log."""
    return seal.read_sealed(event.sealed).manifest


def read_parts(session: Session, identity: bytes) -> Mapping[PartName, bytes]:
    """The encrypted parts that are still kept."""
    rows = session.scalars(select(IntakePart).where(IntakePart.identity == identity))
    return {PartName(row.name): row.sealed for row in rows}


def open_one(session: Session, ring: KeyRing, identity: bytes, name: PartName) -> bytes | None:
    """The content of one part for the hub, None when the event has none or it was disposed of."""
    event = find_event(session, identity)
    sealed = session.get(IntakePart, (identity, name.value))
    if sealed is None:
        return None
    for entry in read_manifest(event).parts:
        if entry.name is name:
            return ring.open(sealed.sealed, entry)
    return None


def content_of(session: Session, filing: Filing) -> bytes:
    """The identity of the newest event that carries a notification (a withdrawal has none)."""
    found = session.scalar(
        select(IntakeEvent.identity)
        .join(IntakePart, IntakePart.identity == IntakeEvent.identity)
        .where(
            IntakeEvent.notification_id == filing.notification_id,
            IntakePart.name == PartName.NOTIFICATION.value,
        )
        .order_by(IntakeEvent.revision.desc())
        .limit(1)
    )
    return found or filing.identity


def read_notification(session: Session, ring: KeyRing, identity: bytes) -> Notification:
    """The notification of an event; NotFoundError when it was disposed of."""
    content = open_one(session, ring, identity, PartName.NOTIFICATION)
    if content is None:
        raise NotFoundError("this event carries no notification (any more)")
    return notifications.decode(content)


def notification_of(session: Session, ring: KeyRing, filing: Filing) -> Notification | None:
    """The newest notification of a filing, None when there is none to read.

    A withdrawal may arrive before what it withdraws, and a key may be lost: a list must still
    show the other lines.
    """
    try:
        return read_notification(session, ring, content_of(session, filing))
    except (NotFoundError, IntakeError):
        return None


def envelope_bytes(session: Session, identity: bytes) -> bytes:
    """The envelope exactly as the unit sent it; differs only after a part was disposed of."""
    event = find_event(session, identity)
    parts = read_parts(session, identity)
    return envelope.encode(Envelope(event.sealed, parts, event.envelope_version))


def find_event(session: Session, identity: bytes) -> IntakeEvent:
    """The event's row; NotFoundError when the log has no such event."""
    event = session.get(IntakeEvent, identity)
    if event is None:
        raise NotFoundError("the log has no such event")
    return event
