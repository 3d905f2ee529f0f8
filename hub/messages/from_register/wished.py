"""How whoever notifies wants to be told, noted while the notification is under review.

It stands under the notification's own key until the person is in the register, and is theirs then,
unless they registered that channel themselves and it can be used.
"""

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.staff import StaffMember
from hub.errors import BadRequestError, SupersededError
from hub.log.entry import EntryKind
from hub.messages.channels.building import channels_of
from hub.messages.delivery.recipients import address_hash
from hub.messages.delivery.registering import register
from hub.messages.delivery.resident_key import (
    key_of,
    key_of_notification,
    keys_of,
    resident_of,
)
from hub.messages.from_register.addressee import position_of
from hub.office import Office
from hub.review.decide import find_filing
from hub.review.events import notification_of
from hub.review.filing import FilingState
from hub.review.matching import match_persons, proposed_links
from hub.storage.tables import MessageRegistration, MessageSuppression


@dataclass(frozen=True)
class Wished:
    """A channel that was wished for and the address in it."""

    channel: str
    to: str = field(repr=False)


@dataclass(frozen=True)
class Standing:
    """A channel that the resident has already; its address is not for the review page.

    used: whether it carries messages; opted out of or dead, it makes way for a later wish.
    """

    channel: str
    used: bool


def offered(office: Office) -> tuple[str, ...]:
    """The channels that somebody at the counter can be offered: all but the letter."""
    return tuple(one.name for one in channels_of(office) if not one.traits.paper)


def wished(session: Session, notification_id: str) -> tuple[Wished, ...]:
    """What was wished for so far."""
    rows = _rows(session, key_of_notification(notification_id))
    return tuple(Wished(row.channel, row.address) for row in rows)


def standing(office: Office, notification_id: str) -> tuple[Standing, ...]:
    """What the resident whom the notification seems to come from has registered already."""
    with office.database.reading() as session:
        notification = notification_of(session, office.ring, find_filing(session, notification_id))
        if notification is None or not notification.persons:
            return ()
        links = proposed_links(match_persons(session, notification))
        resident = links.get(notification.persons[position_of(notification)].person_id)
        if resident is None:
            return ()
        found: dict[str, bool] = {}
        for row in _registered(session, key_of(session, resident)):
            used = row.opted_in and _suppressed(session, row) is None
            found[row.channel] = found.get(row.channel, False) or used
        return tuple(Standing(channel, used) for channel, used in found.items())


def ask(office: Office, staff: StaffMember, notification_id: str, channel: str, to: str) -> None:
    """Note a channel, or with an empty `to` take it back; logged without the address.

    BadRequestError for a channel that this office does not have, SupersededError when the
    notification has been decided meanwhile.
    """
    if channel not in offered(office):
        raise BadRequestError("this office has no such channel; load the page again")
    key = key_of_notification(notification_id)
    with office.journal.appending() as append:
        session = append.session
        if find_filing(session, notification_id).state != FilingState.WAITING.value:
            raise SupersededError("the notification has been decided; look at it again")
        if to.strip():
            register(session, key, channel, to.strip(), staff.login, by_person=True)
        else:
            row = session.get(MessageRegistration, (key, channel))
            if row is not None:
                session.delete(row)
        body = {
            "action": "notifier_channel",
            "notification_id": notification_id,
            "channel": channel,
            "given": bool(to.strip()),
            "staff_id": staff.staff_id,
        }
        append.office(EntryKind.MESSAGE, staff.login, body)


def adopt(session: Session, notification_id: str, key: str) -> None:
    """Hand what was wished for over to the resident.

    What they registered before stays, unless they had opted out of it, or it had died, before they
    wished. An opt-out since then ends what they had.
    """
    for row in _rows(session, key_of_notification(notification_id)):
        known = [one for one in _registered(session, key) if one.channel == row.channel]
        if all(_makes_way(session, one, row) for one in known):
            _take_over(session, key, row)
        session.delete(row)
    session.flush()


def _makes_way(session: Session, known: MessageRegistration, row: MessageRegistration) -> bool:
    """Whether what is registered ends with what was said at the counter, by which came later."""
    if known.opted_in != row.opted_in:
        return known.changed_us < row.changed_us
    dead = _suppressed(session, known)
    return dead is not None and dead.since_us < row.changed_us


def _take_over(session: Session, key: str, row: MessageRegistration) -> None:
    for other in _registered(session, key):
        if other.channel == row.channel and other.atena_no != key:
            session.delete(other)  # it would go on beside the one that replaces it
    register(
        session,
        key,
        row.channel,
        row.address,
        row.changed_by,
        rank=row.rank,
        opted_in=row.opted_in,
        said_us=row.changed_us,
    )


def _registered(session: Session, key: str) -> list[MessageRegistration]:
    """What stands under every key of a resident."""
    resident = resident_of(session, key)
    keys = (key,) if resident is None else keys_of(session, resident.resident_id)
    return [row for one in keys for row in _rows(session, one)]


def _suppressed(session: Session, row: MessageRegistration) -> MessageSuppression | None:
    return session.get(MessageSuppression, (row.channel, address_hash(row.address)))


def _rows(session: Session, key: str) -> list[MessageRegistration]:
    found = select(MessageRegistration).where(MessageRegistration.atena_no == key)
    return list(session.scalars(found.order_by(MessageRegistration.rank)))
