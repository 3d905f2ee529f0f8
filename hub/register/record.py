"""A resident's record, the list of a notification's residents, and search, all by role."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hub.accounts.staff import StaffMember
from hub.clock import iso
from hub.errors import NotFoundError
from hub.office import Office
from hub.register.movement import CURRENT
from hub.register.names import CharacterView, read_name, views
from hub.review.access import hidden_residents, look, may_see
from hub.review.matching import address_of
from hub.review.shown import shown
from hub.storage.tables import AddressHistory, Household, LogEntry, RegisterChange, Resident

FOUND_AT_MOST = 100


@dataclass(frozen=True)
class ResidentRow:
    """One line of a list. Of a hidden person only the id and that they are protected."""

    resident_id: str
    name: tuple[CharacterView, ...]
    kana: str
    address: str
    household_role: str
    moved_on: str
    birth_date: str
    status: str
    protected: bool
    notification_id: str


@dataclass(frozen=True)
class HistoryLine:
    """One address, or one entry of the log that touched the record."""

    text: str
    since: str
    until: str
    procedure: str
    log_index: int


@dataclass(frozen=True)
class Record:
    """The whole record of one resident."""

    row: ResidentRow
    household_id: str
    members: tuple[ResidentRow, ...]
    facts: tuple[tuple[str, str], ...]
    addresses: tuple[HistoryLine, ...]
    changes: tuple[HistoryLine, ...]
    protected: bool


def search(office: Office, staff: StaffMember, words: str) -> tuple[ResidentRow, ...]:
    """Residents whose name, kana, birth date or id begins with `words`.

    A protected person and who lives with them are found by the protected desk only, and then the
    look is logged.
    """
    text = words.strip().replace("%", "").replace("_", "")
    if not text:
        return ()
    with office.database.reading() as session:
        rows = session.scalars(
            select(Resident)
            .where(
                or_(
                    Resident.name_plain.startswith(text),
                    Resident.kana.startswith(text),
                    Resident.birth_date == text,
                    Resident.resident_id == text,
                )
            )
            .order_by(Resident.kana)
            .limit(FOUND_AT_MOST)
        ).all()
        hidden = hidden_residents(session)
        seen = [row for row in rows if may_see(staff) or row.resident_id not in hidden]
        found = _rows(session, seen, frozenset())
    look(office.journal, staff, [row.resident_id for row in seen], "search")
    return found


def listing(
    office: Office, notification_id: str | None = None, *, staff: StaffMember | None = None
) -> tuple[ResidentRow, ...]:
    """Current residents (of one notification), protected ones without name, kana and address."""
    with office.database.reading() as session:
        query = select(Resident).where(Resident.status == CURRENT)
        if notification_id is not None:
            query = query.where(Resident.notification_id == notification_id)
        rows = session.scalars(query.order_by(Resident.resident_id)).all()
        hidden = hidden_residents(session)
        seen = hidden if staff is not None and may_see(staff) else frozenset[str]()
        found = _rows(session, rows, hidden - seen)
    if seen and staff is not None:
        look(office.journal, staff, [row.resident_id for row in rows], "list")
    return found


def record(office: Office, staff: StaffMember, resident_id: str) -> Record:
    """The record; ProtectedPersonError without the role, and with it the look is logged."""
    with office.database.reading() as session:
        if session.get(Resident, resident_id) is None:
            raise NotFoundError("there is no such resident")
    look(office.journal, staff, [resident_id], "record")
    with office.database.reading() as session:
        resident = session.get_one(Resident, resident_id)
        members = session.scalars(
            select(Resident).where(
                Resident.household_id == resident.household_id, Resident.status == CURRENT
            )
        ).all()
        return Record(
            row=_row(session, resident, hidden=False),
            household_id=resident.household_id,
            members=tuple(_row(session, one, hidden=False) for one in members),
            facts=_facts(resident),
            addresses=_addresses(session, resident_id),
            changes=_changes(session, resident_id),
            protected=resident.protected,
        )


def _rows(
    session: Session, residents: Sequence[Resident], hidden: Collection[str]
) -> tuple[ResidentRow, ...]:
    return tuple(_row(session, one, hidden=one.resident_id in hidden) for one in residents)


def _row(session: Session, resident: Resident, *, hidden: bool) -> ResidentRow:
    if hidden:
        return ResidentRow(
            resident.resident_id,
            (),
            "",
            "",
            "",
            "",
            "",
            resident.status,
            protected=True,
            notification_id="",
        )
    household = session.get_one(Household, resident.household_id)
    return ResidentRow(
        resident_id=resident.resident_id,
        name=views(read_name(session, resident.resident_id)),
        kana=resident.kana,
        address=address_of(household).one_line(),
        household_role=resident.relationship,
        moved_on=resident.moved_on,
        birth_date=resident.birth_date,
        status=resident.status,
        protected=resident.protected,
        notification_id=resident.notification_id,
    )


def _facts(resident: Resident) -> tuple[tuple[str, str], ...]:
    """Field names of the contract with their text; the number of the resident record is masked."""
    code = resident.resident_code
    pairs = {
        "sex": shown("sex", resident.sex),
        "relationship": shown("relationship", resident.relationship),
        "registered_domicile": resident.registered_domicile,
        "domicile_head": resident.domicile_head,
        "nationality": resident.nationality,
        "resident_code": f"*******{code[-4:]}" if code else "",
        "became_resident_on": resident.became_resident_on,
        "notified_on": resident.notified_on,
        "previous_address": resident.previous_address,
        "moved_out_on": resident.moved_out_on,
        "moved_out_to": resident.moved_out_to,
    }
    return tuple((name, text) for name, text in pairs.items() if text)


def _addresses(session: Session, resident_id: str) -> tuple[HistoryLine, ...]:
    rows = session.scalars(
        select(AddressHistory)
        .where(AddressHistory.resident_id == resident_id)
        .order_by(AddressHistory.log_index.desc())
    )
    return tuple(
        HistoryLine(row.address, row.since, row.until, row.procedure, row.log_index) for row in rows
    )


def _changes(session: Session, resident_id: str) -> tuple[HistoryLine, ...]:
    rows = session.execute(
        select(RegisterChange, LogEntry.actor)
        .join(LogEntry, LogEntry.index == RegisterChange.log_index)
        .where(RegisterChange.resident_id == resident_id)
        .order_by(RegisterChange.log_index.desc())
    )
    return tuple(
        HistoryLine(actor, iso(change.recorded_us), "", change.procedure, change.log_index)
        for change, actor in rows
    )
