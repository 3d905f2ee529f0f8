"""Residents as those who send see them: found by number or name, how they may be reached, looks.

A protected person is found and shown by the protected desk only, and each look is logged.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from hub.accounts.staff import StaffMember
from hub.clock import iso
from hub.errors import BadRequestError, NotFoundError, ProtectedPersonError, RoleError
from hub.log.entry import EntryKind
from hub.messages.delivery.recipients import address_hash, reach
from hub.messages.delivery.registering import Wishes, register, release_channel, wish
from hub.messages.delivery.resident_key import key_of, keys_of, resident_of
from hub.messages.sending import timeline
from hub.office import Office
from hub.register.names import CharacterView, read_name, views
from hub.review.access import hidden_residents, may_see
from hub.storage.tables import (
    Message,
    MessageRecipient,
    MessageRegistration,
    MessageSuppression,
    Resident,
    ResidentNumber,
)
from intake.office.roster import Role

FOUND_AT_MOST: Final = 100
MESSAGES_AT_MOST: Final = 200
MAY_CHANGE: Final = (Role.SENDER, Role.CLERK)


@dataclass(frozen=True)
class Found:
    """Somebody who was found. characters: the name in the register; name: as it was printed."""

    key: str
    characters: tuple[CharacterView, ...] = field(default=(), repr=False)
    name: str = field(default="", repr=False)
    protected: bool = False


@dataclass(frozen=True)
class Registered:
    """A registered channel."""

    channel: str
    address: str = field(repr=False)
    rank: int = 1
    opted_in: bool = True
    released_by: str = ""
    suppressed: str = ""
    changed_by: str = ""
    changed_at: str = ""


@dataclass(frozen=True)
class Person:
    """One resident: how they may be reached, and what they were sent."""

    found: Found
    channels: tuple[Registered, ...]
    wishes: Wishes = field(repr=False)
    postal: bool = False
    messages: tuple[timeline.Line, ...] = ()


def protected_key(session: Session, key: str, hidden: Collection[str] | None = None) -> bool:
    """Whether only the protected desk may see who this is.

    hidden: the residents of `hidden_residents`, where many keys are asked about.
    """
    resident = resident_of(session, key)
    known = hidden_residents(session) if hidden is None else hidden
    if resident is not None and resident.resident_id in known:
        return True
    row = session.get(MessageRecipient, key)
    return row is not None and row.protected


def shown_to(
    session: Session, staff: StaffMember, lines: Iterable[timeline.Line]
) -> tuple[timeline.Line, ...]:
    """The lines, without the numbers of protected persons except for their desk."""
    if may_see(staff):
        return tuple(lines)
    hidden = hidden_residents(session)
    return tuple(
        replace(one, atena_no="") if protected_key(session, one.atena_no, hidden) else one
        for one in lines
    )


def look_at(office: Office, staff: StaffMember, key: str, what: str) -> None:
    """Admit a look at a recipient; a protected one's is logged. ProtectedPersonError otherwise."""
    with office.database.reading() as session:
        if not protected_key(session, key):
            return
        resident = resident_of(session, key)
    if not may_see(staff):
        raise ProtectedPersonError("only the protected desk sees this record")
    named = key if resident is None else resident.resident_id
    with office.journal.appending() as append:
        body = {"resident_id": named, "what": what, "staff_id": staff.staff_id}
        append.office(EntryKind.LOOK, staff.login, body)


def search(office: Office, staff: StaffMember, words: str) -> tuple[Found, ...]:
    """Residents by number (whole), name or kana (beginning); protected ones by the desk only."""
    text = "".join(words.split()).replace("%", "").replace("_", "")
    if not text:
        return ()
    with office.database.reading() as session:
        keys = list(dict.fromkeys((*_in_register(session, text), *_beside_it(session, text))))
        found = [_found(session, key) for key in keys[:FOUND_AT_MOST]]
    shown = tuple(one for one in found if may_see(staff) or not one.protected)
    for one in shown:
        look_at(office, staff, one.key, "message_search")
    return shown


def person(office: Office, staff: StaffMember, key: str) -> Person:
    """One resident; ProtectedPersonError without the role, NotFoundError for nobody known."""
    _require_known(office, key)
    look_at(office, staff, key, "message_person")
    with office.database.reading() as session:
        keys = _keys(session, key)
        rows = session.scalars(
            select(MessageRegistration)
            .where(MessageRegistration.atena_no.in_(keys))
            .order_by(MessageRegistration.rank, MessageRegistration.channel)
        ).all()
        messages = session.scalars(
            select(Message)
            .where(Message.atena_no.in_(keys))
            .order_by(Message.number.desc())
            .limit(MESSAGES_AT_MOST)
        ).all()
        reached = reach(session, keys[0])
        return Person(
            found=_found(session, keys[0]),
            channels=tuple(_registered(session, row) for row in rows),
            wishes=Wishes(reached.language, reached.large_print, reached.quiet),
            postal=reached.postal is not None,
            messages=tuple(timeline.line(one) for one in messages),
        )


