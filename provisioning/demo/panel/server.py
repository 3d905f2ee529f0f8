"""The panel's page: plain forms, so that it works with mouse, keyboard and without scripts."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from drivers.errors import DriverError
from provisioning.catalogue import LANGUAGES, catalogue
from provisioning.demo.panel.controls import Controls, cards, writings
from provisioning.demo.places import LOOPBACK
from provisioning.demo.preparation import Account
from provisioning.errors import ProvisioningError

DOCUMENTS: Final = ("tax-notices.pdf", "addressees.csv")
_FOLDER = Path(__file__).parent
_POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'"


@dataclass(frozen=True)
class Visit:
    """What a visitor needs: the addresses of the pages, a folder for law, the demo logins."""

    resident: str
    clerk: str
    office: str
    boxes: str
    laws: str
    accounts: tuple[Account, ...]


class Panel:
    """The panel on its own port of the loopback address."""

    def __init__(self, controls: Controls, visit: Visit, port: int) -> None:
        self._controls = controls
        self._visit = visit
        self._port = port
        self._form_token = secrets.token_urlsafe(16)
        loader = FileSystemLoader(_FOLDER)
        self._templates = Environment(
            loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """The address of the page."""
        return f"http://{LOOPBACK}:{self._port}/"

    async def start(self) -> None:
        """Open the page."""
        application = web.Application(client_max_size=4096, middlewares=[self._own_host_only])
        application.add_routes(
            [
                web.get("/", self._page),
                web.get("/panel.css", self._style),
                *(web.get(f"/documents/{name}", self._document) for name in DOCUMENTS),
                web.post("/{action}", self._act),
            ]
        )
        self._runner = web.AppRunner(application, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, LOOPBACK, self._port).start()

    async def stop(self) -> None:
        """Close the page."""
        if self._runner is not None:
            await self._runner.cleanup()

    @web.middleware
    async def _own_host_only(
        self,
        request: web.Request,
        handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        """Refuse a foreign Host (a page of another site that points its name at us)."""
        if request.host not in {f"{LOOPBACK}:{self._port}", f"localhost:{self._port}"}:
            raise web.HTTPForbidden
        answer = await handler(request)
        answer.headers["Content-Security-Policy"] = _POLICY
        answer.headers["Cache-Control"] = "no-store"
        return answer

    async def _page(self, request: web.Request) -> web.Response:
        language = _language(request)
        words = catalogue(language)["panel"]
        said = request.query.get("said", "")
        html = self._templates.get_template("panel.html").render(
            language=language,
            other=next(other for other in LANGUAGES if other != language),
            words=words,
            said=words.get(f"said_{said}", ""),
            state=await self._controls.state(),
            cards=cards(),
            writings=writings(),
            documents=DOCUMENTS,
            visit=self._visit,
            form_token=self._form_token,
        )
        return web.Response(text=html, content_type="text/html")

    async def _style(self, _request: web.Request) -> web.FileResponse:
        return web.FileResponse(_FOLDER / "panel.css")

    async def _document(self, request: web.Request) -> web.FileResponse:
        name = request.path.rpartition("/")[2]
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return web.FileResponse(_FOLDER.parent / "documents" / name, headers=headers)

    async def _act(self, request: web.Request) -> web.Response:
        form = await request.post()
        if not secrets.compare_digest(str(form.get("token", "")), self._form_token):
            raise web.HTTPForbidden
        said = await self._carry_out(request.match_info["action"], str(form.get("name", "")))
        raise web.HTTPSeeOther(f"/?lang={_language(request)}&said={said}#said")

    async def _carry_out(self, action: str, name: str) -> str:
        controls = self._controls
        named = {"insert": controls.insert, "write": controls.write}
        plain = {
            "remove": controls.remove,
            "stop-broker": controls.stop_broker,
            "start-broker": controls.start_broker,
        }
        try:
            if action in named:
                return await named[action](name)
            if action in plain:
                return await plain[action]()
        except (ProvisioningError, DriverError):
            return "failed"
        raise web.HTTPNotFound


def _language(request: web.Request) -> str:
    wanted = request.query.get("lang", "ja")
    return wanted if wanted in LANGUAGES else "ja"
