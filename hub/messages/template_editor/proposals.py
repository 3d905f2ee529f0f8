"""What a value on the sample may be and how it is found again, proposed from what is beside it."""

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hub.messages.notices import address_block
from hub.messages.notices.cells import Cell, Sheet
from hub.messages.notices.template import (
    COMMON,
    MILLIMETRE,
    FieldRule,
    ValueType,
    Zone,
    built_in,
    parse,
    read_toml,
)
from hub.messages.notices.values import HONORIFIC, READERS, ResidentNumber, Value

AROUND: Final = 2 * MILLIMETRE
"""A zone is so much wider than the value of the sample."""
LONGEST_LABEL: Final = 20
OWN_LABEL: Final = re.compile(rf"^(.{{1,{LONGEST_LABEL}}}?)[\s　]*[:：][\s　]*(\S.*)$")
NO_LABEL: Final = re.compile(r"[0-9０-９〒。、]")
BRACKETS: Final = re.compile(r"^[\s　【\[（(＜<〈《■●・◆□◇※*]+|[\s　】\]）)＞>〉》:：]+$")


FORMS: Final = {
    ValueType.PERIOD: ("period",),
    ValueType.POSTAL: ("postal",),
    ValueType.TELEPHONE: ("tel",),
    ValueType.DATE: ("issue_date", "due_date"),
    ValueType.YEN: ("amount_yen",),
    ValueType.RESIDENT_NUMBER: ("atena_no",),
    ValueType.DOCUMENT_NUMBER: ("doc_no",),
    ValueType.SENDER: ("sender",),
    ValueType.KANA: ("kana",),
    ValueType.SECTION: ("section",),
}
"""What a text of a form may be, the strictest first."""


class How(StrEnum):
    """How a value is found on the next notice."""

    LABEL = "label"
    COLUMN = "column"
    ZONE = "zone"
    BY_ITSELF = "by_itself"


@dataclass(frozen=True)
class Proposal:
    """A field that a cell may be, how it is found, and what is read from it.

    words: the label or the heading; "" for a place, and where the letter says it by itself.
    """

    field: str
    how: How
    words: str
    rule: FieldRule
    value: Value


def proposals(sheet: Sheet, cell: Cell) -> tuple[Proposal, ...]:
    """What the cell may be, the likeliest first; none when no value can be read from it."""
    found = [*_of_a_letter(sheet, cell), *_labelled(sheet, cell)]
    found += [_placed(cell, name) for name in _fields_of(cell.text)]
    return tuple(dict.fromkeys(one for one in found if one is not None))


def rule_for(sheet: Sheet, cell: Cell, field: str, how: How, words: str = "") -> FieldRule:
    """The rule that finds a cell as `field`; ValueError when it cannot be found so.

    words: the label or the heading of the column; what stands beside it when empty.
    """
    kind = kinds()[field].type
    if how is How.ZONE:
        if cell.box.width <= 0 or cell.box.height <= 0:
            raise ValueError("this kind of document has no places")
        return FieldRule(kind, zone=zone_around(cell))
    if how is How.BY_ITSELF:
        return FieldRule(kind, labels=kinds()[field].labels)
    chosen = words.strip() or next(
        (label for label, _, at in names_of(sheet, cell) if at is how), ""
    )
    if not chosen:
        raise ValueError("nothing stands beside this value that could name it")
    if how is How.COLUMN:
        return FieldRule(kind, column=chosen)
    return FieldRule(kind, labels=(chosen,), labels_only=True)


def zone_around(cell: Cell) -> Zone:
    """The place of a cell, a little wider."""
    box = cell.box
    return Zone(
        cell.page,
        max(0.0, box.left - AROUND),
        max(0.0, box.top - AROUND),
        box.right + AROUND,
        box.bottom + AROUND,
    )


@functools.cache
def kinds() -> Mapping[str, FieldRule]:
    """Every field with its type and its usual labels."""
    table = read_toml(COMMON, built_in()[COMMON])
    return parse(COMMON, {**table, "kind": "", "title": ""}).fields


