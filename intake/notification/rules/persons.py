"""Rules over each person and over the household that results."""

import re
from collections.abc import Iterator
from typing import Final

from intake.characters import NameText
from intake.notification.check_digits import resident_code_ok
from intake.notification.model import Notification, Person, Procedure
from intake.notification.needs import Needs
from intake.notification.rules.finding import ALL, Rule, Severity
from intake.notification.rules.places import PERSONS, place_of, typed

HEAD: Final = "head"
_ARRIVALS = frozenset({Procedure.MOVE_IN, Procedure.MOVE_WITHIN, Procedure.HOUSEHOLD_CHANGE})
_NEW_HOUSEHOLDS = frozenset({"head_change", "split"})
_CARD_NUMBER = re.compile(r"[A-Z]{2}[0-9]{8}[A-Z]{2}")
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa\u30fc・\u3000 ]+")


def makes_household(notification: Notification) -> bool:
    """Whether the persons form a household of their own afterwards, rather than join another."""
    if notification.procedure == Procedure.HOUSEHOLD_CHANGE:
        return notification.value("household_change_kind") in _NEW_HOUSEHOLDS
    return notification.value("new_household") != "joins"


def heads(notification: Notification) -> list[Person]:
    """Give the persons who are head of the household afterwards."""
    return [p for p in notification.persons if p.value("relationship") == HEAD]


def _one_head(notification: Notification, _: Needs) -> Iterator[str]:
    if any(person.value("relationship") is None for person in notification.persons):
        return
    found = heads(notification)
    if makes_household(notification):
        if not found:
            yield PERSONS
        yield from (place_of(person, "relationship") for person in found[1:])
    else:
        yield from (place_of(person, "relationship") for person in found)


def _head_named(notification: Notification, _: Needs) -> Iterator[str]:
    named = typed(notification.value("new_household_head"), NameText)
    found = heads(notification)
    if named is not None and len(found) == 1:
        name = typed(found[0].value("name"), NameText)
        if name is not None and without_spaces(name) != without_spaces(named):
            yield "new_household_head"


def without_spaces(name: NameText) -> list[tuple[str, str]]:
    """Give what characters of a name are compared by; a space carries no meaning in a name."""
    return [(c.repertoire, c.id) for c in name if c.text not in (" ", "\u3000")]


def _twice(notification: Notification, _: Needs) -> Iterator[str]:
    seen: set[object] = set()
    for person in notification.persons:
        code = person.value("resident_code")
        key = code or (person.value("name"), person.value("birth_date"))
        known = code is not None or person.value("birth_date") is not None
        if known and key in seen:
            yield place_of(person, "name")
        seen.add(key)


def _unresolved(notification: Notification, _: Needs) -> Iterator[str]:
    for person in notification.persons:
        for field in ("name", "common_name", "domicile_head"):
            name = typed(person.value(field), NameText)
            if name is not None and name.blocks_certificate:
                yield place_of(person, field)


def _kana(notification: Notification, _: Needs) -> Iterator[str]:
    for person in notification.persons:
        kana = typed(person.value("kana"), str)
        if kana is not None and not _KANA.fullmatch(kana):
            yield place_of(person, "kana")


def _card_number(notification: Notification, _: Needs) -> Iterator[str]:
    for person in notification.persons:
        number = typed(person.value("residence_card_number"), str)
        if number is not None and not _CARD_NUMBER.fullmatch(number):
            yield place_of(person, "residence_card_number")


def _resident_code(notification: Notification, _: Needs) -> Iterator[str]:
    for person in notification.persons:
        code = typed(person.value("resident_code"), str)
        if code is not None and not resident_code_ok(code):
            yield place_of(person, "resident_code")


RULES = (
    Rule("one_head", _ARRIVALS, Severity.BLOCK, "住民基本台帳法第7条第4号", _one_head),
    Rule("head_named", _ARRIVALS, Severity.WARN, "", _head_named),
    Rule("person_twice", ALL, Severity.WARN, "", _twice),
    Rule("unresolved_character", ALL, Severity.WARN, "", _unresolved),
    Rule("kana_form", ALL, Severity.WARN, "", _kana),
    Rule("residence_card_form", ALL, Severity.WARN, "", _card_number),
    Rule("resident_code_check_digit", ALL, Severity.WARN, "", _resident_code),
)
