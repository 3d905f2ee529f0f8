"""Rules that compare with the register; at a unit without an answer they stay unconfirmed."""

from collections.abc import Iterator

from intake.characters import NameText
from intake.notification.model import Notification, Person, Procedure
from intake.notification.needs import Needs, RegisteredPerson
from intake.notification.rules.finding import ALL, Need, Rule, Severity
from intake.notification.rules.persons import HEAD, makes_household, without_spaces
from intake.notification.rules.places import PERSONS, place_of, typed
from intake.notification.values import Address

_REGISTER = frozenset({Need.REGISTER})
_LEAVING = frozenset({Procedure.MOVE_WITHIN, Procedure.MOVE_OUT})
_SPLITTING = _LEAVING | {Procedure.HOUSEHOLD_CHANGE}
_JOINING = frozenset({Procedure.MOVE_IN, Procedure.MOVE_WITHIN, Procedure.HOUSEHOLD_CHANGE})
_TWO = 2


def _matched(notification: Notification, needs: Needs) -> Iterator[tuple[Person, RegisteredPerson]]:
    if needs.register is not None:
        for person in notification.persons:
            registered = needs.register.persons.get(person.person_id)
            if registered is not None:
                yield person, registered


def _not_found(notification: Notification, needs: Needs) -> Iterator[str]:
    found = {person.person_id for person, _ in _matched(notification, needs)}
    for person in notification.persons:
        if person.person_id not in found:
            yield place_of(person, "name")


def _old_address(notification: Notification, needs: Needs) -> Iterator[str]:
    stated = typed(notification.value("old_address"), Address)
    registered = [registered.address for _, registered in _matched(notification, needs)]
    if stated is not None and any(_lines(address) != _lines(stated) for address in registered):
        yield "old_address"


def _lines(address: Address) -> tuple[str, str]:
    return address.lg_code, address.one_line()


def _name(notification: Notification, needs: Needs) -> Iterator[str]:
    for person, registered in _matched(notification, needs):
        stated = typed(person.value("name"), NameText)
        if stated is not None and without_spaces(stated) != without_spaces(registered.name):
            yield place_of(person, "name")


def _birth_date(notification: Notification, needs: Needs) -> Iterator[str]:
    for person, registered in _matched(notification, needs):
        if person.value("birth_date") not in (None, registered.birth_date):
            yield place_of(person, "birth_date")


def _sex(notification: Notification, needs: Needs) -> Iterator[str]:
    for person, registered in _matched(notification, needs):
        if person.value("sex") not in (None, registered.sex):
            yield place_of(person, "sex")


def _one_household(notification: Notification, needs: Needs) -> Iterator[str]:
    households: set[str] = set()
    for person, registered in _matched(notification, needs):
        if households and registered.household_id not in households:
            yield place_of(person, "name")
        households.add(registered.household_id)


def _left_without_head(notification: Notification, needs: Needs) -> Iterator[str]:
    if needs.register is None:
        return
    if notification.procedure == Procedure.HOUSEHOLD_CHANGE and (
        notification.value("household_change_kind") != "split"
    ):
        return
    leaving = {registered.resident_id for _, registered in _matched(notification, needs)}
    members = needs.register.old_household
    staying = [member for member in members if member.resident_id not in leaving]
    if len(staying) >= _TWO and not any(member.relationship == HEAD for member in staying):
        yield PERSONS


def _joins(notification: Notification) -> bool:
    return not makes_household(notification)


def _joined_has_head(_: Notification, needs: Needs) -> Iterator[str]:
    if needs.register is None:
        return
    members = needs.register.joined_household
    if sum(member.relationship == HEAD for member in members) != 1:
        yield "new_household_head"


def _protected(notification: Notification, needs: Needs) -> Iterator[str]:
    if any(registered.protected for _, registered in _matched(notification, needs)):
        yield ""


def _open_movement(notification: Notification, needs: Needs) -> Iterator[str]:
    others = set(needs.register.open_movements if needs.register else ())
    if others - {notification.notification_id}:
        yield ""


def _accepted(notification: Notification, needs: Needs) -> Iterator[str]:
    accepted = needs.register.accepted if needs.register else frozenset[str]()
    for person in notification.persons:
        if person.person_id in accepted:
            yield place_of(person, "name")


RULES = (
    Rule("person_in_register", _SPLITTING, Severity.WARN, "", _not_found, _REGISTER),
    Rule("old_address_as_registered", _LEAVING, Severity.WARN, "", _old_address, _REGISTER),
    Rule("name_as_registered", _SPLITTING, Severity.WARN, "", _name, _REGISTER),
    Rule("birth_date_as_registered", _SPLITTING, Severity.WARN, "", _birth_date, _REGISTER),
    Rule("sex_as_registered", _SPLITTING, Severity.WARN, "", _sex, _REGISTER),
    Rule("one_old_household", _LEAVING, Severity.WARN, "", _one_household, _REGISTER),
    Rule(
        "old_household_keeps_head",
        _SPLITTING,
        Severity.WARN,
        "住民基本台帳法第25条、同法施行令第25条",
        _left_without_head,
        _REGISTER,
    ),
    Rule(
        "joined_household_has_head",
        _JOINING,
        Severity.WARN,
        "住民基本台帳法第7条第4号",
        _joined_has_head,
        _REGISTER,
        _joins,
    ),
    Rule("protected_person", ALL, Severity.WARN, "", _protected, _REGISTER),
    Rule("open_movement", ALL, Severity.WARN, "", _open_movement, _REGISTER),
    Rule("already_accepted", ALL, Severity.WARN, "", _accepted, _REGISTER),
)
