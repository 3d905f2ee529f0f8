"""Pages examined: grouped to persons, their fields, and every reason to hold them, with places."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from hub.messages.addressing.grouping import Doubt, Sight, group_of, groups, sights
from hub.messages.batches.finding import Concern, Examined, Field, Finding, Place, Value
from hub.messages.documents.glyph import Box
from hub.messages.documents.result import DocumentWarning, Opened, Page, Reading
from hub.messages.notices.cells import sheet
from hub.messages.notices.checks import Doubt as NoticeDoubt
from hub.messages.notices.checks import Reason, reasons
from hub.messages.notices.extract import FoundField, Notice, extract
from hub.messages.notices.template import Template
from hub.messages.notices.values import FULL_WIDTH, HONORIFIC, ResidentNumber, read_name

NOWHERE: Final = Box(0, 0, 0, 0)
KIND: Final = "kind"


@dataclass(frozen=True)
class Rules:
    """What the office says of notices and numbers."""

    templates: Sequence[Template]
    number: ResidentNumber
    gaiji: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Source:
    """Pages of one file by their number (from 1), and what the readers warned of."""

    pages: Mapping[int, Page]
    warnings: Sequence[DocumentWarning] = ()


def findings(source: Source, rules: Rules, *, file: int, first: int) -> list[Finding]:
    """Every page of a file in one finding; findings count from `first`, files from 1."""
    numbers = sorted(source.pages)
    seen = sights([source.pages[number] for number in numbers], rules.templates, rules.number)
    made: list[Finding] = []
    for number, group in enumerate(groups(seen), first):
        own = [replace(seen[page - 1], number=at) for at, page in enumerate(group.pages, 1)]
        loose = Doubt.NO_NUMBER in group.doubts or Doubt.NO_FIRST_PAGE in group.doubts
        examined = examine(source, group.pages, rules, seen=own)
        if Doubt.PAGE_WITHOUT_OWNER in group.doubts:
            concern = Concern(Doubt.PAGE_WITHOUT_OWNER)
            examined = replace(examined, concerns=(concern, *examined.concerns))
        made.append(Finding(number, file, group.pages, examined, loose))
    return made


def examine(
    source: Source,
    numbers: Sequence[int],
    rules: Rules,
    typed: Mapping[str, Value] | None = None,
    seen: Sequence[Sight] | None = None,
) -> Examined:
    """What pages `numbers` say together. typed: values a person read; seen: what the pages show.

    Concerns about the list, about other pages and about protection are not among them.
    """
    pages = [source.pages[number] for number in numbers]
    seen = seen or sights(pages, rules.templates, rules.number)
    group = group_of(seen)
    notice = _with_typed(extract(pages, rules.templates, rules.number), typed or {})
    reading = Reading(Opened.OK, tuple(pages), warnings=tuple(_of(source.warnings, numbers)))
    doubts = reasons(reading, notice, pages, range(1, len(pages) + 1), rules.gaiji)
    if KIND in (typed or {}):
        known = (NoticeDoubt.NO_TEMPLATE, NoticeDoubt.UNKNOWN_KIND)
        doubts = [doubt for doubt in doubts if doubt.code not in known]
    found = Examined(
        template=None if notice.template is None else notice.template.name,
        kind=str(notice.value(KIND) or ""),
        numbers=tuple(sorted({number for sight in seen for number in sight.atena})),
        names=group.names,
        fields={
            name: Field(one.value, _place(one.page, one.box, numbers), name in (typed or {}))
            for name, one in notice.fields.items()
        },
    )
    found = replace(found, **_places(pages, found, numbers))
    concerns = [Concern(doubt.value) for doubt in group.doubts]
    concerns += [_concern(doubt, reading, notice, numbers) for doubt in doubts]
    return replace(found, concerns=tuple(_placed(one, found) for one in concerns))


def _with_typed(notice: Notice, typed: Mapping[str, Value]) -> Notice:
    """The notice with the values that a person read, each at the place it was found at before."""
    fields = dict(notice.fields)
    for name, value in typed.items():
        before = fields.get(name)
        page, box = (1, NOWHERE) if before is None else (before.page, before.box)
        fields[name] = FoundField(value, page, box)
    return Notice(notice.template, fields)


def _of(warnings: Sequence[DocumentWarning], numbers: Sequence[int]) -> Iterator[DocumentWarning]:
    """Warnings of these pages and of the whole document, pages counted as they stand together."""
    for warning in warnings:
        if warning.page is None:
            yield warning
        elif warning.page in numbers:
            yield replace(warning, page=numbers.index(warning.page) + 1)


def _concern(reason: Reason, reading: Reading, notice: Notice, numbers: Sequence[int]) -> Concern:
    places = [
        _place(warning.page, warning.box, numbers)
        for warning in reading.warnings
        if warning.code.value == reason.code and warning.page is not None
    ]
    about = None if reason.field is None else notice.fields.get(reason.field)
    if about is not None:
        places.append(_place(about.page, about.box, numbers))
    code = str(reason.code)
    return Concern(code, reason.field, tuple(one for one in places if one is not None))


def _placed(concern: Concern, found: Examined) -> Concern:
    """A concern about names or numbers, with every one of them marked."""
    if concern.code == Doubt.SEVERAL_NAMES:
        return replace(concern, places=found.name_places)
    if concern.code == Doubt.SEVERAL_NUMBERS:
        return replace(concern, places=found.number_places)
    return concern


def _place(page: int, box: Box | None, numbers: Sequence[int]) -> Place | None:
    """Where a box is in the file; None for what has no place, as in a Word document."""
    if box is None or box.width <= 0:
        return None
    return Place(numbers[page - 1], box)


def _places(
    pages: Sequence[Page], found: Examined, numbers: Sequence[int]
) -> dict[str, tuple[Place, ...]]:
    """Where names and numbers stand."""
    names: list[Place | None] = []
    printed: list[Place | None] = []
    for cell in sheet(pages).cells():
        if HONORIFIC.search(cell.text) and read_name(cell.text) in found.names:
            names.append(_place(cell.page, cell.box, numbers))
        digits = "".join(cell.text.translate(FULL_WIDTH).split())
        if any(number in digits for number in found.numbers):
            printed.append(_place(cell.page, cell.box, numbers))
    labelled = found.fields.get("name")
    names.append(None if labelled is None else labelled.place)
    return {
        "name_places": tuple(dict.fromkeys(place for place in names if place is not None)),
        "number_places": tuple(dict.fromkeys(place for place in printed if place is not None)),
    }
