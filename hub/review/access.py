"""Who may see protected persons: the protected desk only, and each look is logged."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.staff import StaffMember
from hub.errors import ProtectedPersonError
from hub.keys.ring import KeyRing
from hub.log.entry import EntryKind
from hub.log.journal import Journal
from hub.review.events import notification_of
from hub.review.matching import match_persons
from hub.storage.tables import Filing, RegisterChange, Resident
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
    return frozenset(touched)


def hidden_residents(session: Session) -> frozenset[str]:
    """Every resident whom only the protected desk sees: the flagged and their households."""
    homes = select(Resident.household_id).where(Resident.protected)
    return frozenset(
        session.scalars(select(Resident.resident_id).where(Resident.household_id.in_(homes)))
    )


def may_see(staff: StaffMember) -> bool:
    """Whether the account is of the protected desk."""
    return staff.has(Role.PROTECTED_DESK)


def look(journal: Journal, staff: StaffMember, residents: Collection[str], what: str) -> None:
    """Admit a look at protected persons and log it; ProtectedPersonError without the role.

    Nothing happens when nobody among `residents` is protected.
    """
    with journal.database.reading() as session:
        protected = hidden_residents(session) & frozenset(residents)
    if not protected:
        return
    if not may_see(staff):
        raise ProtectedPersonError("only the protected desk sees this record")
    with journal.appending() as append:
        for resident_id in sorted(protected):
            body = {"resident_id": resident_id, "what": what, "staff_id": staff.staff_id}
            append.office(EntryKind.LOOK, staff.login, body)
