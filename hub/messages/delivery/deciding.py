"""What a person does to a message: cancel, send again, release an address, note a returned letter.

Every decision is an entry of the log and a line of the message's timeline.
"""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.staff import StaffMember
from hub.errors import BadRequestError, MessageStateError, NotFoundError, RoleError
from hub.log.entry import EntryKind
from hub.log.journal import Journal
from hub.messages.channels.channel import Handed
from hub.messages.delivery.advancing import set_due, set_state, withdraw_open
from hub.messages.delivery.circuit import row_of
from hub.messages.delivery.ledger import write_returned
from hub.messages.delivery.outcomes import handed_over
from hub.messages.delivery.rules import Case, Rules, dispatches, say
from hub.messages.delivery.states import DispatchState, HoldReason, MessageState, Purpose
from hub.storage.tables import Message, MessageDispatch
from intake.office.roster import Role

Change = Callable[[Session, Message, int], None]
CANCELLABLE = (MessageState.CREATED, MessageState.HELD, MessageState.SENDING)
NOT_ALLOWED_THEN = ("protected_address", "no_address", "opted_out")


def cancel(journal: Journal, staff: StaffMember, number: int) -> int:
    """Withdraw a message that no channel took or may have taken; returns the log index.

    MessageStateError when one was called and may have it.
    """

    def change(session: Session, message: Message, now: int) -> None:
        called = (DispatchState.CALLING, DispatchState.UNKNOWN)
        if message.state not in CANCELLABLE or any(
            one.state in called for one in dispatches(session, message)
        ):
            raise MessageStateError("a channel has the message or may have it; it cannot be undone")
        withdraw_open(session, message, now)
        set_state(message, MessageState.CANCELLED, now)
        set_due(message, None, now)

    return _decide(journal, _as(staff, Role.SENDER), number, "cancel", change)


def send_again(journal: Journal, staff: StaffMember, number: int) -> int:
    """Let a held or failed message go on: the same hand-over again, then the next channel.

    After an unknown outcome the resident may get it twice; whoever decides knows that.
    """

    def change(session: Session, message: Message, now: int) -> None:
        _require(message, MessageState.HELD, MessageState.PERMANENT_FAILURE)
        again = [one for one in dispatches(session, message) if _stuck(message, one)]
        for one in again[-1:]:
            one.state, one.tries = DispatchState.DUE.value, 0
            one.due_us, one.due_set_us, one.created_us = now, now, now
            message.channel = one.channel
        if again:
            set_state(message, MessageState.SENDING, now)
        else:
            set_state(message, MessageState.CREATED, now)
            set_due(message, max(now, message.not_before_us or 0), now)

    return _decide(journal, _as(staff, Role.SENDER), number, "send_again", change)


def arrived(journal: Journal, rules: Rules, staff: StaffMember, number: int) -> int:
    """A person found out that a message with an unknown outcome did arrive."""

    def change(session: Session, message: Message, now: int) -> None:
        _require(message, MessageState.HELD, MessageState.UNKNOWN)
        unknown = [
            one
            for one in dispatches(session, message)
            if one.state == DispatchState.UNKNOWN and one.purpose == Purpose.MESSAGE
        ]
        if not unknown:
            raise MessageStateError("no channel of this message has an unknown outcome")
        handed_over(Case(session, rules, message, unknown[-1], now), Handed("by hand"))

    return _decide(journal, _as(staff, Role.SENDER), number, "arrived", change)


def release_address(journal: Journal, staff: StaffMember, number: int) -> int:
    """Allow the address of a protected person on the letter of this one message (支援措置)."""

    def change(session: Session, message: Message, now: int) -> None:
        _require(message, MessageState.HELD)
        if message.reason != HoldReason.PROTECTED_ADDRESS:
            raise MessageStateError("this message does not wait for a protected address")
        message.address_released_by = staff.login
        for one in dispatches(session, message):
            if one.state == DispatchState.FAILED and one.reason in NOT_ALLOWED_THEN:
                one.state, one.tries = DispatchState.DUE.value, 0
                one.due_us, one.due_set_us, one.created_us = now, now, now
        set_state(message, MessageState.CREATED, now)
        set_due(message, now, now)

    return _decide(journal, _as(staff, Role.PROTECTED_DESK), number, "release_address", change)


def letter_returned(journal: Journal, staff: StaffMember, number: int) -> int:
    """A letter came back: noted once, in the ledger too."""

    def change(session: Session, message: Message, now: int) -> None:
        letters = [one for one in dispatches(session, message) if one.channel == message.channel]
        sent = message.state == MessageState.SENT and bool(letters)
        if not sent or not write_returned(session, message, message.channel, now):
            raise MessageStateError("no letter of this message is out")
        letters[-1].state, letters[-1].reason = DispatchState.REFUSED.value, "returned"
        set_state(message, MessageState.RETURNED, now)

    return _decide(journal, _as(staff, Role.SENDER), number, "letter_returned", change)


def find_letter(session: Session, printed: str) -> int:
    """The message whose letter carries the number `printed` (typed or scanned); NotFoundError."""
    wanted = printed.strip().upper().removeprefix("M-").lstrip("0")
    if not wanted.isdecimal() or len(wanted) > 18:
        raise BadRequestError("the number on the letter is M- and digits")
    if session.get(Message, int(wanted)) is None:
        raise NotFoundError("no letter carries this number")
    return int(wanted)


def pause_channel(journal: Journal, staff: StaffMember, channel: str, *, pause: bool) -> int:
    """Stop handing over by a channel until a person lets it go on; returns the log index."""
    if not staff.has(Role.SENDER) and not staff.has(Role.OPERATOR):
        raise RoleError("only a sender or an operator pauses a channel")
    with journal.appending() as append:
        row = row_of(append.session, channel, append.time_us)
        row.paused_by = staff.login if pause else ""
        row.paused_until_us, row.failures, row.changed_us = None, 0, append.time_us
        row.reason = "by_hand" if pause else ""
        body = {
            "action": "pause_channel" if pause else "resume_channel",
            "channel": channel,
            "staff_id": staff.staff_id,
        }
        return append.office(EntryKind.MESSAGE, staff.login, body)


def _as(staff: StaffMember, role: Role) -> StaffMember:
    if not staff.has(role):
        raise RoleError(f"only the role {role.value} may do that")
    return staff


def _decide(journal: Journal, staff: StaffMember, number: int, action: str, change: Change) -> int:
    with journal.appending() as append:
        message = append.session.scalar(select(Message).where(Message.number == number))
        if message is None:
            raise NotFoundError("there is no such message")
        change(append.session, message, append.time_us)
        say(append.session, message, action, append.time_us, actor=staff.login)
        body = {"action": action, "message": message.message_id, "staff_id": staff.staff_id}
        return append.office(EntryKind.MESSAGE, staff.login, body)


def _require(message: Message, *states: MessageState) -> None:
    if message.state not in states:
        raise MessageStateError(f"the message is {message.state}; load the page again")


def _stuck(message: Message, dispatch: MessageDispatch) -> bool:
    """Whether sending again means this one: what waits for the person, else what failed last."""
    if dispatch.purpose != Purpose.MESSAGE:
        return False
    if message.reason in (HoldReason.OUTCOME_UNKNOWN, HoldReason.LETTER_CHECKS):
        return dispatch.state in (DispatchState.UNKNOWN, DispatchState.FAILED)
    return dispatch.state == DispatchState.FAILED and dispatch.channel == message.channel
