"""Runs the simulator: one process, one line of JSON when it is ready."""

import json
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import uvicorn
from cryptography import x509
from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.errors import SettingsError
from hub.keys.message_key import TrustedCertificate
from hub.messages.channels.simulator import pages
from hub.messages.channels.simulator.app import CUT, Given, interface
from hub.messages.channels.simulator.faults import Switches
from hub.messages.channels.simulator.store import Item, Store
from hub.messages.message.checking import check
from hub.messages.message.errors import MessageRefusedError
from hub.messages.message.page import as_html


@dataclass(frozen=True)
class Start:
    """What the simulator is started with. certificates: PEM of the office's message keys."""

    folder: Path
    token: str = field(repr=False)
    secret: str = field(repr=False)
    certificates: Path | None = None
    host: str = "127.0.0.1"
    port: int = 0


class CutOffError(Exception):
    """Ends a connection without an answer; raised out of the application on purpose."""


class _Cutting:
    """Passes everything on but answers that are marked to be cut."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def cutting(message: Message) -> None:
            if message["type"] == "http.response.start":
                names = {name for name, _ in message.get("headers", ())}
                if CUT.encode() in names:
                    raise CutOffError
            await send(message)

        await self._app(scope, receive, cutting)


def create(given: Given) -> FastAPI:
    """The application: interface, pages of residents, switches."""
    app = FastAPI(title="Madoguchi channel simulator", docs_url=None, redoc_url=None)
    app.include_router(interface(given))
    app.include_router(pages.router(given))
    return app


def serve(start: Start, say: Callable[[str], None]) -> None:
    """Run until SIGTERM or SIGINT; `say` is given the one line when the port is open."""
    start.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    store = Store(start.folder / "simulator.sqlite3")
    trusted = certificates(start.certificates)
    given = Given(store, Switches(), start.token, start.secret, lambda item: show(item, trusted))
    listening = socket.create_server((start.host, start.port), backlog=512)
    port = int(listening.getsockname()[1])
    say(json.dumps({"url": f"http://{start.host}:{port}"}))
    config = uvicorn.Config(
        _Cutting(create(given)), log_level="critical", access_log=False, lifespan="off"
    )
    try:
        uvicorn.Server(config).run(sockets=[listening])
    finally:
        store.close()


def certificates(path: Path | None) -> tuple[TrustedCertificate, ...]:
    """The certificates in a PEM file; SettingsError when it holds none."""
    if path is None:
        return ()
    try:
        found = x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path}: no certificate in PEM can be read from it") from error
    return tuple(TrustedCertificate(one, 0) for one in found)


def show(item: Item, trusted: Sequence[TrustedCertificate]) -> str:
    """A message as the resident sees it, or the words that it does not verify."""
    if item.kind != "box":
        return (
            f"<!DOCTYPE html><title>{item.kind}</title><pre>{escape(item.content.decode())}</pre>"
        )
    try:
        checked = check(item.content, trusted)
    except MessageRefusedError:
        return (
            '<!DOCTYPE html><html lang="ja"><title>署名を確かめられません</title>'
            "<p>このメッセージの署名を確かめられないため、表示しません。</p></html>"
        )
    return as_html(checked, item.language, large=item.large)
