"""Asks before a protected person's record is opened, because each look is written into the log."""

from collections.abc import Collection

from hub.accounts.staff import StaffMember
from hub.office import Office
from hub.review.access import hidden_residents, may_see, residents_of
from hub.review.decide import find_filing


def asks_first_for_resident(office: Office, staff: StaffMember, resident_id: str) -> bool:
    """Whether this member of staff may open the record, and opening it leaves a trace."""
    return may_see(staff) and _hidden(office, (resident_id,))


def asks_first_for_notification(office: Office, staff: StaffMember, notification_id: str) -> bool:
    """The same for a notification that concerns a protected person."""
    if not may_see(staff):
        return False
    with office.database.reading() as session:
        concerned = residents_of(session, office.ring, find_filing(session, notification_id))
    return _hidden(office, concerned)


def _hidden(office: Office, residents: Collection[str]) -> bool:
    with office.database.reading() as session:
        return bool(hidden_residents(session) & frozenset(residents))
