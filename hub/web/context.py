"""What a page needs around its view: the office, the language, the template engine."""

from pathlib import Path
from typing import Any, Final, cast

from fastapi import Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates

from hub.accounts.sessions import LoggedIn
from hub.characters.store import own_outlines
from hub.office import Office
from hub.running import Units
from hub.web import wording
from hub.web.glyphs import drawing_also, drawn, outline_drawn, png_address
from hub.web.text import LANGUAGES, Catalogue, catalogue

LANGUAGE_COOKIE: Final = "madoguchi_language"
TEXT_SIZE_COOKIE: Final = "madoguchi_text_size"
TEXT_SIZES: Final = ("100", "150", "200")
_OWN_FORMS: Final = ("/login", "/register", "/precedents")
_templates = Jinja2Templates(directory=Path(__file__).parent / "templates")
_templates.env.trim_blocks = True
_templates.env.lstrip_blocks = True
_filters = cast("dict[str, Any]", _templates.env.filters)
_filters["glyph"] = drawn
_filters["outline"] = outline_drawn
_filters["png"] = png_address
_filters["when"] = wording.instant_shown
_filters["day"] = wording.day_shown
_filters["era"] = wording.day_in_era


def office_of(request: Request) -> Office:
    """The office that this server serves."""
    office = request.app.state.office
    assert isinstance(office, Office)
    return office


def units_of(request: Request) -> Units:
    """The way to the counters."""
    return cast("Units", request.app.state.units)


def words(request: Request) -> Catalogue:
    """The catalogue in the language this browser chose, else the office's."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    default = office_of(request).settings.web.language
    return catalogue(chosen if chosen in LANGUAGES else default)


def page(
    request: Request,
    template: str,
    visitor: LoggedIn | None = None,
    status: int = 200,
    **view: Any,  # noqa: ANN401 - each template has views of its own types
) -> HTMLResponse:
    """The HTML of `template` with its view; adds language, office and who is logged in."""
    t = words(request)
    around: dict[str, Any] = {
        "t": t,
        "language": t.language,
        "languages": LANGUAGES,
        "text_size": _text_size(request),
        "text_sizes": TEXT_SIZES,
        "office": office_of(request).settings.office,
        "visitor": visitor,
        "staff": visitor.staff if visitor else None,
        "csrf_token": visitor.csrf_token if visitor else "",
        "path": request.url.path,
        "back": _address(request),
    }
    office = office_of(request)
    with drawing_also(own_outlines(office.database, office.settings.office.code)):
        return _templates.TemplateResponse(request, template, around | view, status_code=status)


def _text_size(request: Request) -> str:
    chosen = request.cookies.get(TEXT_SIZE_COOKIE, "")
    return chosen if chosen in TEXT_SIZES else TEXT_SIZES[0]


def _address(request: Request) -> str:
    """Where this page can be got again: after a form the page that held it, else path and query."""
    path = request.url.path
    if request.method != "GET":
        return path if path in _OWN_FORMS else path.rsplit("/", 1)[0] or "/"
    return f"{path}?{request.url.query}" if request.url.query else path
