"""The way of one message from channel to channel: first, after a failure, and while unread."""

from sqlalchemy.orm import Session

from hub.alarms import AlarmKind, raise_alarm
from hub.messages.delivery.recipients import reach
from hub.messages.delivery.routing import Route, route
from hub.messages.delivery.rules import Rules, dispatches, open_dispatch, say
from hub.messages.delivery.states import DispatchState, Doubt, HoldReason, MessageState, Purpose
from hub.storage.tables import Message

REMINDERS = (Purpose.REMINDER_1, Purpose.REMINDER_2)
WAITING = (MessageState.HANDED, MessageState.DELIVERED)


def advance(session: Session, rules: Rules, message: Message, now_us: int) -> None:
    """Do what is due for a message whose time has come."""
    set_due(message, None, now_us)
    if message.state == MessageState.CREATED:
        next_channel(session, rules, message, now_us)
    elif message.state in WAITING:
        _unread(session, rules, message, now_us)


def next_channel(session: Session, rules: Rules, message: Message, now_us: int) -> None:
    """Put the message on the work list of the next channel, or say why there is none."""
    tried = [
        one
        for one in dispatches(session, message)
        if one.purpose == Purpose.MESSAGE and one.state != DispatchState.CANCELLED
    ]
    found = way_of(session, rules, message)
    channel = found.next({one.channel for one in tried})
    if channel is not None:
        set_state(message, MessageState.SENDING, now_us)
        message.channel, message.step = channel, 0
        open_dispatch(session, message, channel, Purpose.MESSAGE, now_us)
        say(session, message, "routed", now_us, channel=channel)
    elif message.state in WAITING and not message.legal:
        # It lies in the resident's box; nothing is lost by leaving it there.
        say(session, message, "no_next_channel", now_us, detail=found.ends or "")
    elif found.ends is not None:
        hold(session, message, found.ends, now_us)
    elif any(one.doubt == Doubt.OPEN for one in tried):
        # Sent again with all that failed, the resident would get it twice without anybody's word.
        hold(session, message, HoldReason.OUTCOME_UNKNOWN, now_us)
    else:
        set_state(message, MessageState.PERMANENT_FAILURE, now_us)
        say(session, message, MessageState.PERMANENT_FAILURE, now_us)
        raise_alarm(session, AlarmKind.MESSAGE_FAILED, message.batch or "", now_us)


def way_of(session: Session, rules: Rules, message: Message) -> Route:
    """The route of a message as the resident may be reached now."""
    return route(
        reach(session, message.atena_no),
        rules.traits,
        legal=message.legal,
        address_released=message.address_released_by is not None,
    )


def hold(session: Session, message: Message, reason: HoldReason, now_us: int) -> None:
    """Let a message wait for a person, who is told by an alarm."""
    set_state(message, MessageState.HELD, now_us, reason)
    set_due(message, None, now_us)
    say(session, message, MessageState.HELD, now_us, channel=message.channel, detail=reason)
    raise_alarm(session, AlarmKind.MESSAGE_HELD, message.batch or "", now_us)


def announce(session: Session, rules: Rules, message: Message, purpose: Purpose, now: int) -> int:
    """Announce or remind by every channel that may, beside the one that carries the message."""
    channels = [c for c in way_of(session, rules, message).announce if c != message.channel]
    return sum(open_dispatch(session, message, c, purpose, now) for c in channels)


def withdraw_open(session: Session, message: Message, now_us: int) -> None:
    """Take what no channel was called for off the work list: it is needless now."""
    for one in dispatches(session, message):
        if one.state == DispatchState.DUE:
            one.state = DispatchState.CANCELLED
            one.due_us, one.changed_us = None, now_us


def set_state(message: Message, state: MessageState, now_us: int, reason: str = "") -> None:
    """Change where a message stands."""
    message.state, message.reason, message.changed_us = state.value, str(reason), now_us


def set_due(message: Message, due_us: int | None, now_us: int) -> None:
    """When to look at a message again."""
    message.due_us, message.due_set_us = due_us, now_us


def _unread(session: Session, rules: Rules, message: Message, now_us: int) -> None:
    if message.step >= len(REMINDERS):
        say(session, message, "unread", now_us, channel=message.channel)
        next_channel(session, rules, message, now_us)
        return
    purpose = REMINDERS[message.step]
    message.step += 1
    wait = rules.schedule.unread_us(message.step)
    set_due(message, None if wait is None else now_us + wait, now_us)
    announce(session, rules, message, purpose, now_us)
    if reach(session, message.atena_no).way(message.channel) is not None:
        open_dispatch(session, message, message.channel, purpose, now_us)
    say(session, message, purpose, now_us, channel=message.channel)
