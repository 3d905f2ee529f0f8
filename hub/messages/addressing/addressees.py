"""The list of who is to be written to, given beside the document: number and name of each."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, cast

from hub.errors import AddresseesError

MOST: Final = 200_000
BYTES: Final = 64 * 1024 * 1024
NUMBER: Final = re.compile(r"[0-9A-Za-z]{1,32}")
_HALF: Final = re.compile("[\ud800-\udfff]")
"""Half of a character, which JSON can write and nothing can show or keep."""
NAMED_AT_MOST: Final = 20
"""Lines that are named when a list is wrong."""


class ListProblem(StrEnum):
    """What can be wrong with a list; the first seven are of the whole list."""

    TOO_LARGE = "too-large"
    EMPTY = "empty"
    NOT_TEXT = "not-text"
    NOT_JSON = "not-json"
    NOT_CSV = "not-csv"
    NO_HEADING = "no-heading"
    TOO_MANY = "too-many"
    NO_NUMBER = "no-number"
    NO_NAME = "no-name"


_SENTENCES: Final = {
    ListProblem.TOO_LARGE: "the list is larger than 64 MiB; split it",
    ListProblem.EMPTY: "the list is empty; give at least one person",
    ListProblem.NOT_TEXT: "the list is neither UTF-8 nor Shift_JIS; save it as UTF-8",
    ListProblem.NOT_JSON: 'the list is no JSON array of {"atena_no", "name"}; check its end',
    ListProblem.NOT_CSV: "the list is no CSV; save it as CSV from the spreadsheet",
    ListProblem.NO_HEADING: "the list's first line must name atena_no and name",
    ListProblem.TOO_MANY: f"the list has more than {MOST} persons; split it",
    ListProblem.NO_NUMBER: "no number; numbers are text, zeros in front included",
    ListProblem.NO_NAME: "no name",
}


class WrongListError(AddresseesError):
    """A list that is wrong. lines: each line of a CSV (entry of JSON) that is, and how."""

    def __init__(
        self, problem: ListProblem, lines: tuple[tuple[int, ListProblem], ...] = ()
    ) -> None:
        self.problem = problem
        self.lines = lines
        where = "; ".join(f"line {line} of the list has {_SENTENCES[p]}" for line, p in lines)
        super().__init__(where or _SENTENCES[problem])


@dataclass(frozen=True)
class Addressee:
    """One person of the list. address: given where the list has it, to be compared as well."""

    atena_no: str
    name: str
    address: str = ""


@dataclass(frozen=True)
class Addressees:
    """The list in its order."""

    persons: tuple[Addressee, ...]

    def by_number(self) -> dict[str, Addressee]:
        """The persons whose number stands in the list once."""
        twice = self.twice()
        return {p.atena_no: p for p in self.persons if p.atena_no not in twice}

    def twice(self) -> frozenset[str]:
        """Numbers that stand in the list more than once."""
        counted = Counter(person.atena_no for person in self.persons)
        return frozenset(number for number, count in counted.items() if count > 1)

    def lengths(self) -> tuple[int, int]:
        """Shortest and longest number."""
        lengths = [len(person.atena_no) for person in self.persons]
        return min(lengths), max(lengths)


def read(data: bytes) -> Addressees:
    """The list from CSV (with a heading) or JSON; WrongListError names the lines that are wrong."""
    if len(data) > BYTES:
        raise WrongListError(ListProblem.TOO_LARGE)
    text = _text(data)
    rows = _json(text) if text.strip()[:1] in ("[", "{") else _csv(text)
    if len(rows) > MOST:
        raise WrongListError(ListProblem.TOO_MANY)
    persons: list[Addressee] = []
    wrong: list[tuple[int, ListProblem]] = []
    for line, row in rows:
        person = _person(row)
        if isinstance(person, ListProblem):
            wrong.append((line, person))
        else:
            persons.append(person)
    if wrong:
        raise WrongListError(wrong[0][1], tuple(wrong[:NAMED_AT_MOST]))
    if not persons:
        raise WrongListError(ListProblem.EMPTY)
    return Addressees(tuple(persons))


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise WrongListError(ListProblem.NOT_TEXT)


def _json(text: str) -> list[tuple[int, Mapping[str, Any]]]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WrongListError(ListProblem.NOT_JSON) from error
    rows: object = found.get("addressees") if isinstance(found, dict) else found
    if not isinstance(rows, list) or not all(
        isinstance(row, dict) for row in cast("list[object]", rows)
    ):
        raise WrongListError(ListProblem.NOT_JSON)
    return list(enumerate(cast("list[Mapping[str, Any]]", rows), 1))


def _csv(text: str) -> list[tuple[int, Mapping[str, Any]]]:
    """Rows with the line each ends on; lines without anything are left out."""
    if not text.strip():
        raise WrongListError(ListProblem.EMPTY)
    try:
        table = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        table.fieldnames = [name.strip() for name in table.fieldnames or ()]
        if not {"atena_no", "name"} <= set(table.fieldnames):
            raise WrongListError(ListProblem.NO_HEADING)
        return [(table.line_num, row) for row in table if not _blank(row)]
    except csv.Error as error:
        raise WrongListError(ListProblem.NOT_CSV) from error


def _blank(row: Mapping[str, Any]) -> bool:
    """Whether nothing stands on a line but separators, as spreadsheets write behind the last."""
    return not any(_words(value) for value in row.values())


def _words(value: object) -> bool:
    texts: Iterable[object] = cast("list[object]", value) if isinstance(value, list) else (value,)
    return any(isinstance(text, str) and text.strip() for text in texts)


def _person(values: Mapping[str, Any]) -> Addressee | ListProblem:
    number, name, address = (values.get(key) for key in ("atena_no", "name", "address"))
    if not isinstance(number, str) or not NUMBER.fullmatch(number.strip()):
        return ListProblem.NO_NUMBER
    if not isinstance(name, str) or not name.strip():
        return ListProblem.NO_NAME
    # half a character in the address counts as one in the name: the line is named all the same
    if any(_HALF.search(text) for text in (name, address) if isinstance(text, str)):
        return ListProblem.NO_NAME
    written = address.strip() if isinstance(address, str) else ""
    return Addressee(number.strip(), name.strip(), written)
