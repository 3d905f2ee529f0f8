"""The list of who is to be written to, given beside the document: number and name of each."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from hub.errors import AddresseesError

MOST: Final = 200_000
BYTES: Final = 64 * 1024 * 1024
NUMBER: Final = re.compile(r"[0-9A-Za-z]{1,32}")


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
    """The list from CSV (with a heading) or JSON; AddresseesError names the row that is wrong."""
    if len(data) > BYTES:
        raise AddresseesError("the list is larger than 64 MiB; split it")
    text = _text(data).strip()
    rows = _json(text) if text[:1] in ("[", "{") else _csv(text)
    persons = tuple(_person(number, row) for number, row in enumerate(rows, 1))
    if not persons:
        raise AddresseesError("the list is empty; give at least one person")
    return Addressees(persons)


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise AddresseesError("the list is neither UTF-8 nor Shift_JIS; save it as UTF-8")


def _json(text: str) -> list[Mapping[str, Any]]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise AddresseesError("the list begins as JSON and is none; check its end") from error
    rows: object = found.get("addressees") if isinstance(found, dict) else found
    if not isinstance(rows, list) or not all(
        isinstance(row, dict) for row in cast("list[object]", rows)
    ):
        raise AddresseesError('the list is no JSON array of {"atena_no", "name"}')
    if len(cast("list[object]", rows)) > MOST:
        raise AddresseesError(f"the list has more than {MOST} persons; split it")
    return cast("list[Mapping[str, Any]]", rows)


def _csv(text: str) -> Iterable[Mapping[str, Any]]:
    try:
        table = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        names = [name.strip() for name in table.fieldnames or ()]
        table.fieldnames = names
        if not {"atena_no", "name"} <= set(names):
            raise AddresseesError("the list's first line must name atena_no and name")
        rows = list(table)
    except csv.Error as error:
        raise AddresseesError(f"the list is no CSV: {error}") from error
    if len(rows) > MOST:
        raise AddresseesError(f"the list has more than {MOST} persons; split it")
    return rows


def _person(row: int, values: Mapping[str, Any]) -> Addressee:
    number, name, address = (values.get(key) for key in ("atena_no", "name", "address"))
    if not isinstance(number, str) or not NUMBER.fullmatch(number.strip()):
        raise AddresseesError(
            f"row {row} of the list has no number; numbers are text, zeros in front included"
        )
    if not isinstance(name, str) or not name.strip():
        raise AddresseesError(f"row {row} of the list has no name")
    return Addressee(
        number.strip(), name.strip(), address.strip() if isinstance(address, str) else ""
    )
