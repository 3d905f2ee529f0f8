"""Accepting into the register, and returning with a reason; both are entries of the log."""

import datetime as dt
import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.staff import StaffMember
from hub.errors import (
    AcceptorIsTakerError,
    BadRequestError,
    ConflictError,
    NotFoundError,
    RoleError,
    SupersededError,
)
from hub.log.entry import EntryKind
from hub.log.journal import Append
from hub.messages.from_register import queueing
from hub.office import Office
from hub.register.entries import Acceptance, Action
from hub.register.projection import accept as enter
from hub.review.access import hidden_residents, look_within, residents_of
from hub.review.events import notification_of, read_notification
from hub.review.filing import FilingState
from hub.review.matching import match_persons, proposed_links
from hub.review.view import correctors, revocations, takers
from hub.revocation.states import must_be_settled
from hub.storage.tables import Account, Filing, Resident
from intake.notification import Notification
from intake.office.roster import Role

LONGEST_REASON = 2000


@dataclass(frozen=True)
class AcceptOrder:
    """What a reviewer says when accepting; `links` overrides the proposals, "" means nobody."""

    identity: bytes
    links: Mapping[str, str] = field(default_factory=dict[str, str])
    household: str = ""


@dataclass(frozen=True)
class ReturnOrder:
    """What a reviewer says when returning; `owner` is the staff id who follows it up."""

    identity: bytes
    reason: str
    owner: str
    due_on: dt.date


@dataclass(frozen=True)
class Decided:
    """What came of it."""

    notification_id: str
    state: str
    log_index: int
    residents: tuple[str, ...] = ()


def accept(office: Office, notification_id: str, order: AcceptOrder, staff: StaffMember) -> Decided:
    """Accept into the register.

    RoleError, AcceptorIsTakerError, SupersededError when something else is current than what was
    looked at, ProtectedPersonError when it touches a protected person outside that desk,
    RevocationPendingError or CardRevokedError by what is known of the card's certificates,
    LinkMissingError or ConflictError when it does not fit the register.
    """
    _must_review(staff)
    with office.journal.appending() as append:
        session = append.session
        filing = _current(session, notification_id, order.identity)
        if filing.state != FilingState.WAITING.value:
            raise SupersededError("this notification does not wait for a decision")
        notification = read_notification(session, office.ring, filing.identity)
        if staff.staff_id in takers(session, notification_id) | correctors(notification):
            raise AcceptorIsTakerError("somebody else has to accept what you took")
        must_be_settled(revocations(office, session, filing.identity))
        acceptance = Acceptance(
            notification_id=notification_id,
            identity=filing.identity,
            revision=filing.revision,
            staff_id=staff.staff_id,
            links=_links(session, notification, order),
            household=order.household,
        )
        touched = {*acceptance.links.values(), *_members(session, order.household)}
        concerned = residents_of(session, office.ring, filing) | touched
        look_within(append, staff, concerned, "accept")
        index = append.office(EntryKind.DECISION, staff.login, acceptance.body())
        entry = (index, staff.login, append.time_us)
        residents = enter(session, notification, acceptance, entry)
        _close(filing, FilingState.ACCEPTED, staff, append, index)
        if office.settings.sending.tell_decisions:
            hidden = hidden_residents(session) & {*concerned, *residents}
            _tell(append, filing, notification, hidden, residents)
    return Decided(notification_id, FilingState.ACCEPTED.value, index, residents)


def send_back(
    office: Office, notification_id: str, order: ReturnOrder, staff: StaffMember
) -> Decided:
    """Return to the counters with a reason, an owner and a due date."""
    _must_review(staff)
    reason = order.reason.strip()
    if not 1 <= len(reason) <= LONGEST_REASON:
        raise BadRequestError("a return needs a reason of at most 2000 characters")
    with office.journal.appending() as append:
        session = append.session
        filing = _current(session, notification_id, order.identity)
        if filing.state != FilingState.WAITING.value:
            raise SupersededError("this notification does not wait for a decision")
        concerned = residents_of(session, office.ring, filing)
        look_within(append, staff, concerned, "return")
        _must_be_staff(session, order.owner)
        body = {
            "action": Action.RETURNED.value,
            "notification_id": notification_id,
            "identity": filing.identity,
            "revision": filing.revision,
            "staff_id": staff.staff_id,
            "reason_sha256": hashlib.sha256(reason.encode()).digest(),
            "owner": order.owner,
            "due_on": order.due_on.isoformat(),
        }
        index = append.office(EntryKind.DECISION, staff.login, body)
        _close(filing, FilingState.RETURNED, staff, append, index)
        filing.reason, filing.owner = reason, order.owner
        filing.due_on = order.due_on.isoformat()
        if office.settings.sending.tell_decisions:
            notification = notification_of(session, office.ring, filing)
            _tell(append, filing, notification, hidden_residents(session) & concerned)
    return Decided(notification_id, FilingState.RETURNED.value, index)


def find_filing(session: Session, notification_id: str) -> Filing:
    """The filing; NotFoundError when there is none."""
    filing = session.get(Filing, notification_id)
    if filing is None:
        raise NotFoundError("there is no such notification")
    return filing


def _links(session: Session, notification: Notification, order: AcceptOrder) -> dict[str, str]:
    """Who each person is: as ordered, else as proposed. Two persons are never one resident."""
    if not order.links.keys() <= {person.person_id for person in notification.persons}:
        raise BadRequestError("the notification has no such person; load the page again")
    chosen = proposed_links(match_persons(session, notification)) | dict(order.links)
    links = {person: resident for person, resident in chosen.items() if resident}
    if len(set(links.values())) != len(links):
        raise ConflictError("two persons are matched with one resident; match each with their own")
    return links


def _members(session: Session, household_id: str) -> frozenset[str]:
    found = select(Resident.resident_id).where(Resident.household_id == household_id)
    return frozenset(session.scalars(found))


def _must_review(staff: StaffMember) -> None:
    if not staff.has(Role.REVIEWER):
        raise RoleError("only a reviewer decides")


def _must_be_staff(session: Session, staff_id: str) -> None:
    found = session.scalar(select(Account).where(Account.staff_id == staff_id))
    if found is None or found.disabled:
        raise BadRequestError("the owner is nobody of the staff; choose from the list")


def _current(session: Session, notification_id: str, identity: bytes) -> Filing:
    filing = find_filing(session, notification_id)
    if filing.identity != identity:
        raise SupersededError("a newer revision arrived; look at it first")
    return filing


def _tell(
    append: Append,
    filing: Filing,
    notification: Notification | None,
    hidden: Collection[str],
    touched: Sequence[str] = (),
) -> None:
    """Note that the resident is to be told; the message is made once this is committed."""
    session = append.session
    matches = () if notification is None else match_persons(session, notification)
    queueing.queue(
        session,
        filing,
        notification,
        links=proposed_links(tuple(matches)),
        touched=touched,
        hidden=hidden,
        time_us=append.time_us,
    )


def _close(
    filing: Filing, state: FilingState, staff: StaffMember, append: Append, index: int
) -> None:
    filing.state = state.value
    filing.decided_by = staff.login
    filing.decided_us = append.time_us
    filing.decided_identity = filing.identity
    filing.decision_index = index
    filing.updated_us = append.time_us
    filing.reason = filing.owner = filing.due_on = None
