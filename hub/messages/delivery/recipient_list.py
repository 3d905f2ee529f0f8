"""Channels and wishes of many residents at once, as another system exports them.

A CSV with a heading; a line is one channel of one resident. All of it is taken or nothing is.
"""

import csv
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from sqlalchemy.orm import Session

from hub.errors import BadRequestError, RecipientListError
from hub.log.entry import EntryKind
from hub.log.journal import Journal
from hub.messages.channels.channel import PostalAddress
from hub.messages.delivery.recipients import reach
from hub.messages.delivery.registering import Wishes, register, wish

BYTES: Final = 64 * 1024 * 1024
WISHES: Final = ("language", "large_print", "quiet_from", "quiet_until")
POSTAL: Final = ("name", "postal_code", "address", "building")
COLUMNS: Final = ("atena_no", "channel", "to", "rank", "opted_in", *WISHES, *POSTAL)
_YES, _NO = ("1", "yes", "true"), ("", "0", "no", "false")
MINUTES_AN_HOUR: Final = 60


@dataclass(frozen=True)
class Line:
    """One line: a resident's channel (none: only wishes) and what else it says of them.

    named: the columns of wishes that say something.
    """

    atena_no: str
    channel: str
    to: str = field(repr=False)
    rank: int = 1
    opted_in: bool = True
    wishes: Wishes | None = field(default=None, repr=False)
    named: frozenset[str] = frozenset()


def read(data: bytes) -> tuple[Line, ...]:
    """The lines of a CSV in UTF-8; RecipientListError names the first line that is wrong."""
    if len(data) > BYTES:
        raise RecipientListError("the list is larger than 64 MiB; split it")
    try:
        text = data.decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise RecipientListError("the list is no CSV in UTF-8; save it so") from error
    unknown = {name for row in rows for name in row if name not in COLUMNS}
    if unknown or not rows or "atena_no" not in rows[0]:
        raise RecipientListError(
            f"the first line names columns, atena_no first, out of {', '.join(COLUMNS)}"
        )
    return tuple(_line(number, row) for number, row in enumerate(rows, start=2))


def take(journal: Journal, data: bytes, actor: str) -> int:
    """Store what the list says; the number of its lines. What it does not name stays as it is.

    RecipientListError when anything in it is wrong; then nothing is stored.
    """
    lines = read(data)
    with journal.appending() as append:
        for number, line in enumerate(lines, start=2):
            try:
                if line.channel:
                    register(
                        append.session,
                        line.atena_no,
                        line.channel,
                        line.to,
                        actor,
                        rank=line.rank,
                        opted_in=line.opted_in,
                    )
                if line.wishes is not None:
                    wish(append.session, line.atena_no, _completed(append.session, line), actor)
            except BadRequestError as error:
                raise RecipientListError(f"line {number}: {error}") from error
        body = {
            "action": "import_recipients",
            "lines": len(lines),
            "list_sha256": hashlib.sha256(data).digest(),
        }
        append.office(EntryKind.MESSAGE, actor, body)
    return len(lines)


def _line(number: int, row: Mapping[str, str | None]) -> Line:
    given = {name: (value or "").strip() for name, value in row.items()}
    if not given["atena_no"]:
        raise RecipientListError(f"line {number}: atena_no is empty")
    if bool(given.get("channel")) != bool(given.get("to")):
        raise RecipientListError(f"line {number}: channel and to are given together or not at all")
    try:
        return Line(
            given["atena_no"],
            given.get("channel", ""),
            given.get("to", ""),
            int(given.get("rank") or "1"),
            _flag("opted_in", given.get("opted_in") or "yes"),
            _wishes(given),
            frozenset(name for name in WISHES if given.get(name)),
        )
    except ValueError as error:
        raise RecipientListError(f"line {number}: {error}") from error


def _completed(session: Session, line: Line) -> Wishes:
    """The wishes of a line; what it leaves empty is as it was."""
    wishes, known = line.wishes or Wishes(), reach(session, line.atena_no)
    return replace(
        wishes,
        language=wishes.language if "language" in line.named else known.language,
        large_print=wishes.large_print if "large_print" in line.named else known.large_print,
        quiet=wishes.quiet or known.quiet,
    )


def _wishes(given: Mapping[str, str]) -> Wishes | None:
    if not any(given.get(name) for name in (*WISHES, *POSTAL)):
        return None
    quiet = given.get("quiet_from"), given.get("quiet_until")
    return Wishes(
        language=given.get("language") or "ja",
        large_print=_flag("large_print", given.get("large_print", "")),
        quiet=(_minutes(quiet[0]), _minutes(quiet[1])) if quiet[0] and quiet[1] else None,
        postal=_postal(given),
    )


def _postal(given: Mapping[str, str]) -> PostalAddress | None:
    if not given.get("address"):
        return None
    lines = tuple(part for part in (given["address"], given.get("building", "")) if part)
    return PostalAddress(given.get("postal_code", ""), lines, given.get("name", ""))


def _flag(name: str, value: str) -> bool:
    if value.lower() not in (*_YES, *_NO):
        raise ValueError(f"{name} is yes or no")
    return value.lower() in _YES


def _minutes(clock: str) -> int:
    """22:30 as a minute of the day."""
    hours, _, minutes = clock.partition(":")
    if not (hours.isdecimal() and minutes.isdecimal() and int(minutes) < MINUTES_AN_HOUR):
        raise ValueError("quiet hours are written 22:30")
    return int(hours) * MINUTES_AN_HOUR + int(minutes)
