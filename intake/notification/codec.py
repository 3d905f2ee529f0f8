"""The notification as canonical bytes, and the digest that a signature is written under."""

import hashlib
from collections.abc import Mapping
from typing import Final, cast

from intake import canonical
from intake.errors import DecodeError, EncodeError
from intake.notification.fields import FIELDS, FieldSpec, Level
from intake.notification.model import (
    Change,
    Field,
    Notification,
    NotificationError,
    Person,
    Procedure,
    Source,
)
from intake.notification.value_codec import TEXT_LIMIT, from_wire, to_wire
from intake.record import MAX_INTEGER, TOKEN, UUID, Record

FORMAT_VERSION: Final = 1
SIZE_LIMIT: Final = 256 * 1024
PERSONS_LIMIT: Final = 50
HISTORY_LIMIT: Final = 200
STAFF_LIMIT: Final = 100
_CHANGE_LENGTH: Final = 5
_FIELD_LENGTH: Final = 3


def encode(notification: Notification) -> bytes:
    """Give canonical bytes; NotificationError for a field or value outside the field table."""
    persons = [
        {"person_id": person.person_id, "fields": _wire_fields(person.fields, Level.PERSON)}
        for person in notification.persons
    ]
    form: dict[str, object] = {
        "v": FORMAT_VERSION,
        "notification_id": notification.notification_id,
        "procedure": str(notification.procedure),
        "fields": _wire_fields(notification.fields, Level.NOTIFICATION),
        "persons": persons,
    }
    if notification.entered_by:
        form["entered_by"] = list(notification.entered_by)
    data = _canonical(form)
    try:
        decode(data)
    except DecodeError as error:
        raise NotificationError(f"{error}; correct the notification") from None
    return data


def decode(data: bytes) -> Notification:
    """Read `encode`'s bytes back; DecodeError for anything else."""
    record = Record(canonical.decode(data, limit=SIZE_LIMIT), "notification")
    record.version(FORMAT_VERSION)
    notification = Notification(
        notification_id=record.text("notification_id", pattern=UUID),
        procedure=record.choice("procedure", Procedure),
        fields=_fields(record.record("fields"), Level.NOTIFICATION),
        persons=tuple(_person(item) for item in record.items("persons", limit=PERSONS_LIMIT)),
        entered_by=_staff_ids(record),
    )
    record.close()
    ids = [person.person_id for person in notification.persons]
    if len(set(ids)) != len(ids):
        raise DecodeError("two persons of the notification have the same id")
    return notification


def content_digest(notification: Notification) -> bytes:
    """SHA-256 over what a resident signs: procedure, persons and every value they state.

    Sources, histories, the signature and what only staff fill in (`stated` is false in the field
    table) are left out, so that the digest changes exactly when a statement does.
    """
    content = {
        "notification_id": notification.notification_id,
        "procedure": str(notification.procedure),
        "fields": _wire_values(notification.fields, Level.NOTIFICATION),
        "persons": [
            [person.person_id, _wire_values(person.fields, Level.PERSON)]
            for person in notification.persons
        ],
    }
    return hashlib.sha256(_canonical(content)).digest()


def _staff_ids(record: Record) -> tuple[str, ...]:
    if record.lacks("entered_by"):
        return ()
    items = record.items("entered_by", limit=STAFF_LIMIT)
    found = tuple(item for item in items if isinstance(item, str) and TOKEN.fullmatch(item))
    if not found or len(found) != len(items) or list(found) != sorted(set(found)):
        raise DecodeError("those who entered something are not staff ids in order, each once")
    return found


def _canonical(value: object) -> bytes:
    try:
        return canonical.encode(value)
    except EncodeError as error:
        raise NotificationError(f"{error}; correct the notification") from None


def _spec(name: str, level: Level) -> FieldSpec:
    spec = FIELDS.get(name)
    if spec is None or spec.level != level:
        raise NotificationError(f"there is no {level} field of this name; see the field table")
    return spec


def _wire_values(fields: Mapping[str, Field], level: Level) -> dict[str, object]:
    return {
        name: to_wire(spec, field.value)
        for name, field in fields.items()
        if (spec := _spec(name, level)).stated
    }


def _wire_fields(fields: Mapping[str, Field], level: Level) -> dict[str, object]:
    return {name: _wire_field(_spec(name, level), field) for name, field in fields.items()}


def _wire_field(spec: FieldSpec, field: Field) -> list[object]:
    history = [
        [to_wire(spec, c.old_value), str(c.old_source), c.who, c.when_us, c.why]
        for c in field.history
    ]
    return [to_wire(spec, field.value), str(field.source), history]


def _person(item: object) -> Person:
    record = Record(item, "person")
    person = Person(
        person_id=record.text("person_id", pattern=TOKEN),
        fields=_fields(record.record("fields"), Level.PERSON),
    )
    record.close()
    return person


def _fields(record: Record, level: Level) -> dict[str, Field]:
    fields: dict[str, Field] = {}
    for name in record.names():
        spec = FIELDS.get(name)
        if spec is None or spec.level != level:
            raise DecodeError(f"a notification has an unknown {level} field")
        fields[name] = _field(spec, record.items(name, limit=_FIELD_LENGTH))
    return fields


def _field(spec: FieldSpec, items: list[object]) -> Field:
    if len(items) != _FIELD_LENGTH or not isinstance(items[2], list):
        raise DecodeError(f"{spec.name} is not value, source and history")
    history = cast("list[object]", items[2])
    if len(history) > HISTORY_LIMIT:
        raise DecodeError(f"{spec.name} has too long a history")
    changes = tuple(_change(spec, item) for item in history)
    return Field(from_wire(spec, items[0]), _source(spec, items[1]), changes)


def _change(spec: FieldSpec, item: object) -> Change:
    items = cast("list[object]", item) if isinstance(item, list) else []
    if len(items) != _CHANGE_LENGTH:
        raise DecodeError(f"{spec.name} has a change that is not five items")
    old_value, old_source, who, when_us, why = items
    if not isinstance(who, str) or not isinstance(why, str) or not isinstance(when_us, int):
        raise DecodeError(f"{spec.name} has a change without who, when or why")
    if not TOKEN.fullmatch(who) or not 1 <= len(why) <= TEXT_LIMIT:
        raise DecodeError(f"{spec.name} has a change without who or why")
    if isinstance(when_us, bool) or not 0 <= when_us <= MAX_INTEGER:
        raise DecodeError(f"{spec.name} has a change without a time")
    return Change(from_wire(spec, old_value), _source(spec, old_source), who, when_us, why)


def _source(spec: FieldSpec, item: object) -> Source:
    for source in Source:
        if source.value == item:
            return source
    raise DecodeError(f"{spec.name} comes from an unknown source")
