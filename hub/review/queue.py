"""The list of notifications, newest need first; names only for those who may see them."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.staff import StaffMember
from hub.clock import iso
from hub.office import Office
from hub.register.names import CharacterView, views
from hub.review.access import hidden_residents, may_see, residents_of
from hub.review.events import notification_of
from hub.review.filing import FilingState
from hub.storage.tables import Filing
from intake.characters import NameText

SHOWN_AT_MOST = 200


@dataclass(frozen=True)
class QueueRow:
    """One line of the queue. A protected person's line has no name."""

    notification_id: str
    reception_number: str
    procedure: str
    state: str
    revision: int
    device: str
    received_at: str
    taken_by: str
    owner: str | None
    due_on: str | None
    persons: int
    name: str
    characters: tuple[CharacterView, ...]
    protected: bool


def queue(office: Office, staff: StaffMember, state: FilingState) -> tuple[QueueRow, ...]:
    """The notifications in one state: waiting ones oldest first, the others newest first."""
    order = (
        Filing.first_received_us.asc() if state is FilingState.WAITING else Filing.updated_us.desc()
    )
    with office.database.reading() as session:
        hidden = hidden_residents(session)
        filings = session.scalars(
            select(Filing).where(Filing.state == state.value).order_by(order).limit(SHOWN_AT_MOST)
        )
        return tuple(_row(office, session, filing, staff, hidden) for filing in filings.all())


def counts(session: Session) -> dict[str, int]:
    """How many notifications stand in each state."""
    found = {state.value: 0 for state in FilingState}
    for state in session.scalars(select(Filing.state)):
        found[state] += 1
    return found


def _row(
    office: Office,
    session: Session,
    filing: Filing,
    staff: StaffMember,
    hidden: frozenset[str],
) -> QueueRow:
    protected = bool(hidden) and bool(residents_of(session, office.ring, filing) & hidden)
    notification = notification_of(session, office.ring, filing)
    persons = notification.persons if notification else ()
    first = persons[0].value("name") if persons else None
    name = first if isinstance(first, NameText) and not protected else NameText(())
    shown = protected and may_see(staff)
    return QueueRow(
        notification_id=filing.notification_id,
        reception_number=filing.reception_number,
        procedure=filing.procedure,
        state=filing.state,
        revision=filing.revision,
        device=filing.device,
        received_at=iso(filing.first_received_us),
        taken_by=filing.taken_by,
        owner=filing.owner,
        due_on=filing.due_on,
        persons=len(persons) if not protected or shown else 0,
        name=name.plain(),
        characters=views(name),
        protected=protected,
    )
