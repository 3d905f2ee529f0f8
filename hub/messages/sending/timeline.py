"""One message as a page shows it: where it stands, every attempt, and what comes next and when."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.clock import iso
from hub.errors import NotFoundError
from hub.messages.delivery.rules import in_doubt, taken
from hub.messages.delivery.states import (
    CancelReason,
    DispatchState,
    HoldReason,
    MessageState,
    Purpose,
)
from hub.messages.sending.overview import STAGES, Stage
from hub.storage.tables import Message, MessageAttempt, MessageDispatch, MessageEvent


@dataclass(frozen=True)
class Line:
    """One message in a list."""

    number: int
    atena_no: str
    title: str
    kind: str
    state: str
    stage: str
    reason: str
    channel: str
    legal: bool
    batch: str
    accepted_at: str
    changed_at: str


@dataclass(frozen=True)
class Step:
    """One line of the timeline. reason: a code; ordinal: which try it was, 0 for what is none."""

    at: str
    what: str
    channel: str
    actor: str
    reason: str = ""
    purpose: str = ""
    ordinal: int = 0
    until: str = ""


@dataclass(frozen=True)
class Next:
    """What happens by itself next: a word, when, and by which channel."""

    what: str
    at: str
    channel: str = ""


@dataclass(frozen=True)
class Actions:
    """Which buttons make sense now, whoever looks."""

    cancel: bool
    go_on: bool
    send_again: bool
    arrived: bool
    release_address: bool
    letter_returned: bool


@dataclass(frozen=True)
class View:
    """Everything about one message but its content."""

    line: Line
    message_id: str
    document_number: str
    not_before_at: str
    accepted_by: str
    steps: tuple[Step, ...]
    next: Next | None
    actions: Actions


def line(message: Message) -> Line:
    """A message in a list."""
    return Line(
        number=message.number,
        atena_no=message.atena_no,
        title=message.title,
        kind=message.kind,
        state=message.state,
        stage=STAGES[MessageState(message.state)].value,
        reason=message.reason,
        channel=message.channel,
        legal=message.legal,
        batch=message.batch or "",
        accepted_at=iso(message.accepted_us),
        changed_at=iso(message.changed_us),
    )


def find(session: Session, number: int) -> Message:
    """A message; NotFoundError when there is none."""
    found = session.get(Message, number)
    if found is None:
        raise NotFoundError("there is no such message")
    return found


def view(session: Session, message: Message, paper: Sequence[str]) -> View:
    """The message; `paper` names the channels whose letters may come back."""
    dispatches = _dispatches(session, message)
    return View(
        line=line(message),
        message_id=message.message_id,
        document_number=message.document_number or "",
        not_before_at=iso(message.not_before_us) if message.not_before_us else "",
        accepted_by=message.accepted_by,
        steps=_steps(session, message, dispatches),
        next=_next(message, dispatches),
        actions=_actions(message, dispatches, paper),
    )


def _dispatches(session: Session, message: Message) -> Sequence[MessageDispatch]:
    return session.scalars(
        select(MessageDispatch)
        .where(MessageDispatch.message == message.number)
        .order_by(MessageDispatch.number)
    ).all()


def _steps(
    session: Session, message: Message, dispatches: Sequence[MessageDispatch]
) -> tuple[Step, ...]:
    events = session.scalars(
        select(MessageEvent).where(MessageEvent.message == message.number)
    ).all()
    steps = [
        (one.time_us, 1, Step(iso(one.time_us), one.what, one.channel, one.actor, one.detail))
        for one in events
    ]
    by_number = {one.number: one for one in dispatches}
    attempts = session.scalars(
        select(MessageAttempt).where(MessageAttempt.dispatch.in_(by_number))
    ).all()
    for one in attempts:
        dispatch = by_number[one.dispatch]
        step = Step(
            iso(one.started_us),
            f"attempt_{one.outcome}",
            dispatch.channel,
            "system",
            one.reason,
            dispatch.purpose,
            one.ordinal,
            iso(one.finished_us) if one.finished_us else "",
        )
        steps.append((one.started_us, 0, step))
    return tuple(step for _, _, step in sorted(steps, key=lambda entry: entry[:2]))


def _next(message: Message, dispatches: Sequence[MessageDispatch]) -> Next | None:
    due = [one for one in dispatches if one.due_us is not None]
    if due and message.state not in (MessageState.READ, MessageState.CANCELLED):
        first = min(due, key=lambda one: one.due_us or 0)
        what = "try" if first.tries == 0 else "try_again"
        if first.purpose != Purpose.MESSAGE:
            what = first.purpose
        return Next(what, iso(first.due_us or 0), first.channel)
    if message.due_us is None:
        return None
    if message.state == MessageState.CREATED:
        return Next("begin", iso(message.due_us))
    steps = (Purpose.REMINDER_1.value, Purpose.REMINDER_2.value, "next_channel")
    return Next(steps[min(message.step, len(steps) - 1)], iso(message.due_us), message.channel)


def _actions(
    message: Message, dispatches: Sequence[MessageDispatch], paper: Sequence[str]
) -> Actions:
    state, reason = message.state, message.reason
    waits = STAGES[MessageState(state)] in (Stage.WAITING, Stage.PERSON)
    letter_out = any(
        one.channel in paper
        and one.state == DispatchState.HANDED
        and one.purpose == Purpose.MESSAGE
        for one in dispatches
    )
    held = state == MessageState.HELD
    return Actions(
        cancel=waits and not any(taken(one) for one in dispatches),
        go_on=state == MessageState.CANCELLED and reason != CancelReason.OVERTAKEN,
        send_again=state == MessageState.PERMANENT_FAILURE or held,
        arrived=any(in_doubt(one) for one in dispatches)
        and state in (MessageState.HELD, MessageState.UNKNOWN),
        release_address=held and reason == HoldReason.PROTECTED_ADDRESS,
        letter_returned=letter_out,
    )
