"""On the review page: how whoever notifies wants to be told of the decision."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from hub.messages.from_register.wished import ask
from hub.review.reading import read_view
from hub.web.context import office_of
from hub.web.security import CASE_WORKERS_ONLY, FormVisitor

router = APIRouter(dependencies=[CASE_WORKERS_ONLY])


@router.post("/notifications/{notification_id}/reach")
def reach_by(
    request: Request,
    notification_id: str,
    visitor: FormVisitor,
    channel: Annotated[str, Form()],
    to: Annotated[str, Form()] = "",
) -> Response:
    """Note a channel and the address in it; an empty address takes it back."""
    office = office_of(request)
    read_view(office, visitor.staff, notification_id, "notification_reach")
    ask(office, visitor.staff, notification_id, channel, to)
    return RedirectResponse(f"/notifications/{notification_id}#reach", status_code=303)
