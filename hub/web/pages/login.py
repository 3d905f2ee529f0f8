"""Logging in and out."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from hub.errors import HubError, LockedOutError, WrongPasswordError
from hub.web.context import office_of, page
from hub.web.security import (
    LOGIN_COOKIE,
    SESSION_COOKIE,
    FormVisitor,
    check_login_token,
    home_of,
    new_login_token,
    set_login_cookie,
    set_session_cookie,
)

router = APIRouter()


@router.get("/login")
def show_login(request: Request, *, ended: bool = False) -> Response:
    """The log-in form; `ended` says that there was a session, and that its time is over."""
    return _form(request, ended=ended)


@router.post("/login")
def log_in(
    request: Request,
    login: Annotated[str, Form()],
    password: Annotated[str, Form()],
    login_token: Annotated[str, Form()] = "",
) -> Response:
    """Log in; a wrong password shows the form again with the reason."""
    check_login_token(request, login_token)
    try:
        session = office_of(request).sessions.log_in(login, password)
    except (WrongPasswordError, LockedOutError) as error:
        return _form(request, error, login)
    response = RedirectResponse(home_of(session.staff), status_code=303)
    set_session_cookie(request, response, session.token)
    response.delete_cookie(LOGIN_COOKIE)
    return response


@router.post("/logout")
def log_out(request: Request, visitor: FormVisitor) -> Response:
    """End the session."""
    office_of(request).sessions.log_out(visitor.token)
    response = RedirectResponse("/login", status_code=303)
    response.delete_cookie(SESSION_COOKIE)
    return response


def _form(
    request: Request, error: HubError | None = None, login: str = "", *, ended: bool = False
) -> Response:
    token = new_login_token()
    response = page(
        request,
        "login.html",
        status=error.status if error else 200,
        error=error.code if error else None,
        login_token=token,
        login=login,
        ended=ended,
    )
    set_login_cookie(request, response, token)
    return response
