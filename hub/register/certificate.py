"""Preview of a copy of the resident record (住民票の写し), its name drawn by glyph."""

from dataclasses import dataclass

from hub.accounts.staff import StaffMember
from hub.characters.store import own_outlines
from hub.clock import local_date
from hub.errors import ProtectedPersonError, UnresolvedCharacterError
from hub.office import Office
from hub.register.drawing import draw_name
from hub.register.names import read_name
from hub.register.record import Record, record
from hub.review.shown import shown
from intake.notification.era import format_date


@dataclass(frozen=True)
class Certificate:
    """What is printed; `name_svg` is an outline and needs no font of the reader."""

    record: Record
    name_svg: str
    members: tuple[tuple[str, str], ...]
    issued_on: str


def preview(office: Office, staff: StaffMember, resident_id: str) -> Certificate:
    """The certificate of one resident.

    ProtectedPersonError for a protected person (the protected desk issues those on its own way),
    UnresolvedCharacterError while a character of the name is unresolved.
    """
    found = record(office, staff, resident_id)
    if found.protected or any(member.protected for member in found.members):
        raise ProtectedPersonError("no certificate is drawn for a protected person here")
    with office.database.reading() as session:
        names = {
            one.resident_id: read_name(session, one.resident_id)
            for one in (found.row, *found.members)
        }
    if names[resident_id].blocks_certificate:
        raise UnresolvedCharacterError("a character of the name is not resolved yet")
    own = own_outlines(office.database, office.settings.office.code)
    return Certificate(
        record=found,
        name_svg=draw_name(names[resident_id], 28, own),
        members=tuple(
            (draw_name(names[one.resident_id], 18, own), shown("relationship", one.household_role))
            for one in found.members
        ),
        issued_on=format_date(local_date(office.clock())),
    )
