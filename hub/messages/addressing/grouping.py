"""Pages that follow each other and belong to one person, and pages nobody may be sent.

A page says whose it is by its number. A page without one belongs to the person before it only when
it says itself that it goes on (its template's `continues`) and names nobody else.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hub.messages.addressing.names import Labels, addressed, by_rule, labels_of
from hub.messages.documents.result import Page
from hub.messages.notices.cells import Sheet, sheet
from hub.messages.notices.extract import recognise
from hub.messages.notices.template import Template
from hub.messages.notices.values import ResidentNumber

LAST_SHEET: Final = re.compile(r"(?:^|[^0-9])([0-9]{1,3})\s*[/／]\s*([0-9]{1,3})(?:$|[^0-9])")
SPACES: Final = re.compile(r"[\s　]{2,}")
TITLE: Final = 60
"""Characters in which a title or the words that a page goes on stand; longer texts are neither."""


class Doubt(StrEnum):
    """Why pages are held rather than given to a person."""

    NO_NUMBER = "no-number"
    SEVERAL_NUMBERS = "several-numbers"
    SEVERAL_NAMES = "several-names"
    NO_FIRST_PAGE = "no-first-page"
    PAGE_WITHOUT_OWNER = "page-without-owner"
    TWICE_IN_DOCUMENT = "twice-in-document"
    TWICE_IN_LIST = "twice-in-list"
    NOT_IN_LIST = "not-in-list"
    NO_PAGES = "no-pages"
    NAME_DIFFERS = "name-differs"
    ADDRESS_DIFFERS = "address-differs"
    PAGES_DIFFER = "pages-differ"
    PROTECTED = "protected"
    CANNOT_CUT = "cannot-cut"
    NOT_READ = "not-read"


@dataclass(frozen=True)
class Sight:
    """What one page says about whose it is."""

    number: int
    """Page, from 1."""
    atena: tuple[str, ...]
    names: tuple[str, ...]
    """Every name of who is written to: with 様, or found by the templates' rules."""
    begins: bool
    """Whether it is a first page: it has a title of its own or an address block."""
    goes_on: bool
    """Whether it says itself that it belongs to the page before."""
    place: tuple[int, int] | None
    """n and m of a printed n/m."""
    addressed: bool = False
    """Whether a name has 様."""
    titles: tuple[str, ...] = ()
    """What may be its title, white space left out."""
    known: bool = False
    """Whether its title is that of a kind of notice, not one that anything may have."""


@dataclass(frozen=True)
class Group:
    """Pages of one person, or of nobody known; `doubts` are why they are held."""

    pages: tuple[int, ...]
    atena_no: str | None
    names: tuple[str, ...]
    doubts: tuple[Doubt, ...] = ()


def sights(
    pages: Sequence[Page], templates: Sequence[Template], number: ResidentNumber
) -> list[Sight]:
    """What each page says."""
    labels = labels_of(templates)
    return [_sight(page, n, templates, labels, number) for n, page in enumerate(pages, 1)]


def groups(seen: Sequence[Sight]) -> list[Group]:
    """Pages in groups, in the order of the document."""
    found: list[list[Sight]] = []
    for sight in seen:
        if found and _joins(found[-1], sight):
            found[-1].append(sight)
        else:
            found.append([sight])
    made = [group_of(group) for group in found]
    return _orphans(_without_repeats(made), {s.number: s for s in seen})


def _joins(group: Sequence[Sight], sight: Sight) -> bool:
    """Whether a page goes with the pages before it."""
    if sight.atena:
        return sight.atena == group[0].atena and not _starts_anew(group[0], sight)
    others = _plain_names([sight]) - _plain_names(group)
    return bool(group[0].atena) and sight.goes_on and not others and not sight.begins


def _starts_anew(first: Sight, sight: Sight) -> bool:
    """Whether a page with the number of the page `first` is another first page.

    A title alone may run over every page of a letter; with a name it is a letter of its own.
    """
    if sight.addressed:
        return True
    later = sight.goes_on or (sight.place is not None and sight.place[0] > 1)
    titled = sight.known or not set(sight.titles).isdisjoint(first.titles)
    return titled and bool(sight.names) and not later


def group_of(group: Sequence[Sight]) -> Group:
    """These pages as one group, whatever stands before and behind them."""
    atena = sorted({number for sight in group for number in sight.atena})
    names = tuple(dict.fromkeys(name for sight in group for name in sight.names))
    doubts: list[Doubt] = []
    if not atena:
        doubts.append(Doubt.NO_NUMBER)
    if len(atena) > 1:
        doubts.append(Doubt.SEVERAL_NUMBERS)
    if len(_plain_names(group)) > 1:
        doubts.append(Doubt.SEVERAL_NAMES)
    if not group[0].begins:
        doubts.append(Doubt.NO_FIRST_PAGE)
    if not _in_order(group):
        doubts.append(Doubt.PAGES_DIFFER)
    return Group(
        tuple(sight.number for sight in group),
        atena[0] if len(atena) == 1 else None,
        names,
        tuple(doubts),
    )


