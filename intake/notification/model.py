"""Notification, persons and fields: each value keeps its source and every value it replaced."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

from intake.errors import IntakeError
from intake.notification.values import Value


class NotificationError(IntakeError):
    """A notification holds what the field table does not allow; correct it."""


class Procedure(StrEnum):
    """What is notified (届出区分)."""

    MOVE_IN = "move_in"
    MOVE_WITHIN = "move_within"
    MOVE_OUT = "move_out"
    HOUSEHOLD_CHANGE = "household_change"


class Source(StrEnum):
    """Where a value came from."""

    CARD = "card"
    PEN = "pen"
    CLERK = "clerk"
    REGISTER = "register"
    RESERVATION = "reservation"
    TRANSFER_CERTIFICATE = "transfer_certificate"
    RESIDENCE_CARD = "residence_card"


@dataclass(frozen=True, slots=True)
class Change:
    """One replaced value: what it was and from where; who replaced it, when (UTC, µs) and why.

    `who` is a staff id, or `resident`.
    """

    old_value: Value
    old_source: Source
    who: str
    when_us: int
    why: str


@dataclass(frozen=True, slots=True)
class Field:
    """One value with its source and its history, oldest change first."""

    value: Value
    source: Source
    history: tuple[Change, ...] = ()

    def corrected(self, value: Value, source: Source, who: str, when_us: int, why: str) -> "Field":
        """Give the field with a new value, the present one added to its history."""
        change = Change(self.value, self.source, who, when_us, why)
        return Field(value, source, (*self.history, change))


def _frozen(fields: Mapping[str, Field]) -> Mapping[str, Field]:
    return MappingProxyType(dict(fields))


@dataclass(frozen=True)
class Person:
    """One person who moves or whose household changes. `person_id` is local to the notification."""

    person_id: str
    fields: Mapping[str, Field] = field(default_factory=dict[str, Field])

    def __post_init__(self) -> None:
        object.__setattr__(self, "fields", _frozen(self.fields))

    def value(self, name: str) -> Value | None:
        """Give the value of a field, or None when the field is not filled in."""
        found = self.fields.get(name)
        return None if found is None else found.value

    def with_field(self, name: str, new: Field) -> "Person":
        """Give the person with one field set, history and all."""
        return replace(self, fields={**self.fields, name: new})


@dataclass(frozen=True)
class Notification:
    """One notification. Field names, levels and types stand in `intake.notification.fields`.

    `entered_by` are the staff ids of everybody who filled in or changed a value, sorted: a field's
    history names only who replaced one, and whoever took part may not accept it (four eyes).
    """

    notification_id: str
    procedure: Procedure
    fields: Mapping[str, Field] = field(default_factory=dict[str, Field])
    persons: tuple[Person, ...] = ()
    entered_by: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "fields", _frozen(self.fields))

    def touched_by(self, who: str) -> "Notification":
        """Give the notification with `who`, a staff id, among those who entered something."""
        return replace(self, entered_by=tuple(sorted({*self.entered_by, who})))

    def value(self, name: str) -> Value | None:
        """Give the value of a field, or None when the field is not filled in."""
        found = self.fields.get(name)
        return None if found is None else found.value

    def person(self, person_id: str) -> Person:
        """Give a person by id; NotificationError when there is none."""
        for person in self.persons:
            if person.person_id == person_id:
                return person
        raise NotificationError("the notification has no such person; choose one of its persons")

    def with_field(self, name: str, new: Field, *, person_id: str | None = None) -> "Notification":
        """Give the notification with one field set, on a person when `person_id` is given."""
        if person_id is None:
            return replace(self, fields={**self.fields, name: new})
        changed = self.person(person_id).with_field(name, new)
        persons = tuple(changed if p.person_id == person_id else p for p in self.persons)
        return replace(self, persons=persons)

    def corrected(
        self,
        name: str,
        value: Value,
        source: Source,
        *,
        who: str,
        when_us: int,
        why: str,
        person_id: str | None = None,
    ) -> "Notification":
        """Give the notification with a field corrected (or first filled in when it was empty)."""
        holder = self if person_id is None else self.person(person_id)
        present = holder.fields.get(name)
        new = (
            Field(value, source)
            if present is None
            else present.corrected(value, source, who, when_us, why)
        )
        return self.with_field(name, new, person_id=person_id)
