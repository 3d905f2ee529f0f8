"""Who may work at the counters: the list that lets staff log in while the unit is offline."""

import base64
import hashlib
import hmac
import os
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from intake import canonical
from intake.errors import DecodeError, EncodeError
from intake.event.encryption import Random
from intake.record import OFFICE, TOKEN, Record

VERSION: Final = 1
LIMIT: Final = 256 * 1024
MAX_STAFF: Final = 1000
PIN: Final = re.compile(r"[0-9]{6,12}")
_COST, _BLOCK, _PARALLEL = 1 << 15, 8, 1
_MEMORY: Final = 64 * 1024 * 1024
_SALT_SIZE, _HASH_SIZE = 16, 32
_VERIFIER: Final = re.compile(r"scrypt\$32768\$8\$1\$([A-Za-z0-9_-]{22})\$([A-Za-z0-9_-]{43})")


class Role(StrEnum):
    """What a member of staff may do."""

    CLERK = "clerk"
    REVIEWER = "reviewer"
    OPERATOR = "operator"
    PROTECTED_DESK = "protected_desk"
    AUTHOR = "author"
    SENDER = "sender"
    AUDITOR = "auditor"


@dataclass(frozen=True)
class StaffMember:
    """One person on the roster; `pin_verifier` is what make_pin_verifier gave."""

    staff_id: str
    name: str
    roles: frozenset[Role]
    pin_verifier: str


@dataclass(frozen=True)
class Roster:
    """The body of a downward `roster`; after `valid_until_us` nobody can log in by it."""

    office: str
    version: int
    valid_until_us: int
    staff: tuple[StaffMember, ...]

    def member(self, staff_id: str) -> StaffMember | None:
        """The member with this id."""
        return next((member for member in self.staff if member.staff_id == staff_id), None)


def make_pin_verifier(pin: str, *, random: Random = os.urandom) -> str:
    """What lets a unit check `pin` without knowing it: `scrypt$N$r$p$salt$hash`.

    A PIN has 6 to 12 digits; EncodeError otherwise. Takes 32 MiB and about 0.1 s by design.
    """
    if not PIN.fullmatch(pin):
        raise EncodeError("a staff PIN has 6 to 12 digits")
    salt = random(_SALT_SIZE)
    cost = f"{_COST}${_BLOCK}${_PARALLEL}"
    return f"scrypt${cost}${_text(salt)}${_text(_stretched(pin, salt))}"


def check_pin(verifier: str, pin: str) -> bool:
    """Whether `pin` belongs to `verifier`; DecodeError when the verifier is not in its form."""
    found = _VERIFIER.fullmatch(verifier)
    if not found:
        raise DecodeError("a PIN verifier is not in its form: fetch the newest roster")
    salt, expected = (base64.urlsafe_b64decode(item + "==") for item in found.groups())
    return hmac.compare_digest(_stretched(pin, salt), expected)


def encode(roster: Roster) -> bytes:
    """The canonical bytes; DecodeError when `decode` would refuse them."""
    staff = [{**vars(member), "roles": sorted(member.roles)} for member in roster.staff]
    data = canonical.encode({"v": VERSION, **vars(roster), "staff": staff})
    decode(data)
    return data


def decode(data: bytes) -> Roster:
    """The roster in `data`; DecodeError when it is not exactly in the known form."""
    record = Record(canonical.decode(data, limit=LIMIT, depth=4), "roster")
    record.version(VERSION)
    roster = Roster(
        office=record.text("office", pattern=OFFICE),
        version=record.integer("version", minimum=1),
        valid_until_us=record.integer("valid_until_us"),
        staff=tuple(_member(item) for item in record.items("staff", limit=MAX_STAFF)),
    )
    record.close()
    if len({member.staff_id for member in roster.staff}) != len(roster.staff):
        raise DecodeError("a roster names one member twice")
    return roster


def _member(item: object) -> StaffMember:
    record = Record(item, "member of staff")
    roles = record.items("roles", limit=len(Role))
    member = StaffMember(
        staff_id=record.text("staff_id", pattern=TOKEN),
        name=record.text("name", limit=64),
        roles=frozenset(role for role in Role if role in roles),
        pin_verifier=record.text("pin_verifier", pattern=_VERIFIER),
    )
    record.close()
    if sorted(member.roles) != roles:
        raise DecodeError("the roles of a member are unknown, doubled or not in order")
    return member


def _stretched(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(
        pin.encode(),
        salt=salt,
        n=_COST,
        r=_BLOCK,
        p=_PARALLEL,
        maxmem=_MEMORY,
        dklen=_HASH_SIZE,
    )


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
