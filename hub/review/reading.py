"""Looking at one notification: protection first, then the view."""

from hub.accounts.staff import StaffMember
from hub.office import Office
from hub.review.access import look, residents_of
from hub.review.decide import find_filing
from hub.review.events import content_of
from hub.review.replay import DrawingView, drawings
from hub.review.view import NotificationView, view


def read_view(
    office: Office, staff: StaffMember, notification_id: str, what: str
) -> NotificationView:
    """The view for this member of staff; a look at a protected person is refused or logged."""
    _look(office, staff, notification_id, what)
    with office.database.reading() as session:
        filing = find_filing(session, notification_id)
        return view(office, session, filing, staff.staff_id, staff.roles)


def read_drawings(
    office: Office, staff: StaffMember, notification_id: str
) -> tuple[DrawingView, ...]:
    """The ink of the drawn characters, for replay."""
    _look(office, staff, notification_id, "ink")
    with office.database.reading() as session:
        filing = find_filing(session, notification_id)
        return drawings(session, office.ring, content_of(session, filing))


def _look(office: Office, staff: StaffMember, notification_id: str, what: str) -> None:
    with office.database.reading() as session:
        filing = find_filing(session, notification_id)
        residents = residents_of(session, office.ring, filing)
    look(office.journal, staff, residents, what)
