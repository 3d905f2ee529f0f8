"""Rules over the days of a notification; each needs today's date in the office."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from intake.notification.model import Notification, Procedure
from intake.notification.needs import Needs
from intake.notification.rules.finding import (
    ALL,
    MOVE_IN,
    MOVE_OUT,
    Need,
    Rule,
    Severity,
)
from intake.notification.rules.places import place_of, typed
from intake.notification.values import PartialDate, TransferCertificate

NOTIFY_WITHIN: Final = timedelta(days=14)
"""The day of the event is not counted (民法第140条): moved on the 1st, the 15th is in time."""

SPECIAL_MOVE_IN_WITHIN: Final = timedelta(days=30)
ONLINE_BEFORE: Final = timedelta(days=30)
ONLINE_AFTER: Final = timedelta(days=10)
OLDEST_AGE: Final = 120
_TODAY = frozenset({Need.TODAY})
_AFTERWARDS = frozenset({Procedure.MOVE_IN, Procedure.MOVE_WITHIN, Procedure.HOUSEHOLD_CHANGE})


def _day(notification: Notification, name: str) -> date | None:
    return typed(notification.value(name), date)


def _moved_in_future(notification: Notification, needs: Needs) -> Iterator[str]:
    moved_on = _day(notification, "moved_on")
    if moved_on and needs.today and moved_on > needs.today:
        yield "moved_on"


def is_late(notification: Notification, today: date) -> bool:
    """Whether the 14 days after the event have passed."""
    moved_on = _day(notification, "moved_on")
    return moved_on is not None and today > moved_on + NOTIFY_WITHIN


def _late(notification: Notification, needs: Needs) -> Iterator[str]:
    if needs.today and is_late(notification, needs.today):
        yield "moved_on"


def _late_reason(notification: Notification, needs: Needs) -> Iterator[str]:
    late = needs.today and is_late(notification, needs.today)
    if late and notification.value("late_reason") is None:
        yield "late_reason"


def _notified_in_future(notification: Notification, needs: Needs) -> Iterator[str]:
    notified_on = _day(notification, "notified_on")
    if notified_on and needs.today and notified_on > needs.today:
        yield "notified_on"


def _move_out_window(notification: Notification, needs: Needs) -> Iterator[str]:
    moved_on = _day(notification, "moved_on")
    if (
        moved_on
        and needs.today
        and not (moved_on - ONLINE_BEFORE <= needs.today <= moved_on + ONLINE_AFTER)
    ):
        yield "moved_on"


def _special_move_in(notification: Notification, needs: Needs) -> Iterator[str]:
    certificate = typed(notification.value("transfer_certificate"), TransferCertificate)
    if certificate is None or certificate.kind != "card" or needs.today is None:
        return
    planned = certificate.planned_move_on
    too_late = planned is not None and needs.today > planned + SPECIAL_MOVE_IN_WITHIN
    if too_late or is_late(notification, needs.today):
        yield "transfer_certificate"


def _birth_date(notification: Notification, needs: Needs) -> Iterator[str]:
    for person in notification.persons:
        born = person.value("birth_date")
        if needs.today is None or not isinstance(born, date | PartialDate):
            continue
        day = born if isinstance(born, date) else date(born.year, born.month or 1, born.day or 1)
        if day > needs.today or needs.today.year - day.year > OLDEST_AGE:
            yield place_of(person, "birth_date")


def _residence_expired(notification: Notification, needs: Needs) -> Iterator[str]:
    for person in notification.persons:
        expires_on = typed(person.value("residence_expires_on"), date)
        if expires_on and needs.today and expires_on < needs.today:
            yield place_of(person, "residence_expires_on")


RULES = (
    Rule(
        "moved_on_not_future",
        _AFTERWARDS,
        Severity.BLOCK,
        "住民基本台帳法第22条第1項、第23条、第25条",
        _moved_in_future,
        _TODAY,
    ),
    Rule(
        "late",
        _AFTERWARDS,
        Severity.WARN,
        "住民基本台帳法第22条第1項、第23条、第25条、第52条第2項",
        _late,
        _TODAY,
    ),
    Rule(
        "late_reason", _AFTERWARDS, Severity.WARN, "住民基本台帳法第52条第2項", _late_reason, _TODAY
    ),
    Rule("notified_on_not_future", ALL, Severity.WARN, "", _notified_in_future, _TODAY),
    Rule("move_out_window", MOVE_OUT, Severity.WARN, "", _move_out_window, _TODAY),
    Rule(
        "special_move_in_window",
        MOVE_IN,
        Severity.BLOCK,
        "住民基本台帳法第24条の2、同法施行令第24条の2",
        _special_move_in,
        _TODAY,
    ),
    Rule("birth_date_plausible", ALL, Severity.WARN, "", _birth_date, _TODAY),
    Rule("residence_expired", ALL, Severity.WARN, "", _residence_expired, _TODAY),
)
