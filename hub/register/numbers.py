"""Outside numbers (宛名番号) of residents: which resident a number of the core systems means.

The register is made again from the log; these numbers come from elsewhere and lie beside it.
"""

import csv
import hashlib
import io
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hub.errors import BadRequestError, ConflictError
from hub.log.entry import EntryKind
from hub.messages.addressing.addressees import NUMBER
from hub.office import Office
from hub.review.access import hidden_residents
from hub.storage.tables import Filing, RegisterChange, Resident, ResidentNumber

NUMBER_COLUMN: Final = "atena_no"
RESIDENT_COLUMN: Final = "resident_id"
RECEPTION_COLUMN: Final = "reception_number"
BYTES: Final = 64 * 1024 * 1024


def import_numbers(office: Office, data: bytes, actor: str) -> int:
    """Link the numbers of a CSV to residents; returns how many. All of them, or none.

    Columns: `atena_no`, and `resident_id` or `reception_number` (of a notification that touched one
    resident only). A resident's former number is replaced. BadRequestError names the lines that are
    wrong; ConflictError when a number is another resident's already.
    """
    rows = _rows(data)
    with office.journal.appending() as append:
        session = append.session
        linked = _linked(session, rows)
        _refuse_taken(session, linked)
        session.execute(delete(ResidentNumber).where(ResidentNumber.resident_id.in_(linked)))
        session.add_all(
            ResidentNumber(
                atena_no=number, resident_id=resident, set_us=append.time_us, set_by=actor
            )
            for resident, number in linked.items()
        )
        body = {
            "action": "resident-numbers",
            "count": len(linked),
            "sha256": hashlib.sha256(data).digest(),
        }
        append.office(EntryKind.DOCUMENT, actor, body)
    return len(linked)


def residents_of(session: Session, numbers: Collection[str]) -> Mapping[str, str]:
    """The residents whom these numbers mean, where that is known."""
    rows = session.execute(select(ResidentNumber.atena_no, ResidentNumber.resident_id))
    return {number: resident for number, resident in rows if number in numbers}


def hidden_numbers(session: Session) -> frozenset[str]:
    """Numbers of residents whom only the protected desk sees: the flagged and their households."""
    hidden = hidden_residents(session)
    rows = session.execute(select(ResidentNumber.atena_no, ResidentNumber.resident_id))
    return frozenset(number for number, resident in rows if resident in hidden)


def hidden_names(session: Session) -> frozenset[str]:
    """Names of these residents, without white space: pages may bear one and no number."""
    names = select(Resident.name_plain).where(Resident.resident_id.in_(hidden_residents(session)))
    return frozenset("".join(name.split()) for name in session.scalars(names) if name.strip())


def _rows(data: bytes) -> Sequence[tuple[int, Mapping[str, str]]]:
    if len(data) > BYTES:
        raise BadRequestError("the file is larger than 64 MiB; split it")
    try:
        table = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
        columns = {name.strip() for name in table.fieldnames or ()}
        if NUMBER_COLUMN not in columns or not columns & {RESIDENT_COLUMN, RECEPTION_COLUMN}:
            raise BadRequestError(
                "the first line must name atena_no and resident_id (or reception_number)"
            )
        table.fieldnames = [name.strip() for name in table.fieldnames or ()]
        return [
            (table.line_num, {k: (v or "").strip() for k, v in row.items() if isinstance(k, str)})
            for row in table
        ]
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadRequestError("the file is no CSV in UTF-8; save it as such") from error


def _linked(session: Session, rows: Sequence[tuple[int, Mapping[str, str]]]) -> dict[str, str]:
    """Resident to number; BadRequestError for the lines that do not say so clearly."""
    known = frozenset(session.scalars(select(Resident.resident_id)))
    found: dict[str, str] = {}
    wrong: list[int] = []
    for line, row in rows:
        number = row.get(NUMBER_COLUMN, "")
        resident = row.get(RESIDENT_COLUMN) or _touched_by(session, row.get(RECEPTION_COLUMN, ""))
        clear = NUMBER.fullmatch(number) and resident in known and resident not in found
        if not clear or resident is None or number in found.values():
            wrong.append(line)
        else:
            found[resident] = number
    if wrong or not found:
        named = ", ".join(map(str, wrong[:20])) or "1"
        raise BadRequestError(
            f"line {named}: no number, no such resident, several residents, or one named twice; "
            "nothing was changed"
        )
    return found


def _touched_by(session: Session, reception_number: str) -> str | None:
    """The one resident whom the notification with this number touched; None when not one."""
    if not reception_number:
        return None
    found = session.scalars(
        select(RegisterChange.resident_id)
        .join(Filing, Filing.decision_index == RegisterChange.log_index)
        .where(Filing.reception_number == reception_number)
    ).all()
    return found[0] if len(found) == 1 else None


def _refuse_taken(session: Session, linked: Mapping[str, str]) -> None:
    """ConflictError when a number would move from a resident who keeps it."""
    rows = session.scalars(select(ResidentNumber)).all()
    holders = {row.atena_no: row.resident_id for row in rows}
    for resident, number in linked.items():
        holder = holders.get(number)
        if holder is not None and holder != resident and holder not in linked:
            raise ConflictError(
                f"the number of resident {resident} is that of {holder} already; "
                "give that resident's new number in the same file"
            )