def names_of(sheet: Sheet, cell: Cell) -> Iterator[tuple[str, str, How]]:
    """(label, what it names, how) for everything that stands where a label stands."""
    own = OWN_LABEL.match(cell.text)
    if own is not None and not NO_LABEL.search(own.group(1)):
        yield _bare(own.group(1)), own.group(2), How.LABEL
    for label in _usual_labels():
        if cell.text.startswith(label) and len(cell.text) > len(label):
            rest = cell.text[len(label) :].strip(" 　:：")
            if rest:
                yield label, rest, How.LABEL
    row = sheet.rows[cell.row]
    heading = _heading(sheet, cell)
    if len(row) > 2 and heading:
        yield heading, cell.text, How.COLUMN
    left = next((c for c in reversed(row[: cell.column]) if c.text), None)
    if left is not None and _may_name(left.text):
        yield _bare(left.text), cell.text, How.LABEL
    above = _above(sheet, cell)
    usual = above is not None and _bare(above.text) in _usual_labels()
    if above is not None and (usual or (len(row) > 1 and _may_name(above.text))):
        yield _bare(above.text), cell.text, How.LABEL


def _labelled(sheet: Sheet, cell: Cell) -> Iterator[Proposal]:
    for label, text, how in names_of(sheet, cell):
        known = [name for name, rule in kinds().items() if label in rule.labels]
        for name in dict.fromkeys([*known, *_fields_of(text)]):
            value = _read(name, text)
            if value is None:
                continue
            kind = kinds()[name].type
            rule = (
                FieldRule(kind, column=label)
                if how is How.COLUMN
                else FieldRule(kind, labels=(label,), labels_only=True)
            )
            yield Proposal(name, how, label, rule, value)


def _of_a_letter(sheet: Sheet, cell: Cell) -> Iterator[Proposal]:
    """What the address block says, which is found without labels."""
    block = address_block.find(sheet)
    for name, (value, at) in {} if block is None else block.values.items():
        if at.row == cell.row and at.column == cell.column:
            rule = FieldRule(kinds()[name].type, labels=kinds()[name].labels)
            yield Proposal(name, How.BY_ITSELF, "", rule, value)


def _placed(cell: Cell, name: str) -> Proposal | None:
    value = _read(name, cell.text)
    if value is None or cell.box.width <= 0 or cell.box.height <= 0:
        return None
    rule = FieldRule(kinds()[name].type, zone=zone_around(cell))
    return Proposal(name, How.ZONE, "", rule, value)


def _fields_of(text: str) -> Iterator[str]:
    """Fields that a text may be by its form alone, the strictest forms first."""
    found = [
        name for kind, names in FORMS.items() if _reader(kind)(text) is not None for name in names
    ]
    if HONORIFIC.search(text):
        found.append("name")
    if address_block.PREFECTURE.match(text):
        found.append("address")
    yield from found or ("name", "address", "building")


def _read(name: str, text: str) -> Value | None:
    return _reader(kinds()[name].type)(text)


def _reader(kind: ValueType) -> Callable[[str], Value | None]:
    return ResidentNumber().read if kind is ValueType.RESIDENT_NUMBER else READERS[kind]


@functools.cache
def _usual_labels() -> tuple[str, ...]:
    every = [label for rule in kinds().values() for label in rule.labels]
    return tuple(sorted(every, key=len, reverse=True))


def _heading(sheet: Sheet, cell: Cell) -> str | None:
    """The first row's cell of the table's column, when it may be a heading."""
    first = cell.row
    while first and len(sheet.rows[first - 1]) == len(sheet.rows[cell.row]):
        first -= 1
    if first == cell.row:
        return None
    text = sheet.rows[first][cell.column].text
    return text if _may_name(text) else None


def _above(sheet: Sheet, cell: Cell) -> Cell | None:
    if not cell.row:
        return None
    over = sheet.rows[cell.row - 1]
    same = [other for other in over if other.column == cell.column and other.page == cell.page]
    return same[0] if len(over) == len(sheet.rows[cell.row]) and same else None


def _may_name(text: str) -> bool:
    return 0 < len(text) <= LONGEST_LABEL and not NO_LABEL.search(text)


def _bare(label: str) -> str:
    return BRACKETS.sub("", label).strip()
