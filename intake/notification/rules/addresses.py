"""Rules over old and new address: which municipality, which town, which lot."""

import re
from collections.abc import Iterator
from typing import Final

from intake.notification.check_digits import lg_code_ok
from intake.notification.model import Notification, Procedure
from intake.notification.needs import AddressMaster, Needs
from intake.notification.rules.finding import ALL, Need, Rule, Severity
from intake.notification.rules.places import typed
from intake.notification.values import Address

_ADDRESSES: Final = ("new_address", "old_address")
_MASTER = frozenset({Need.ADDRESS_MASTER})
_MOVES = frozenset({Procedure.MOVE_IN, Procedure.MOVE_WITHIN, Procedure.MOVE_OUT})
_INSIDE: Final = {
    Procedure.MOVE_IN: {"new_address": True, "old_address": False},
    Procedure.MOVE_WITHIN: {"new_address": True, "old_address": True},
    Procedure.MOVE_OUT: {"new_address": False, "old_address": True},
}
_TOKYO: Final = "13"
_WARD: Final = "1"
_LOT = re.compile(r"[0-9０-９一二三四五六七八九十百千〇]|無番地|番外地")


def _address(notification: Notification, name: str) -> Address | None:
    return typed(notification.value(name), Address)


def _maybe_same_city(code: str, other: str) -> bool:
    """Whether two different codes may be wards (or ward and whole) of one designated city.

    In the third digit 1 stands for wards; those of Tokyo are municipalities of their own.
    """
    return code[:2] == other[:2] != _TOKYO and code[2] == other[2] == _WARD


def _municipality(notification: Notification, needs: Needs) -> Iterator[str]:
    office = needs.office_lg_code
    for name, inside in _INSIDE[notification.procedure].items():
        address = _address(notification, name)
        if address is None or (not address.lg_code and not inside):
            continue
        same = address.lg_code == office
        if same == inside:
            continue
        if inside and address.lg_code and _maybe_same_city(address.lg_code, office):
            continue
        yield name


def _maybe_wards(notification: Notification) -> bool:
    old, new = (_address(notification, name) for name in _ADDRESSES)
    if old is None or new is None or not old.lg_code or not new.lg_code:
        return False
    return old.lg_code != new.lg_code and _maybe_same_city(old.lg_code, new.lg_code)


def _ward(notification: Notification, needs: Needs) -> Iterator[str]:
    old, new = (_address(notification, name) for name in _ADDRESSES)
    if needs.address_master is None or old is None or new is None:
        return
    city = _city(needs.address_master, new.lg_code)
    if city is not None and city == _city(needs.address_master, old.lg_code):
        yield "new_address"


def _city(master: AddressMaster, lg_code: str) -> str | None:
    return master.designated_city(lg_code) if lg_code else None


def _town(notification: Notification, needs: Needs) -> Iterator[str]:
    for name in _ADDRESSES:
        address = _address(notification, name)
        if address is None or not address.lg_code or needs.address_master is None:
            continue
        towns = needs.address_master.towns(address.lg_code)
        if towns is not None and address.town not in towns:
            yield name


def _lot(notification: Notification, _: Needs) -> Iterator[str]:
    address = _address(notification, "new_address")
    if address is not None and address.lg_code and not _LOT.search(address.lot):
        yield "new_address"


def _check_digit(notification: Notification, _: Needs) -> Iterator[str]:
    for name in _ADDRESSES:
        address = _address(notification, name)
        if address is not None and address.lg_code and not lg_code_ok(address.lg_code):
            yield name


RULES = (
    Rule(
        "municipality",
        _MOVES,
        Severity.BLOCK,
        "住民基本台帳法第22条第1項、第23条、第24条",
        _municipality,
    ),
    Rule("ward_of_city", _MOVES, Severity.WARN, "", _ward, _MASTER, _maybe_wards),
    Rule("town_known", ALL, Severity.WARN, "", _town, _MASTER),
    Rule("lot_form", _MOVES, Severity.WARN, "", _lot),
    Rule("lg_code_check_digit", ALL, Severity.WARN, "", _check_digit),
)
