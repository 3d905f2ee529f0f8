"""A resident at a running unit: both pages over HTTP and the browser's pen over its socket."""

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, Callable
from urllib.parse import urlsplit

import aiohttp
import pytest

from drivers.tablet import handwriting
from provisioning.demo.lineage import command_line, descendants
from tests.edge.a_unit import Client, Json, Pen
from tests.system.faults.desk import CLERK, PIN
from tests.system.faults.office import RealUnit
from tests.system.faults.processes import until

PROGRAM_START_S = 60.0
FORM = {
    "moved_on": "2026-11-20",
    "new_address": {
        "lg_code": "131016",
        "prefecture_city": "東京都千代田区",
        "town": "一番町",
        "lot": "1番地",
    },
    "old_address": {"prefecture_city": "青海県白波市", "town": "丘の上一丁目", "lot": "1番1号"},
    "new_household": "new",
    "new_household_head": "白波　太郎",
    "notifier_relation": "self",
    "contact": "03-0000-0000",
    "transfer_certificate": {"kind": "paper"},
    "persons/p1/name": "白波　太郎",
    "persons/p1/kana": "シラナミ　タロウ",
    "persons/p1/birth_date": "平成元年1月8日",
    "persons/p1/sex": "male",
    "persons/p1/relationship": "head",
    "persons/p1/registered_domicile": "青海県白波市丘の上一丁目1番",
    "persons/p1/domicile_head": "白波　太郎",
}


class Visit:
    """Both pages of one unit. A page can be opened again, as after its browser was closed."""

    def __init__(self, unit: RealUnit, leaving: contextlib.AsyncExitStack) -> None:
        self._unit = unit
        self._leaving = leaving
        self.resident: Client
        self.clerk: Client

    async def open_pages(self) -> None:
        """Open both pages anew, each with an empty cookie jar."""
        addresses = pages(self._unit)
        self.resident = await self._page(addresses["resident"])
        self.clerk = await self._page(addresses["clerk"])

    async def close_pages(self) -> None:
        """Close both browsers."""
        await self.resident.session.close()
        await self.clerk.session.close()

    async def open_again(self) -> None:
        """Open both pages of a process that has been started again."""
        for _ in range(100):
            try:
                return await self.open_pages()
            except OSError:
                await asyncio.sleep(0.2)
        return await self.open_pages()

    async def log_in(self) -> None:
        """The clerk logs in as soon as the office's words are there."""
        await seen(self.clerk, lambda view: view["unit"]["roster_version"], "the office's words")
        await self.clerk.do("login", staff_id=CLERK, pin=PIN)

    async def to_signature(self) -> None:
        """Everything up to the signature, which is still to be written."""
        clerk = self.clerk
        await clerk.do("start", procedure="move_in")
        await clerk.do("show_documents", method="one_document", documents=["driving_licence"])
        await clerk.do("fill", values=FORM)
        await clerk.do("to_review")
        await clerk.do("to_resident")
        await self.resident.do("confirm")

    async def write(self, what: str = "signature") -> None:
        """Write with the pen of the resident's page."""
        resident = self.resident
        async with resident.session.ws_connect(f"{resident.base}/socket") as socket:
            pen = Pen(socket)
            await pen.announce()
            await seen(resident, lambda view: view["pen"]["ready"], "the pen")
            await pen.write(handwriting.load(what).strokes)
            await seen(resident, lambda view: view["drawing"]["touched"], "the strokes")

    async def file(self) -> tuple[int, Json]:
        """Press the last button; HTTP status and answer."""
        return await self.resident.act("file")

    async def _page(self, address: str) -> Client:
        parts = urlsplit(address)
        session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        self._leaving.push_async_callback(session.close)
        async with session.get(address) as answer:
            assert answer.status == 200
        client = Client(session, f"{parts.scheme}://{parts.netloc}", "")
        client.csrf = (await client.view())["csrf"]
        return client


async def seen(page: Client, holds: Callable[[Json], object], what: str) -> Json:
    """Wait until a page shows it; the view that does."""
    for _ in range(400):
        view = await page.view()
        if holds(view):
            return view
        await asyncio.sleep(0.05)
    pytest.fail(f"never shown: {what}; {await page.view()}")


def serving(program: int) -> int:
    """The process that serves the counter, somewhere below `program`; 0 when there is none."""
    for pid in descendants(program):
        words = command_line(pid)
        if "serve" in words and "--lifeline" in words:
            return pid
    return 0


def pages(unit: RealUnit) -> Json:
    """The addresses of the pages of a unit's program that has just been started."""
    path = unit.state / "pages.json"
    until(path.exists, f"the pages are open; {unit.process.said()}", PROGRAM_START_S)
    return json.loads(path.read_text())


@contextlib.asynccontextmanager
async def visiting(unit: RealUnit) -> AsyncGenerator[Visit]:
    """Both pages of a unit whose program is running."""
    async with contextlib.AsyncExitStack() as leaving:
        visit = Visit(unit, leaving)
        await visit.open_pages()
        yield visit
