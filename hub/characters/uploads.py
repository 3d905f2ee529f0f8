"""Files that operators gave, while they look at what was found in them; gone after a day."""

import secrets
from dataclasses import dataclass
from typing import IO, Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hub.accounts.staff import StaffMember
from hub.characters.changes import Origin
from hub.characters.reading import Upload, decode_choices, encode_choices, read_upload
from hub.errors import NotFoundError
from hub.file_names import shown_name
from hub.office import Office
from hub.storage.tables import OfficeGlyph, OfficeGlyphUpload
from intake.office.outline import GlyphOutline

LIFE_US: Final = 86_400 * 1_000_000
MOST_WAITING: Final = 20


@dataclass(frozen=True)
class Waiting:
    """An upload to look at: outlines by label, the scan they were traced from, what it is for."""

    number: str
    replaces: str | None
    choices: tuple[tuple[str, GlyphOutline], ...]
    origin: Origin


def keep(
    office: Office,
    staff: StaffMember,
    file: IO[bytes],
    *,
    file_name: str,
    wanted: str = "",
    replaces: str | None = None,
) -> str:
    """Read a file and keep what was found; its number. GlyphRefusedError when nothing was."""
    found = read_upload(file, wanted)
    number = secrets.token_hex(16)
    now = office.clock()
    with office.database.writing() as session:
        _tidy(session, staff.login, now)
        session.add(
            OfficeGlyphUpload(
                number=number,
                login=staff.login,
                created_us=now,
                replaces=replaces,
                file_name=shown_name(file_name),
                file_sha256=found.file_sha256,
                original=found.original,
                choices=encode_choices(found.choices),
            )
        )
    return number


def retrace(office: Office, staff: StaffMember, number: str, file: IO[bytes], level: int) -> Upload:
    """Trace the kept scan at another grey, and keep that."""
    found = read_upload(file, "", level)
    with office.database.writing() as session:
        _own(session, staff, number).choices = encode_choices(found.choices)
    return found


def waiting(session: Session, staff: StaffMember, number: str) -> Waiting:
    """An upload of this operator; NotFoundError when it is gone or somebody else's."""
    row = _own(session, staff, number)
    return Waiting(
        number=row.number,
        replaces=row.replaces,
        choices=decode_choices(row.choices),
        origin=Origin(row.file_name, row.file_sha256, row.original),
    )


def drop(office: Office, staff: StaffMember, number: str) -> None:
    """Throw an upload away; it may be gone already."""
    with office.database.writing() as session:
        session.execute(
            delete(OfficeGlyphUpload).where(
                OfficeGlyphUpload.number == number, OfficeGlyphUpload.login == staff.login
            )
        )


def next_code(session: Session) -> str:
    """A code that is not taken, `G0001` and on."""
    taken = set(session.scalars(select(OfficeGlyph.code)))
    return next(code for n in range(1, 10_000) if (code := f"G{n:04}") not in taken)


def _own(session: Session, staff: StaffMember, number: str) -> OfficeGlyphUpload:
    row = session.get(OfficeGlyphUpload, number)
    if row is None or row.login != staff.login:
        raise NotFoundError("there is no such upload any more; choose the file again")
    return row


def _tidy(session: Session, login: str, now: int) -> None:
    """Drop what is a day old, and of this operator all but the newest."""
    session.execute(delete(OfficeGlyphUpload).where(OfficeGlyphUpload.created_us < now - LIFE_US))
    rows = session.scalars(
        select(OfficeGlyphUpload)
        .where(OfficeGlyphUpload.login == login)
        .order_by(OfficeGlyphUpload.created_us.desc())
        .offset(MOST_WAITING - 1)
    )
    for row in rows.all():
        session.delete(row)
