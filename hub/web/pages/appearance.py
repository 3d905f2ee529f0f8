"""How a page looks in this browser: its language and the size of its text."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from hub.web.context import LANGUAGE_COOKIE, TEXT_SIZE_COOKIE, TEXT_SIZES, office_of
from hub.web.text import LANGUAGES

router = APIRouter()
YEAR_S = 365 * 24 * 3600


@router.post("/language")
def choose_language(
    request: Request, language: Annotated[str, Form()], back: Annotated[str, Form()] = "/"
) -> Response:
    """Remember the language in a cookie and go back to the page."""
    return _remember(request, back, LANGUAGE_COOKIE, language, LANGUAGES)


@router.post("/text-size")
def choose_text_size(
    request: Request, text_size: Annotated[str, Form()], back: Annotated[str, Form()] = "/"
) -> Response:
    """Remember the size of the text in a cookie and go back to the page."""
    return _remember(request, back, TEXT_SIZE_COOKIE, text_size, TEXT_SIZES)


def _remember(
    request: Request, back: str, cookie: str, chosen: str, known: tuple[str, ...]
) -> Response:
    inside = back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/"
    response = RedirectResponse(inside, status_code=303)
    if chosen in known:
        secure = office_of(request).settings.web.secure_cookies
        response.set_cookie(
            cookie, chosen, max_age=YEAR_S, samesite="strict", httponly=True, secure=secure
        )
    return response
