"""What the editor shows: the values on the sample's pages, what each is, what the rules read."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.errors import TemplateError
from hub.messages.addressing.grouping import groups, sights
from hub.messages.documents.glyph import Box
from hub.messages.documents.result import Page, Reading
from hub.messages.notices.cells import Cell, Sheet, sheet
from hub.messages.notices.checks import Reason, reasons
from hub.messages.notices.extract import Notice, extract
from hub.messages.notices.template import FIELD_NAMES, FieldRule, Template, alone, together
from hub.messages.notices.values import ResidentNumber, Value
from hub.messages.template_editor.proposals import How
from hub.messages.template_editor.written import TableOf


@dataclass(frozen=True)
class Spot:
    """A value on a page: its number in the sample, where it is, the field it is read as."""

    number: int
    text: str
    box: Box
    field: str | None

    @property
    def placed(self) -> bool:
        """Whether it has a place on the page's picture."""
        return self.box.width > 0 and self.box.height > 0


@dataclass(frozen=True)
class FieldRow:
    """A field: what was read, how it is found, and whether the template says so itself."""

    name: str
    value: Value | None
    page: int | None
    how: How
    words: str
    own: bool


@dataclass(frozen=True)
class Outcome:
    """What a template reads of a document, and why it would be held; problem: it is wrong."""

    notice: Notice
    doubts: tuple[Reason, ...]
    problem: str = ""

    @property
    def recognised(self) -> bool:
        """Whether the template takes the document for its own."""
        return self.notice.template is not None


def outcome(name: str, toml: str, reading: Reading) -> Outcome:
    """What a template in the making reads of a document, which is one notice.

    Its doubts are also those of a batch: whether the pages say that they belong to one person.
    """
    try:
        template = alone(name, toml)
        every = together({name: toml})
    except TemplateError as error:
        return Outcome(Notice(None), (), str(error))
    notice = extract(reading.pages, (template,), ResidentNumber())
    numbers = range(1, len(reading.pages) + 1)
    doubts = reasons(reading, notice, reading.pages, numbers)
    said = {doubt.code for doubt in doubts}
    doubts += [doubt for doubt in _of_pages(reading, every) if doubt.code not in said]
    return Outcome(notice, tuple(doubts))


def _of_pages(reading: Reading, templates: Sequence[Template]) -> list[Reason]:
    """Why a batch would hold these pages, read with the built-in templates beside as it does."""
    seen = sights(reading.pages, templates, ResidentNumber())
    codes = (doubt.value for group in groups(seen) for doubt in group.doubts)
    return [Reason(code) for code in dict.fromkeys(codes)]


def spots(pages: Sequence[Page], number: int, notice: Notice) -> list[Spot]:
    """Every value on page `number` (from 1)."""
    return [
        Spot(index, cell.text, cell.box, _field_at(notice, cell))
        for index, cell in enumerate(sheet(pages).cells())
        if cell.page == number and cell.text.strip()
    ]


def cell_at(pages: Sequence[Page], index: int) -> tuple[Sheet, Cell] | None:
    """The sample's cells and the one with this number."""
    cells = sheet(pages)
    found = next((cell for at, cell in enumerate(cells.cells()) if at == index), None)
    return None if found is None or not found.text.strip() else (cells, found)


def field_rows(table: TableOf, found: Outcome) -> list[FieldRow]:
    """Every field that was read or has a rule of its own, in the order of the house."""
    own = table.get("fields", {})
    template = found.notice.template
    rules = {} if template is None else template.fields
    names = [name for name in FIELD_NAMES if name in found.notice.fields or name in own]
    return [_row(name, found.notice, rules.get(name), own=name in own) for name in names]


def _row(name: str, notice: Notice, rule: FieldRule | None, *, own: bool) -> FieldRow:
    value = notice.fields.get(name)
    how, words = _how(rule)
    return FieldRow(
        name=name,
        value=None if value is None else value.value,
        page=None if value is None else value.page,
        how=how,
        words=words,
        own=own,
    )


def _how(rule: FieldRule | None) -> tuple[How, str]:
    if rule is None:
        return How.BY_ITSELF, ""
    if rule.zone is not None:
        return How.ZONE, ""
    if rule.column is not None:
        return How.COLUMN, rule.column
    return (How.LABEL, "、".join(rule.labels)) if rule.labels_only else (How.BY_ITSELF, "")


def _field_at(notice: Notice, cell: Cell) -> str | None:
    if cell.box.width <= 0:
        return None
    return next(
        (
            name
            for name in FIELD_NAMES
            if name not in ("title", "kind")
            and (at := notice.fields.get(name)) is not None
            and (at.page, at.box) == (cell.page, cell.box)
            and at.value != ""
        ),
        None,
    )
