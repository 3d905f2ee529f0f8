"""Makes the messages of orders: signed outside, accepted and marked handed over in one commit.

A process that ends here loses nothing and doubles nothing: what was committed is marked, and what
was not is made again under the same delivery key.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.accounts.staff import StaffMember, every
from hub.alarms import AlarmKind, raise_alarm
from hub.clock import instant
from hub.errors import ConflictError, HubError, StorageError
from hub.log.journal import Append
from hub.messages.batches import store
from hub.messages.batches.errors import ItemChangedError
from hub.messages.batches.handing import ReadyItem, hand_over, ready_items
from hub.messages.delivery.accepting import accept
from hub.messages.delivery.outgoing import Outgoing
from hub.messages.delivery.states import MessageState
from hub.messages.message.contents import Handling
from hub.messages.sending.notice import content_of, keep_postal
from hub.messages.sending.orders import OrderState, ready_now
from hub.messages.sending.outbound import outgoing
from hub.messages.sending.undoing import renew
from hub.office import Office
from hub.storage.tables import SendingItem, SendingOrder

AT_ONCE: Final = 25
"""Messages in one commit."""
CHANGED: Final = "changed"
UNREADABLE: Final = "cannot-cut"
CANCELLED: Final = "cancelled"

Step = Callable[[str], None]
"""Told each named step as it is passed; a test ends the process there."""
logger = logging.getLogger(__name__)


@dataclass
class _Made:
    """What came of a few items before they are accepted."""

    messages: list[tuple[ReadyItem, Outgoing]] = field(
        default_factory=list[tuple[ReadyItem, Outgoing]]
    )
    problems: dict[int, str] = field(default_factory=dict[int, str])


def make_due(office: Office, step: Step = lambda _name: None) -> int:
    """Make what is ordered; returns how many orders were worked on.

    An order that fails keeps no other one waiting: its error is raised after them, and it is tried
    again with the next call.
    """
    with office.database.reading() as session:
        orders = session.scalars(
            select(SendingOrder.number)
            .where(SendingOrder.state == OrderState.APPROVED.value)
            .order_by(SendingOrder.number)
        ).all()
    failed: list[Exception] = []
    for number in orders:
        try:
            _make(office, number, step)
        except Exception as error:  # noqa: BLE001 - raised below, when the others had their turn
            failed.append(error)
    if failed:
        raise failed[0]
    return len(orders)


def _make(office: Office, number: int, step: Step) -> None:
    with office.database.reading() as session:
        order = session.get_one(SendingOrder, number)
        waiting = _waiting(session, number)
        staff = next(one for one in every(session) if one.login == order.asked_by)
    wanted = (
        one for one in ready_items(office, order.batch) if waiting.get(one.item) == one.fingerprint
    )
    for some in _chunks(wanted):
        made = _signed(office, order, some)
        step("signed")
        try:
            if not _accepted(office, staff, number, made, step):
                return
        except ItemChangedError:
            return  # the next turn sees what is ready then
        step("accepted")
        office.live.say("messages")
    _close(office, number)


def _signed(office: Office, order: SendingOrder, some: Iterable[ReadyItem]) -> _Made:
    made, key = _Made(), office.ring.message_key()
    handling = Handling(created=instant(order.decided_us or order.asked_us), legal=order.legal)
    with office.database.reading() as session:
        for item in some:
            try:
                content = content_of(session, item, office.settings.office, handling)
                sealed = outgoing(
                    content, key, not_before_us=order.not_before_us, batch=str(order.batch)
                )
                made.messages.append((item, sealed))
            except StorageError:
                raise
            except (HubError, ValueError, LookupError) as error:
                made.problems[item.item] = _word(error)
    return made


def _accepted(office: Office, staff: StaffMember, number: int, made: _Made, step: Step) -> bool:
    """Store what was made; False when the order was withdrawn meanwhile."""
    with office.journal.appending() as append:
        session = append.session
        order = session.get_one(SendingOrder, number)
        if order.state != OrderState.APPROVED:
            return False
        taken: list[ReadyItem] = []
        for item, sealed in made.messages:
            try:
                known = accept(session, sealed, order.asked_by, append.time_us)
            except ConflictError as error:
                made.problems[item.item] = _word(error)
                continue
            if known.state is MessageState.CANCELLED and not renew(
                session, known.number, sealed, order.asked_by, append.time_us
            ):
                made.problems[item.item] = CANCELLED
                continue
            keep_postal(session, item, order.asked_by)
            session.get_one(SendingItem, (number, item.item)).message = known.number
            taken.append(item)
        _note_problems(session, number, made.problems)
        if taken:
            hand_over(append, staff, order.batch, taken)
        _count(append, order)
        step("stored")
    return True


def _close(office: Office, number: int) -> None:
    """End an order when nothing of it waits any more; what vanished is said to have changed."""
    with office.journal.appending() as append:
        session = append.session
        order = session.get_one(SendingOrder, number)
        if order.state != OrderState.APPROVED:
            return
        ready = ready_now(session, store.one(session, order.batch))
        for item, mark in _waiting(session, number).items():
            code = UNREADABLE if ready.get(item) == mark else CHANGED
            session.get_one(SendingItem, (number, item)).problem = code
        _count(append, order)
        order.state = OrderState.SENT.value
        if order.problems:
            raise_alarm(session, AlarmKind.MESSAGE_FAILED, str(order.batch), append.time_us)
    office.live.say("messages")
    office.live.say("documents")


def _waiting(session: Session, order: int) -> dict[int, str]:
    rows = session.scalars(
        select(SendingItem).where(
            SendingItem.order == order, SendingItem.message.is_(None), SendingItem.problem == ""
        )
    )
    return {row.item: row.fingerprint for row in rows}


def _note_problems(session: Session, order: int, problems: dict[int, str]) -> None:
    for item, code in problems.items():
        logger.warning("item %d of order %d cannot be made: %s", item, order, code)
        session.get_one(SendingItem, (order, item)).problem = code[:64]


def _count(append: Append, order: SendingOrder) -> None:
    session = append.session
    session.flush()
    of_it = select(func.count()).select_from(SendingItem).where(SendingItem.order == order.number)
    order.made = session.scalar(of_it.where(SendingItem.message.is_not(None))) or 0
    order.problems = session.scalar(of_it.where(SendingItem.problem != "")) or 0
    order.changed_us = append.time_us


def _chunks(items: Iterator[ReadyItem]) -> Iterator[list[ReadyItem]]:
    while some := list(islice(items, AT_ONCE)):
        yield some


def _word(error: Exception) -> str:
    """A machine word for an error, never its sentence: that could quote a resident."""
    return str(getattr(error, "code", type(error).__name__))
