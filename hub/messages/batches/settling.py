"""From what was found and what people decided to what may be sent: pure, and the same every time.

Fixes change nothing that was found; leaving one out undoes it. A number has one sending at most,
and pages go to a number that is not printed on them only when a person said so.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from hub.messages.addressing.addressees import Addressee, Addressees
from hub.messages.addressing.comparing import differences, plain
from hub.messages.addressing.grouping import Doubt
from hub.messages.batches.finding import Concern, Examined, Field, Finding, Place, Value
from hub.messages.batches.fixes import (
    Accepted,
    BelongsTo,
    Fix,
    Released,
    SameName,
    TakenOut,
    Typed,
)
from hub.messages.batches.spelling import Spelling, declared, same

Examine = Callable[[int, tuple[int, ...], Mapping[str, Value]], Examined]
"""(file, pages, typed values) to what these pages say; only asked for where a fix changed them."""
CONFIRMED: Final = frozenset(
    {
        Doubt.NO_NUMBER.value,
        Doubt.NO_FIRST_PAGE.value,
        Doubt.SEVERAL_NUMBERS.value,
        "several-numbers:atena_no",
        "missing:atena_no",
    }
)
"""What is settled once a person has said whose the pages are."""


class ItemState(StrEnum):
    """Where pages of one person stand."""

    HELD = "held"
    READY = "ready"
    OUT = "out"
    HANDED = "handed"


@dataclass(frozen=True)
class Item:
    """Pages of one person as they stand now, or a person without pages.

    number: that of its first finding; parts: all its findings; person: the row of the list it goes
    to, None while that is in doubt; acts: numbers of the fixes that made it what it is.
    """

    number: int
    parts: tuple[int, ...]
    file: int
    pages: tuple[int, ...]
    atena_no: str | None
    person: Addressee | None
    examined: Examined
    concerns: tuple[Concern, ...]
    state: ItemState
    protected: bool = False
    acts: tuple[int, ...] = ()

    @property
    def fields(self) -> Mapping[str, Field]:
        """The fields as they would be sent."""
        return self.examined.fields


@dataclass(frozen=True)
class Found:
    """All that was found, with the list, who is protected now, and what was handed over."""

    findings: Sequence[Finding]
    persons: Addressees
    protected: Collection[str] = ()
    handed: Collection[int] = ()
    examine: Examine | None = None
    fixes: Sequence[tuple[int, Fix]] = field(default_factory=tuple[tuple[int, Fix], ...])


def settle(found: Found) -> tuple[Item, ...]:
    """Every page in exactly one item, in the document's order, then persons without pages."""
    groups = list(_groups(found))
    live = Counter(group.owner for group in groups if group.owner and not group.out)
    items = [_item(group, groups, found, live) for group in groups]
    return (*items, *_without_pages(found, {item.atena_no for item in items}))


@dataclass(frozen=True)
class _Group:
    """Findings that go together now. assigned: a person said whose they are."""

    parts: tuple[Finding, ...]
    owner: str | None
    assigned: BelongsTo | None
    out: bool
    acts: tuple[int, ...] = ()

    @property
    def first(self) -> Finding:
        return self.parts[0]

    @property
    def pages(self) -> tuple[int, ...]:
        return tuple(sorted(page for part in self.parts for page in part.pages))


