"""The register: search by POST (a name never stands in a URL), records, certificate, protection."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from hub.register import certificate, protection, record
from hub.web.colleagues import colleagues, known_names
from hub.web.context import office_of, page
from hub.web.protected_doors import asks_first_for_resident
from hub.web.security import CASE_WORKERS_ONLY, FormVisitor, LoggedIn, Visitor
from hub.web.text import LANGUAGES, catalogue

router = APIRouter(dependencies=[CASE_WORKERS_ONLY])


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
    """One record; of a protected person the question first whether to open it."""
    if asks_first_for_resident(office_of(request), visitor.staff, resident_id):
        return page(request, "before_look.html", visitor, subject="resident")
    return _record_page(request, visitor, resident_id)


@router.post("/register/{resident_id}/open")
def open_record(request: Request, resident_id: str, visitor: FormVisitor) -> Response:
    """The record after the question was answered; the look is logged."""
    return _record_page(request, visitor, resident_id)


def _record_page(request: Request, visitor: LoggedIn, resident_id: str) -> Response:
    office = office_of(request)
    found = record.record(office, visitor.staff, resident_id)
    names = known_names(colleagues(office))
    hidden = found.protected or any(member.protected for member in found.members)
    return page(request, "record.html", visitor, record=found, hidden=hidden, names=names)


@router.get("/register/{resident_id}/certificate")
def show_certificate(request: Request, resident_id: str, visitor: Visitor) -> Response:
    """The preview of a copy of the record."""
    found = certificate.preview(office_of(request), visitor.staff, resident_id)
    japanese = catalogue(LANGUAGES[0])
    return page(request, "certificate.html", visitor, certificate=found, labels=japanese)


@router.get("/register/{resident_id}/{_form}")
def back_to_record(resident_id: str, _form: str) -> Response:
    """A form's address in the browser's history leads to its page again."""
    return RedirectResponse(f"/register/{resident_id}", status_code=303)


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
