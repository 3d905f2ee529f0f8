"""What follows from how a call ended: handed over, again later, another channel, or a person."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.messages.channels.channel import (
    ChannelError,
    Handed,
    PermanentError,
    RateLimitedError,
    TemporaryError,
    UnknownOutcomeError,
)
from hub.messages.delivery.advancing import announce, hold, next_channel, set_due, set_state
from hub.messages.delivery.ledger import write_sent
from hub.messages.delivery.rules import Case, Rules
from hub.messages.delivery.schedule import SECOND_US
from hub.messages.delivery.states import (
    DispatchState,
    Doubt,
    HoldReason,
    MessageState,
    Outcome,
    Purpose,
)
from hub.storage.tables import (
    Message,
    MessageAttempt,
    MessageDispatch,
    MessageSuppression,
)

OPEN = (DispatchState.CALLING, DispatchState.UNKNOWN, DispatchState.DUE)


def settle(
    session: Session, rules: Rules, dispatch_number: int, result: Handed | ChannelError, now: int
) -> None:
    """Store how the newest attempt of a hand-over ended, and what comes next."""
    dispatch = session.get_one(MessageDispatch, dispatch_number)
    case = Case(session, rules, session.get_one(Message, dispatch.message), dispatch, now)
    _close_attempt(session, dispatch, result, now)
    dispatch.changed_us = now
    if isinstance(result, Handed):
        handed_over(case, result)
    elif dispatch.state == DispatchState.CALLING:  # else a report has said more meanwhile
        _failed(case, result)


def handed_over(case: Case, handed: Handed) -> None:
    """The other side took it. May be said twice, by the call and by a report."""
    dispatch = case.dispatch
    dispatch.reference = dispatch.reference or handed.reference[:256]
    dispatch.doubt = Doubt.NONE.value
    dispatch.changed_us = case.now_us
    if dispatch.state in OPEN:
        dispatch.state, dispatch.reason = DispatchState.HANDED.value, ""
        dispatch.due_us = None
        _message_handed(case)
    if dispatch.purpose == Purpose.MESSAGE:
        write_sent(case, handed)


def refuse(case: Case, reason: str, *, suppress: bool = False) -> None:
    """This channel is not called any more: the next one is tried.

    A legal notice that this channel may have waits for a person instead.
    """
    dispatch, message, now = case.dispatch, case.message, case.now_us
    dispatch.reason, dispatch.due_us, dispatch.changed_us = reason[:64], None, now
    if suppress:
        _suppress(case)
    if _asks_a_person(case):
        _ask_a_person(case)
        return
    late = dispatch.state in (DispatchState.HANDED, DispatchState.DELIVERED)
    dispatch.state = (DispatchState.REFUSED if late else DispatchState.FAILED).value
    case.say("unknown" if dispatch.doubt == Doubt.OPEN else dispatch.state, dispatch.reason)
    if _waited_for(case):
        set_state(message, MessageState.SENDING, now)
        set_due(message, None, now)
        next_channel(case.session, case.rules, message, now)


def _waited_for(case: Case) -> bool:
    """Whether the message stands or falls by this hand-over; not when it arrived by another."""
    message, dispatch = case.message, case.dispatch
    over = message.state in (MessageState.READ, MessageState.CANCELLED)
    return dispatch.purpose == Purpose.MESSAGE and dispatch.channel == message.channel and not over


def _asks_a_person(case: Case) -> bool:
    """Whether a person must decide before a channel is called again: the resident may have it."""
    return case.message.legal and case.dispatch.doubt == Doubt.OPEN and _waited_for(case)


def _ask_a_person(case: Case) -> None:
    case.dispatch.state, case.dispatch.due_us = DispatchState.UNKNOWN.value, None
    hold(case.session, case.message, HoldReason.OUTCOME_UNKNOWN, case.now_us)


def _message_handed(case: Case) -> None:
    message, dispatch, now = case.message, case.dispatch, case.now_us
    case.say(f"handed_{dispatch.purpose}")
    elsewhere = message.state == MessageState.DELIVERED and dispatch.channel != message.channel
    if dispatch.purpose != Purpose.MESSAGE or message.state == MessageState.READ or elsewhere:
        return
    traits = case.rules.of(dispatch.channel)
    message.handed_us = message.handed_us or now
    message.step = 0
    set_state(message, MessageState.HANDED if traits.reports else MessageState.SENT, now)
    wait = case.rules.schedule.unread_us(0) if traits.reports else None
    set_due(message, None if wait is None else now + wait, now)
    if message.legal and not traits.paper:
        announce(case.session, case.rules, message, Purpose.ANNOUNCEMENT, now)


def _failed(case: Case, error: ChannelError) -> None:
    dispatch = case.dispatch
    dispatch.reason = error.reason[:64]
    if isinstance(error, PermanentError):
        _failed_for_good(case, error)
        return
    if isinstance(error, RateLimitedError):
        dispatch.tries -= 1  # the other side did not even look at it
    unknown = isinstance(error, UnknownOutcomeError)
    if unknown:
        dispatch.doubt = Doubt.OPEN.value
    if _asks_a_person(case) and not case.rules.of(dispatch.channel).keeps_keys:
        _ask_a_person(case)
    elif _spent(case, unknown=unknown):
        refuse(case, error.reason)
    else:
        _again(case, error, unknown=unknown)


def _failed_for_good(case: Case, error: PermanentError) -> None:
    if error.person and _waited_for(case):
        case.dispatch.state = DispatchState.FAILED.value
        case.say(DispatchState.FAILED, case.dispatch.reason)
        hold(case.session, case.message, HoldReason.LETTER_CHECKS, case.now_us)
    else:
        if case.rules.of(case.dispatch.channel).keeps_keys:
            # It would have said of this key that it has it. Without keys it speaks of this call.
            case.dispatch.doubt = Doubt.NONE.value
        refuse(case, error.reason, suppress=error.suppress)


def _spent(case: Case, *, unknown: bool) -> bool:
    """Whether this channel was tried often enough, or for long enough."""
    dispatch, schedule = case.dispatch, case.rules.schedule
    keeps_keys = case.rules.of(dispatch.channel).keeps_keys
    most = schedule.retries if keeps_keys or not unknown else schedule.blind_retries
    old = case.now_us - dispatch.created_us > schedule.give_up_s * SECOND_US
    return dispatch.tries > most or old


def _again(case: Case, error: ChannelError, *, unknown: bool) -> None:
    dispatch, now = case.dispatch, case.now_us
    # That this call was not taken says nothing of the one before it.
    doubtful = dispatch.doubt == Doubt.OPEN
    dispatch.state = (DispatchState.UNKNOWN if doubtful else DispatchState.DUE).value
    dispatch.due_us = case.rules.schedule.next_us(now, error.again_s)
    dispatch.due_set_us = now
    if _waited_for(case):
        state = MessageState.UNKNOWN if doubtful else MessageState.SENDING
        set_state(case.message, state, now, dispatch.reason)
    if not isinstance(error, RateLimitedError):
        case.say("unknown" if unknown else "retry", dispatch.reason)


def _suppress(case: Case) -> None:
    """Never use the address again that this went to; the resident may have another by now."""
    dispatch = case.dispatch
    if dispatch.address_sha256 is not None:
        case.session.merge(
            MessageSuppression(
                channel=dispatch.channel,
                address_sha256=dispatch.address_sha256,
                reason=dispatch.reason,
                since_us=case.now_us,
            )
        )
        case.session.flush()


def _close_attempt(
    session: Session, dispatch: MessageDispatch, result: Handed | ChannelError, now: int
) -> None:
    attempt = session.scalar(
        select(MessageAttempt)
        .where(MessageAttempt.dispatch == dispatch.number)
        .order_by(MessageAttempt.ordinal.desc())
        .limit(1)
    )
    if attempt is None or attempt.finished_us is not None:
        return
    attempt.finished_us = now
    attempt.outcome = outcome_of(result).value
    attempt.reason = "" if isinstance(result, Handed) else result.reason[:64]


def outcome_of(result: Handed | ChannelError) -> Outcome:
    """The word for a result; an error of no kind known is an unknown outcome."""
    if isinstance(result, Handed):
        return Outcome.HANDED
    if isinstance(result, TemporaryError):
        return Outcome.TEMPORARY
    return Outcome.PERMANENT if isinstance(result, PermanentError) else Outcome.UNKNOWN