def _groups(found: Found) -> Iterator[_Group]:
    """Findings one by one, those that a person gave to somebody joined with that person's own."""
    assigned: dict[int, tuple[int, BelongsTo]] = {}
    out: dict[int, int] = {}
    for act, fix in found.fixes:
        if isinstance(fix, BelongsTo):
            assigned |= dict.fromkeys(fix.parts, (act, fix))
        elif isinstance(fix, TakenOut):
            out |= dict.fromkeys(fix.parts, act)
    owners = {
        one.number: assigned[one.number][1].atena_no if one.number in assigned else _printed(one)
        for one in found.findings
    }
    hosts: dict[tuple[int, str], int] = {}
    for given in (False, True):
        for one in found.findings:
            owner = owners[one.number]
            if owner is not None and one.number not in out and (one.number in assigned) is given:
                hosts.setdefault((one.file, owner), one.number)
    members: dict[int, list[Finding]] = {}
    for one in found.findings:
        owner, joins = owners[one.number], one.number in assigned and one.number not in out
        host = hosts[one.file, owner] if joins and owner is not None else one.number
        members.setdefault(host, []).append(one)
    for host, parts in sorted(members.items()):
        ordered = sorted(parts, key=lambda part: part.number != host)
        given = [assigned[part.number] for part in parts if part.number in assigned]
        acts = {act for act, _ in given} | {out[p.number] for p in parts if p.number in out}
        last = max(given, key=lambda pair: pair[0])[1] if given else None
        yield _Group(tuple(ordered), owners[host], last, host in out, tuple(sorted(acts)))


def _printed(finding: Finding) -> str | None:
    numbers = finding.examined.numbers
    return numbers[0] if len(numbers) == 1 else None


def _item(group: _Group, groups: Sequence[_Group], found: Found, live: Mapping[str, int]) -> Item:
    typed = {
        fix.field: (act, fix.value)
        for act, fix in found.fixes
        if isinstance(fix, Typed) and fix.part in {part.number for part in group.parts}
    }
    values = {name: value for name, (_, value) in typed.items()}
    examined = group.first.examined
    if (len(group.parts) > 1 or values) and found.examine is not None:
        examined = found.examine(group.first.file, group.pages, values)
    person = _person(group, found)
    item = Item(
        number=group.first.number,
        parts=tuple(part.number for part in group.parts),
        file=group.first.file,
        pages=group.pages,
        atena_no=group.owner,
        person=person,
        examined=examined,
        concerns=(),
        state=ItemState.OUT,
        protected=_protected(group, found.protected),
        acts=(*group.acts, *(act for act, _ in typed.values())),
    )
    if group.first.number in found.handed:
        return replace(item, state=ItemState.HANDED)
    if group.out:
        return item
    concerns = list(_concerns(item, group, found))
    if group.owner is not None and live[group.owner] > 1:
        concerns.append(Concern(Doubt.TWICE_IN_DOCUMENT, None, examined.number_places))
    if not _pages_behind_are_settled(group, groups):
        concerns.append(Concern(Doubt.PAGE_WITHOUT_OWNER))
    return _judged(item, concerns, found.fixes)


def _protected(group: _Group, protected: Collection[str]) -> bool:
    """Whether any number on the pages, or given to them, is a protected person's."""
    printed = {number for part in group.parts for number in part.examined.numbers}
    return any(number in protected for number in {*printed, group.owner})


def _person(group: _Group, found: Found) -> Addressee | None:
    """The row of the list: the one that a person chose, else the only one with the number."""
    if group.assigned is not None:
        chosen = (group.assigned.atena_no, group.assigned.name)
        rows = (one for one in found.persons.persons if (one.atena_no, one.name) == chosen)
        return next(rows, None)
    return None if group.owner is None else found.persons.by_number().get(group.owner)


def _concerns(item: Item, group: _Group, found: Found) -> Iterator[Concern]:
    """What the list and the pages raise, protection first."""
    if item.protected:
        yield Concern(Doubt.PROTECTED)
    known = {one.atena_no for one in found.persons.persons}
    if item.person is not None:
        yield from _against_list(item, item.person, found.fixes)
    elif item.atena_no is not None:
        code = Doubt.TWICE_IN_LIST if item.atena_no in known else Doubt.NOT_IN_LIST
        yield Concern(code, None, item.examined.number_places)
    elsewhere = (Doubt.PAGE_WITHOUT_OWNER, Doubt.TWICE_IN_DOCUMENT)
    for concern in item.examined.concerns:
        settled = group.assigned is not None and str(concern) in CONFIRMED
        if concern.code not in elsewhere and not settled:
            yield concern


