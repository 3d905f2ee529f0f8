"""What is sent to residents: batches with their progress, and one batch with what can be done."""

import datetime as dt
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session

from hub.accounts.sessions import LoggedIn
from hub.accounts.staff import MESSAGE_ROLES, StaffMember
from hub.clock import iso
from hub.errors import BadRequestError, RoleError
from hub.messages.batches import store
from hub.messages.sending import listing, orders, overview, residents, undoing
from hub.messages.sending.export import as_csv
from hub.messages.sending.orders import OPEN, OrderState, Wanted
from hub.storage.tables import DocumentBatch, SendingOrder
from hub.web.colleagues import colleagues, known_names
from hub.web.context import office_of, page, words
from hub.web.security import FormVisitor, RowNumber, Visitor, require
from hub.web.text import LANGUAGES
from intake.office.roster import Role

MOST_BATCHES: Final = 200
A_PAGE: Final = 100
SEES_ALL: Final = (Role.SENDER, Role.AUDITOR, Role.PROTECTED_DESK)


def message_worker(visitor: Visitor) -> None:
    """RoleError unless the account works on messages, or decides about protected persons."""
    require(visitor, *MESSAGE_ROLES, Role.PROTECTED_DESK)


router = APIRouter(dependencies=[Depends(message_worker)])


def sees_all(staff: StaffMember) -> bool:
    """Whether the account sees every batch; an author sees what they gave."""
    return any(staff.has(role) for role in SEES_ALL)


def batch_of(session: Session, staff: StaffMember, number: int) -> DocumentBatch:
    """A batch this account may see; NotFoundError, RoleError."""
    batch = store.one(session, number)
    if not sees_all(staff) and batch.created_by != staff.login:
        raise RoleError("an author sees the batches that they gave")
    return batch


@router.get("/messages")
def show_list(request: Request, visitor: Visitor) -> Response:
    """Every batch with its bar, the newest first, and what waits for somebody."""
    office, staff = office_of(request), visitor.staff
    everything = sees_all(staff)
    with office.database.reading() as session:
        lines = overview.lines(
            session, author=None if everything else staff.login, most=MOST_BATCHES
        )
        asked = [
            (order, orders.may_agree(session, staff, order)) for order in overview.asked(session)
        ]
        return page(
            request,
            "messages/list.html",
            visitor,
            lines=lines,
            asked=asked if everything else (),
            register=overview.register_progress(session) if everything else None,
            single=overview.single_progress(session) if everything else None,
            problems=listing.count_problems(session) if everything else 0,
            waiting=listing.count_waiting(session) if everything else 0,
            names=known_names(colleagues(office)),
            most=MOST_BATCHES,
        )


@router.get("/messages/batches/{number}")
def show_batch(
    request: Request, visitor: Visitor, number: int, stage: str = "", first: int = 0
) -> Response:
    """One batch: its bar, what can be done now, its messages."""
    return _batch(request, visitor, number, stage=stage, first=first)


@router.post("/messages/batches/{number}/send")
def send(
    request: Request,
    visitor: FormVisitor,
    number: int,
    *,
    legal: Annotated[str, Form()] = "",
    when: Annotated[str, Form()] = "",
) -> Response:
    """Order that what is ready is sent, now or from a time on."""
    require(visitor, Role.SENDER)
    orders.ask(office_of(request), visitor.staff, number, Wanted(legal == "on", _when(when)))
    return _back(number)


@router.post("/messages/batches/{number}/agree")
def agree(request: Request, visitor: FormVisitor, number: int, order: RowNumber) -> Response:
    """The second person agrees."""
    require(visitor, Role.SENDER)
    orders.agree(office_of(request), visitor.staff, order)
    return _back(number)


@router.post("/messages/batches/{number}/refuse")
def refuse(request: Request, visitor: FormVisitor, number: int, order: RowNumber) -> Response:
    """The second person says no."""
    require(visitor, Role.SENDER)
    orders.refuse(office_of(request), visitor.staff, order)
    return _back(number)


@router.post("/messages/batches/{number}/take-back")
def take_back(request: Request, visitor: FormVisitor, number: int) -> Response:
    """Cancel what no channel has."""
    require(visitor, Role.SENDER)
    undoing.take_back(office_of(request), visitor.staff, number)
    return _back(number)


@router.post("/messages/batches/{number}/go-on")
def go_on(request: Request, visitor: FormVisitor, number: int) -> Response:
    """Let everything of the batch that was taken back go on after all."""
    require(visitor, Role.SENDER)
    undoing.let_batch_go_after_all(office_of(request), visitor.staff, number)
    return _back(number)


@router.post("/messages/batches/{number}/retry")
def retry(request: Request, visitor: FormVisitor, number: int) -> Response:
    """Try again what failed for good."""
    require(visitor, Role.SENDER)
    undoing.retry_failed(office_of(request), visitor.staff, number)
    return _back(number)


@router.get("/messages/batches/{number}/export.csv")
def export(request: Request, visitor: Visitor, number: int) -> Response:
    """The messages of a batch as a table; that it was taken is in the log."""
    office = office_of(request)
    with office.database.reading() as session:
        batch_of(session, visitor.staff, number)
    data = as_csv(office, visitor.staff, number, words(request))
    headers = {"Content-Disposition": f'attachment; filename="messages-{number}.csv"'}
    return Response(data, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/messages/batches/{number}/{_form}")
def back_to_batch(number: int, _form: str) -> Response:
    """A form's address in the browser's history leads to its page again."""
    return _back(number)


def _batch(request: Request, visitor: LoggedIn, number: int, *, stage: str, first: int) -> Response:
    office, staff = office_of(request), visitor.staff
    with office.database.reading() as session:
        batch = batch_of(session, staff, number)
        order = orders.newest(session, number)
        progress = overview.batch_progress(session, number)
        chosen = stage if stage in {one.value for one in overview.Stage} else ""
        found = listing.of_batch(session, number, chosen, max(first, 0), A_PAGE)
        ready = batch.ready
        return page(
            request,
            "messages/batch.html",
            visitor,
            batch=batch,
            created_at=iso(batch.created_us),
            order=order,
            waits=order is not None and order.state == OrderState.ASKED.value,
            may_agree=order is not None and orders.may_agree(session, staff, order),
            order_at=_order_times(order),
            open=order is not None and order.state in OPEN,
            problems=listing.problems_of(session, order),
            ready=ready,
            second=orders.needs_second(office, batch, ready),
            limit=office.settings.sending.four_eyes_over,
            progress=progress,
            taken_back=undoing.count_taken_back(session, number) if staff.has(Role.SENDER) else 0,
            rows=residents.shown_to(session, staff, found.rows),
            total=found.total,
            first=max(first, 0),
            a_page=A_PAGE,
            stage=chosen,
            may_send=staff.has(Role.SENDER),
            languages_shown=LANGUAGES,
            names=known_names(colleagues(office)),
        )


def _order_times(order: SendingOrder | None) -> dict[str, str]:
    if order is None:
        return {}
    return {
        "asked": iso(order.asked_us),
        "decided": iso(order.decided_us) if order.decided_us else "",
        "from": iso(order.not_before_us) if order.not_before_us else "",
    }


def _when(text: str) -> dt.datetime | None:
    """A local time as a browser's field gives it; BadRequestError for anything else."""
    if not text.strip():
        return None
    try:
        return dt.datetime.fromisoformat(text.strip()).replace(tzinfo=None)
    except ValueError:
        raise BadRequestError("the time to send at is no date and time") from None


def _back(number: int) -> Response:
    return RedirectResponse(f"/messages/batches/{number}", status_code=303)
