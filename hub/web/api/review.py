"""The queue, one notification, its ink, and the decisions, as JSON."""

import datetime as dt

from fastapi import APIRouter, Request, Response
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from hub.review import decide
from hub.review.filing import FilingState
from hub.review.queue import queue
from hub.review.reading import read_drawings, read_view
from hub.web.context import office_of, units_of
from hub.web.pages.notification import identity_of
from hub.web.security import CASE_WORKERS_ONLY, ApiVisitor, Visitor

router = APIRouter(prefix="/api", dependencies=[CASE_WORKERS_ONLY])


class AcceptBody(BaseModel):
    """`links`: person_id to resident_id, "" for nobody; persons left out keep the proposal."""

    identity: str
    links: dict[str, str] = Field(default_factory=dict[str, str])
    household: str = ""


class ReturnBody(BaseModel):
    """`owner` is a staff id."""

    identity: str
    reason: str
    owner: str
    due_on: dt.date


@router.get("/queue")
def show_queue(
    request: Request, visitor: Visitor, state: FilingState = FilingState.WAITING
) -> Response:
    """The notifications in one state."""
    rows = queue(office_of(request), visitor.staff, state)
    return JSONResponse({"notifications": jsonable_encoder(rows)})


@router.get("/notifications/{notification_id}")
def show_notification(request: Request, notification_id: str, visitor: Visitor) -> Response:
    """What the review page shows."""
    found = read_view(office_of(request), visitor.staff, notification_id, "notification")
    return JSONResponse(jsonable_encoder(found))


@router.get("/notifications/{notification_id}/ink")
def show_ink(request: Request, notification_id: str, visitor: Visitor) -> Response:
    """The strokes of the drawn characters, for replay."""
    found = read_drawings(office_of(request), visitor.staff, notification_id)
    return JSONResponse({"drawings": jsonable_encoder(found)})


@router.post("/notifications/{notification_id}/accept")
def accept(
    request: Request, notification_id: str, visitor: ApiVisitor, body: AcceptBody
) -> Response:
    """Accept into the register."""
    order = decide.AcceptOrder(identity_of(body.identity), body.links, body.household)
    decided = decide.accept(office_of(request), notification_id, order, visitor.staff)
    units_of(request).announce_decision(notification_id)
    return JSONResponse(jsonable_encoder(decided))


@router.post("/notifications/{notification_id}/return")
def send_back(
    request: Request, notification_id: str, visitor: ApiVisitor, body: ReturnBody
) -> Response:
    """Return to the counters."""
    identity = identity_of(body.identity)
    order = decide.ReturnOrder(identity, body.reason, body.owner, body.due_on)
    decided = decide.send_back(office_of(request), notification_id, order, visitor.staff)
    units_of(request).announce_decision(notification_id)
    return JSONResponse(jsonable_encoder(decided))
