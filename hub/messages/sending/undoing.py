"""Taking a batch back, letting what was taken back go after all, and trying again what failed."""

from dataclasses import dataclass

from sqlalchemy import select

from hub.accounts.staff import StaffMember
from hub.errors import MessageStateError, NotFoundError, RoleError
from hub.log.entry import EntryKind
from hub.messages.delivery.advancing import set_due, set_state, withdraw_open
from hub.messages.delivery.deciding import CANCELLABLE, send_again
from hub.messages.delivery.rules import dispatches, say
from hub.messages.delivery.states import DispatchState, MessageState, Purpose
from hub.messages.sending import orders
from hub.office import Office
from hub.storage.tables import Message
from intake.office.roster import Role

CALLED = (DispatchState.CALLING, DispatchState.UNKNOWN)
OVERTAKEN = "overtaken"


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
            called = any(one.state in CALLED for one in dispatches(session, message))
            if message.state not in CANCELLABLE or called:
                continue
            withdraw_open(session, message, now)
            set_state(message, MessageState.CANCELLED, now)
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
        if message.state != MessageState.CANCELLED or message.reason == OVERTAKEN:
            raise MessageStateError("only a message that a person cancelled goes on after all")
        begun = [
            one
            for one in dispatches(session, message)
            if one.state == DispatchState.CANCELLED and one.purpose == Purpose.MESSAGE
        ]
        for one in begun:
            one.state = DispatchState.DUE.value
            one.due_us, one.due_set_us, one.changed_us = now, now, now
        set_state(message, MessageState.SENDING if begun else MessageState.CREATED, now)
        set_due(message, None if begun else max(now, message.not_before_us or 0), now)
        say(session, message, "go_on", now, actor=staff.login)
        body = {"action": "go_on", "message": message.message_id, "staff_id": staff.staff_id}
        index = append.office(EntryKind.MESSAGE, staff.login, body)
    office.live.say("messages")
    return index


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
    for number in failed:
        send_again(office.journal, staff, number)
    office.live.say("messages")
    return len(failed)


def _require_sender(staff: StaffMember) -> None:
    if not staff.has(Role.SENDER):
        raise RoleError("only a sender takes back what is being sent")
