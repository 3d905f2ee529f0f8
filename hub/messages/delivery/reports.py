"""What channels report afterwards: delivered, read, refused; and what they cannot know."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.messages.channels.channel import Handed, Receipt, ReceiptKind
from hub.messages.delivery.advancing import announce, set_due, set_state, withdraw_open
from hub.messages.delivery.outcomes import handed_over, refuse
from hub.messages.delivery.rules import Case, Rules
from hub.messages.delivery.states import DispatchState, Doubt, MessageState, Purpose
from hub.storage.tables import Message, MessageAttempt, MessageDispatch

MAYBE_NEVER_CALLED = (DispatchState.DUE, DispatchState.CANCELLED, DispatchState.FAILED)
DONE = (DispatchState.READ, DispatchState.REFUSED)
GIVEN_UP = (
    MessageState.SENDING,
    MessageState.UNKNOWN,
    MessageState.HELD,
    MessageState.PERMANENT_FAILURE,
)
"""The channel that now says that the message lies in its box was given up; another is tried."""


def take(
    session: Session, rules: Rules, channel: str, receipts: Sequence[Receipt], now_us: int
) -> int:
    """Apply reports, each of which may come again; returns how many were about nothing we sent."""
    return sum(not _take_one(session, rules, channel, receipt, now_us) for receipt in receipts)


def _take_one(session: Session, rules: Rules, channel: str, receipt: Receipt, now: int) -> bool:
    dispatch = session.scalar(select(MessageDispatch).where(MessageDispatch.key == receipt.key))
    if dispatch is None or dispatch.channel != channel:
        return False
    if dispatch.state in MAYBE_NEVER_CALLED and not _called(session, dispatch):
        return False  # it cannot have what it was never given
    if dispatch.state in DONE:
        return True
    message = session.get_one(Message, dispatch.message)
    case = Case(session, rules, message, dispatch, now)
    if receipt.kind is ReceiptKind.REFUSED:
        dispatch.doubt = Doubt.NONE.value
        refuse(case, receipt.reason or "refused", suppress=receipt.suppress)
        return True
    handed_over(case, Handed(dispatch.reference))
    if dispatch.purpose == Purpose.MESSAGE:
        _seen(case, receipt.kind)
    else:
        dispatch.state = DispatchState(receipt.kind.value).value
    return True


def _seen(case: Case, kind: ReceiptKind) -> None:
    message, dispatch, now = case.message, case.dispatch, case.now_us
    if kind is ReceiptKind.DELIVERED and dispatch.state == DispatchState.DELIVERED:
        return
    dispatch.state = DispatchState(kind.value).value
    case.say(kind.value)
    message.delivered_us = message.delivered_us or now
    if kind is ReceiptKind.READ:
        message.read_us = message.read_us or now
        set_state(message, MessageState.READ, now)
        set_due(message, None, now)
        withdraw_open(case.session, message, now)
    elif message.state in GIVEN_UP:
        _arrived_all_the_same(case)
    elif message.state == MessageState.HANDED:
        set_state(message, MessageState.DELIVERED, now)


def _arrived_all_the_same(case: Case) -> None:
    """Begin the time for reading it, and call no other channel with it."""
    message, now = case.message, case.now_us
    withdraw_open(case.session, message, now)
    message.channel, message.step = case.dispatch.channel, 0
    message.handed_us = message.handed_us or now
    set_state(message, MessageState.DELIVERED, now)
    wait = case.rules.schedule.unread_us(0)
    set_due(message, None if wait is None else now + wait, now)
    if message.legal:
        announce(case.session, case.rules, message, Purpose.ANNOUNCEMENT, now)


def _called(session: Session, dispatch: MessageDispatch) -> bool:
    statement = select(MessageAttempt.number).where(MessageAttempt.dispatch == dispatch.number)
    return session.scalar(statement.limit(1)) is not None
