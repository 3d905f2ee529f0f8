"""What a channel is to carry now: due hand-overs, made into parcels and marked as being called."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from hub.messages.channels.channel import Assurance, Parcel, Traits
from hub.messages.delivery.outcomes import refuse
from hub.messages.delivery.recipients import Reach, address_hash, reach
from hub.messages.delivery.rules import Case, Rules
from hub.messages.delivery.schedule import SECOND_US
from hub.messages.delivery.states import DispatchState, Doubt, MessageState, Outcome, Purpose
from hub.storage.tables import Message, MessageAttempt, MessageContent, MessageDispatch

WAITING = (DispatchState.DUE.value, DispatchState.UNKNOWN.value)
OVER = (MessageState.READ, MessageState.CANCELLED)


@dataclass(frozen=True)
class Work:
    """One call to be made."""

    dispatch: int
    parcel: Parcel


def anything_due(session: Session, channel: str, now_us: int) -> bool:
    """Whether a hand-over of this channel is due."""
    statement = select(MessageDispatch.number).where(_is_due(channel, now_us)).limit(1)
    return session.scalar(statement) is not None


def pick(session: Session, rules: Rules, channel: str, now_us: int, most: int) -> list[Work]:
    """Take due hand-overs off the work list and write an attempt for each.

    Those that may not go now (quiet hours) get another time, those that may never go by this
    channel any more are failed. The caller commits before it calls.
    """
    work: list[Work] = []
    for dispatch in _due(session, channel, now_us, most):
        message = session.get_one(Message, dispatch.message)
        parcel = _parcel(session, rules, message, dispatch, now_us)
        if parcel is not None:
            _write_attempt(session, dispatch, now_us)
            work.append(Work(dispatch.number, parcel))
    return work


def under_way(session: Session) -> Mapping[int, str]:
    """Hand-overs whose call was begun and whose outcome is not stored, with their channel."""
    rows = session.execute(
        select(MessageDispatch.number, MessageDispatch.channel).where(
            MessageDispatch.state == DispatchState.CALLING.value
        )
    )
    return {row.number: row.channel for row in rows}


def _due(session: Session, channel: str, now_us: int, most: int) -> list[MessageDispatch]:
    statement = select(MessageDispatch).where(_is_due(channel, now_us))
    ordered = statement.order_by(MessageDispatch.due_us, MessageDispatch.number)
    return list(session.scalars(ordered.limit(most)))


def _is_due(channel: str, now_us: int) -> ColumnElement[bool]:
    return and_(
        MessageDispatch.channel == channel,
        MessageDispatch.due_us <= now_us,
        MessageDispatch.state.in_(WAITING),
    )


def _parcel(
    session: Session, rules: Rules, message: Message, dispatch: MessageDispatch, now_us: int
) -> Parcel | None:
    carries = dispatch.purpose == Purpose.MESSAGE
    elsewhere = message.state == MessageState.DELIVERED and dispatch.channel != message.channel
    if message.state in OVER or (carries and elsewhere):
        dispatch.state, dispatch.due_us = DispatchState.CANCELLED.value, None
        return None
    found = reach(session, message.atena_no)
    problem = _problem(rules, message, dispatch, found, now_us)
    if problem:
        refuse(Case(session, rules, message, dispatch, now_us), problem)
        return None
    traits = rules.of(dispatch.channel)
    quiet = found.quiet_until_us(now_us) if traits.rings else None
    if quiet is not None:
        dispatch.due_us, dispatch.due_set_us = quiet, now_us
        return None
    way = found.way(dispatch.channel)
    dispatch.address_sha256 = address_hash(way.address) if way else None
    dispatch.paper = traits.paper
    content = session.get_one(MessageContent, message.number).content if carries else b""
    return Parcel(
        key=dispatch.key,
        message_id=message.message_id,
        purpose=Purpose(dispatch.purpose),
        address=way.address if way else "",
        title=message.title,
        content=content,
        issuer=message.issuer,
        legal=message.legal,
        language=found.language,
        large_print=found.large_print,
        batch=message.batch or "",
        number=message.number,
        postal=found.postal if traits.paper else None,
    )


def _problem(
    rules: Rules, message: Message, dispatch: MessageDispatch, found: Reach, now_us: int
) -> str:
    """Why this channel is no longer allowed, in a word, or nothing."""
    if now_us - dispatch.created_us > rules.schedule.give_up_s * SECOND_US and dispatch.tries:
        return dispatch.reason or "too_old"
    traits = rules.of(dispatch.channel)
    if message.legal and dispatch.purpose == Purpose.MESSAGE:
        problem = _legal_problem(dispatch, traits)
        if problem:
            return problem
    if not traits.paper:
        return "" if found.way(dispatch.channel) else "opted_out"
    if found.postal is None:
        return "no_address"
    if found.protected and message.address_released_by is None:
        return "protected_address"
    return ""


def _legal_problem(dispatch: MessageDispatch, traits: Traits) -> str:
    """The same for a legal notice alone, whatever put it on the list of this channel."""
    if traits.assurance is not Assurance.ASSURED:
        return "not_assured"
    doubled = dispatch.doubt == Doubt.OPEN and not traits.keeps_keys
    return "outcome_unknown" if doubled else ""


def _write_attempt(session: Session, dispatch: MessageDispatch, now_us: int) -> None:
    made = session.scalar(
        select(func.count())
        .where(MessageAttempt.dispatch == dispatch.number)
        .select_from(MessageAttempt)
    )
    session.add(
        MessageAttempt(
            dispatch=dispatch.number,
            ordinal=(made or 0) + 1,
            started_us=now_us,
            outcome=Outcome.CALLING.value,
        )
    )
    dispatch.state = DispatchState.CALLING.value
    dispatch.tries += 1
    dispatch.due_us, dispatch.due_set_us, dispatch.changed_us = None, now_us, now_us
