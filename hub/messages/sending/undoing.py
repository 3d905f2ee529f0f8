"""Taking a batch back, letting what was taken back go after all, and trying again what failed."""

import contextlib
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.accounts.staff import StaffMember
from hub.errors import MessageStateError, NotFoundError, RoleError
from hub.log.entry import EntryKind
from hub.messages.delivery.advancing import set_due, set_state, withdraw_open
from hub.messages.delivery.deciding import CANCELLABLE, send_again
from hub.messages.delivery.outgoing import Outgoing
from hub.messages.delivery.rules import has_it, say
from hub.messages.delivery.states import CancelReason, MessageState
from hub.messages.sending import orders
from hub.office import Office
from hub.storage.tables import Message, MessageContent
from intake.office.roster import Role


@dataclass(frozen=True)
class TakenBack:
    """How many messages of a batch were cancelled, and how many a channel has or may have."""

    cancelled: int
    gone: int


def take_back(office: Office, staff: StaffMember, batch: int) -> TakenBack:
    """End the batch's order and cancel each of its messages that no channel has or may have.

    One entry of the log. RoleError outside the senders.
    """
    _require_sender(staff)
    with office.journal.appending() as append:
        session, now = append.session, append.time_us
        order = orders.newest(session, batch)
        if order is not None:
            orders.withdraw(append, staff, order)
        found = session.scalars(select(Message).where(Message.batch == str(batch))).all()
        cancelled = [one for one in found if one.state == MessageState.CANCELLED]
        for message in found:
            if message.state not in CANCELLABLE or has_it(session, message):
                continue
            withdraw_open(session, message, now)
            set_state(message, MessageState.CANCELLED, now, CancelReason.TAKEN_BACK)
            set_due(message, None, now)
            say(session, message, "cancel", now, actor=staff.login)
        after = sum(1 for one in found if one.state == MessageState.CANCELLED)
        count = after - len(cancelled)
        body = {"action": "take_back", "batch": batch, "count": count, "staff_id": staff.staff_id}
        append.office(EntryKind.MESSAGE, staff.login, body)
    office.live.say("messages")
    return TakenBack(count, len(found) - after)


def let_go_after_all(office: Office, staff: StaffMember, number: int) -> int:
    """Undo the cancelling of a message; returns the log index.

    MessageStateError when it is not cancelled, or was overtaken by a later decision.
    """
    _require_sender(staff)
    with office.journal.appending() as append:
        session, now = append.session, append.time_us
        message = session.get(Message, number)
        if message is None:
            raise NotFoundError("there is no such message")
        if message.state != MessageState.CANCELLED or message.reason == CancelReason.OVERTAKEN:
            raise MessageStateError("only a message that a person cancelled goes on after all")
        _go_on(session, message, staff.login, now)
        body = {"action": "go_on", "message": message.message_id, "staff_id": staff.staff_id}
        index = append.office(EntryKind.MESSAGE, staff.login, body)
    office.live.say("messages")
    return index


def let_batch_go_after_all(office: Office, staff: StaffMember, batch: int) -> int:
    """Undo `take_back`; returns how many go on. Those cancelled one by one stay cancelled."""
    _require_sender(staff)
    with office.journal.appending() as append:
        session = append.session
        found = session.scalars(select(Message).where(Message.batch == str(batch))).all()
        again = [one for one in found if _taken_back(one)]
        for message in again:
            _go_on(session, message, staff.login, append.time_us)
        count = len(again)
        body = {"action": "go_on", "batch": batch, "count": count, "staff_id": staff.staff_id}
        append.office(EntryKind.MESSAGE, staff.login, body)
    office.live.say("messages")
    return count


def renew(session: Session, number: int, sealed: Outgoing, actor: str, now: int) -> bool:
    """Let a message that was taken back go on as it is ordered now, with its new signature.

    False when a person cancelled this one alone: that was meant, and stays.
    """
    message = session.get_one(Message, number)
    if not _taken_back(message) or has_it(session, message):
        return False
    session.get_one(MessageContent, number).content = sealed.content
    message.legal, message.not_before_us = sealed.legal, sealed.not_before_us
    message.batch = sealed.batch
    _go_on(session, message, actor, now)
    return True


def count_taken_back(session: Session, batch: int) -> int:
    """How many messages of a batch `let_batch_go_after_all` would let go."""
    found = select(func.count()).where(
        Message.batch == str(batch),
        Message.state == MessageState.CANCELLED.value,
        Message.reason == CancelReason.TAKEN_BACK.value,
    )
    return session.scalar(found) or 0


def retry_failed(office: Office, staff: StaffMember, batch: int) -> int:
    """Try again every message of a batch that failed for good; returns how many those are.

    A channel that was registered or came back meanwhile is found by it.
    """
    with office.database.reading() as session:
        failed = session.scalars(
            select(Message.number).where(
                Message.batch == str(batch),
                Message.state == MessageState.PERMANENT_FAILURE.value,
            )
        ).all()
    again = 0
    for number in failed:
        with contextlib.suppress(MessageStateError):  # somebody sent this one again meanwhile
            send_again(office.journal, staff, number)
            again += 1
    office.live.say("messages")
    return again


def _taken_back(message: Message) -> bool:
    return message.state == MessageState.CANCELLED and message.reason == CancelReason.TAKEN_BACK


def _go_on(session: Session, message: Message, actor: str, now: int) -> None:
    """The way is chosen anew: what is legal, registered or protected may have changed."""
    set_state(message, MessageState.CREATED, now)
    set_due(message, max(now, message.not_before_us or 0), now)
    say(session, message, "go_on", now, actor=actor)


def _require_sender(staff: StaffMember) -> None:
    if not staff.has(Role.SENDER):
        raise RoleError("only a sender takes back what is being sent")
