"""What must hold before a notice is sent without a person: each doubt is a code."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hub.messages.documents.characters import is_private
from hub.messages.documents.result import Opened, Page, Reading, WarningCode
from hub.messages.notices.amounts import read_yen
from hub.messages.notices.extract import Notice
from hub.messages.notices.postal_codes import places

HOLDING: Final = frozenset(WarningCode) - {WarningCode.ENCRYPTED, WarningCode.REPAIRED}
"""Warnings that always end with a person. A file that was mended and read by both is not one."""
SPELLINGS: Final = str.maketrans("ヶヵノ", "ケカの")
TOTAL: Final = re.compile(r"^(?:合計|総計|計)$")


class Doubt(StrEnum):
    """Why a notice waits for a person. Warnings of reading hold it under their own codes."""

    NOT_READ = "not-read"
    NO_TEMPLATE = "no-template"
    UNKNOWN_KIND = "unknown-kind"
    MISSING = "missing"
    SEVERAL_NUMBERS = "several-numbers"
    DUE_BEFORE_ISSUE = "due-before-issue"
    SUM_DIFFERS = "sum-differs"
    TOTAL_DIFFERS = "total-differs"
    POSTAL_UNKNOWN = "postal-unknown"
    POSTAL_MISMATCH = "postal-mismatch"
    PRIVATE_CHARACTER = "private-character"
    FORM_DIFFERS = "form-differs"


@dataclass(frozen=True)
class Reason:
    """One doubt, with the field it is about."""

    code: str
    field: str | None = None

    def __str__(self) -> str:
        return self.code if self.field is None else f"{self.code}:{self.field}"


def reasons(
    reading: Reading,
    notice: Notice,
    pages: Sequence[Page],
    numbers: range,
    gaiji: Mapping[str, str] | None = None,
) -> list[Reason]:
    """Every reason to hold a notice on pages `numbers` (from 1); none: it may go.

    gaiji: characters of private use that the office has declared, with what they stand for.
    """
    if reading.opened is not Opened.OK:
        return [Reason(Doubt.NOT_READ)]
    found = [Reason(code.value) for code in _warnings(reading, numbers, gaiji, pages)]
    if notice.template is None:
        return [*found, Reason(Doubt.NO_TEMPLATE)]
    if not notice.template.kind:
        found.append(Reason(Doubt.UNKNOWN_KIND))
    found += [
        Reason(Doubt.MISSING, name)
        for name in notice.template.required
        if notice.value(name) in (None, "")
    ]
    number = notice.fields.get("atena_no")
    if number is not None and number.others:
        found.append(Reason(Doubt.SEVERAL_NUMBERS, "atena_no"))
    found.extend(_dates(notice))
    found.extend(_sums(notice, pages))
    found.extend(_postal(notice))
    return list(dict.fromkeys(found))


def _warnings(
    reading: Reading, numbers: range, gaiji: Mapping[str, str] | None, pages: Sequence[Page]
) -> Iterator[WarningCode]:
    private = _private(pages)
    # a warning without any such character in what was read is of something not looked at here
    declared = bool(private) and private <= set(gaiji or ())
    for warning in reading.warnings:
        elsewhere = warning.page is not None and warning.page not in numbers
        if warning.code not in HOLDING or elsewhere:
            continue
        if warning.code is WarningCode.PUA and declared:
            continue
        yield warning.code


def _private(pages: Sequence[Page]) -> set[str]:
    """Characters of private use anywhere on the pages, running lines and readings included."""
    return {
        character
        for page in pages
        for line in (*page.lines, *page.header, *page.footer, *page.ruby, *page.hidden)
        for character in line.text
        if is_private(character)
    }


def _dates(notice: Notice) -> Iterator[Reason]:
    issue, due = notice.value("issue_date"), notice.value("due_date")
    if isinstance(issue, str) and isinstance(due, str) and due < issue:
        yield Reason(Doubt.DUE_BEFORE_ISSUE, "due_date")


def _sums(notice: Notice, pages: Sequence[Page]) -> Iterator[Reason]:
    """A table's rows must come to its total, and a total to the notice's amount."""
    amount = notice.value("amount_yen")
    totals: set[int] = set()
    for page in pages:
        for table in page.tables:
            for column in range(len(table.rows[0]) if table.rows else 0):
                total, parts = _column(table.rows, column)
                if total is None or not parts:
                    continue
                totals.add(total)
                if sum(parts) != total:
                    yield Reason(Doubt.SUM_DIFFERS, "amount_yen")
    if totals and isinstance(amount, int) and amount not in totals:
        yield Reason(Doubt.TOTAL_DIFFERS, "amount_yen")


def _column(rows: Sequence[Sequence[str]], column: int) -> tuple[int | None, list[int]]:
    parts: list[int] = []
    for row in rows:
        value = read_yen(row[column]) if column < len(row) else None
        if value is None:
            continue
        if TOTAL.match(re.sub(r"[\s　]", "", row[0])):
            return value, parts
        parts.append(value)
    return None, parts


def _postal(notice: Notice) -> Iterator[Reason]:
    """The postal code's town must stand in the address."""
    postal, address = notice.value("postal"), notice.value("address")
    if not isinstance(postal, str) or not isinstance(address, str) or not address:
        return
    known = places(postal)
    plain = _folded(address)
    if not known:
        yield Reason(Doubt.POSTAL_UNKNOWN, "postal")
    elif not any(_stands(place, plain) for place in known):
        yield Reason(Doubt.POSTAL_MISMATCH, "postal")


def _stands(place: tuple[str, str, str], address: str) -> bool:
    """Whether city and town stand in an address, which may begin without its prefecture."""
    _, city, town = (_folded(part) for part in place)
    core = re.sub(r"^.*?郡", "", city)
    at = address.find(core)
    return at >= 0 and town in address[at + len(core) :]


def _folded(text: str) -> str:
    """Spellings of place names that mean one place: ヶ and ケ, ノ and の, spaces."""
    return re.sub(r"[\s　]", "", text).translate(SPELLINGS)
