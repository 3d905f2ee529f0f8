"""What clerks type, as typed values: one reader per field type, and names that keep their glyphs.

A place in the form is written as in the rules' findings: `moved_on` or `persons/p1/name`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from difflib import SequenceMatcher
from typing import cast

from edge.errors import FieldError
from intake.characters import Character, CharacterError, NameText
from intake.errors import IntakeError
from intake.notification import (
    Address,
    Field,
    Notification,
    PartialDate,
    Source,
    TransferCertificate,
    Value,
    era,
)
from intake.notification.fields import FIELDS, FieldSpec, FieldType, Level

ADDRESS_PARTS = ("lg_code", "prefecture_city", "town", "lot", "building", "town_id")
RESIDENT = "resident"
"""Who a value comes from when no member of staff entered it."""
NOT_TYPED = (FieldType.IDENTITY_PROOF, FieldType.SIGNATURE)


@dataclass(frozen=True)
class Place:
    """One field of the notification, or of one of its persons."""

    name: str
    person_id: str | None = None

    @classmethod
    def parse(cls, where: str) -> "Place":
        """The place in `moved_on` or `persons/p1/name`; FieldError when there is no such field."""
        match where.split("/"):
            case [name]:
                place, level = cls(name), Level.NOTIFICATION
            case ["persons", person_id, name]:
                place, level = cls(name, person_id), Level.PERSON
            case _:
                raise FieldError(f"{where[:80]!r} is no place in the form")
        spec = FIELDS.get(place.name)
        if spec is None or spec.level is not level:
            raise FieldError(f"{where[:80]!r} is no place in the form")
        return place

    def __str__(self) -> str:
        return self.name if self.person_id is None else f"persons/{self.person_id}/{self.name}"

    @property
    def spec(self) -> FieldSpec:
        """The line of the field table."""
        return FIELDS[self.name]


@dataclass(frozen=True)
class Hand:
    """Who changes a value, from what source, when and why.

    `typing` is the first filling in, before the resident has seen any of it: what the same source
    said a moment ago was not finished (an address grows part by part), so it is no correction.
    """

    who: str
    source: Source
    when_us: int
    why: str
    typing: bool = False


def fill_in(notification: Notification, values: Mapping[str, object], hand: Hand) -> Notification:
    """The notification with `values` (by place) typed in; what is unchanged leaves no trace.

    An empty value takes the field away. Raises FieldError naming the place, never the value.
    """
    for where, given in values.items():
        place = Place.parse(where)
        if place.spec.type in NOT_TYPED:
            raise FieldError(f"{where} is not typed in")
        notification = _set(notification, place, given, hand)
    return notification


def put(notification: Notification, place: Place, value: Value, hand: Hand) -> Notification:
    """The notification with one typed value, its former value in the history, and who was at it."""
    return _noted(_with(notification, place, value, hand), notification, hand)


def _noted(after: Notification, before: Notification, hand: Hand) -> Notification:
    """Who has changed anything stands in the notification: they may not accept it afterwards."""
    return after if after == before or hand.who == RESIDENT else after.touched_by(hand.who)


def _with(notification: Notification, place: Place, value: Value, hand: Hand) -> Notification:
    holder = notification if place.person_id is None else notification.person(place.person_id)
    present = holder.fields.get(place.name)
    if present is not None and present.value == value:
        return notification
    if present is not None and hand.typing and present.source is hand.source:
        typed = replace(present, value=value)
        return notification.with_field(place.name, typed, person_id=place.person_id)
    return notification.corrected(
        place.name,
        value,
        hand.source,
        who=hand.who,
        when_us=hand.when_us,
        why=hand.why or "-",
        person_id=place.person_id,
    )


def taken_back(notification: Notification, place: Place, position: int) -> Notification:
    """The notification before a name got its present character at `position`, history and all.

    Unchanged when the last change of the name was not of that character alone.
    """
    holder = notification if place.person_id is None else notification.person(place.person_id)
    present = holder.fields.get(place.name)
    if present is None:
        return notification
    after = present.value
    if not present.history:
        alone = isinstance(after, NameText) and len(after) == 1
        return _without(notification, place) if alone else notification
    *history, last = present.history
    if isinstance(after, NameText) and not _differ_at(last.old_value, after, position):
        return notification
    before = Field(last.old_value, last.old_source, tuple(history))
    return notification.with_field(place.name, before, person_id=place.person_id)


def _differ_at(before: Value, after: NameText, position: int) -> bool:
    if not isinstance(before, NameText) or before == after:
        return False
    old, new = before.characters, after.characters
    return old[:position] == new[:position] and old[position + 1 :] == new[position + 1 :]


def _set(notification: Notification, place: Place, given: object, hand: Hand) -> Notification:
    try:
        holder = notification if place.person_id is None else notification.person(place.person_id)
        value = _typed(place.spec, given, holder.value(place.name))
        if value is None:
            return _noted(_without(notification, place), notification, hand)
        return put(notification, place, value, hand)
    except (IntakeError, ValueError, TypeError, AttributeError) as error:
        raise FieldError(f"{place} does not take this value: check what was typed") from error


def _without(notification: Notification, place: Place) -> Notification:
    if place.person_id is None:
        fields = {k: v for k, v in notification.fields.items() if k != place.name}
        return replace(notification, fields=fields)
    persons = tuple(
        replace(p, fields={k: v for k, v in p.fields.items() if k != place.name})
        if p.person_id == place.person_id
        else p
        for p in notification.persons
    )
    return replace(notification, persons=persons)


def _typed(spec: FieldSpec, given: object, present: Value | None) -> Value | None:
    """The value in `given`; None when it is empty."""
    if given is None or given in ("", []):
        return None
    if spec.type is FieldType.NAME:
        return _name(given, present)
    if spec.type is FieldType.CHOICE and given not in spec.choices:
        raise FieldError(f"{spec.name} is not one of its choices")
    return _READERS.get(spec.type, _text)(given)


def _flag(given: object) -> bool:
    return given if isinstance(given, bool) else str(given) in ("true", "on", "1", "yes")


def _date(given: object) -> date:
    return era.parse(_text(given))


def _text(given: object) -> str:
    if not isinstance(given, str):
        raise FieldError("text was expected")
    return given.strip()


def _birth_date(given: object) -> Value:
    text = _text(given)
    parts = text.split("-")
    if all(part.isdecimal() for part in parts) and len(parts) in (1, 2):
        return PartialDate(*(int(part) for part in parts))
    return era.parse(text)


def _name(given: object, present: Value | None) -> NameText:
    """Typed text, or characters with their ids; glyphs already picked stay where text agrees."""
    if isinstance(given, str):
        typed = NameText.from_plain(given.strip())
        return _keep_picked(typed, present) if isinstance(present, NameText) else typed
    items = cast("list[Mapping[str, str]]", given)
    try:
        return NameText.of(Character(i["repertoire"], i["id"], i["text"]) for i in items)
    except (KeyError, CharacterError) as error:
        raise FieldError("a character of the name is not in its form") from error


def _keep_picked(typed: NameText, present: NameText) -> NameText:
    old, new = list(present), list(typed)
    matcher = SequenceMatcher(None, [c.text for c in old], [c.text for c in new], autojunk=False)
    for block in matcher.get_matching_blocks():
        new[block.b : block.b + block.size] = old[block.a : block.a + block.size]
    return NameText(tuple(new))


def _address(given: object) -> Address | None:
    table = cast("Mapping[str, object]", given)
    parts = {name: _text(table.get(name, "")) for name in ADDRESS_PARTS}
    return Address(**parts) if any(parts.values()) else None


def _certificate(given: object) -> TransferCertificate | None:
    table = cast("Mapping[str, object]", {"kind": given} if isinstance(given, str) else given)
    kind = _text(table.get("kind", ""))
    if not kind:
        return None
    days = [_text(table.get(name) or "") for name in ("issued_on", "planned_move_on")]
    return TransferCertificate(kind, *(era.parse(day) if day else None for day in days))


_READERS: Mapping[FieldType, Callable[[object], Value | None]] = {
    FieldType.FLAG: _flag,
    FieldType.DATE: _date,
    FieldType.BIRTH_DATE: _birth_date,
    FieldType.ADDRESS: _address,
    FieldType.TRANSFER_CERTIFICATE: _certificate,
}
