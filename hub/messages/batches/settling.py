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
    AcceptedForAll,
    Fix,
    Released,
    SameName,
    TakenOut,
    Typed,
)
from hub.messages.batches.joining import Joined, joined
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
    """All that was found, with the list, who is protected now, and what was handed over.

    protected: numbers; hidden_names: protected persons' names without white space, by which pages
    without a number of the list are theirs.
    """

    findings: Sequence[Finding]
    persons: Addressees
    protected: Collection[str] = ()
    hidden_names: Collection[str] = ()
    handed: Collection[int] = ()
    examine: Examine | None = None
    fixes: Sequence[tuple[int, Fix]] = field(default_factory=tuple[tuple[int, Fix], ...])


def settle(found: Found) -> tuple[Item, ...]:
    """Every page in exactly one item, in the document's order, then persons without pages."""
    around = _Around(found)
    items = [_item(group, around) for group in around.groups]
    return (*items, *_without_pages(found, {item.atena_no for item in items}))


class _Around:
    """What settling one group needs to know of everything else, looked up once."""

    def __init__(self, found: Found) -> None:
        self.found = found
        self.groups = list(joined(found.findings, found.fixes))
        self.home = {part.number: group for group in self.groups for part in group.parts}
        self.live = Counter(g.owner for g in self.groups if g.owner is not None and not g.out)
        self.once = found.persons.by_number()
        self.rows = {(one.atena_no, one.name): one for one in reversed(found.persons.persons)}
        self.known = {one.atena_no for one in found.persons.persons}
        self.spellings = _spellings(found.fixes)
        for_all = [fix.codes for _, fix in found.fixes if isinstance(fix, AcceptedForAll)]
        self.settled = frozenset(code for codes in for_all for code in codes)
        self.typed: dict[int, list[tuple[int, Typed]]] = {}
        self.looked: dict[int, list[tuple[int, Accepted | Released]]] = {}
        self.named: dict[int, list[int]] = {}
        for act, fix in found.fixes:
            if isinstance(fix, Typed):
                self.typed.setdefault(fix.part, []).append((act, fix))
            elif isinstance(fix, Accepted | Released):
                self.looked.setdefault(fix.part, []).append((act, fix))
            elif isinstance(fix, SameName | AcceptedForAll):
                self.named.setdefault(fix.part, []).append(act)
        hidden = {plain(p.name) for p in found.persons.persons if p.atena_no in found.protected}
        self.hidden_names = hidden | set(found.hidden_names)
        self.protected = self._protected()

    def _protected(self) -> frozenset[int]:
        """Findings that are a protected person's, or may be."""
        marked: set[int] = set()
        before: Finding | None = None
        for part in self.found.findings:
            group = self.home[part.number]
            behind = before is not None and before.number in marked and before.file == part.file
            named = any(n in self.found.protected for n in {*group.printed, group.owner})
            if named or (group.assigned is None and self._perhaps(part, behind=behind)):
                marked.update(one.number for one in group.parts)
            before = part
        return frozenset(marked)

    def _perhaps(self, part: Finding, *, behind: bool) -> bool:
        """Whether pages without a number of the list bear a protected name, or follow theirs."""
        if len(part.examined.numbers) == 1 and part.examined.numbers[0] in self.known:
            return False
        names = {plain(name) for name in printed_names(part.examined)}
        return bool(names & self.hidden_names) or (behind and part.loose)


def _item(group: Joined, around: _Around) -> Item:
    found, number = around.found, group.first.number
    typed = [pair for part in group.parts for pair in around.typed.get(part.number, ())]
    item = Item(
        number=number,
        parts=tuple(part.number for part in group.parts),
        file=group.first.file,
        pages=group.pages,
        atena_no=group.owner,
        person=_person(group, around),
        examined=_examined(group, found, {fix.field: fix.value for _, fix in _in_order(typed)}),
        concerns=(),
        state=ItemState.OUT,
        protected=number in around.protected,
        acts=(*group.acts, *(act for act, _ in typed)),
    )
    if number in found.handed:
        return replace(item, state=ItemState.HANDED)
    if group.out:
        return item
    concerns = list(_concerns(item, group, around))
    if group.owner is not None and around.live[group.owner] > 1:
        concerns.append(Concern(Doubt.TWICE_IN_DOCUMENT, None, item.examined.number_places))
    if not _pages_behind_are_settled(group, around.home):
        concerns.append(Concern(Doubt.PAGE_WITHOUT_OWNER))
    return _judged(item, concerns, around)


def _in_order(typed: Sequence[tuple[int, Typed]]) -> list[tuple[int, Typed]]:
    """The typed values in the order they were typed; the last of a field counts."""
    return sorted(typed, key=lambda pair: pair[0])


def _examined(group: Joined, found: Found, values: Mapping[str, Value]) -> Examined:
    """What the pages say; asked again where they were joined or a value was typed."""
    kept = group.first.examined
    if (len(group.parts) == 1 and not values) or found.examine is None:
        return kept
    again = found.examine(group.first.file, group.pages, values)
    uncut = [c for p in group.parts for c in p.examined.concerns if c.code == Doubt.CANNOT_CUT]
    return replace(again, concerns=(*uncut, *again.concerns))


def _person(group: Joined, around: _Around) -> Addressee | None:
    """The row of the list: the one that a person chose, else the only one with the number."""
    if group.assigned is not None:
        return around.rows.get((group.assigned.atena_no, group.assigned.name))
    return None if group.owner is None else around.once.get(group.owner)


def _concerns(item: Item, group: Joined, around: _Around) -> Iterator[Concern]:
    """What the list and the pages raise, protection first."""
    if item.protected:
        yield Concern(Doubt.PROTECTED)
    if item.person is not None:
        yield from _against_list(item, item.person, around.spellings)
    elif item.atena_no is not None:
        code = Doubt.TWICE_IN_LIST if item.atena_no in around.known else Doubt.NOT_IN_LIST
        yield Concern(code, None, item.examined.number_places)
    elsewhere = (Doubt.PAGE_WITHOUT_OWNER, Doubt.TWICE_IN_DOCUMENT)
    for concern in item.examined.concerns:
        settled = group.assigned is not None and str(concern) in CONFIRMED
        if concern.code not in elsewhere and not settled:
            yield concern


def _against_list(
    item: Item, person: Addressee, spellings: tuple[Spelling, ...]
) -> Iterator[Concern]:
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


def _pages_behind_are_settled(group: Joined, home: Mapping[int, Joined]) -> bool:
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
    number = doubted.number + 1
    while number in home:
        part = next(p for p in home[number].parts if p.number == number)
        if not part.loose or part.file != doubted.file:
            return True
        if home[number].assigned is None and not home[number].out:
            return False
        number += 1
    return True


def _judged(item: Item, concerns: list[Concern], around: _Around) -> Item:
    """The item with what a person looked at and accepted taken off."""
    acts = [*item.acts, *(act for part in item.parts for act in around.named.get(part, ()))]
    for act, fix in around.looked.get(item.number, ()):
        if (fix.part, fix.pages, fix.atena_no) != (item.number, item.pages, item.atena_no):
            continue  # the pages are others now, or another's: nobody has looked at these
        codes = {Doubt.PROTECTED.value} if isinstance(fix, Released) else set(fix.codes)
        concerns = [concern for concern in concerns if str(concern) not in codes]
        acts.append(act)
    concerns = [concern for concern in concerns if str(concern) not in around.settled]
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
