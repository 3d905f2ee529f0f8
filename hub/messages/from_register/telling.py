"""Makes the messages about decisions that were noted, after the decisions were committed.

A decision is told once: its message's key holds the log index of the decision, and the note is
marked in the transaction in which delivery accepts the message.
"""

import datetime as dt
import logging

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.alarms import AlarmKind, raise_alarm
from hub.errors import StorageError
from hub.log.entry import SYSTEM
from hub.messages.channels.channel import PostalAddress
from hub.messages.delivery.accepting import accept
from hub.messages.delivery.advancing import set_due, set_state, withdraw_open
from hub.messages.delivery.recipients import reach
from hub.messages.delivery.registering import Wishes, wish
from hub.messages.delivery.resident_key import key_of, key_of_notification
from hub.messages.delivery.rules import has_it, say
from hub.messages.delivery.states import CancelReason, MessageState
from hub.messages.from_register.addressee import Notifier, notifier_of
from hub.messages.from_register.letter import Told, write
from hub.messages.from_register.queueing import TellingState
from hub.messages.from_register.wished import adopt
from hub.messages.message.content import Recipient
from hub.messages.message.contents import recipient
from hub.messages.message.era_text import both
from hub.messages.sending.outbound import outgoing
from hub.office import Office
from hub.register.names import read_name
from hub.review.access import hidden_residents
from hub.review.events import read_notification
from hub.review.filing import FilingState
from hub.storage.tables import DecisionMessage, Filing, Household, Message, Resident
from intake.characters import NameText

NO_ADDRESSEE = "no-addressee"
PROTECTED = "protected"
UNSENT = (MessageState.CREATED, MessageState.HELD, MessageState.SENDING)

logger = logging.getLogger(__name__)


class NotTellableError(Exception):
    """The decision cannot be told without a person; `code` says why, in a word."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def tell_due(office: Office, most: int = 20) -> int:
    """Make the messages of at most `most` decisions; returns how many notes were dealt with.

    What cannot be made is marked as a problem, with an alarm. StorageError: later again.
    """
    with office.database.reading() as session:
        waiting = session.scalars(
            select(DecisionMessage.number)
            .where(DecisionMessage.state == TellingState.WAITING.value)
            .order_by(DecisionMessage.number)
            .limit(most)
        ).all()
    for number in waiting:
        _tell(office, number)
    return len(waiting)


def _tell(office: Office, number: int) -> None:
    try:
        with office.database.writing() as session:
            _tell_within(office, session, number)
    except StorageError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the decision stands; a person looks
        code = error.code if isinstance(error, NotTellableError) else _word(error)
        logger.warning("the decision message %d cannot be made: %s", number, code)
        with office.database.writing() as session:
            row = session.get_one(DecisionMessage, number)
            row.state, row.problem = TellingState.PROBLEM.value, code[:64]
            row.attempts, row.changed_us = row.attempts + 1, office.clock()
            raise_alarm(session, AlarmKind.MESSAGE_FAILED, f"decision {number}", office.clock())


def _word(error: Exception) -> str:
    """A machine word for an error, never its sentence: that could quote a resident."""
    return str(getattr(error, "code", type(error).__name__))


def _tell_within(office: Office, session: Session, number: int) -> None:
    now = office.clock()
    row = session.get_one(DecisionMessage, number)
    if row.state != TellingState.WAITING.value:
        return
    filing = session.get_one(Filing, row.notification_id)
    row.changed_us = now
    if filing.decision_index != row.log_index:
        row.state = TellingState.OVERTAKEN.value
        return
    told = _told(office, session, row, filing)
    content = write(told, office.settings)
    accepted = accept(session, outgoing(content, office.ring.message_key()), SYSTEM, now)
    _overtake(session, row, now)
    row.state, row.problem, row.message = TellingState.MADE.value, "", accepted.number


def _told(office: Office, session: Session, row: DecisionMessage, filing: Filing) -> Told:
    if row.resident_id is not None:
        return _to_resident(session, row, filing, row.resident_id)
    notification = read_notification(session, office.ring, row.identity)
    notifier = notifier_of(notification)
    if notifier is None:
        raise NotTellableError(NO_ADDRESSEE)
    key = key_of_notification(row.notification_id)
    wish(session, key, Wishes(postal=_postal(notifier), protected=row.protected), SYSTEM)
    return Told(row, filing, _recipient(key, notifier.name))


def _to_resident(session: Session, row: DecisionMessage, filing: Filing, resident_id: str) -> Told:
    resident = session.get(Resident, resident_id)
    if resident is None:
        raise NotTellableError(NO_ADDRESSEE)
    released = row.problem == PROTECTED  # the protected desk looked at it and let it go
    if row.protected and resident_id not in hidden_residents(session) and not released:
        raise NotTellableError(PROTECTED)
    key = key_of(session, resident_id)
    adopt(session, row.notification_id, key)
    to = _recipient(key, read_name(session, resident_id), resident.kana)
    language = reach(session, key).language
    accepted = row.action == FilingState.ACCEPTED.value
    facts = _facts(session, resident, language) if accepted else ()
    return Told(row, filing, to, facts, language)


def _recipient(key: str, name: NameText, kana: str = "") -> Recipient:
    """A name with an unresolved character is written as text: 〓 stands where it is."""
    plain = NameText.from_plain(name.plain()) if name.blocks_certificate else name
    return recipient(key, plain, kana)


def _facts(session: Session, resident: Resident, language: str) -> tuple[tuple[str, str], ...]:
    """What the register holds now; of somebody who moved out only when and nothing of where."""
    if resident.moved_out_on:
        return (("moved_out_on", _day(resident.moved_out_on, language)),)
    household = session.get_one(Household, resident.household_id)
    address = f"{household.prefecture_city}{household.town}{household.lot}"
    line = f"{address}　{household.building}" if household.building else address
    return (("address", line), ("moved_on", _day(resident.moved_on, language))) if line else ()


def _day(iso: str, language: str) -> str:
    """A whole day with its era; what is none stays as the register has it."""
    try:
        return both(dt.date.fromisoformat(iso), language)
    except ValueError:
        return iso


def _postal(notifier: Notifier) -> PostalAddress | None:
    address = notifier.address
    if address is None:
        return None
    street = f"{address.prefecture_city}{address.town}{address.lot}"
    lines = (street, address.building) if address.building else (street,)
    return PostalAddress("", lines, notifier.name.plain())


def _overtake(session: Session, row: DecisionMessage, now: int) -> None:
    """Withdraw what an earlier decision about the notification said and no channel may have."""
    earlier = session.scalars(
        select(Message)
        .join(DecisionMessage, DecisionMessage.message == Message.number)
        .where(
            DecisionMessage.notification_id == row.notification_id,
            DecisionMessage.number != row.number,
            Message.state.in_([state.value for state in UNSENT]),
        )
    ).all()
    for message in earlier:
        if has_it(session, message):
            continue
        withdraw_open(session, message, now)
        set_state(message, MessageState.CANCELLED, now, CancelReason.OVERTAKEN)
        set_due(message, None, now)
        say(session, message, "overtaken", now)
