"""The first page: notifications that wait, mine, those returned, and those decided."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse

from hub.accounts.staff import StaffMember
from hub.clock import local_date
from hub.office import Office
from hub.review.filing import FilingState
from hub.review.queue import SHOWN_AT_MOST, QueueRow, counts, queue
from hub.web.colleagues import colleagues, known_names
from hub.web.context import office_of, page
from hub.web.security import Visitor, home_of
from intake.notification import Procedure

router = APIRouter()


@router.get("/")
def show_queue(
    request: Request,
    visitor: Visitor,
    state: FilingState = FilingState.WAITING,
    *,
    mine: bool = False,
    procedure: str = "",
    number: str = "",
) -> Response:
    """The notifications in one state, or this viewer's own, kept to what the filter asks for.

    Whoever has no business with residents' data is led to their own first page.
    """
    home = home_of(visitor.staff)
    if home != request.url.path:
        return RedirectResponse(home, status_code=303)
    office = office_of(request)
    with office.database.reading() as session:
        numbers = counts(session)
    own = my_rows(office, visitor.staff)
    rows = own if mine else queue(office, visitor.staff, state)
    return page(
        request,
        "queue.html",
        visitor,
        rows=filtered(rows, procedure, number),
        cut=len(rows) >= SHOWN_AT_MOST,
        most=SHOWN_AT_MOST,
        tab="mine" if mine else state.value,
        tabs=_tabs(numbers, len(own)),
        procedure=procedure,
        procedures=[one.value for one in Procedure],
        number=number,
        names=known_names(colleagues(office)),
        today=local_date(office.clock()).isoformat(),
    )


def my_rows(office: Office, staff: StaffMember) -> tuple[QueueRow, ...]:
    """What this viewer follows up: returns they own by due date, then what they took."""
    returned = queue(office, staff, FilingState.RETURNED)
    owned = [row for row in returned if row.owner == staff.staff_id]
    waiting = queue(office, staff, FilingState.WAITING)
    taken = [row for row in waiting if row.taken_by == staff.staff_id]
    return (*sorted(owned, key=lambda row: row.due_on or ""), *taken)


def filtered(rows: tuple[QueueRow, ...], procedure: str, number: str) -> tuple[QueueRow, ...]:
    """The rows of one procedure whose reception number holds `number`."""
    return tuple(
        row
        for row in rows
        if procedure in ("", row.procedure) and number.strip() in row.reception_number
    )


def _tabs(numbers: dict[str, int], mine: int) -> tuple[tuple[str, str, int], ...]:
    """Name, address and count of each tab; `mine` stands second."""
    order = (FilingState.RETURNED, FilingState.ACCEPTED, FilingState.WITHDRAWN)
    first, *rest = (
        (state.value, f"/?state={state.value}", numbers[state.value])
        for state in (FilingState.WAITING, *order)
    )
    return (first, ("mine", "/?mine=1", mine), *rest)


@router.get("/events")
async def events(request: Request, _visitor: Visitor) -> Response:
    """Server-sent events: which part of the office changed. They hold no data."""
    stream = office_of(request).live.stream()
    return StreamingResponse(stream, media_type="text/event-stream")
