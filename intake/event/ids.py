"""Three identities that must not be confused: notification, event and reception number."""

import re
import unicodedata
import uuid
from dataclasses import dataclass
from datetime import date
from typing import Final, Self

from intake.errors import DecodeError, EncodeError

_DEVICE_CODE: Final = re.compile(r"[0-9]{3}")
_CANONICAL: Final = re.compile(r"([0-9]{3})-([0-9]{6})-([0-9]{4})-([0-9]{2})")
_SEPARATORS: Final = re.compile(r"[\s\-‐‑‒–—―−ー]")
_MODULUS: Final = 97


def new_event_id() -> str:
    """A random UUID: one event, one sealed manifest."""
    return str(uuid.uuid4())


def new_notification_id() -> str:
    """A random UUID: one notification of a resident through all its revisions."""
    return str(uuid.uuid4())


@dataclass(frozen=True)
class ReceptionNumber:
    """The number a resident takes home, made offline: `012-261123-0042-57`.

    Device code (three digits, unique in the office), day as YYMMDD, counter of that device and
    day from 1 to 9999, two check digits (ISO 7064 MOD 97-10, which catches every single wrong
    digit and every exchange of two digits at any distance).
    """

    device_code: str
    day: date
    counter: int

    @classmethod
    def make(cls, device_code: str, day: date, counter: int) -> Self:
        """The number for one filing; EncodeError outside the ranges above or the years 2000-2099.

        The caller never uses a counter twice for one device code and day.
        """
        if not _DEVICE_CODE.fullmatch(device_code):
            raise EncodeError("a device code has three digits: see the unit's office.toml")
        if not 1 <= counter <= 9999:
            raise EncodeError("a device can take in 9999 notifications a day")
        if not 2000 <= day.year <= 2099:
            raise EncodeError("the day lies outside 2000 to 2099: set the clock")
        return cls(device_code, day, counter)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The number that a person typed: full-width digits, spaces and any dash are accepted.

        Raises DecodeError for a wrong digit, two exchanged digits or another length.
        """
        plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
        if not re.fullmatch(r"[0-9]{15}", plain):
            raise DecodeError("a reception number has 15 digits")
        return cls._checked(plain)

    @classmethod
    def from_wire(cls, text: str) -> Self:
        """The number in exactly the form that `str` gives; DecodeError otherwise."""
        found = _CANONICAL.fullmatch(text)
        if not found:
            raise DecodeError("a reception number is not in its canonical form")
        return cls._checked("".join(found.groups()))

    @classmethod
    def _checked(cls, plain: str) -> Self:
        if plain[-2:] != _check_digits(plain[:-2]):
            raise DecodeError("the check digits of the reception number do not fit")
        try:
            day = date.fromisoformat(f"20{plain[3:5]}-{plain[5:7]}-{plain[7:9]}")
            return cls.make(plain[:3], day, int(plain[9:13]))
        except (ValueError, EncodeError):
            raise DecodeError("the reception number holds no real day or counter") from None

    def __str__(self) -> str:
        body = f"{self.device_code}{self.day:%y%m%d}{self.counter:04d}"
        return f"{body[:3]}-{body[3:9]}-{body[9:]}-{_check_digits(body)}"


def _check_digits(body: str) -> str:
    """From 02 to 98, so that 00, 01 and 99 have no second meaning."""
    return f"{_MODULUS + 1 - int(body) * 100 % _MODULUS:02d}"
