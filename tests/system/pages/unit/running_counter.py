"""One real counter unit in a thread of its own, driven by a browser and, beside it, by script.

No broker is there: everything at a counter works without.
"""

import asyncio
import concurrent.futures
import contextlib
import datetime as dt
import threading
from collections.abc import Coroutine, Generator
from pathlib import Path
from typing import Any, Final, TypeVar

from drivers.card_reader.simulated_card import demo_pki
from edge.settings import CardReader, ClerkPage
from tests.edge.a_unit import Client, RunningUnit, make_office, running, settings_for
from tests.edge.enrolment import PIN, STAFF

T = TypeVar("T")
PERSONA: Final = "head_of_household"
ATTEMPTS: Final = 1000  # wrong PINs are part of what is looked at, a lock-out is not


class Counter:
    """The unit, from outside its event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, unit: RunningUnit, folder: Path) -> None:
        self._loop = loop
        self.unit = unit
        self._folder = folder

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of a coroutine run where the unit runs."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def clerk(self, action: str, **fields: object) -> dict[str, Any]:
        """What the clerk does, by script; the view afterwards."""
        return self._do(self.unit.clerk, action, fields)

    def resident(self, action: str, **fields: object) -> dict[str, Any]:
        """What the resident does, by script; the view afterwards."""
        return self._do(self.unit.resident, action, fields)

    def state(self) -> str:
        """Where the session stands."""
        return str(self.unit.process.session.state)

    def address(self, page: str) -> str:
        """The address that binds a display to `resident` or `clerk`."""
        client = self.unit.clerk if page == "clerk" else self.unit.resident
        token = (self._folder / "state" / f"{page}.token").read_text(encoding="ascii").strip()
        return f"{client.base}/?token={token}"

    def begin(self, *, language: str = "ja", text_size: str = "100") -> None:
        """An idle counter with somebody on duty, both pages in one language and text size."""
        self.log_in()
        if self.state() == "filed":
            self.clerk("finish")
        elif self.state() != "idle":
            self.clerk("cancel")
        for page in (self.clerk, self.resident):
            page("language", language=language)
            page("text_size", text_size=text_size)

    def log_in(self) -> None:
        """Put the clerk on duty."""
        self.clerk("login", staff_id=STAFF, pin=PIN)

    def _do(self, client: Client, action: str, fields: dict[str, object]) -> dict[str, Any]:
        return self.run(client.do(action, **fields))["view"]


@contextlib.contextmanager
def running_counter(folder: Path, **sections: object) -> Generator[Counter]:
    """A counter with a virtual card on its reader, or as `sections` say; ended on leaving."""
    cards = folder / "cards"
    cards.mkdir()
    demo_pki.open_pki(cards, dt.datetime.now(dt.UTC))
    office = make_office(folder)
    usual = {
        "card_reader": CardReader(f"sim:{PERSONA}", cards, cards),
        "clerk": ClerkPage(attempts=ATTEMPTS),
    }
    settings = settings_for(folder, **(usual | sections))
    started: concurrent.futures.Future[Counter] = concurrent.futures.Future()
    ended = asyncio.Event()

    async def serve() -> None:
        async with running(settings, office) as unit:
            started.set_result(Counter(asyncio.get_running_loop(), unit, folder))
            await ended.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),), name="counter", daemon=True)
    thread.start()
    counter = started.result(30)
    try:
        yield counter
    finally:
        counter.run(_set(ended))
        thread.join(30)


async def _set(event: asyncio.Event) -> None:
    event.set()
