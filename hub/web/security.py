"""What every request goes through: headers, the session cookie, the form token, roles."""

import secrets
from typing import Annotated, Final

from fastapi import Depends, Form, Header, Request, Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.accounts.sessions import LoggedIn
from hub.accounts.staff import CASE_ROLES, MESSAGE_ROLES, StaffMember
from hub.errors import CsrfError, RoleError
from hub.web.context import office_of
from intake.office.roster import Role

SESSION_COOKIE: Final = "madoguchi_session"
LOGIN_COOKIE: Final = "madoguchi_login"
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Headers:
    """Middleware: a page with residents on it is never cached, framed, or given foreign script.

    Plain ASGI, because the framework's own helper holds an event stream open after its page left.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and complete the headers of its answer."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                if not str(scope["path"]).startswith("/static/"):
                    headers["Cache-Control"] = "no-store"
            await send(message)

        await self._app(scope, receive, send_with_headers)


def logged_in(request: Request) -> LoggedIn:
    """The session of this request; NotLoggedInError without one."""
    return office_of(request).sessions.find(request.cookies.get(SESSION_COOKIE))


Visitor = Annotated[LoggedIn, Depends(logged_in)]


def form_checked(visitor: Visitor, csrf_token: Annotated[str, Form()] = "") -> LoggedIn:
    """The session of a form that carries the token its page was given."""
    return _checked(visitor, csrf_token)


def header_checked(visitor: Visitor, x_csrf_token: Annotated[str, Header()] = "") -> LoggedIn:
    """The session of a script that sends the token in `X-CSRF-Token`."""
    return _checked(visitor, x_csrf_token)


RowNumber = Annotated[int, Form(ge=0, lt=2**63)]
"""A number of a row in a form: no more than a row can have."""
FormVisitor = Annotated[LoggedIn, Depends(form_checked)]
ApiVisitor = Annotated[LoggedIn, Depends(header_checked)]


def require(visitor: LoggedIn, *roles: Role) -> None:
    """RoleError unless the account has one of `roles`."""
    if not any(visitor.staff.has(role) for role in roles):
        raise RoleError(f"this needs the role {' or '.join(role.value for role in roles)}")


def case_worker(visitor: Visitor) -> None:
    """RoleError unless the account works on notifications or the register."""
    require(visitor, *CASE_ROLES)


CASE_WORKERS_ONLY: Final = Depends(case_worker)
"""Stands before every page and answer that holds residents' data."""


def message_worker(visitor: Visitor) -> None:
    """RoleError unless the account works on what residents are sent."""
    require(visitor, *MESSAGE_ROLES)


MESSAGE_WORKERS_ONLY: Final = Depends(message_worker)
"""Stands before every page of documents and messages."""


def precedent_reader(visitor: Visitor) -> None:
    """RoleError unless the account works on cases or messages, or keeps the collection."""
    require(visitor, *CASE_ROLES, *MESSAGE_ROLES, Role.OPERATOR)


PRECEDENT_READERS_ONLY: Final = Depends(precedent_reader)
"""Stands before the pages of law and precedents, which hold no residents."""


def home_of(staff: StaffMember) -> str:
    """The first page of an account: the queue, else the documents, else the operator's."""
    if staff.works_on_cases:
        return "/"
    return "/documents" if staff.works_on_messages else "/operator"


def set_session_cookie(request: Request, response: Response, token: str) -> None:
    """Hand the browser its session: no script reads it, no other site sends it."""
    _set_cookie(request, response, SESSION_COOKIE, token)


def new_login_token() -> str:
    """A token for the log-in form, which has no session yet: cookie and field must agree."""
    return secrets.token_urlsafe(24)


def set_login_cookie(request: Request, response: Response, token: str) -> None:
    """Hand the browser the log-in form's token."""
    _set_cookie(request, response, LOGIN_COOKIE, token)


def check_login_token(request: Request, token: str) -> None:
    """CsrfError unless the log-in form came from our page in this browser."""
    if not secrets.compare_digest(request.cookies.get(LOGIN_COOKIE, "-").encode(), token.encode()):
        raise CsrfError("the form is old; load the page again")


def _checked(visitor: LoggedIn, token: str) -> LoggedIn:
    if not secrets.compare_digest(visitor.csrf_token.encode(), token.encode()):
        raise CsrfError("the form is old; load the page again")
    return visitor


def _set_cookie(request: Request, response: Response, name: str, value: str) -> None:
    secure = office_of(request).settings.web.secure_cookies
    response.set_cookie(name, value, httponly=True, samesite="strict", secure=secure, path="/")
