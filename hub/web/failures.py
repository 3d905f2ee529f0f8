"""One shape for every error over HTTP: code, what happened, what to do next, both languages."""

import logging
import re

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from hub.accounts.sessions import LoggedIn
from hub.errors import (
    AcceptorIsTakerError,
    BadRequestError,
    HubError,
    NotFoundError,
    NotLoggedInError,
    ProtectedPersonError,
)
from hub.web.colleagues import names_with
from hub.web.context import office_of, page
from hub.web.security import SESSION_COOKIE
from hub.web.text import catalogue
from intake.office.roster import Role

BEYOND_64_BITS = re.compile(r"[0-9]{19}")
MACHINE_PATHS = ("/api/", "/metrics", "/healthz")

logger = logging.getLogger(__name__)


async def answer_hub_error(request: Request, error: Exception) -> Response:
    """HubError: its own status and code. A page without a session leads to the log-in."""
    assert isinstance(error, HubError)
    if isinstance(error, NotLoggedInError) and not _wants_json(request):
        ended = SESSION_COOKIE in request.cookies
        return RedirectResponse("/login?ended=1" if ended else "/login", status_code=303)
    return _answer(request, error.code, error.status)


async def answer_bad_form(request: Request, error: Exception) -> Response:
    """A form or body that lacks a field; the values are not repeated."""
    assert isinstance(error, RequestValidationError)
    return _answer(request, BadRequestError.code, BadRequestError.status)


async def answer_http_error(request: Request, error: Exception) -> Response:
    """What the framework refuses: unknown paths and methods."""
    assert isinstance(error, HTTPException)
    code = NotFoundError.code if error.status_code in (404, 405) else BadRequestError.code
    return _answer(request, code, error.status_code)


async def answer_no_such_number(request: Request, error: Exception) -> Response:
    """A number in an address that no row can have: more than 64 bits. Else a fault of the hub."""
    assert isinstance(error, OverflowError)
    if BEYOND_64_BITS.search(f"{request.url.path}?{request.url.query}"):
        return _answer(request, NotFoundError.code, NotFoundError.status)
    return await answer_unexpected(request, error)


async def answer_unexpected(request: Request, error: Exception) -> Response:
    """A fault of the hub. Only its kind is logged: the sentence of an exception may hold a name."""
    logger.error("unexpected %s at %s", type(error).__name__, request.url.path)
    return _answer(request, HubError.code, HubError.status)


def error_body(code: str) -> dict[str, dict[str, str]]:
    """The JSON body for `code`."""
    sentences = {
        f"message_{language}": f"{t(f'error.{code}.what')} {t(f'error.{code}.next')}"
        for language, t in (("ja", catalogue("ja")), ("en", catalogue("en")))
    }
    return {"error": {"code": code, **sentences}}


def _answer(request: Request, code: str, status: int) -> Response:
    if _wants_json(request):
        return JSONResponse(error_body(code), status_code=status)
    visitor = _visitor(request)
    whom = () if visitor is None else _whom_to_ask(request, code)
    return page(request, "error.html", visitor, status=status, code=code, whom=whom)


def _visitor(request: Request) -> LoggedIn | None:
    """Who looks at the error page, so that it keeps its way to the other pages."""
    try:
        return office_of(request).sessions.find(request.cookies.get(SESSION_COOKIE))
    except HubError:
        return None


def _whom_to_ask(request: Request, code: str) -> tuple[str, ...]:
    """Names of the staff who can do what was refused."""
    role = {
        ProtectedPersonError.code: Role.PROTECTED_DESK,
        AcceptorIsTakerError.code: Role.REVIEWER,
    }.get(code)
    return () if role is None else names_with(office_of(request), role)


def _wants_json(request: Request) -> bool:
    path = request.url.path
    return path.startswith(MACHINE_PATHS) or "application/json" in request.headers.get("accept", "")
