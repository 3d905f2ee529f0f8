"""A mail-merge document and its list to one message a person, or to pages that are held."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from hub.messages.addressing.addressees import Addressee, Addressees
from hub.messages.addressing.comparing import differences, plain
from hub.messages.addressing.grouping import Doubt, Group, Sight, groups, sights
from hub.messages.addressing.protection import Said, of_protected
from hub.messages.documents.result import Opened, Reading
from hub.messages.notices.checks import reasons
from hub.messages.notices.extract import Notice, extract
from hub.messages.notices.template import Template
from hub.messages.notices.values import ResidentNumber

Cut = Callable[[Sequence[Sequence[int]]], Sequence[bytes | None]]
"""Cuts pages (from 1) out of the document: one PDF a group, None where it does not work."""


@dataclass(frozen=True)
class Prepared:
    """One message: the person, their pages (from 1), the fields, and the pages as a PDF."""

    addressee: Addressee
    pages: tuple[int, ...]
    notice: Notice
    pdf: bytes


@dataclass(frozen=True)
class Held:
    """Pages nobody is sent, or a person without pages; the first of `reasons` is the gravest."""

    pages: tuple[int, ...]
    atena_no: str | None
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Batch:
    """What became of every page and every person of the list."""

    messages: tuple[Prepared, ...]
    held: tuple[Held, ...]


@dataclass(frozen=True)
class Office:
    """What the municipality says: its numbers, templates, declared characters, protected persons.

    variants: spellings of names declared to be the same (list's spelling to page's); protected:
    numbers whose pages a person always looks at; hidden_names: these persons' names, by which pages
    without a number of the list are theirs.
    """

    templates: Sequence[Template]
    number: ResidentNumber | None = None
    gaiji: Mapping[str, str] = field(default_factory=dict[str, str])
    variants: Mapping[str, Collection[str]] = field(default_factory=dict[str, Collection[str]])
    protected: Collection[str] = ()
    hidden_names: Collection[str] = ()


def prepare(reading: Reading, addressees: Addressees, office: Office, cut: Cut) -> Batch:
    """Messages and held pages. Every page is in one of the two, every person in exactly one."""
    if reading.opened is not Opened.OK:
        code = Doubt.NOT_READ if reading.error is None else reading.error.value
        everybody = (Held((), p.atena_no, (code,)) for p in addressees.persons)
        return Batch((), tuple(everybody))
    least, most = addressees.lengths()
    number = office.number or ResidentNumber(least, most)
    seen = sights(reading.pages, office.templates, number)
    made = [(group, _notice(reading, group, office, number)) for group in groups(seen)]
    protected = _protected(made, seen, addressees, office)
    known = addressees.by_number()
    ready: list[tuple[Group, Addressee, Notice]] = []
    held: list[Held] = []
    for group, notice in made:
        doubts = (
            *([Doubt.PROTECTED] if group.pages in protected else []),
            *_of_the_list(group, addressees, known, notice, office),
            *_of_the_pages(group, notice, reading, office),
        )
        if doubts:
            held.append(Held(group.pages, group.atena_no, tuple(dict.fromkeys(doubts))))
        else:
            assert group.atena_no is not None
            ready.append((group, known[group.atena_no], notice))
    messages: list[Prepared] = []
    for (group, person, notice), pdf in zip(
        ready, cut([g.pages for g, _, _ in ready]), strict=True
    ):
        if pdf is None:
            held.append(Held(group.pages, group.atena_no, (Doubt.CANNOT_CUT,)))
        else:
            messages.append(Prepared(person, group.pages, notice, pdf))
    paged = {group.atena_no for group, _ in made}
    held += [
        Held((), number, (Doubt.NO_PAGES,))
        for number in dict.fromkeys(p.atena_no for p in addressees.persons)
        if number not in paged
    ]
    return Batch(tuple(messages), tuple(sorted(held, key=lambda h: h.pages or (1 << 30,))))


def _notice(reading: Reading, group: Group, office: Office, number: ResidentNumber) -> Notice:
    """The notice on these pages, its fields with the document's page numbers.

    It is read as a document of its own: a template's places count from the notice's first page.
    """
    pages = [reading.pages[page - 1] for page in group.pages]
    found = extract(pages, office.templates, number)
    fields = {
        name: replace(one, page=group.pages[one.page - 1]) for name, one in found.fields.items()
    }
    return Notice(found.template, fields)


def _protected(
    made: Sequence[tuple[Group, Notice]],
    seen: Sequence[Sight],
    addressees: Addressees,
    office: Office,
) -> frozenset[tuple[int, ...]]:
    """The groups, by their pages, of which some are or may be a protected person's."""
    listed = {person.atena_no for person in addressees.persons}
    hidden = {p.name for p in addressees.persons if p.atena_no in office.protected}
    said = [
        Said(
            group,
            {number for page in group.pages for number in seen[page - 1].atena},
            _names(group, notice),
        )
        for group, notice in made
    ]
    return of_protected(said, listed, office.protected, hidden | set(office.hidden_names))


def _names(group: Group, notice: Notice) -> frozenset[str]:
    """Every name on the pages, with the one that was read as the field."""
    printed = notice.value("name")
    return frozenset((*group.names, *([printed] if isinstance(printed, str) else [])))


def _of_the_list(
    group: Group,
    addressees: Addressees,
    known: Mapping[str, Addressee],
    notice: Notice,
    office: Office,
) -> list[str]:
    """Doubts that come from the list."""
    number = group.atena_no
    if number is None:
        return []
    if number in addressees.twice():
        return [Doubt.TWICE_IN_LIST]
    if number not in known:
        return [Doubt.NOT_IN_LIST]
    return _against(known[number], group, notice, office)


def _of_the_pages(group: Group, notice: Notice, reading: Reading, office: Office) -> list[str]:
    """Doubts that the pages themselves raise."""
    pages = [reading.pages[page - 1] for page in group.pages]
    numbers = range(group.pages[0], group.pages[-1] + 1)
    doubts = reasons(reading, notice, pages, numbers, office.gaiji)
    return [*(doubt.value for doubt in group.doubts), *(str(doubt) for doubt in doubts)]


def _against(person: Addressee, group: Group, notice: Notice, office: Office) -> list[str]:
    """What differs between the list and the pages."""
    allowed = {plain(name) for name in (person.name, *office.variants.get(person.name, ()))}
    address = notice.value("address")
    printed = address if isinstance(address, str) else None
    names = _names(group, notice)
    doubts = differences(person, names, printed, lambda _, name: name in allowed)
    return [doubt.value for doubt in doubts]
