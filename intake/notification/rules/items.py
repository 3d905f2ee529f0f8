"""Which items a notification must hold, by the article that lists them."""

from collections.abc import Iterator
from typing import Final

from intake.notification.model import Notification, Person
from intake.notification.needs import Needs
from intake.notification.rules.finding import (
    HOUSEHOLD_CHANGE,
    MOVE_IN,
    MOVE_OUT,
    MOVE_WITHIN,
    Rule,
    Severity,
)
from intake.notification.rules.places import missing, missing_per_person, place_of, typed
from intake.notification.values import TransferCertificate

SPECIAL_PERMANENT_RESIDENT: Final = "特別永住者"
_WITHOUT_CERTIFICATE = frozenset({"abroad", "unavailable"})


def _arrival_items(notification: Notification, _: Needs) -> Iterator[str]:
    yield from missing(notification, "moved_on", "new_address", "old_address")
    yield from missing(notification, "new_household_head")
    yield from missing_per_person(notification, "name", "relationship")


def _move_out_items(notification: Notification, _: Needs) -> Iterator[str]:
    yield from missing(notification, "moved_on", "new_address")
    yield from missing_per_person(notification, "name")


def _household_items(notification: Notification, _: Needs) -> Iterator[str]:
    yield from missing(notification, "moved_on", "household_change_kind")
    yield from missing_per_person(notification, "name")


def _certificate_kind(notification: Notification) -> str | None:
    certificate = typed(notification.value("transfer_certificate"), TransferCertificate)
    return None if certificate is None else certificate.kind


def _certificate(notification: Notification, _: Needs) -> Iterator[str]:
    yield from missing(notification, "transfer_certificate")


def _is_foreign(person: Person) -> bool:
    return person.value("nationality") is not None


def _without_certificate(notification: Notification, _: Needs) -> Iterator[str]:
    if _certificate_kind(notification) not in _WITHOUT_CERTIFICATE:
        return
    for person in notification.persons:
        if not _is_foreign(person):
            for name in ("birth_date", "sex", "registered_domicile", "domicile_head"):
                if person.value(name) is None:
                    yield place_of(person, name)


def _foreign_from_abroad(notification: Notification, _: Needs) -> Iterator[str]:
    if _certificate_kind(notification) != "abroad":
        return
    for person in filter(_is_foreign, notification.persons):
        names = ["birth_date", "sex", "residence_status", "residence_card_number"]
        if person.value("residence_status") != SPECIAL_PERMANENT_RESIDENT:
            names += ["residence_period", "residence_expires_on"]
        yield from (place_of(person, name) for name in names if person.value(name) is None)


def _domicile(notification: Notification, _: Needs) -> Iterator[str]:
    if _certificate_kind(notification) in _WITHOUT_CERTIFICATE:
        return
    for person in notification.persons:
        if not _is_foreign(person):
            for name in ("registered_domicile", "domicile_head"):
                if person.value(name) is None:
                    yield place_of(person, name)


def _resident_code(notification: Notification, _: Needs) -> Iterator[str]:
    if _certificate_kind(notification) not in _WITHOUT_CERTIFICATE:
        yield from missing_per_person(notification, "resident_code")


RULES = (
    Rule("move_in_items", MOVE_IN, Severity.BLOCK, "住民基本台帳法第22条第1項", _arrival_items),
    Rule("move_within_items", MOVE_WITHIN, Severity.BLOCK, "住民基本台帳法第23条", _arrival_items),
    Rule("move_out_items", MOVE_OUT, Severity.BLOCK, "住民基本台帳法第24条", _move_out_items),
    Rule(
        "household_change_items",
        HOUSEHOLD_CHANGE,
        Severity.BLOCK,
        "住民基本台帳法第25条",
        _household_items,
    ),
    Rule(
        "transfer_certificate",
        MOVE_IN,
        Severity.BLOCK,
        "住民基本台帳法第22条第2項、同法施行令第23条",
        _certificate,
    ),
    Rule(
        "items_without_certificate",
        MOVE_IN,
        Severity.BLOCK,
        "住民基本台帳法第22条第1項第7号、同法施行令第22条",
        _without_certificate,
    ),
    Rule(
        "foreign_items_from_abroad",
        MOVE_IN,
        Severity.BLOCK,
        "住民基本台帳法第30条の46",
        _foreign_from_abroad,
    ),
    Rule("domicile", MOVE_IN, Severity.WARN, "住民基本台帳法第7条第5号", _domicile),
    Rule("resident_code", MOVE_IN, Severity.INFO, "住民基本台帳法第22条第1項第6号", _resident_code),
)
