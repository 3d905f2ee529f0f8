"""The register from the log: one entry at a time as it is made, or all of it again."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hub.errors import ConflictError, NotFoundError
from hub.keys.ring import KeyRing
from hub.log import entry as entries
from hub.log.entry import EntryKind, OfficeEntry
from hub.log.journal import Journal
from hub.register.entries import Acceptance, Action, ExOfficio
from hub.register.movement import Movement, apply
from hub.review.events import read_notification
from hub.storage.tables import (
    AddressHistory,
    Household,
    LogEntry,
    RegisterChange,
    Resident,
    ResidentCharacter,
)
from intake.notification import Notification

_TABLES = (RegisterChange, AddressHistory, ResidentCharacter, Resident, Household)


def accept(
    session: Session,
    notification: Notification,
    acceptance: Acceptance,
    entry: tuple[int, str, int],
) -> tuple[str, ...]:
    """Enter an accepted notification; `entry` is (log index, actor, time). Returns residents."""
    index, actor, time_us = entry
    return apply(session, Movement(notification, acceptance, index, actor, time_us))


def ex_officio(session: Session, action: ExOfficio, resident_id: str, index: int) -> None:
    """Apply an ex officio entry; NotFoundError when there is no such resident."""
    resident = session.get(Resident, resident_id)
    if resident is None:
        raise NotFoundError("there is no such resident")
    resident.protected = action is ExOfficio.PROTECT
    resident.last_index = index


def rebuild(journal: Journal, ring: KeyRing) -> int:
    """Throw the register away and make it again from the log; returns how many entries it took.

    ConflictError when an entry cannot be applied: then nothing was changed.
    """
    with journal.database.writing() as session:
        for table in _TABLES:
            session.execute(delete(table))
        count = 0
        kinds = (EntryKind.DECISION.value, EntryKind.EX_OFFICIO.value)
        rows = session.scalars(
            select(LogEntry).where(LogEntry.kind.in_(kinds)).order_by(LogEntry.index)
        )
        for row in rows.all():
            count += _apply(session, ring, row)
        return count


def _apply(session: Session, ring: KeyRing, row: LogEntry) -> int:
    if row.payload is None:
        raise ConflictError("an office entry of the log has lost its content; see `log verify`")
    entry: OfficeEntry = entries.decode(row.payload)
    if entry.kind is EntryKind.EX_OFFICIO:
        action = ExOfficio(str(entry.body["action"]))
        ex_officio(session, action, str(entry.body["resident_id"]), row.index)
        return 1
    if entry.body["action"] != Action.ACCEPTED.value:
        return 0
    acceptance = Acceptance.read(entry.body)
    notification = read_notification(session, ring, acceptance.identity)
    accept(session, notification, acceptance, (row.index, entry.actor, entry.time_us))
    return 1
