"""What a resident registered and wishes, and what the named role releases for the protected."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from hub.accounts.staff import StaffMember
from hub.clock import now_us
from hub.errors import BadRequestError, NotFoundError, RoleError
from hub.log.entry import EntryKind
from hub.log.journal import Journal
from hub.messages.channels.channel import PostalAddress
from hub.messages.delivery.recipients import address_hash
from hub.storage.tables import MessageRecipient, MessageRegistration, MessageSuppression
from intake.office.roster import Role

LANGUAGES: Final = ("ja", "en")
MINUTES_A_DAY: Final = 24 * 60


@dataclass(frozen=True)
class Wishes:
    """How a resident wants to be reached. quiet: minutes of the day in Japan, from and until.

    postal and protected are for residents who are not in this hub's register; None leaves what is
    known of them.
    """

    language: str = "ja"
    large_print: bool = False
    quiet: tuple[int, int] | None = None
    postal: PostalAddress | None = None
    protected: bool | None = None


def register(
    session: Session,
    atena_no: str,
    channel: str,
    address: str,
    actor: str,
    *,
    rank: int = 1,
    opted_in: bool = True,
    by_person: bool = False,
    said_us: int | None = None,
) -> None:
    """Register a channel for a resident, or change it; an opt-out is `opted_in=False`.

    A new address loses the release for a protected person. What is news lifts the suppression by a
    bounce of before: another address, an end of an opt-out, or whatever somebody of the office
    writes (by_person); a list that says the same each night is none. said_us: when it was said, if
    not now. BadRequestError for an empty address.
    """
    if not address.strip() or len(address) > 320 or any(ord(c) < 32 for c in address):
        raise BadRequestError("the address of a channel has 1 to 320 characters in one line")
    row = session.get(MessageRegistration, (atena_no, channel))
    same = row is not None and row.address == address
    news = by_person or not same or (row is not None and not row.opted_in)
    released = row.released_by if row is not None and same else None
    session.merge(
        MessageRegistration(
            atena_no=atena_no,
            channel=channel,
            address=address,
            rank=rank,
            opted_in=opted_in,
            released_by=released,
            changed_by=actor,
            changed_us=now_us(),
        )
    )
    if opted_in and news:
        _lift(session, channel, address, said_us)
    session.flush()


def _lift(session: Session, channel: str, address: str, said_us: int | None) -> None:
    """Use the address again, unless it bounced after the resident had named it."""
    held = session.get(MessageSuppression, (channel, address_hash(address)))
    if held is not None and (said_us is None or held.since_us <= said_us):
        session.delete(held)


def wish(session: Session, atena_no: str, wishes: Wishes, actor: str) -> None:
    """Store how a resident wants to be reached; BadRequestError for what cannot be meant."""
    quiet = wishes.quiet or (None, None)
    if any(minute is not None and not 0 <= minute < MINUTES_A_DAY for minute in quiet):
        raise BadRequestError("quiet hours are minutes of the day, 0 to 1439")
    if wishes.language not in LANGUAGES:
        raise BadRequestError(f"language is one of {', '.join(LANGUAGES)}")
    row = session.get(MessageRecipient, atena_no)
    postal, protected = wishes.postal, wishes.protected
    name, address = ("", "") if row is None else (row.name, row.address)
    if postal is not None:
        name, address = postal.name, "\n".join((postal.postal_code, *postal.lines))
    if protected is None:
        protected = row is not None and row.protected
    session.merge(
        MessageRecipient(
            atena_no=atena_no,
            name=name,
            address=address,
            protected=protected,
            language=wishes.language,
            large_print=wishes.large_print,
            quiet_from=quiet[0],
            quiet_until=quiet[1],
            changed_by=actor,
            changed_us=now_us(),
        )
    )
    session.flush()


def release_channel(
    journal: Journal, staff: StaffMember, atena_no: str, channel: str, *, release: bool
) -> int:
    """Let a protected person be written to by a channel (支援措置), or no longer; logged.

    RoleError outside the protected desk, NotFoundError without such a registration. Returns the
    log index.
    """
    if not staff.has(Role.PROTECTED_DESK):
        raise RoleError("only the protected desk releases a channel of a protected person")
    with journal.appending() as append:
        row = append.session.get(MessageRegistration, (atena_no, channel))
        if row is None:
            raise NotFoundError("the resident has not registered this channel")
        row.released_by = staff.login if release else None
        body = {
            "action": "release_channel" if release else "withdraw_release",
            "atena_no": atena_no,
            "channel": channel,
            "staff_id": staff.staff_id,
        }
        return append.office(EntryKind.MESSAGE, staff.login, body)