def _in_order(group: Sequence[Sight]) -> bool:
    """Whether printed n/m, where pages have it, count these pages."""
    places = [sight.place for sight in group]
    if all(place is None for place in places):
        return True
    return places == [(n, len(group)) for n in range(1, len(group) + 1)] or all(
        place in (None, (n, len(group))) for n, place in enumerate(places, 1)
    )


def _without_repeats(made: Sequence[Group]) -> list[Group]:
    """Numbers that come again later are in doubt wherever they stand."""
    counted = Counter(group.atena_no for group in made if group.atena_no is not None)
    return [
        _doubted(group, Doubt.TWICE_IN_DOCUMENT)
        if group.atena_no is not None and counted[group.atena_no] > 1
        else group
        for group in made
    ]


def _orphans(made: Sequence[Group], seen: Mapping[int, Sight]) -> list[Group]:
    """A page that may be missing from the person before: both are in doubt."""
    found = list(made)
    for index, group in enumerate(made[1:], 1):
        first, before = seen[group.pages[0]], [seen[page] for page in made[index - 1].pages]
        lost = Doubt.NO_NUMBER in group.doubts and not _is_anothers(first, before)
        broken = Doubt.NO_FIRST_PAGE in group.doubts and group.atena_no is not None
        if lost or broken:
            found[index - 1] = _doubted(found[index - 1], Doubt.PAGE_WITHOUT_OWNER)
    return found


def _is_anothers(first: Sight, before: Sequence[Sight]) -> bool:
    """Whether a page without a number is clearly the first of somebody else's letter.

    Any line that could be a title does not make it one: back pages have headings too.
    """
    names = _plain_names([first])
    return (
        first.known and not first.goes_on and bool(names) and names.isdisjoint(_plain_names(before))
    )


def _doubted(group: Group, doubt: Doubt) -> Group:
    if doubt in group.doubts:
        return group
    return Group(group.pages, group.atena_no, group.names, (*group.doubts, doubt))


def _sight(
    page: Page, number: int, templates: Sequence[Template], labels: Labels, form: ResidentNumber
) -> Sight:
    cells = sheet([page])
    template, title = recognise(templates, cells)
    with_honorific = addressed(cells)
    names = by_rule(cells, template, labels, beside=bool(with_honorific))
    texts = [_plain(cell.text) for cell in cells.cells()]
    titled = [text for text in texts if _may_be_a_title(text, templates)]
    titles = tuple(text for text in titled if not _continues(text, templates))
    goes_on = _continues(next(iter(texts), "")[:TITLE], templates)
    return Sight(
        number=number,
        atena=_numbers(cells, None if goes_on else template, labels, form),
        names=tuple(dict.fromkeys((*with_honorific, *names))),
        begins=bool(with_honorific) or (bool(titled) and not goes_on),
        goes_on=goes_on,
        place=_place(texts),
        addressed=bool(with_honorific),
        titles=titles,
        known=(
            template is not None
            and title is not None
            and not template.last
            and not _continues(_plain(title.text), templates)
        ),
    )


def _may_be_a_title(text: str, templates: Sequence[Template]) -> bool:
    if not 0 < len(text) <= TITLE or "。" in text:
        return False
    return any(template.title.search(text) for template in templates)


def _continues(text: str, templates: Sequence[Template]) -> bool:
    return any(t.continues is not None and t.continues.search(text) for t in templates)


def _numbers(
    cells: Sheet, template: Template | None, labels: Labels, form: ResidentNumber
) -> tuple[str, ...]:
    """Every resident number that a label names on the page, or that the template finds there.

    Only a page's own template says where on it a number stands: the place is nothing elsewhere.
    """
    texts = [text.split("  ")[0] for _, text in cells.labelled(labels.numbers)]
    rule = None if template is None else template.fields.get("atena_no")
    if rule is not None and rule.zone is not None:
        texts.append(" ".join(cell.text for cell in cells.in_zone(rule.zone)))
    elif rule is not None and rule.column is not None:
        texts += [cell.text for cell in cells.below(rule.column)]
    found = (form.read(SPACES.split(text.strip())[0]) for text in texts)
    return tuple(sorted({number for number in found if number is not None}))


def _place(texts: Sequence[str]) -> tuple[int, int] | None:
    """A printed n/m at the page's beginning or end."""
    for text in (*texts[:1], *texts[-2:]):
        found = LAST_SHEET.search(text)
        if found and len(text) <= 12 and 1 <= int(found[1]) <= int(found[2]):
            return int(found[1]), int(found[2])
    return None


def _plain_names(group: Sequence[Sight]) -> set[str]:
    return {_plain(name) for sight in group for name in sight.names}


def _plain(text: str) -> str:
    return "".join(text.split())
