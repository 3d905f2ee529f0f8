"""Whether the notification says the same as the card: name, birth date, address and sex.

Evidence proves that a card was there, not that the values sealed beside it are those of the card.
"""

from dataclasses import dataclass
from typing import Final

from hub.register.names import CharacterView, views
from hub.review.shown import shown
from intake.certificates import evidence
from intake.certificates.text_record import TextAttributes, parse_attributes
from intake.characters import Character, NameText
from intake.characters.name_text import is_variation_selector
from intake.errors import IntakeError
from intake.notification import Address, Notification, Person, Procedure, Value
from intake.notification.fields import FIELDS

SEX: Final = {"1": "male", "2": "female"}
"""JIS X 0303 digits that the notification has a word for."""


@dataclass(frozen=True)
class _Place:
    """A field of the notification; `number` is the person's, 0 for the notification's own."""

    field: str
    number: int = 0
    person: Person | None = None


@dataclass(frozen=True)
class CharacterPair:
    """Two characters at one place of a name that are not the same; `position` counts from 1."""

    position: int
    card: CharacterView
    stated: CharacterView


@dataclass(frozen=True)
class AttributeCheck:
    """One attribute of the card beside one field of the notification.

    `result`: same, glyph (the code points agree, the characters do not), differs, not_stated, or
    not_coded (the card gives a sex that the notification has no word for). `person` counts from 1
    and is 0 for a field of the notification; `place` is where the field stands on the page.
    """

    attribute: str
    label_ja: str
    label_en: str
    person: int
    place: str
    card: str
    card_characters: tuple[CharacterView, ...]
    stated: str
    stated_characters: tuple[CharacterView, ...]
    result: str
    pairs: tuple[CharacterPair, ...] = ()


@dataclass(frozen=True)
class CardHolder:
    """The comparison; `agrees` only when the notification states every attribute, and the same.

    `person` counts from 1 and is 0 when nobody in the notification seems to be the holder.
    """

    agrees: bool
    person: int
    attributes: tuple[AttributeCheck, ...]


def compare_holder(content: bytes, notification: Notification) -> CardHolder | None:
    """The card's attributes beside the notifier and the person who the holder seems to be.

    None when they were not read or cannot be read. Characters of a name are equal by repertoire
    and id only: a card gives code points, so it never vouches for the glyph that was chosen.
    """
    try:
        text = evidence.decode(content).text
        if text is None:
            return None
        attributes = parse_attributes(text.attributes)
        name = NameText.from_plain(attributes.name)
    except IntakeError:
        return None
    number, person = _holder(notification, attributes, name)
    rows = tuple(_rows(notification, attributes, name, _Place("", number, person)))
    agrees = all(row.result in {"same", "not_coded"} for row in rows)
    return CardHolder(agrees, number, rows)


def _rows(
    notification: Notification, card: TextAttributes, name: NameText, holder: _Place
) -> list[AttributeCheck]:
    number, person = holder.number, holder.person
    rows: list[AttributeCheck] = []
    notifier = notification.value("notifier_name")
    if notifier is not None or person is None:
        rows.append(_check("name", _Place("notifier_name"), name, notifier))
    if person is not None:
        rows.append(_check("name", _Place("name", number, person), name, person.value("name")))
    born = person.value("birth_date") if person else None
    rows.append(_check("birth_date", _Place("birth_date", number, person), card.birth_date, born))
    where, address = _address_of(notification, person)
    rows.append(_check("address", _Place(where), card.address, address))
    sex = person.value("sex") if person else None
    coded = SEX.get(card.sex, card.sex)
    rows.append(_check("sex", _Place("sex", number, person), coded, sex))
    return rows


def _holder(
    notification: Notification, card: TextAttributes, name: NameText
) -> tuple[int, Person | None]:
    """The person most like the holder: by name and birth date, by name, by birth date."""

    def likeness(person: Person) -> int:
        stated = person.value("name")
        named = isinstance(stated, NameText) and _bases(stated) == _bases(name)
        return 2 * named + (person.value("birth_date") == card.birth_date)

    ranked = sorted(enumerate(notification.persons, 1), key=lambda one: -likeness(one[1]))
    return ranked[0] if ranked and likeness(ranked[0][1]) else (0, None)


def _address_of(notification: Notification, person: Person | None) -> tuple[str, Value | None]:
    """The address the card should still show: of a person who moves the one before the move."""
    if person is None:
        return "notifier_address", notification.value("notifier_address")
    moves = notification.procedure is not Procedure.HOUSEHOLD_CHANGE
    where = "old_address" if moves else "new_address"
    return where, notification.value(where)


def _check(
    attribute: str,
    place: _Place,
    card: Value | str,
    stated: Value | str | None,
) -> AttributeCheck:
    field, person = place.field, place.person
    spec = FIELDS[field]
    return AttributeCheck(
        attribute=attribute,
        label_ja=spec.label_ja,
        label_en=spec.label_en,
        person=place.number,
        place=f"{person.person_id}-{field}" if person else field,
        card=shown(field, card),
        card_characters=views(card) if isinstance(card, NameText) else (),
        stated="" if stated is None else shown(field, stated),
        stated_characters=views(stated) if isinstance(stated, NameText) else (),
        result=_result(attribute, card, stated),
        pairs=_pairs(card, stated),
    )


def _result(attribute: str, card: Value | str, stated: Value | str | None) -> str:
    if attribute == "sex" and card not in SEX.values():
        return "not_coded"
    if stated is None:
        return "not_stated"
    if isinstance(stated, Address) and isinstance(card, str):
        return "same" if _unspaced(card) == _unspaced(stated.one_line()) else "differs"
    if card == stated:
        return "same"
    if isinstance(card, NameText) and isinstance(stated, NameText):
        return "glyph" if _bases(card) == _bases(stated) else "differs"
    return "differs"


def _pairs(card: Value | str, stated: Value | str | None) -> tuple[CharacterPair, ...]:
    if not isinstance(card, NameText) or not isinstance(stated, NameText):
        return ()
    if len(card) != len(stated):
        return ()
    both = enumerate(zip(card, stated, strict=True), 1)
    return tuple(
        CharacterPair(position, *views((ours, theirs)))
        for position, (ours, theirs) in both
        if ours != theirs
    )


def _bases(name: NameText) -> tuple[str, ...]:
    """The code points without variation selectors: what two glyphs of one character share."""
    return tuple(_base(character) for character in name)


def _base(character: Character) -> str:
    return "".join(one for one in character.text if not is_variation_selector(one))


def _unspaced(text: str) -> str:
    """An address without the spaces that the unit drops when it splits the card's line."""
    return "".join(text.split())
