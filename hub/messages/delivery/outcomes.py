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
    dispatch.changed_us = case.now_us
    if dispatch.state in OPEN:
        dispatch.state, dispatch.reason = DispatchState.HANDED.value, ""
        dispatch.due_us = None
        _message_handed(case)
    if dispatch.purpose == Purpose.MESSAGE:
        write_sent(case, handed)


def refuse(case: Case, reason: str, *, suppress: bool = False) -> None:
    """This channel will never deliver it: the next one is tried."""
    dispatch, message, now = case.dispatch, case.message, case.now_us
    late = dispatch.state in (DispatchState.HANDED, DispatchState.DELIVERED)
    dispatch.state = (DispatchState.REFUSED if late else DispatchState.FAILED).value
    dispatch.reason, dispatch.due_us, dispatch.changed_us = reason[:64], None, now
    case.say(dispatch.state, dispatch.reason)
    if suppress:
        _suppress(case)
    current = dispatch.purpose == Purpose.MESSAGE and dispatch.channel == message.channel
    if current and message.state not in (MessageState.READ, MessageState.CANCELLED):
        set_state(message, MessageState.SENDING, now)
        set_due(message, None, now)
        next_channel(case.session, case.rules, message, now)


def _message_handed(case: Case) -> None:
    message, dispatch, now = case.message, case.dispatch, case.now_us
    case.say(f"handed_{dispatch.purpose}")
    if dispatch.purpose != Purpose.MESSAGE or message.state == MessageState.READ:
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
    dispatch, message = case.dispatch, case.message
    dispatch.reason = error.reason[:64]
    if isinstance(error, PermanentError):
        _failed_for_good(case, error)
        return
    if isinstance(error, RateLimitedError):
        dispatch.tries -= 1  # the other side did not even look at it
    unknown = isinstance(error, UnknownOutcomeError)
    carries = dispatch.purpose == Purpose.MESSAGE
    spent = _spent(case, unknown=unknown)
    keeps_keys = case.rules.of(dispatch.channel).keeps_keys
    if unknown and message.legal and carries and (spent or not keeps_keys):
        dispatch.state, dispatch.due_us = DispatchState.UNKNOWN.value, None
        hold(case.session, message, HoldReason.OUTCOME_UNKNOWN, case.now_us)
    elif spent:
        refuse(case, error.reason)
    else:
        _again(case, error, unknown=unknown)


def _failed_for_good(case: Case, error: PermanentError) -> None:
    if error.person and case.dispatch.purpose == Purpose.MESSAGE:
        case.dispatch.state = DispatchState.FAILED.value
        case.say(DispatchState.FAILED, case.dispatch.reason)
        hold(case.session, case.message, HoldReason.LETTER_CHECKS, case.now_us)
    else:
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
    dispatch.state = (DispatchState.UNKNOWN if unknown else DispatchState.DUE).value
    dispatch.due_us = case.rules.schedule.next_us(now, error.again_s)
    dispatch.due_set_us = now
    if dispatch.purpose == Purpose.MESSAGE:
        state = MessageState.UNKNOWN if unknown else MessageState.SENDING
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
