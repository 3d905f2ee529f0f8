"""The accounts of the office, for an operator: who may do what, and an end to an account."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from hub.accounts import staff
from hub.errors import RefusedError
from hub.web.context import office_of, page
from hub.web.security import FormVisitor, Visitor, require
from intake.office.roster import Role

router = APIRouter()


@router.get("/accounts")
def show_accounts(request: Request, visitor: Visitor) -> Response:
    """Every account with its roles; accounts are made on the hub's machine."""
    require(visitor, Role.OPERATOR)
    with office_of(request).database.reading() as session:
        found = staff.every(session)
    return page(request, "accounts.html", visitor, accounts=found, roles=tuple(Role))


@router.post("/accounts/disable")
def disable(request: Request, visitor: FormVisitor, login: Annotated[str, Form()]) -> Response:
    """End an account and its sessions; nobody ends their own."""
    require(visitor, Role.OPERATOR)
    if login == visitor.staff.login:
        raise RefusedError("nobody ends their own account")
    staff.disable(office_of(request).journal, login, visitor.staff.login)
    return RedirectResponse("/accounts", status_code=303)
