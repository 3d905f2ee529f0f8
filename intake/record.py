"""Reads one decoded map field by field, so that no field is left unread, untyped or unbounded."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final, TypeVar, cast

from intake.errors import DecodeError, UnknownVersionError

_E = TypeVar("_E", bound=StrEnum)

TOKEN: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,31}")
"""A short technical name: procedure, login method, clock source, software name."""
UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
OFFICE: Final = re.compile(r"[0-9]{6}")
"""The LG code of a municipality with its check digit."""
DEVICE: Final = re.compile(r"[a-z0-9-]{3,32}")
DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MAX_INTEGER: Final = 2**63 - 1


class Record:
    """A map under reading. Every accessor raises DecodeError; `close` refuses what was not read.

    All fields of a form are present; one without a value holds null (see `absent`).
    """

    def __init__(self, value: object, what: str) -> None:
        if not isinstance(value, dict):
            raise DecodeError(f"{what} is not a map")
        self._fields = dict(cast("Mapping[object, object]", value))
        self._what = what

    def version(self, known: int) -> int:
        """The form version in field `v`; UnknownVersionError when newer than `known`."""
        found = self.integer("v", minimum=1)
        if found > known:
            raise UnknownVersionError(f"{self._what} has version {found}, this software {known}")
        return found

    def absent(self, name: str) -> bool:
        """Whether the field holds null; if so it counts as read."""
        if name in self._fields and self._fields[name] is None:
            del self._fields[name]
            return True
        return False

    def lacks(self, name: str) -> bool:
        """Whether an optional field is left out."""
        return name not in self._fields

    def integer(self, name: str, *, minimum: int = 0, maximum: int = MAX_INTEGER) -> int:
        """An integer from `minimum` to `maximum`, both included."""
        value = self._take(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._wrong(name, "an integer")
        if not minimum <= value <= maximum:
            raise self._wrong(name, f"from {minimum} to {maximum}")
        return value

    def flag(self, name: str) -> bool:
        """True or false."""
        value = self._take(name)
        if not isinstance(value, bool):
            raise self._wrong(name, "true or false")
        return value

    def text(self, name: str, *, limit: int = 200, pattern: re.Pattern[str] | None = None) -> str:
        """A text of 1 to `limit` characters that matches `pattern` as a whole."""
        value = self._take(name)
        if not isinstance(value, str) or not 1 <= len(value) <= limit:
            raise self._wrong(name, f"a text of 1 to {limit} characters")
        if pattern is not None and not pattern.fullmatch(value):
            raise self._wrong(name, "in its prescribed form")
        return value

    def octets(self, name: str, *, size: int | None = None, limit: int = 65_536) -> bytes:
        """A byte string of exactly `size` bytes, or of at most `limit`."""
        value = self._take(name)
        if not isinstance(value, bytes) or len(value) > limit:
            raise self._wrong(name, f"a byte string of at most {limit} bytes")
        if size is not None and len(value) != size:
            raise self._wrong(name, f"{size} bytes long")
        return value

    def items(self, name: str, *, limit: int) -> list[object]:
        """An array of at most `limit` items, not yet looked at."""
        value = self._take(name)
        if not isinstance(value, list):
            raise self._wrong(name, "an array")
        found = cast("list[object]", value)
        if len(found) > limit:
            raise self._wrong(name, f"of at most {limit} items")
        return found

    def choice(self, name: str, choices: type[_E]) -> _E:
        """One of the values of `choices`."""
        value = self._take(name)
        for choice in choices:
            if choice.value == value:
                return choice
        raise self._wrong(name, "one of its known values")

    def record(self, name: str) -> "Record":
        """A map inside this one; the caller closes it."""
        return Record(self._take(name), f"{self._what}.{name}")

    def texts(self, name: str, *, limit: int, length: int = 64) -> dict[str, str]:
        """A map from TOKEN to text of at most `length` characters, with at most `limit` pairs."""
        value = self._take(name)
        if not isinstance(value, dict) or len(cast("dict[object, object]", value)) > limit:
            raise self._wrong(name, f"a map of at most {limit} pairs")
        inner = Record(cast("object", value), f"{self._what}.{name}")
        found = {key: inner.text(key, limit=length) for key in inner.names()}
        if not all(TOKEN.fullmatch(key) for key in found):
            raise self._wrong(name, "keyed by technical names")
        return found

    def names(self) -> tuple[str, ...]:
        """The names that are still unread; DecodeError when a key is not text."""
        keys: Iterable[object] = self._fields
        found = tuple(key for key in keys if isinstance(key, str))
        if len(found) != len(self._fields):
            raise DecodeError(f"{self._what} has a key that is not text")
        return found

    def close(self) -> None:
        """Refuse fields that the known version does not have."""
        if self._fields:
            raise DecodeError(f"{self._what} has {len(self._fields)} unknown field(s)")

    def _take(self, name: str) -> object:
        try:
            return self._fields.pop(name)
        except KeyError:
            raise DecodeError(f"{self._what} lacks {name}") from None

    def _wrong(self, name: str, expected: str) -> DecodeError:
        return DecodeError(f"{self._what}.{name} is not {expected}")
