"""Orders to send a batch: asked for, agreed to by a second person where it is large, taken back.

Four eyes: above the office's limit somebody else agrees who may send, who did not ask for it, and
who neither gave the batch nor decided about any of its pages.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.accounts.staff import StaffMember
from hub.clock import JAPAN
from hub.errors import BadRequestError, NotFoundError, RoleError
from hub.log.entry import EntryKind
from hub.log.journal import Append
from hub.messages.batches import current, store
from hub.messages.batches.settling import ItemState
from hub.messages.batches.store import READ
from hub.messages.sending.errors import NothingReadyError, OrderStateError, SameEyesError
from hub.office import Office
from hub.storage.tables import DocumentBatch, SendingItem, SendingOrder
from intake.office.roster import Role

HAND_OVER: Final = "hand-over"
LONGEST_WAIT: Final = dt.timedelta(days=366)


class OrderState(StrEnum):
    """Where an order stands."""

    ASKED = "asked"
    """It waits for a second person."""
    APPROVED = "approved"
    """Its messages are being made."""
    SENT = "sent"
    """All that could be made is delivery's; what could not is named with its reason."""
    REFUSED = "refused"
    CANCELLED = "cancelled"


OPEN: Final = (OrderState.ASKED.value, OrderState.APPROVED.value)


@dataclass(frozen=True)
class Wanted:
    """How a batch is to be sent. not_before: local time in Japan, None for at once."""

    legal: bool = False
    not_before: dt.datetime | None = None


def needs_second(office: Office, batch: DocumentBatch, people: int) -> bool:
    """Whether sending to so many people of a batch needs a second person.

    Those it was sent to before count too: parts of a large batch are a large batch.
    """
    return batch.handed + people > office.settings.sending.four_eyes_over


def ready_now(session: Session, batch: DocumentBatch) -> Mapping[int, str]:
    """The items that may be sent, by their number, with their fingerprints."""
    settled = current.items(session, batch) if batch.state in READ else ()
    ready = (one for one in settled if one.state is ItemState.READY)
    return {one.number: current.fingerprint(one) for one in ready}


def took_part(session: Session, batch: DocumentBatch) -> frozenset[str]:
    """Logins of whoever gave a batch or decided about its pages; what was undone counts too."""
    acts = store.acts(session, batch.number)
    return frozenset({batch.created_by, *(a.actor for a in acts if a.action != HAND_OVER)})


def ask(office: Office, staff: StaffMember, batch: int, wanted: Wanted) -> int:
    """Order that what is ready of a batch is sent; returns the order's number.

    A small batch goes at once, a large one waits for a second person. NothingReadyError when
    nothing is ready, OrderStateError while another order of the batch is open.
    """
    _require_sender(staff)
    with office.journal.appending() as append:
        session = append.session
        row = store.one(session, batch)
        _refuse_open(session, batch)
        ready = ready_now(session, row)
        if not ready:
            raise NothingReadyError("nothing of this batch is ready to be sent")
        second = needs_second(office, row, len(ready))
        order = SendingOrder(
            batch=batch,
            state=(OrderState.ASKED if second else OrderState.APPROVED).value,
            people=len(ready),
            legal=wanted.legal,
            not_before_us=_not_before_us(wanted, append.time_us),
            asked_by=staff.login,
            asked_us=append.time_us,
            changed_us=append.time_us,
        )
        session.add(order)
        session.flush()
        session.add_all(
            SendingItem(order=order.number, item=item, fingerprint=mark)
            for item, mark in ready.items()
        )
        _note(append, staff, order, "ask_to_send" if second else "send")
    office.live.say("messages")
    return order.number


def may_agree(session: Session, staff: StaffMember, order: SendingOrder) -> bool:
    """Whether this person is the second pair of eyes for an order."""
    batch = store.one(session, order.batch)
    return staff.has(Role.SENDER) and staff.login not in eyes_of(session, batch, order)


def eyes_of(session: Session, batch: DocumentBatch, order: SendingOrder) -> Collection[str]:
    """Logins of whoever may not agree to an order: they looked at it already."""
    return took_part(session, batch) | {order.asked_by}


def agree(office: Office, staff: StaffMember, number: int) -> None:
    """Let an order go; SameEyesError from whoever took part in it before."""
    _require_sender(staff)
    with office.journal.appending() as append:
        order = one(append.session, number)
        _require(order, OrderState.ASKED)
        if not may_agree(append.session, staff, order):
            raise SameEyesError("somebody who neither gave the batch nor asked for it must agree")
        _decide(append, staff, order, OrderState.APPROVED, "agree_to_send")
    office.live.say("messages")


def refuse(office: Office, staff: StaffMember, number: int) -> None:
    """A second person says no; the batch stays as it is and may be asked for again."""
    _require_sender(staff)
    with office.journal.appending() as append:
        order = one(append.session, number)
        _require(order, OrderState.ASKED)
        _decide(append, staff, order, OrderState.REFUSED, "refuse_to_send")
    office.live.say("messages")


def withdraw(append: Append, staff: StaffMember, order: SendingOrder) -> None:
    """End an order whose messages are not all made; what was made is cancelled apart."""
    if order.state in OPEN:
        _decide(append, staff, order, OrderState.CANCELLED, "withdraw_order")


def one(session: Session, number: int) -> SendingOrder:
    """An order; NotFoundError when there is none."""
    found = session.get(SendingOrder, number)
    if found is None:
        raise NotFoundError("there is no such order")
    return found


def newest(session: Session, batch: int) -> SendingOrder | None:
    """The newest order of a batch."""
    return session.scalar(
        select(SendingOrder)
        .where(SendingOrder.batch == batch)
        .order_by(SendingOrder.number.desc())
        .limit(1)
    )


def _refuse_open(session: Session, batch: int) -> None:
    order = newest(session, batch)
    if order is not None and order.state in OPEN:
        raise OrderStateError("this batch is being sent already; load the page again")


def _not_before_us(wanted: Wanted, now_us: int) -> int | None:
    if wanted.not_before is None:
        return None
    time_us = int(wanted.not_before.replace(tzinfo=JAPAN).timestamp() * 1_000_000)
    if time_us > now_us + LONGEST_WAIT // dt.timedelta(microseconds=1):
        raise BadRequestError("a batch is sent within a year; correct the day")
    return time_us if time_us > now_us else None


def _decide(
    append: Append, staff: StaffMember, order: SendingOrder, state: OrderState, action: str
) -> None:
    order.state, order.changed_us = state.value, append.time_us
    order.decided_by, order.decided_us = staff.login, append.time_us
    _note(append, staff, order, action)


def _note(append: Append, staff: StaffMember, order: SendingOrder, action: str) -> None:
    body = {
        "action": action,
        "order": order.number,
        "batch": order.batch,
        "people": order.people,
        "legal": order.legal,
        "not_before_us": order.not_before_us or 0,
        "staff_id": staff.staff_id,
    }
    append.office(EntryKind.MESSAGE, staff.login, body)


def _require(order: SendingOrder, state: OrderState) -> None:
    if order.state != state:
        raise OrderStateError(f"the order is {order.state} by now; load the page again")


def _require_sender(staff: StaffMember) -> None:
    if not staff.has(Role.SENDER):
        raise RoleError("only a sender sends what was prepared")
