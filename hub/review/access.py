"""Who may see protected persons: the protected desk only, and each look is logged."""

from collections.abc import Collection

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from hub.accounts.staff import StaffMember
from hub.errors import ProtectedPersonError
from hub.keys.ring import KeyRing
from hub.log.entry import EntryKind
from hub.log.journal import Append, Journal
from hub.register.movement import day_text
from hub.review.events import notification_of
from hub.review.matching import match_persons
from hub.storage.base import Code
from hub.storage.tables import Filing, RegisterChange, Resident
from intake.notification import Notification
from intake.office.roster import Role


def residents_of(session: Session, ring: KeyRing, filing: Filing) -> frozenset[str]:
    """Everybody in the register whom a notification concerns, decided or not."""
    touched = set(
        session.scalars(
            select(RegisterChange.resident_id).where(
                RegisterChange.log_index == filing.decision_index
            )
        )
    )
    touched |= set(
        session.scalars(
            select(Resident.resident_id).where(Resident.notification_id == filing.notification_id)
        )
    )
    notification = notification_of(session, ring, filing)
    if notification is not None:
        for match in match_persons(session, notification):
            touched |= set(match.candidates)
        touched |= _perhaps_hidden(session, notification)
    return frozenset(touched)


def _perhaps_hidden(session: Session, notification: Notification) -> frozenset[str]:
    """Hidden residents who may be a person of the notification, matched generously.

    Other glyphs or another family name must not lift the protection: the same birth date is
    enough, unless both given names are known and read differently.
    """
    found: set[str] = set()
    for person in notification.persons:
        rows = session.execute(
            select(Resident.resident_id, Resident.kana).where(
                Resident.resident_id.in_(_hidden()),
                Resident.birth_date == day_text(person.value("birth_date")),
            )
        )
        given = _given_name(person.value("kana"))
        found |= {one for one, kana in rows if not given or _given_name(kana) in ("", given)}
    return frozenset(found)


def _given_name(kana: object) -> str:
    words = kana.split() if isinstance(kana, str) else []
    return words[-1] if words else ""


def hidden_residents(session: Session) -> frozenset[str]:
    """Every resident whom only the protected desk sees: the flagged and their households."""
    return frozenset(session.scalars(_hidden()))


def _hidden() -> Select[Code]:
    homes = select(Resident.household_id).where(Resident.protected)
    return select(Resident.resident_id).where(Resident.household_id.in_(homes))


def may_see(staff: StaffMember) -> bool:
    """Whether the account is of the protected desk."""
    return staff.has(Role.PROTECTED_DESK)


def look(journal: Journal, staff: StaffMember, residents: Collection[str], what: str) -> None:
    """Admit a look at protected persons and log it; ProtectedPersonError without the role.

    Nothing happens when nobody among `residents` is protected.
    """
    with journal.database.reading() as session:
        protected = _protected(session, staff, residents)
    if protected:
        with journal.appending() as append:
            _note(append, staff, protected, what)


def look_within(append: Append, staff: StaffMember, residents: Collection[str], what: str) -> None:
    """The same for what is done in an open transaction on the log, such as a decision."""
    _note(append, staff, _protected(append.session, staff, residents), what)


def _protected(session: Session, staff: StaffMember, residents: Collection[str]) -> frozenset[str]:
    protected = hidden_residents(session) & frozenset(residents)
    if protected and not may_see(staff):
        raise ProtectedPersonError("only the protected desk sees this record")
    return protected


def _note(append: Append, staff: StaffMember, protected: Collection[str], what: str) -> None:
    for resident_id in sorted(protected):
        body = {"resident_id": resident_id, "what": what, "staff_id": staff.staff_id}
        append.office(EntryKind.LOOK, staff.login, body)
