"""Residents as JSON, and the operator's state."""

from fastapi import APIRouter, Request, Response
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse

from hub import operations
from hub.register.record import listing
from hub.web.context import office_of
from hub.web.security import CASE_WORKERS_ONLY, Visitor, require
from intake.office.roster import Role

router = APIRouter(prefix="/api")


@router.get("/register", dependencies=[CASE_WORKERS_ONLY])
def show_register(
    request: Request, visitor: Visitor, notification_id: str | None = None
) -> Response:
    """Current residents, or those of one notification."""
    rows = listing(office_of(request), notification_id, staff=visitor.staff)
    return JSONResponse({"residents": jsonable_encoder(rows)})


@router.get("/operator")
def show_operator(request: Request, visitor: Visitor) -> Response:
    """Units, quarantine, gaps, alarms and checkpoints."""
    require(visitor, Role.OPERATOR)
    with office_of(request).database.reading() as session:
        return JSONResponse(
            jsonable_encoder(
                {
                    "devices": operations.devices(session),
                    "quarantine": operations.quarantine(session),
                    "gaps": operations.gaps(session),
                    "alarms": operations.alarms(session),
                    "checkpoints": operations.checkpoints(session),
                }
            )
        )
