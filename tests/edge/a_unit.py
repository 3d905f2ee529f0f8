"""A whole unit in the test's own event loop, and clients that drive its pages as scripts do."""

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from edge.pages.front import clerk_page, resident_page
from edge.pages.page import Page
from edge.pages.rendering import Rendering
from edge.serve import _pens
from edge.settings import (
    Broker,
    CardReader,
    ClerkPage,
    Outbox,
    Settings,
    Tablet,
    UnitFolders,
)
from edge.unit_process import UnitProcess
from tests.edge.enrolment import PIN, STAFF, Authority, OfficeDouble, enrol

KEY = bytes(range(32))
Json = dict[str, Any]


class Client:
    """One page driven over HTTP, JSON in and out."""

    def __init__(self, session: aiohttp.ClientSession, base: str, csrf: str) -> None:
        self.session = session
        self.base = base
        self.csrf = csrf

    async def view(self) -> Json:
        async with self.session.get(f"{self.base}/state") as answer:
            return await answer.json()

    async def act(self, name: str, **fields: object) -> tuple[int, Json]:
        async with self.session.post(
            f"{self.base}/actions/{name}", json=fields, headers={"X-CSRF-Token": self.csrf}
        ) as answer:
            return answer.status, await answer.json()

    async def do(self, name: str, **fields: object) -> Json:
        status, body = await self.act(name, **fields)
        assert status == 200, (name, body)
        return body


class RunningUnit:
    """The unit, its office, and a client for each page."""

    def __init__(self, process: UnitProcess, office: OfficeDouble) -> None:
        self.process = process
        self.office = office
        self.resident: Client
        self.clerk: Client
        self.works: list[asyncio.Task[None]] = []

    async def log_in(self) -> None:
        await self.clerk.do("login", staff_id=STAFF, pin=PIN)


def settings_for(folder: Path, **sections: object) -> Settings:
    plain = {
        "unit": UnitFolders(folder / "identity", folder / "state"),
        "outbox": Outbox(ballast_mib=0.1, reserve_mib=0.1),
        "card_reader": CardReader("pcsc:0"),
        "clerk": ClerkPage(port=0),
        "tablet": Tablet("browser:"),
        "broker": Broker(),
    }
    return Settings(**{**plain, **sections})  # pyright: ignore[reportArgumentType]


@cache
def rendering() -> Rendering:
    """One for all tests: the glyph font is large."""
    return Rendering()


@contextlib.asynccontextmanager
async def running(
    settings: Settings, office: OfficeDouble, *, draft_key: bytes = KEY, told: bool = True
) -> AsyncGenerator[RunningUnit]:
    """A unit without its link's thread; `told`: it has heard keys and roster."""
    process = UnitProcess(settings, draft_key)
    if told:
        process.counter.office.words.take_keys(office.keys())
        process.counter.office.words.take_roster(office.roster())
    process.session.restore()
    unit = RunningUnit(process, office)
    pen, follows = _pens(process)
    unit.works = [
        asyncio.create_task(work)
        for work in (*map(_forever, follows), process.counter.capture.keep())
    ]
    async with contextlib.AsyncExitStack() as leaving:
        leaving.callback(process.close)
        unit.resident = await open_page(resident_page(process, rendering(), pen), leaving)
        unit.clerk = await open_page(clerk_page(process, rendering()), leaving)
        yield unit
        for work in unit.works:
            work.cancel()
        await asyncio.gather(*unit.works, return_exceptions=True)


async def _forever(work: Awaitable[None]) -> None:
    await work


async def open_page(page: Page, leaving: contextlib.AsyncExitStack) -> Client:
    """Serve a page and bind a client to it as a display does."""
    server = TestServer(page.application())
    await server.start_server()
    leaving.push_async_callback(server.close)
    base = str(server.make_url("")).rstrip("/")
    session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
    leaving.push_async_callback(session.close)
    async with session.get(f"{base}/", params={"token": page.binding.token}) as answer:
        assert answer.status == 200
        assert "token" not in str(answer.url)
    return Client(session, base, page.binding.csrf)


def make_office(folder: Path, port: int = 1) -> OfficeDouble:
    office = OfficeDouble()
    enrol(folder / "identity", Authority(), office, port)
    return office


class Pen:
    """The browser's pen over the resident's WebSocket."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._time = 1000.0

    async def announce(self) -> None:
        await self._socket.send_str(json.dumps({"type": "pad", "width": 1000, "height": 1000}))

    async def write(self, strokes: "Strokes") -> None:
        """Write strokes of points in a square of 1000."""
        for stroke in strokes:
            for place, (x, y) in enumerate(stroke):
                kind = "pointerdown" if place == 0 else "pointermove"
                await self._send(kind, x, y)
            await self._send("pointerup", *stroke[-1])

    async def _send(self, kind: str, x: float, y: float) -> None:
        self._time += 10
        event = {
            "type": kind,
            "pointerType": "pen",
            "pointerId": 1,
            "x": x,
            "y": y,
            "pressure": 0.5,
            "timeStamp": self._time,
        }
        await self._socket.send_str(json.dumps({"type": "pen", "events": [event]}))


Strokes = tuple[tuple[tuple[float, float], ...], ...]


async def until(true: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait until something becomes true."""
    for _ in range(int(seconds * 100)):
        if true():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it did not become true in time")


def fields(view: Mapping[str, object]) -> dict[str, Json]:
    """The fields of a view's notification by place."""
    notification = view["notification"]
    assert isinstance(notification, dict)
    found = {field["where"]: field for field in notification["fields"]}
    for person in notification["persons"]:
        found |= {field["where"]: field for field in person["fields"]}
    return found
