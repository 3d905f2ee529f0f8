"""One page of the counter as a small web application: show, act, and stay in touch.

Routes stay thin: a GET renders the view, a POST calls one action, the socket carries ink. Forms and
JSON drive the same actions; a form is answered with the page again, JSON with the view.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from aiohttp import web

from drivers.errors import DriverError
from edge.errors import EdgeError, FieldError
from edge.pages.actions import Action, Result
from edge.pages.binding import DisplayBinding, guard, refusal
from edge.pages.body import LIMIT, Body, read_body
from edge.pages.catalogue import LANGUAGES, catalogue
from edge.pages.comfort import Comfort
from edge.pages.headers import add_headers
from edge.pages.rendering import Rendering
from edge.pages.socket import SocketParts, serve_socket
from intake.characters import Character
from intake.errors import IntakeError

log = logging.getLogger(__name__)
STATIC: Final = Path(__file__).resolve().parents[1] / "static"
STATUS: Final = {
    "not_logged_in": 401,
    "wrong_pin": 401,
    "locked_out": 429,
    "forbidden_step": 409,
    "stale_view": 409,
    "bad_value": 422,
    "bad_filter": 422,
    "nothing_drawn": 422,
    "no_signature": 422,
    "no_card_signature": 422,
    "blocked": 422,
    "disk_full": 507,
    "no_keys": 503,
    "no_roster": 503,
    "roster_expired": 503,
}


@dataclass
class Page:
    """One of the two pages; `view` gives what it shows, `actions` what it can ask for."""

    binding: DisplayBinding
    rendering: Rendering
    view: Callable[[], dict[str, object]]
    actions: Mapping[str, Action]
    socket: SocketParts
    check: Callable[[Body], None]
    shapes: Callable[[], tuple[tuple[Character, ...], ...]]  # groups whose marks the page shows
    language: str = "ja"
    picture: Callable[[str, str], bytes | None] = lambda _key, _name: None  # of the card's face
    begins_anew: bool = False  # when a session ends, language and text size are the first ones
    comfort: Comfort = field(init=False)
    _notice: tuple[str, object] | None = field(default=None, init=False)  # code, session version

    def __post_init__(self) -> None:
        self.comfort = Comfort(self.language, begins_anew=self.begins_anew)

    def application(self) -> web.Application:
        """The aiohttp application of this page."""
        application = web.Application(
            middlewares=[guard(self.binding, ("/static/",))],
            client_max_size=LIMIT,
        )
        application.on_response_prepare.append(add_headers)
        application.router.add_get("/", self._show)
        application.router.add_get("/fragment", self._show_fragment)
        application.router.add_get("/state", self._state)
        application.router.add_get("/socket", self._socket)
        application.router.add_get("/face/{key}/{name}", self._picture)
        application.router.add_post("/actions/{name}", self._act)
        application.router.add_static("/static/", STATIC)
        return application

    async def _show(self, _request: web.Request) -> web.Response:
        await self._prepare()
        html = self._render(f"{self.binding.page}.html")
        return web.Response(text=html, content_type="text/html")

    async def _show_fragment(self, _request: web.Request) -> web.Response:
        await self._prepare()
        html = self._render(f"{self.binding.page}_main.html")
        return web.Response(text=html, content_type="text/html")

    async def _state(self, _request: web.Request) -> web.Response:
        return web.json_response(self._whole_view())

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        return await serve_socket(request, self.socket)

    async def _picture(self, request: web.Request) -> web.Response:
        data = self.picture(request.match_info["key"], request.match_info["name"])
        if data is None:
            return refusal(404, "unknown_action")
        return web.Response(body=data, content_type="image/png")

    async def _act(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        form = False
        self._notice = None
        self.comfort.see(self.view().get("state"))
        try:
            body = await read_body(request)
            form = body.is_form
            if not self.binding.csrf_fits(body.csrf):
                return refusal(403, "csrf")
            result = await self._run(name, body)
        except (EdgeError, DriverError) as error:
            return self._failed(error, error.code, form=form)
        except IntakeError as error:
            return self._failed(error, FieldError.default_code, form=form)
        if result is None:
            return refusal(404, "unknown_action")
        if form:
            return web.Response(status=303, headers={"Location": "/"})
        return web.json_response({"result": result, "view": self._whole_view()})

    async def _run(self, name: str, body: Body) -> Result | None:
        if name in ("language", "text_size"):
            self.comfort.choose(name, body.text(name))
            self.socket.changes.changed()
            return {}
        action = self.actions.get(name)
        if action is None:
            return None
        self.check(body)
        return await action(body) or {}

    def _failed(self, error: Exception, code: str, *, form: bool) -> web.Response:
        log.info("an action was refused", extra={"page": self.binding.page, "reason": code})
        if form:
            self._notice = code, self.view().get("version")
            return web.Response(status=303, headers={"Location": "/"})
        sentences = {f"message_{name}": catalogue(name).error(code) for name in LANGUAGES}
        return refusal(STATUS.get(code, 400), code, detail=str(error), **sentences)

    async def _prepare(self) -> None:
        """Compare the shapes beside the event loop; what was compared before takes no time."""
        if groups := self.shapes():
            await asyncio.to_thread(self.rendering.compare, groups)

    def _render(self, template: str) -> str:
        view = self._whole_view()
        return self.rendering.page(template, self.comfort.language, {"view": view})

    def _whole_view(self) -> dict[str, object]:
        shown = self.view()
        self.comfort.see(shown.get("state"))
        code, version = self._notice or (None, None)
        return shown | {
            "page": self.binding.page,
            "csrf": self.binding.csrf,
            "language": self.comfort.language,
            "text_size": self.comfort.text_size,
            "notice": code if version == shown.get("version") else None,
            "change": self.socket.changes.version,
        }
