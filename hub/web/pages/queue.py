"""The first page: notifications that wait, and those decided."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from hub.review.filing import FilingState
from hub.review.queue import counts, queue
from hub.web.context import office_of, page
from hub.web.security import Visitor

router = APIRouter()


@router.get("/")
def show_queue(
    request: Request, visitor: Visitor, state: FilingState = FilingState.WAITING
) -> Response:
    """The notifications in one state."""
    office = office_of(request)
    with office.database.reading() as session:
        numbers = counts(session)
    rows = queue(office, visitor.staff, state)
    return page(request, "queue.html", visitor, rows=rows, state=state.value, counts=numbers)


@router.get("/events")
async def events(request: Request, _visitor: Visitor) -> Response:
    """Server-sent events: which part of the office changed. They hold no data."""
    stream = office_of(request).live.stream()
    return StreamingResponse(stream, media_type="text/event-stream")
