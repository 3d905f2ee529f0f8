"""A browser's pen beside the tablet of the counter: both write, none spoils the other's drawing."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from drivers.tablet import BrowserTablet
from edge.capture import Capture
from edge.drafts import DraftStore
from intake.ink import PenSample

DOT = [
    {"type": kind, "pointerType": "mouse", "pointerId": 1, "x": x, "y": 20, "timeStamp": at}
    | {"pressure": 0.5, "buttons": 1}
    for at, (kind, x) in enumerate([("pointerdown", 10), ("pointermove", 30), ("pointerup", 30)])
]


class Pens:
    def __init__(self, capture: Capture) -> None:
        self.first = BrowserTablet(400, 300, "first pen")
        self.second = BrowserTablet(800, 600, "second pen")
        self._tablets = {"first": [self.first], "second": [self.second]}
        self.capture = capture

    def opener(self, name: str) -> Callable[[], Awaitable[BrowserTablet]]:
        async def open_pen() -> BrowserTablet:
            if not self._tablets[name]:
                await asyncio.Event().wait()
            return self._tablets[name].pop()

        return open_pen


@pytest.fixture
async def pens(tmp_path: Path) -> AsyncIterator[Pens]:
    capture = Capture(DraftStore(tmp_path, secrets.token_bytes(32)), lambda: None)
    found = Pens(capture)
    works = [capture.follow(found.opener("first")), capture.follow(found.opener("second"))]
    tasks = [asyncio.create_task(work) for work in (*works, capture.keep())]
    await asyncio.sleep(0.02)
    yield found
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def contacts(capture: Capture) -> list[PenSample]:
    ink = capture.ink()
    return [] if ink is None else [sample for sample in ink.samples if sample.contact]


async def test_either_pen_writes_and_a_drawing_belongs_to_one(pens: Pens) -> None:
    for tablet, other in ((pens.first, pens.second), (pens.second, pens.first)):
        pens.capture.open_drawing()
        tablet.feed(DOT)
        await asyncio.sleep(0.02)
        mine = contacts(pens.capture)
        assert mine
        other.feed(DOT)
        await asyncio.sleep(0.02)
        assert contacts(pens.capture) == mine
        ink = pens.capture.close_drawing()
        assert ink is not None
        assert ink.tablet == tablet.description


async def test_the_pen_is_ready_while_one_of_two_is(pens: Pens) -> None:
    assert pens.capture.status.tablet == pens.first.description
    pens.first.disconnect()
    await asyncio.sleep(0.02)
    assert pens.capture.status.tablet == pens.second.description
    pens.second.disconnect()
    await asyncio.sleep(0.02)
    assert pens.capture.status.tablet is None
    assert pens.capture.status.code == "device_lost"
