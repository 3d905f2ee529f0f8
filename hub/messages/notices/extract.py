"""Fields of a notice: found by its template, read by their types, each with page and box."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from hub.messages.documents.flow import LABEL
from hub.messages.documents.glyph import Box
from hub.messages.documents.result import Page
from hub.messages.notices import address_block, values
from hub.messages.notices.amounts import read_yen
from hub.messages.notices.cells import Cell, Sheet, sheet
from hub.messages.notices.template import FieldRule, Template, ValueType
from hub.messages.notices.values import READERS, ResidentNumber, Value

TITLE_LENGTH: Final = 60
LABEL_AND_VALUE: Final = 2
TOTAL: Final = ("合計", "計", "総計", "合計額", "合計税額")


@dataclass(frozen=True)
class FoundField:
    """One value with the place it was read from; `others`: different values found for it."""

    value: Value
    page: int
    box: Box
    others: tuple[Value, ...] = ()


@dataclass(frozen=True)
class Notice:
    """The fields of one notice and the template that read them (None: nothing fits)."""

    template: Template | None
    fields: Mapping[str, FoundField] = field(default_factory=dict[str, FoundField])

    def value(self, name: str) -> Value | None:
        """A field's value, or None."""
        found = self.fields.get(name)
        return None if found is None else found.value


def recognise(
    templates: Sequence[Template], cells: Sheet
) -> tuple[Template, Cell] | tuple[None, None]:
    """The template whose title and anchors fit, and the cell that is the title."""
    titles = [cell for cell in cells.cells() if _may_be_a_title(cell.text)]
    whole = re.sub(r"[\s　]", "", "".join(cell.text for cell in cells.cells()))
    for template in templates:
        if not all(anchor in whole for anchor in template.anchors):
            continue
        for cell in titles:
            if template.title.search(re.sub(r"[\s　]", "", cell.text)):
                return template, cell
    return None, None


def extract(
    pages: Sequence[Page],
    templates: Sequence[Template],
    number: ResidentNumber,
    first: int = 1,
) -> Notice:
    """The fields on pages that count from `first`. What is not found is left out."""
    cells = sheet(pages, first)
    template, title = recognise(templates, cells)
    if template is None or title is None:
        return Notice(None)
    found: dict[str, FoundField] = {"title": _at(title.text.strip(), title)}
    if template.kind:
        found["kind"] = _at(template.kind, title)
    block = address_block.find(cells, _labels(template))
    for name, rule in template.fields.items():
        hits = list(_hits(cells, name, rule, number))
        in_block = None if block is None else block.values.get(name)
        if in_block is not None and rule.by_itself:
            hits.insert(0, _at(*in_block))
        if hits:
            found[name] = _one(hits, rule)
    if block is not None and "address" in found and "building" not in found:
        found["building"] = _at("", block.values.get("address", ("", title))[1])
    _without_labels(found, cells, template)
    return Notice(template, found)


def _labels(template: Template) -> tuple[str, ...]:
    """What may stand before the values of an address block."""
    names = ("name", "kana", "postal", "address", "building")
    return tuple(
        label for name in names if name in template.fields for label in template.fields[name].labels
    )


def _may_be_a_title(text: str) -> bool:
    return 0 < len(text) <= TITLE_LENGTH and "。" not in text and "、" not in text


def _at(value: Value, cell: Cell) -> FoundField:
    return FoundField(value, cell.page, cell.box)


def _one(hits: Sequence[FoundField], rule: FieldRule) -> FoundField:
    """The first hit; other values of the same kind of field are kept as doubt where they count."""
    first = hits[0]
    if rule.type is not ValueType.RESIDENT_NUMBER:
        return first
    others = tuple(dict.fromkeys(hit.value for hit in hits if hit.value != first.value))
    return FoundField(first.value, first.page, first.box, others)


def _hits(cells: Sheet, name: str, rule: FieldRule, number: ResidentNumber) -> Iterator[FoundField]:
    """Every place where a field is found, the best first."""
    if rule.zone is not None:
        inside = cells.in_zone(rule.zone)
        value = _read(rule, " ".join(cell.text for cell in inside), number)
        if value is not None:
            yield FoundField(value, inside[0].page, inside[0].box)
        return
    if rule.column is not None:
        yield from _valued(((c, c.text) for c in cells.below(rule.column)), rule, number)
        return
    in_tables: list[FoundField] = []
    for cell, hit in _with_cells(cells.labelled(rule.labels), rule, number):
        if len(cells.rows[cell.row]) > LABEL_AND_VALUE:
            in_tables.append(hit)
        else:
            yield hit
    yield from in_tables
    if name == "tel":
        for label in rule.labels:
            yield from _valued(cells.inside(label), rule, number)


def _valued(
    places: Iterable[tuple[Cell, str]], rule: FieldRule, number: ResidentNumber
) -> Iterator[FoundField]:
    return (hit for _, hit in _with_cells(places, rule, number))


def _with_cells(
    places: Iterable[tuple[Cell, str]], rule: FieldRule, number: ResidentNumber
) -> Iterator[tuple[Cell, FoundField]]:
    """Places that hold a value of the rule's type, each cell once."""
    seen: set[tuple[int, int]] = set()
    for cell, text in places:
        value = _read(rule, text, number)
        if value is not None and (cell.row, cell.column) not in seen:
            seen.add((cell.row, cell.column))
            yield cell, _at(value, cell)


def _read(rule: FieldRule, text: str, number: ResidentNumber) -> Value | None:
    if rule.type is ValueType.RESIDENT_NUMBER:
        return number.read(re.split(r"[\s　]{2,}", text.strip())[0])
    return READERS[rule.type](text)


def _without_labels(found: dict[str, FoundField], cells: Sheet, template: Template) -> None:
    """What a letter says without naming it: who signs, its number, its date, its total."""
    plain = [cell for row in cells.rows if len(row) <= LABEL_AND_VALUE for cell in row]
    readers = {
        "sender": values.read_sender,
        "doc_no": _number_alone,
        "issue_date": _date_alone,
    }
    for name, reader in readers.items():
        if name in found or not _by_itself(template, name):
            continue
        for cell in plain:
            if _has_a_label(cells, cell):
                continue
            value = reader(cell.text)
            if value is not None:
                found[name] = _at(value, cell)
                break
    if "amount_yen" not in found and _by_itself(template, "amount_yen"):
        total = _total(cells)
        if total is not None:
            found["amount_yen"] = total


def _has_a_label(cells: Sheet, cell: Cell) -> bool:
    """Whether something on its left names the cell: then it is what that says, and nothing else."""
    left = cells.rows[cell.row][: cell.column]
    return any(LABEL.match(other.text) for other in left if other.text)


def _by_itself(template: Template, name: str) -> bool:
    return name in template.fields and template.fields[name].by_itself


def _number_alone(text: str) -> str | None:
    value = values.read_document_number(text)
    return (
        value if value is not None and len(re.sub(r"[\s　]", "", text)) <= len(value) + 2 else None
    )


def _date_alone(text: str) -> str | None:
    plain = text.strip().translate(values.FULL_WIDTH)
    return values.read_date(plain) if values.DATE.fullmatch(plain) else None


def _total(cells: Sheet) -> FoundField | None:
    """The amount in a table's row of totals."""
    for row in cells.rows:
        if len(row) > 1 and re.sub(r"[\s　]", "", row[0].text) in TOTAL:
            for cell in row[1:]:
                value = read_yen(cell.text)
                if value is not None:
                    return _at(value, cell)
    return None
