"""Decisions as units get them: what was accepted, and what came back with a reason."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.messages.postbox import Postbox
from hub.office import Office
from hub.review.access import hidden_residents, residents_of
from hub.review.decide import find_filing
from hub.review.events import open_one
from hub.review.filing import FilingState
from hub.storage.tables import Filing
from intake.event.downward import DownwardKind
from intake.event.manifest import PartName
from intake.office import decision
from intake.office.decision import Decision, Outcome


def returned_decisions(office: Office, device: str) -> tuple[Decision, ...]:
    """Everything that waits to be amended, for one unit.

    What concerns a protected person opens only at the unit that took it.
    """
    with office.database.reading() as session:
        filings = session.scalars(
            select(Filing).where(Filing.state == FilingState.RETURNED.value).order_by(Filing.due_on)
        ).all()
        shown = [one for one in filings if device in _units(office, session, one, (device,))]
        return tuple(_decision(office, session, filing) for filing in shown)


def announce_decisions(office: Office, postbox: Postbox, notification_id: str) -> None:
    """Send the decision about one notification to every unit that may open it."""
    with office.database.reading() as session:
        filing = find_filing(session, notification_id)
        body = decision.encode(_decision(office, session, filing))
        units = _units(office, session, filing, postbox.units())
    for device in units:
        postbox.send(device, DownwardKind.DECISION, body)


def _units(
    office: Office, session: Session, filing: Filing, units: tuple[str, ...]
) -> tuple[str, ...]:
    if residents_of(session, office.ring, filing) & hidden_residents(session):
        return tuple(unit for unit in units if unit == filing.device)
    return units


def _decision(office: Office, session: Session, filing: Filing) -> Decision:
    """The decision, with the notification's own bytes when it was returned."""
    returned = filing.state == FilingState.RETURNED.value
    return Decision(
        notification_id=filing.notification_id,
        reception_number=filing.reception_number,
        revision=filing.revision,
        identity=filing.identity,
        outcome=Outcome.RETURNED if returned else Outcome.ACCEPTED,
        decided_us=filing.decided_us or 0,
        reason=filing.reason,
        owner=filing.owner,
        due_on=dt.date.fromisoformat(filing.due_on) if filing.due_on else None,
        notification=(
            open_one(session, office.ring, filing.identity, PartName.NOTIFICATION)
            if returned
            else None
        ),
    )
