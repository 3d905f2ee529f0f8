"""One quarantined envelope: look, accept into the log after all, or discard with a reason."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from hub.web.colleagues import colleagues, known_names
from hub.web.context import office_of, page, units_of
from hub.web.security import FormVisitor, Visitor, require
from hub.writer import release
from intake.office.roster import Role

router = APIRouter()


@router.get("/quarantine/{number}")
def show_quarantined(request: Request, number: int, visitor: Visitor) -> Response:
    """What is known of it, and whether it can be accepted."""
    require(visitor, Role.OPERATOR)
    office = office_of(request)
    found = release.look_at(office, number)
    names = known_names(colleagues(office))
    return page(request, "quarantined.html", visitor, item=found, names=names)


@router.post("/quarantine/{number}/accept")
def accept(
    request: Request, number: int, visitor: FormVisitor, reason: Annotated[str, Form()]
) -> Response:
    """Accept into the log."""
    require(visitor, Role.OPERATOR)
    identity = release.accept(office_of(request), number, visitor.staff, reason)
    units_of(request).announce_receipt(identity)
    return RedirectResponse(f"/quarantine/{number}", status_code=303)


@router.post("/quarantine/{number}/discard")
def discard(
    request: Request, number: int, visitor: FormVisitor, reason: Annotated[str, Form()]
) -> Response:
    """Discard with a reason; the bytes are kept."""
    require(visitor, Role.OPERATOR)
    release.discard(office_of(request), number, visitor.staff, reason)
    return RedirectResponse(f"/quarantine/{number}", status_code=303)
