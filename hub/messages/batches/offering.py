"""What is doubted about an item, list against page, and the fixes that make sense for it."""

from dataclasses import dataclass, replace
from typing import Final

from hub.messages.addressing.addressees import Addressee
from hub.messages.batches.fixes import ACCEPTABLE, FOR_ALL, SameName
from hub.messages.batches.looking import Look
from hub.messages.batches.settling import (
    Item,
    ItemState,
    differing_names,
    printed_names,
    settle,
)
from hub.messages.batches.spelling import Spelling
from hub.messages.batches.typed_values import TYPEABLE
from hub.messages.documents.glyph import Box

OFFERED_AT_MOST: Final = 500
"""Rows of the list that can be picked from; the nearest are first."""


@dataclass(frozen=True)
class Compared:
    """One line of list against page; `differs` None where the list has nothing to compare."""

    name: str
    listed: str
    printed: tuple[str, ...]
    differs: bool | None


@dataclass(frozen=True)
class Mark:
    """A box to be drawn over the page; n: the number of the reason it belongs to, from 1."""

    n: int
    box: Box


@dataclass(frozen=True)
class Offers:
    """Which fixes make sense for an item.

    spelling: the one name that differs; settles: how many others that would settle too; fields:
    what a person may type; missing: those of them that are needed; for_all: how many items are held
    for what one look settles for all; people: rows of the list.
    """

    spelling: Spelling | None
    settles: int
    acceptable: tuple[str, ...]
    for_all: int
    fields: tuple[str, ...]
    missing: tuple[str, ...]
    people: tuple[tuple[int, Addressee], ...]
    release: bool


def compared(look: Look) -> tuple[Compared, ...]:
    """Number, name and address: the list against the pages."""
    item, person = look.item, look.item.person
    codes = {concern.code for concern in item.concerns}
    address = item.fields.get("address")
    rows = [
        Compared(
            "atena_no",
            "" if person is None else person.atena_no,
            item.examined.numbers,
            None if person is None else (person.atena_no,) != item.examined.numbers,
        ),
        Compared(
            "name",
            "" if person is None else person.name,
            tuple(sorted(printed_names(item.examined))),
            None if person is None else "name-differs" in codes,
        ),
    ]
    if address is not None or (person is not None and person.address):
        listed = "" if person is None else person.address
        printed = () if address is None else (str(address.value),)
        rows.append(
            Compared("address", listed, printed, "address-differs" in codes if listed else None)
        )
    return tuple(rows)


def marks(item: Item, page: int) -> tuple[Mark, ...]:
    """The boxes of what is doubted on a page."""
    return tuple(
        Mark(n, place.box)
        for n, concern in enumerate(item.concerns, 1)
        for place in concern.places
        if place.page == page
    )


def offers(look: Look) -> Offers:
    """The fixes that make sense, those that settle most first."""
    item = look.item
    held = item.state is ItemState.HELD and bool(item.pages)
    codes = {concern.code for concern in item.concerns}
    spellings = differing_names(item, look.found.fixes) if "name-differs" in codes else ()
    spelling = spellings[0] if held and len(spellings) == 1 else None
    missing = tuple(
        concern.field
        for concern in item.concerns
        if concern.code == "missing" and concern.field in TYPEABLE
    )
    return Offers(
        spelling=spelling,
        settles=0 if spelling is None else _settled_too(look, spelling),
        acceptable=tuple(sorted({str(c) for c in item.concerns if c.code in ACCEPTABLE})),
        for_all=_held_for_all(look) if codes & FOR_ALL else 0,
        fields=TYPEABLE if held else (),
        missing=missing,
        people=_people(look) if held else (),
        release="protected" in codes,
    )


def _held_for_all(look: Look) -> int:
    held = (one for one in look.items if one.state is ItemState.HELD)
    return sum(any(c.code in FOR_ALL for c in one.concerns) for one in held)


def _settled_too(look: Look, spelling: Spelling) -> int:
    """How many other items the declaration makes ready."""
    fixes = (*look.found.fixes, (0, SameName(look.item.number, spelling)))
    after = settle(replace(look.found, fixes=fixes))
    before = sum(one.state is ItemState.READY for one in look.items)
    now = sum(one.state is ItemState.READY for one in after)
    own = any(one.number == look.item.number and one.state is ItemState.READY for one in after)
    return max(0, now - before - own)


def _people(look: Look) -> tuple[tuple[int, Addressee], ...]:
    """Rows of the list that no other pages are ready for, those without pages first."""
    taken = {
        one.atena_no
        for one in look.items
        if one.number != look.item.number and one.state in (ItemState.READY, ItemState.HANDED)
    }
    waiting = {one.atena_no for one in look.items if not one.pages}
    near = {look.item.atena_no, *look.item.examined.numbers, _before(look)}
    rows = [
        (row, person)
        for row, person in enumerate(look.found.persons.persons)
        if person.atena_no not in taken or person.atena_no in near
    ]
    rows.sort(
        key=lambda pair: (pair[1].atena_no not in near, pair[1].atena_no not in waiting, pair[0])
    )
    return tuple(rows[:OFFERED_AT_MOST])


def _before(look: Look) -> str | None:
    """Whose the pages before these are: a page without a number is often theirs."""
    if not look.item.pages:
        return None
    page = look.item.pages[0] - 1
    own = [one for one in look.items if one.file == look.item.file]
    return next((one.atena_no for one in own if page in one.pages), None)
