"""How whoever notifies wants to be told, noted while the notification is under review.

It stands under the notification's own key until the person is in the register, and is theirs then.
"""

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.staff import StaffMember
from hub.errors import BadRequestError, SupersededError
from hub.log.entry import EntryKind
from hub.messages.channels.building import channels_of
from hub.messages.delivery.registering import register
from hub.messages.delivery.resident_key import key_of_notification
from hub.office import Office
from hub.review.decide import find_filing
from hub.review.filing import FilingState
from hub.storage.tables import MessageRegistration


@dataclass(frozen=True)
class Wished:
    """A channel that was wished for and the address in it."""

    channel: str
    to: str = field(repr=False)


def offered(office: Office) -> tuple[str, ...]:
    """The channels that somebody at the counter can be offered: all but the letter."""
    return tuple(one.name for one in channels_of(office) if not one.traits.paper)


def wished(session: Session, notification_id: str) -> tuple[Wished, ...]:
    """What was wished for so far."""
    rows = _rows(session, key_of_notification(notification_id))
    return tuple(Wished(row.channel, row.address) for row in rows)


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
            register(session, key, channel, to.strip(), staff.login)
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
    """Hand what was wished for over to the resident; what they registered before stays theirs."""
    for row in _rows(session, key_of_notification(notification_id)):
        if session.get(MessageRegistration, (key, row.channel)) is None:
            register(session, key, row.channel, row.address, row.changed_by, rank=row.rank)
        session.delete(row)
    session.flush()


def _rows(session: Session, key: str) -> list[MessageRegistration]:
    found = select(MessageRegistration).where(MessageRegistration.atena_no == key)
    return list(session.scalars(found.order_by(MessageRegistration.rank)))
