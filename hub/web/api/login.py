"""Logging in by script."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from hub.web.context import office_of
from hub.web.security import SESSION_COOKIE, ApiVisitor, set_session_cookie

router = APIRouter(prefix="/api")


class LoginBody(BaseModel):
    """What a script sends."""

    login: str
    password: str


@router.post("/login")
def log_in(request: Request, body: LoginBody) -> Response:
    """A session: its cookie, and the token for `X-CSRF-Token`.

    Only JSON is understood, which no form of a foreign site can send.
    """
    session = office_of(request).sessions.log_in(body.login, body.password)
    response = JSONResponse(
        {
            "login": session.staff.login,
            "staff_id": session.staff.staff_id,
            "roles": sorted(role.value for role in session.staff.roles),
            "csrf_token": session.csrf_token,
        }
    )
    set_session_cookie(request, response, session.token)
    return response


@router.post("/logout")
def log_out(request: Request, visitor: ApiVisitor) -> Response:
    """End the session."""
    office_of(request).sessions.log_out(visitor.token)
    response = JSONResponse({"ok": True})
    response.delete_cookie(SESSION_COOKIE)
    return response
