"""What an accepted notification does to residents and households, procedure by procedure."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.errors import ConflictError, LinkMissingError
from hub.register.entries import Acceptance
from hub.register.names import write_name
from hub.storage.tables import AddressHistory, Household, RegisterChange, Resident
from intake.characters import NameText
from intake.notification import Address, Notification, PartialDate, Person, Procedure

CURRENT, MOVED_OUT = "current", "moved_out"
HEAD = "head"


@dataclass(frozen=True)
class Movement:
    """One accepted notification with its place in the log."""

    notification: Notification
    acceptance: Acceptance
    log_index: int
    actor: str
    recorded_us: int


def apply(session: Session, movement: Movement) -> tuple[str, ...]:
    """Bring the register up to date; returns the residents touched, in the notification's order.

    LinkMissingError when somebody who must be in the register already is not matched,
    ConflictError when a matched resident cannot take part.
    """
    left = _households_of(session, movement)
    match movement.notification.procedure:
        case Procedure.MOVE_IN:
            touched = _move_in(session, movement)
        case Procedure.MOVE_WITHIN:
            touched = _move_within(session, movement)
        case Procedure.MOVE_OUT:
            touched = _move_out(session, movement)
        case Procedure.HOUSEHOLD_CHANGE:
            touched = _household_change(session, movement)
    session.flush()
    for resident in touched:
        _note_change(session, movement, resident)
    for household_id in left | {resident.household_id for resident in touched}:
        _find_head(session, household_id)
    session.flush()
    return tuple(resident.resident_id for resident in touched)


def _households_of(session: Session, movement: Movement) -> set[str]:
    """The households that matched persons live in before the movement."""
    ids = tuple(movement.acceptance.links.values())
    found = select(Resident.household_id).where(Resident.resident_id.in_(ids))
    return set(session.scalars(found))


def _move_in(session: Session, movement: Movement) -> list[Resident]:
    address = _address(movement, "new_address")
    household = _household(session, movement, address)
    touched: list[Resident] = []
    for person in movement.notification.persons:
        resident = _linked(session, movement, person) or _new_resident(session)
        if resident.status == CURRENT and resident.name_plain:
            raise ConflictError("a person is a resident already; use 転居 or match nobody")
        name = _write_person(resident, person)
        resident.status = CURRENT
        resident.household_id = household.household_id
        resident.became_resident_on = _day(movement, "moved_on")
        resident.moved_on = _day(movement, "moved_on")
        resident.notified_on = _day(movement, "notified_on")
        resident.previous_address = _line(movement, "old_address")
        resident.moved_out_on = resident.moved_out_to = ""
        touched.append(resident)
        resident.notification_id = movement.notification.notification_id
        resident.last_index = movement.log_index
        session.add(resident)
        session.flush()
        write_name(session, resident.resident_id, name)
        _note_address(session, movement, resident, address)
    return touched


def _move_within(session: Session, movement: Movement) -> list[Resident]:
    address = _address(movement, "new_address")
    residents = [_must_be_linked(session, movement, p) for p in movement.notification.persons]
    household = _household(session, movement, address, moving=residents)
    for person, resident in zip(movement.notification.persons, residents, strict=True):
        resident.previous_address = _one_line(session, resident.household_id)
        resident.household_id = household.household_id
        resident.moved_on = _day(movement, "moved_on")
        resident.notified_on = _day(movement, "notified_on")
        _write_relationship(resident, person)
        _note_address(session, movement, resident, address)
    if not movement.acceptance.household:
        _write_address(household, address)
    return residents


def _move_out(session: Session, movement: Movement) -> list[Resident]:
    residents = [_must_be_linked(session, movement, p) for p in movement.notification.persons]
    for resident in residents:
        resident.status = MOVED_OUT
        resident.moved_out_on = _day(movement, "moved_on")
        resident.moved_out_to = _line(movement, "new_address")
        resident.notified_on = _day(movement, "notified_on")
        _end_address(session, resident, resident.moved_out_on)
    return residents


def _household_change(session: Session, movement: Movement) -> list[Resident]:
    residents = [_must_be_linked(session, movement, p) for p in movement.notification.persons]
    kind = movement.notification.value("household_change_kind")
    if kind in {"split", "merge"} and residents:
        old = session.get_one(Household, residents[0].household_id)
        address = Address(old.lg_code, old.prefecture_city, old.town, old.lot, old.building)
        household = _household(session, movement, address)
        for resident in residents:
            resident.household_id = household.household_id
    for person, resident in zip(movement.notification.persons, residents, strict=True):
        _write_relationship(resident, person)
        resident.notified_on = _day(movement, "notified_on")
    return residents


def _linked(session: Session, movement: Movement, person: Person) -> Resident | None:
    resident_id = movement.acceptance.links.get(person.person_id)
    if resident_id is None:
        return None
    resident = session.get(Resident, resident_id)
    if resident is None:
        raise LinkMissingError("a person is matched with nobody in the register")
    return resident


def _must_be_linked(session: Session, movement: Movement, person: Person) -> Resident:
    resident = _linked(session, movement, person)
    if resident is None:
        raise LinkMissingError("match every person with a resident first")
    if resident.status != CURRENT:
        raise ConflictError("a matched person has moved out already")
    return resident


def _new_resident(session: Session) -> Resident:
    """An id in the order of the log, so that a rebuilt register has the same ids."""
    number = (session.scalar(select(func.count()).select_from(Resident)) or 0) + 1
    return Resident(resident_id=f"R{number:08d}", status=MOVED_OUT, name_plain="", protected=False)


def _household(
    session: Session, movement: Movement, address: Address, moving: list[Resident] | None = None
) -> Household:
    """The household the persons belong to from now on.

    The one that was chosen; that of before when all its members move together; else a new one.
    """
    if movement.acceptance.household:
        found = session.get(Household, movement.acceptance.household)
        if found is None:
            raise LinkMissingError("the household to join is not in the register")
        return found
    if moving:
        home = moving[0].household_id
        members = session.scalars(
            select(Resident.resident_id).where(
                Resident.household_id == home, Resident.status == CURRENT
            )
        )
        if set(members) == {resident.resident_id for resident in moving}:
            return session.get_one(Household, home)
    number = (session.scalar(select(func.count()).select_from(Household)) or 0) + 1
    household = Household(household_id=f"H{number:08d}", head_id=None)
    _write_address(household, address)
    session.add(household)
    session.flush()
    return household


def _write_address(household: Household, address: Address) -> None:
    household.lg_code = address.lg_code
    household.prefecture_city = address.prefecture_city
    household.town = address.town
    household.lot = address.lot
    household.building = address.building


def _write_person(resident: Resident, person: Person) -> NameText:
    name = person.value("name")
    if not isinstance(name, NameText):
        raise ConflictError("a person without a name cannot be entered; return the notification")
    resident.name_plain = name.plain()
    resident.kana = _text(person, "kana")
    resident.birth_date = day_text(person.value("birth_date"))
    resident.sex = _text(person, "sex")
    resident.relationship = _text(person, "relationship")
    resident.registered_domicile = _text(person, "registered_domicile")
    domicile_head = person.value("domicile_head")
    resident.domicile_head = domicile_head.plain() if isinstance(domicile_head, NameText) else ""
    resident.resident_code = _text(person, "resident_code")
    resident.nationality = _text(person, "nationality")
    return name


def _write_relationship(resident: Resident, person: Person) -> None:
    resident.relationship = _text(person, "relationship") or resident.relationship


def _note_address(
    session: Session, movement: Movement, resident: Resident, address: Address
) -> None:
    since = _day(movement, "moved_on")
    _end_address(session, resident, since)
    session.add(
        AddressHistory(
            resident_id=resident.resident_id,
            log_index=movement.log_index,
            address=address.one_line(),
            since=since,
            until="",
            procedure=movement.notification.procedure.value,
            household_id=resident.household_id,
        )
    )


def _end_address(session: Session, resident: Resident, until: str) -> None:
    rows = session.scalars(
        select(AddressHistory).where(
            AddressHistory.resident_id == resident.resident_id, AddressHistory.until == ""
        )
    )
    for row in rows:
        row.until = until


def _note_change(session: Session, movement: Movement, resident: Resident) -> None:
    resident.notification_id = movement.notification.notification_id
    resident.last_index = movement.log_index
    session.add(
        RegisterChange(
            resident_id=resident.resident_id,
            log_index=movement.log_index,
            procedure=movement.notification.procedure.value,
            actor=movement.actor,
            recorded_us=movement.recorded_us,
        )
    )


def _find_head(session: Session, household_id: str) -> None:
    household = session.get_one(Household, household_id)
    household.head_id = session.scalar(
        select(Resident.resident_id).where(
            Resident.household_id == household_id,
            Resident.status == CURRENT,
            Resident.relationship == HEAD,
        )
    )


def _address(movement: Movement, name: str) -> Address:
    value = movement.notification.value(name)
    if not isinstance(value, Address):
        raise ConflictError("the notification has no new address; return it")
    return value


def _line(movement: Movement, name: str) -> str:
    value = movement.notification.value(name)
    return value.one_line() if isinstance(value, Address) else ""


def _one_line(session: Session, household_id: str) -> str:
    row = session.get_one(Household, household_id)
    return Address(row.lg_code, row.prefecture_city, row.town, row.lot, row.building).one_line()


def _day(movement: Movement, name: str) -> str:
    return day_text(movement.notification.value(name))


def day_text(value: object) -> str:
    """A date as ISO text; a partly unknown one as far as it is known; empty when missing."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, PartialDate):
        parts = [f"{value.year:04d}"]
        parts += [f"{part:02d}" for part in (value.month, value.day) if part is not None]
        return "-".join(parts)
    return ""


def _text(person: Person, name: str) -> str:
    value = person.value(name)
    return value if isinstance(value, str) else ""
