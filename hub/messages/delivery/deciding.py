"""What a person does to a message: cancel, send again, release an address, note a returned letter.

Every decision is an entry of the log and a line of the message's timeline.
"""

from collections.abc import Callable, Sequence

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
from hub.messages.delivery.rules import Case, Rules, dispatches, has_it, in_doubt, say
from hub.messages.delivery.states import (
    DispatchState,
    Doubt,
    HoldReason,
    MessageState,
    Purpose,
)
from hub.storage.tables import Message, MessageDispatch
from intake.office.roster import Role

Change = Callable[[Session, Message, int], None]
CANCELLABLE = (MessageState.CREATED, MessageState.HELD, MessageState.SENDING)
SEEN = (MessageState.DELIVERED, MessageState.READ)
NO_LETTER_THEN = ("protected_address", "no_address")
"""Why a letter failed that an address released now may carry."""


def cancel(journal: Journal, staff: StaffMember, number: int) -> int:
    """Withdraw a message that no channel took or may have taken; returns the log index.

    MessageStateError when one has it or may have it, also where it waits for a person since.
    """

    def change(session: Session, message: Message, now: int) -> None:
        if message.state not in CANCELLABLE or has_it(session, message):
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
        known = dispatches(session, message)
        for one in known:
            if one.doubt == Doubt.OPEN:
                one.doubt = Doubt.ACCEPTED.value
        _reopen(message, [one for one in known if _stuck(message, one)], now)

    return _decide(journal, _as(staff, Role.SENDER), number, "send_again", change)


def arrived(journal: Journal, rules: Rules, staff: StaffMember, number: int) -> int:
    """A person found out that a message with an unknown outcome did arrive."""

    def change(session: Session, message: Message, now: int) -> None:
        _require(message, MessageState.HELD, MessageState.UNKNOWN)
        unknown = [one for one in dispatches(session, message) if in_doubt(one)]
        if not unknown:
            raise MessageStateError("no channel of this message has an unknown outcome")
        one = unknown[-1]
        # It may have been given up since; a call under way is settled by this word too.
        one.state, message.channel = DispatchState.UNKNOWN.value, one.channel
        handed_over(Case(session, rules, message, one, now), Handed("by hand"))

    return _decide(journal, _as(staff, Role.SENDER), number, "arrived", change)


def release_address(journal: Journal, staff: StaffMember, number: int) -> int:
    """Allow the address of a protected person on the letter of this one message (支援措置)."""

    def change(session: Session, message: Message, now: int) -> None:
        _require(message, MessageState.HELD)
        if message.reason != HoldReason.PROTECTED_ADDRESS:
            raise MessageStateError("this message does not wait for a protected address")
        message.address_released_by = staff.login
        letters = [
            one
            for one in dispatches(session, message)
            if one.state == DispatchState.FAILED and one.reason in NO_LETTER_THEN
        ]
        _reopen(message, letters, now)

    return _decide(journal, _as(staff, Role.PROTECTED_DESK), number, "release_address", change)


def letter_returned(journal: Journal, staff: StaffMember, number: int) -> int:
    """A letter came back: noted once, in the ledger too.

    What reached the resident by another channel stays delivered or read. MessageStateError when no
    letter is out, as for the mistyped number of an e-mail.
    """

    def change(session: Session, message: Message, now: int) -> None:
        out = [
            one
            for one in dispatches(session, message)
            if one.paper and one.state == DispatchState.HANDED and one.purpose == Purpose.MESSAGE
        ]
        if not out or not write_returned(session, message, out[-1].channel, now):
            raise MessageStateError("no letter of this message is out")
        out[-1].state, out[-1].reason = DispatchState.REFUSED.value, "returned"
        if message.state not in SEEN:
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


def _reopen(message: Message, again: Sequence[MessageDispatch], now: int) -> None:
    """Call the last of these once more; without any the way is looked for anew."""
    for one in again[-1:]:
        one.state, one.tries = DispatchState.DUE.value, 0
        one.due_us, one.due_set_us, one.created_us = now, now, now
        message.channel = one.channel
    if again:
        # Looking for a way now would count this one as tried.
        set_state(message, MessageState.SENDING, now)
    else:
        set_state(message, MessageState.CREATED, now)
        set_due(message, max(now, message.not_before_us or 0), now)


def _stuck(message: Message, dispatch: MessageDispatch) -> bool:
    """Whether sending again means this one: what waits for the person, else what failed last."""
    if dispatch.purpose != Purpose.MESSAGE:
        return False
    if message.reason in (HoldReason.OUTCOME_UNKNOWN, HoldReason.LETTER_CHECKS):
        return dispatch.state in (DispatchState.UNKNOWN, DispatchState.FAILED)
    return dispatch.state == DispatchState.FAILED and dispatch.channel == message.channel
