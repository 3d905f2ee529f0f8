"""The register: search by POST (a name never stands in a URL), records, certificate, protection."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from hub.register import certificate, protection, record
from hub.web.context import office_of, page
from hub.web.security import FormVisitor, Visitor

router = APIRouter()


@router.get("/register")
def show_search(request: Request, visitor: Visitor) -> Response:
    """The empty search form."""
    return page(request, "register.html", visitor, rows=None, words="")


@router.post("/register")
def search(request: Request, visitor: FormVisitor, words: Annotated[str, Form()] = "") -> Response:
    """What was found."""
    rows = record.search(office_of(request), visitor.staff, words)
    return page(request, "register.html", visitor, rows=rows, words=words)


@router.get("/register/{resident_id}")
def show_record(request: Request, resident_id: str, visitor: Visitor) -> Response:
    """One record."""
    found = record.record(office_of(request), visitor.staff, resident_id)
    return page(request, "record.html", visitor, record=found)


@router.get("/register/{resident_id}/certificate")
def show_certificate(request: Request, resident_id: str, visitor: Visitor) -> Response:
    """The preview of a copy of the record."""
    found = certificate.preview(office_of(request), visitor.staff, resident_id)
    return page(request, "certificate.html", visitor, certificate=found)


@router.post("/register/{resident_id}/protection")
def set_protection(
    request: Request,
    resident_id: str,
    visitor: FormVisitor,
    action: Annotated[str, Form()],
    reason: Annotated[str, Form()],
) -> Response:
    """Set or lift the flag of a protected person."""
    office = office_of(request)
    protect = action == "protect"
    protection.set_protection(office, visitor.staff, resident_id, protect=protect, reason=reason)
    return RedirectResponse(f"/register/{resident_id}", status_code=303)
