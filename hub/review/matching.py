"""Which resident each person of a notification may be, and what the rules need of the register."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.register.movement import CURRENT, day_text
from hub.register.names import read_name
from hub.review.filing import FilingState
from hub.storage.tables import Filing, Household, RegisterChange, Resident
from intake.characters import NameText
from intake.notification import Address, Notification, PartialDate, Person, Procedure
from intake.notification.needs import RegisteredPerson, RegisterView


@dataclass(frozen=True)
class Match:
    """Residents that a person of the notification may be, and the one proposed (if just one)."""

    person_id: str
    candidates: tuple[str, ...]
    proposed: str | None


def match_persons(session: Session, notification: Notification) -> tuple[Match, ...]:
    """By resident record code; without one by name (character for character) and date of birth.

    For a move in somebody is proposed by code only: a namesake must not become one person.
    """
    return tuple(_match(session, notification, person) for person in notification.persons)


def proposed_links(matches: tuple[Match, ...]) -> dict[str, str]:
    """person_id to resident_id where exactly one resident fits."""
    return {match.person_id: match.proposed for match in matches if match.proposed}


def register_view(
    session: Session, notification: Notification, links: Mapping[str, str]
) -> RegisterView:
    """What the rules are told about the register."""
    persons = {
        person_id: registered(session, session.get_one(Resident, resident_id))
        for person_id, resident_id in links.items()
    }
    homes = {person.household_id for person in persons.values()}
    old = tuple(
        registered(session, resident)
        for resident in session.scalars(
            select(Resident).where(Resident.household_id.in_(homes), Resident.status == CURRENT)
        )
    )
    return RegisterView(
        persons=persons,
        old_household=old,
        open_movements=_open_movements(session, notification, links),
        accepted=_accepted(notification, persons),
    )


def registered(session: Session, resident: Resident) -> RegisteredPerson:
    """A resident in the form that rules read."""
    return RegisteredPerson(
        resident_id=resident.resident_id,
        name=read_name(session, resident.resident_id),
        birth_date=_birth_date(resident.birth_date),
        sex=resident.sex,
        relationship=resident.relationship,
        address=address_of(session.get_one(Household, resident.household_id)),
        household_id=resident.household_id,
        resident_code=resident.resident_code,
        protected=resident.protected,
    )


def address_of(household: Household) -> Address:
    """A household's address."""
    return Address(
        household.lg_code,
        household.prefecture_city,
        household.town,
        household.lot,
        household.building,
    )


def _match(session: Session, notification: Notification, person: Person) -> Match:
    moving_in = notification.procedure is Procedure.MOVE_IN
    code = person.value("resident_code")
    if isinstance(code, str) and code:
        found = session.scalars(
            select(Resident.resident_id).where(Resident.resident_code == code)
        ).all()
        if found:
            return Match(person.person_id, tuple(found), found[0] if len(found) == 1 else None)
    candidates = _namesakes(session, person)
    alone = len(candidates) == 1 and not moving_in
    return Match(person.person_id, candidates, candidates[0] if alone else None)


def _namesakes(session: Session, person: Person) -> tuple[str, ...]:
    name, born = person.value("name"), day_text(person.value("birth_date"))
    if not isinstance(name, NameText):
        return ()
    rows = session.scalars(
        select(Resident.resident_id).where(
            Resident.name_plain == name.plain(), Resident.birth_date == born
        )
    )
    return tuple(row for row in rows if read_name(session, row) == name)


def _open_movements(
    session: Session, notification: Notification, links: Mapping[str, str]
) -> tuple[str, ...]:
    """Other notifications that touched the same residents and wait for a decision again."""
    changes = select(RegisterChange.log_index).where(
        RegisterChange.resident_id.in_(tuple(links.values()))
    )
    rows = session.scalars(
        select(Filing.notification_id).where(
            Filing.decision_index.in_(changes),
            Filing.state == FilingState.WAITING.value,
            Filing.notification_id != notification.notification_id,
        )
    )
    return tuple(rows)


def _accepted(
    notification: Notification, persons: Mapping[str, RegisteredPerson]
) -> frozenset[str]:
    """Persons for whom the register holds the very move that is notified."""
    address = notification.value("new_address")
    if notification.procedure not in {Procedure.MOVE_IN, Procedure.MOVE_WITHIN}:
        return frozenset()
    return frozenset(
        person_id for person_id, person in persons.items() if person.address == address
    )


def _birth_date(text: str) -> date | PartialDate:
    parts = [int(part) for part in text.split("-") if part]
    if len(parts) == len(("year", "month", "day")):
        return date(*parts)
    return PartialDate(*parts) if parts else PartialDate(1)