def _against_list(
    item: Item, person: Addressee, fixes: Sequence[tuple[int, Fix]]
) -> Iterator[Concern]:
    spellings = _spellings(fixes)
    address = item.fields.get("address")
    text = address.value if address is not None and isinstance(address.value, str) else None
    for doubt in differences(
        person, printed_names(item.examined), text, lambda a, b: same(a, b, spellings)
    ):
        places: tuple[Place, ...] = item.examined.name_places
        if doubt is Doubt.ADDRESS_DIFFERS:
            places = (address.place,) if address is not None and address.place else ()
        yield Concern(doubt.value, None, places)


def _spellings(fixes: Sequence[tuple[int, Fix]]) -> tuple[Spelling, ...]:
    return tuple(fix.spelling for _, fix in fixes if isinstance(fix, SameName))


def differing_names(item: Item, fixes: Sequence[tuple[int, Fix]]) -> tuple[Spelling, ...]:
    """What would have to be declared so that every name on the pages is the list's."""
    if item.person is None:
        return ()
    listed, spellings = plain(item.person.name), _spellings(fixes)
    printed = sorted({plain(name) for name in printed_names(item.examined)})
    return tuple(declared(listed, name) for name in printed if not same(listed, name, spellings))


def printed_names(examined: Examined) -> frozenset[str]:
    """Every name on the pages, with the one that was read as the field."""
    name = examined.fields.get("name")
    typed = [name.value] if name is not None and isinstance(name.value, str) else []
    return frozenset((*examined.names, *typed))


def _pages_behind_are_settled(group: _Group, groups: Sequence[_Group]) -> bool:
    """Whether the pages behind this person's, which may be theirs, are somebody's by now."""
    doubted = next(
        (
            part
            for part in group.parts
            if any(c.code == Doubt.PAGE_WITHOUT_OWNER for c in part.examined.concerns)
        ),
        None,
    )
    if doubted is None:
        return True
    home = {part.number: one for one in groups for part in one.parts}
    number = doubted.number + 1
    while number in home:
        part = next(p for p in home[number].parts if p.number == number)
        if not part.loose or part.file != doubted.file:
            return True
        if home[number].assigned is None and not home[number].out:
            return False
        number += 1
    return True


def _judged(item: Item, concerns: list[Concern], fixes: Sequence[tuple[int, Fix]]) -> Item:
    """The item with what a person looked at and accepted taken off."""
    acts = list(item.acts)
    for act, fix in fixes:
        if isinstance(fix, SameName) and fix.part in item.parts:
            acts.append(act)
        if not isinstance(fix, Accepted | Released):
            continue
        if (fix.part, fix.pages, fix.atena_no) != (item.number, item.pages, item.atena_no):
            continue  # the pages are others now, or another's: nobody has looked at these
        codes = {Doubt.PROTECTED.value} if isinstance(fix, Released) else set(fix.codes)
        concerns = [concern for concern in concerns if str(concern) not in codes]
        acts.append(act)
    state = ItemState.READY if not concerns else ItemState.HELD
    if item.person is None or not item.pages:
        state = ItemState.HELD
    unique = tuple(dict.fromkeys(concerns))
    return replace(item, concerns=unique, state=state, acts=tuple(sorted(set(acts))))


def _without_pages(found: Found, seen: Collection[str | None]) -> Iterator[Item]:
    """Persons of the list whom no page belongs to; they count behind the findings."""
    out = {p: act for act, f in found.fixes if isinstance(f, TakenOut) for p in f.parts}
    known: set[str] = set()
    for number, person in enumerate(found.persons.persons, len(found.findings) + 1):
        if person.atena_no in seen or person.atena_no in known:
            continue
        known.add(person.atena_no)
        yield Item(
            number=number,
            parts=(number,),
            file=0,
            pages=(),
            atena_no=person.atena_no,
            person=person,
            examined=Examined(None, "", (), ()),
            concerns=() if number in out else (Concern(Doubt.NO_PAGES),),
            state=ItemState.OUT if number in out else ItemState.HELD,
            protected=person.atena_no in found.protected,
            acts=(out[number],) if number in out else (),
        )
