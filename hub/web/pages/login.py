"""Logging in and out, and choosing a language."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from hub.errors import HubError, LockedOutError, WrongPasswordError
from hub.web.context import LANGUAGE_COOKIE, office_of, page
from hub.web.security import (
    LOGIN_COOKIE,
    SESSION_COOKIE,
    FormVisitor,
    check_login_token,
    new_login_token,
    set_login_cookie,
    set_session_cookie,
)
from hub.web.text import LANGUAGES

router = APIRouter()


@router.get("/login")
def show_login(request: Request) -> Response:
    """The log-in form."""
    return _form(request)


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
        return _form(request, error)
    response = RedirectResponse("/", status_code=303)
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


@router.post("/language")
def choose_language(
    request: Request, language: Annotated[str, Form()], back: Annotated[str, Form()] = "/"
) -> Response:
    """Remember the language in a cookie and go back to the page."""
    inside = back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/"
    response = RedirectResponse(inside, status_code=303)
    if language in LANGUAGES:
        secure = office_of(request).settings.web.secure_cookies
        response.set_cookie(
            LANGUAGE_COOKIE, language, samesite="strict", httponly=True, secure=secure
        )
    return response


def _form(request: Request, error: HubError | None = None) -> Response:
    token = new_login_token()
    response = page(
        request,
        "login.html",
        status=error.status if error else 200,
        error=error.code if error else None,
        login_token=token,
    )
    set_login_cookie(request, response, token)
    return response