def put_channel(
    office: Office,
    staff: StaffMember,
    key: str,
    registered: Registered,
) -> None:
    """Register or change a channel of a resident, in the log without its address."""
    _require_change(staff)
    if not 1 <= registered.rank <= 9:
        raise BadRequestError("the order of channels is 1 to 9")
    _require_known(office, key)
    look_at(office, staff, key, "message_channels")
    with office.journal.appending() as append:
        key, *others = _keys(append.session, key)
        # What stood under another key of theirs would go on after they opted out.
        append.session.execute(
            delete(MessageRegistration).where(
                MessageRegistration.atena_no.in_(others),
                MessageRegistration.channel == registered.channel,
            )
        )
        register(
            append.session,
            key,
            registered.channel,
            registered.address.strip(),
            staff.login,
            rank=registered.rank,
            opted_in=registered.opted_in,
            by_person=True,
        )
        body = {
            "action": "register_channel" if registered.opted_in else "opt_out",
            "atena_no": key,
            "channel": registered.channel,
            "staff_id": staff.staff_id,
        }
        append.office(EntryKind.MESSAGE, staff.login, body)
    office.live.say("messages")


def release(office: Office, staff: StaffMember, key: str, channel: str, *, allow: bool) -> None:
    """Let a channel be used for a protected person, or no longer; under whichever key it stands."""
    with office.database.reading() as session:
        keys = _keys(session, key)
        found = session.scalars(
            select(MessageRegistration.atena_no).where(
                MessageRegistration.atena_no.in_(keys), MessageRegistration.channel == channel
            )
        ).all()
    for one in found or keys[:1]:
        release_channel(office.journal, staff, one, channel, release=allow)
    office.live.say("messages")


def put_wishes(office: Office, staff: StaffMember, key: str, wishes: Wishes) -> None:
    """Store language, large print and quiet hours; what else is known of the resident stays.

    NotFoundError for nobody known, as everywhere here: a number that was mistyped gets no row.
    """
    _require_change(staff)
    _require_known(office, key)
    look_at(office, staff, key, "message_channels")
    with office.journal.appending() as append:
        session = append.session
        key = _keys(session, key)[0]
        wish(session, key, wishes, staff.login)
        body = {"action": "wishes", "atena_no": key, "staff_id": staff.staff_id}
        append.office(EntryKind.MESSAGE, staff.login, body)
    office.live.say("messages")


def _require_change(staff: StaffMember) -> None:
    if not any(staff.has(role) for role in MAY_CHANGE):
        raise RoleError("only a clerk or a sender changes how a resident is reached")


def _require_known(office: Office, key: str) -> None:
    with office.database.reading() as session:
        if not _known(session, key):
            raise NotFoundError("nobody was written to under this number")


def _keys(session: Session, key: str) -> Sequence[str]:
    resident = resident_of(session, key)
    return (key,) if resident is None else keys_of(session, resident.resident_id)


def _known(session: Session, key: str) -> bool:
    return (
        resident_of(session, key) is not None
        or session.get(MessageRecipient, key) is not None
        or session.scalar(select(Message.number).where(Message.atena_no == key).limit(1))
        is not None
        or session.scalar(
            select(MessageRegistration.channel).where(MessageRegistration.atena_no == key).limit(1)
        )
        is not None
    )


def _in_register(session: Session, text: str) -> Sequence[str]:
    rows = session.scalars(
        select(Resident.resident_id)
        .outerjoin(ResidentNumber, ResidentNumber.resident_id == Resident.resident_id)
        .where(
            or_(
                Resident.name_plain.startswith(text),
                Resident.kana.startswith(text),
                Resident.resident_id == text,
                ResidentNumber.atena_no == text,
            )
        )
        .order_by(Resident.kana)
        .limit(FOUND_AT_MOST)
    ).all()
    return [key_of(session, row) for row in rows]


def _beside_it(session: Session, text: str) -> Sequence[str]:
    """Those whom only lists and messages name."""
    named = session.scalars(
        select(MessageRecipient.atena_no)
        .where(or_(MessageRecipient.atena_no == text, MessageRecipient.name.startswith(text)))
        .order_by(MessageRecipient.atena_no)
        .limit(FOUND_AT_MOST)
    ).all()
    written = session.scalars(select(Message.atena_no).where(Message.atena_no == text).limit(1))
    return [key for key in (*named, *written.all()) if resident_of(session, key) is None]


def _found(session: Session, key: str) -> Found:
    resident = resident_of(session, key)
    protected = protected_key(session, key)
    if resident is not None:
        return Found(key, views(read_name(session, resident.resident_id)), "", protected)
    row = session.get(MessageRecipient, key)
    return Found(key, (), "" if row is None else row.name, protected)


def _registered(session: Session, row: MessageRegistration) -> Registered:
    held = session.get(MessageSuppression, (row.channel, address_hash(row.address)))
    return Registered(
        channel=row.channel,
        address=row.address,
        rank=row.rank,
        opted_in=row.opted_in,
        released_by=row.released_by or "",
        suppressed="" if held is None else held.reason,
        changed_by=row.changed_by,
        changed_at=iso(row.changed_us),
    )
