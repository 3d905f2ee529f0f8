"""How a rule names the place of a finding, and how a place reads as a label."""

from typing import TypeVar

from intake.notification.fields import FIELDS
from intake.notification.model import Notification, Person
from intake.notification.values import Value

PERSONS = "persons"

_T = TypeVar("_T")


def place_of(person: Person, field: str) -> str:
    """Name a field of a person: `persons/<person_id>/<field>`."""
    return f"{PERSONS}/{person.person_id}/{field}"


def missing(notification: Notification, *names: str) -> list[str]:
    """Give the notification's fields of these names that are not filled in."""
    return [name for name in names if notification.value(name) is None]


def missing_per_person(notification: Notification, *names: str) -> list[str]:
    """Give the persons' fields that are not filled in; `persons` when there are none."""
    if not notification.persons:
        return [PERSONS]
    return [
        place_of(person, name)
        for person in notification.persons
        for name in names
        if person.value(name) is None
    ]


def typed(value: Value | None, kind: type[_T]) -> _T | None:
    """Give a value if it is of a kind, else None."""
    return value if isinstance(value, kind) else None


def labels(notification: Notification, where: str) -> tuple[str, str]:
    """Give the Japanese and English label of a place, persons counted from one."""
    field = where.rsplit("/", 1)[-1]
    if field == PERSONS or not where:
        return "異動する人", "the persons"
    spec = FIELDS[field]
    if "/" not in where:
        return spec.label_ja, spec.label_en
    ids = [person.person_id for person in notification.persons]
    number = ids.index(where.split("/")[1]) + 1
    return f"{number}人目の{spec.label_ja}", f"{spec.label_en} of person {number}"
