"""Torn at the counter: card, tablet, browser, pcscd and the unit's process, under one session.

The unit's own program runs inside the two benches (a real pcscd with a virtual card, a real event
node), against a real hub. Whatever is torn away, the notification under way is still there.
"""

import asyncio
import datetime as dt
import os
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from drivers.card_reader.simulated_card.demo_pki import open_pki
from drivers.tablet import handwriting
from tests.edge.a_unit import fields
from tests.system.card.running_bench import Control
from tests.system.faults.office import SMALL_OUTBOX, RealOffice, RealUnit
from tests.system.faults.processes import python, until
from tests.system.faults.proof import check_everything, drained
from tests.system.faults.visit import FORM, Visit, seen, serving, visiting
from tests.system.tablet.running_bench import pen

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]
PERSONA = "head_of_household"
TORN_AFTER = 6  # commands, in the middle of the reading
PIN = "1234"


class Benches:
    """The control sockets of the pen and of the card."""

    def __init__(self, unit: RealUnit) -> None:
        self.pen = Control(unit.folder / "pen.sock", lambda: unit.process.alive)
        self.card = Control(unit.folder / "card.sock", lambda: unit.process.alive)

    def close(self) -> None:
        self.pen.close()
        self.card.close()


@asynccontextmanager
async def counter(office: RealOffice) -> AsyncGenerator[tuple[RealUnit, Visit, Benches]]:
    """A unit in its benches, connected to its office, both pages open."""
    unit = office.unit()
    cards = unit.folder / "cards"
    open_pki(cards, dt.datetime.now(dt.UTC))
    unit.configure(
        f'{SMALL_OUTBOX}[tablet]\naddress = "evdev:/dev/input/event0"\n'
        '[card_reader]\naddress = "pcsc:0"\nanchors = "cards"\n'
    )
    office.start()
    unit.process.command = [
        *python("-m", "drivers.tablet.simulated_tablet", "--control", unit.folder / "pen.sock"),
        *("--", *python("-m", "drivers.card_reader.bench")),
        *("--control", str(unit.folder / "card.sock"), "--pki", str(cards)),
        *("--", *python("-m", "edge", "run", "--config", unit.config)),
    ]
    unit.process.start()
    async with visiting(unit) as visit:
        benches = Benches(unit)
        try:
            yield unit, visit, benches
        finally:
            benches.close()
            unit.process.stop()


async def test_whatever_is_torn_away_the_session_is_still_there(office: RealOffice) -> None:
    async with counter(office) as (unit, visit, benches):
        await visit.log_in()
        await visit.clerk.do("start", procedure="move_in")
        await torn_card(visit, benches)
        await torn_pcscd(visit, benches)
        await visit.clerk.do("fill", values=FORM)
        await closed_browser(visit)
        await torn_tablet(visit, benches)
        await killed_unit(unit, visit)
        number = await to_the_number(visit, benches)
        drained(unit)
        assert [row["reception_number"] for row in unit.rows()] == [number]
    unit.process.out.write_text(
        f'{{"number": "{number}", "identity": "{unit.rows()[0]["identity"].lower()}"}}\n'
    )
    check_everything(office, unit)


async def torn_card(visit: Visit, benches: Benches) -> None:
    """Pulled in the middle of the reading; put on again it is read."""
    assert benches.card("insert", persona=PERSONA)["ok"]
    await seen(visit.resident, lambda view: view["card"]["seen"] is not None, "the card")
    assert benches.card("remove_after", commands=TORN_AFTER)["ok"]
    answer = await visit.resident.do("read_card", auth_pin=PIN, text_pin=PIN)
    assert answer["view"]["card"]["outcome"] == "removed"
    assert answer["view"]["state"] == "identify"
    assert benches.card("insert", persona=PERSONA)["ok"]
    await seen(visit.resident, lambda view: view["card"]["seen"] is not None, "the card again")
    answer = await visit.resident.do("read_card", auth_pin=PIN, text_pin=PIN)
    assert (answer["view"]["card"]["outcome"], answer["view"]["state"]) == ("ok", "fill")


async def torn_pcscd(visit: Visit, benches: Benches) -> None:
    """The card service stopped and started; the pages say so and find the card again."""
    assert benches.card("stop_pcscd")["ok"]
    await seen(visit.clerk, lambda view: view["card"]["reader"] == "no_service", "no service")
    assert benches.card("start_pcscd")["ok"]
    await seen(visit.clerk, lambda view: view["card"]["reader"] == "present", "the card is back")


async def closed_browser(visit: Visit) -> None:
    """Both browsers closed in the middle; opened anew they show the same notification."""
    before = await visit.clerk.view()
    await visit.close_pages()
    await visit.open_pages()
    after = await visit.clerk.view()
    assert after["notification"] == before["notification"]
    assert (after["state"], after["staff"]["staff_id"]) == ("fill", before["staff"]["staff_id"])
    assert (await visit.resident.view())["state"] == "fill"


async def torn_tablet(visit: Visit, benches: Benches) -> None:
    """Unplugged with the pen on the glass; plugged in again the drawing goes on."""
    await visit.clerk.do("draw", where="persons/p1/name", position=0)
    await seen(visit.resident, lambda view: view["pen"]["ready"], "the pen")
    half = [pen(x=5000 + 40 * n, y=5000, near=1, touch=1) for n in range(40)]
    assert benches.pen("events", frames=half)["ok"]
    await seen(visit.resident, lambda view: view["drawing"]["touched"], "half a stroke")
    assert benches.pen("unplug")["ok"]
    view = await seen(visit.resident, lambda view: not view["pen"]["ready"], "the pen is gone")
    assert view["pen"]["code"]
    assert view["drawing"]["touched"], "what was written is kept"
    assert benches.pen("plug")["ok"]
    await seen(visit.resident, lambda view: view["pen"]["ready"], "the pen is back")


async def killed_unit(unit: RealUnit, visit: Visit) -> None:
    """kill -9 of the serving process; its successor has notification and half-drawn character."""
    before = await visit.resident.view()
    old = serving(unit.process.pid)
    os.kill(old, signal.SIGKILL)
    until(lambda: serving(unit.process.pid) not in (0, old), "the supervisor starts it again")
    await visit.open_again()
    after = await visit.resident.view()
    assert after["notification"] == before["notification"]
    assert after["state"] == "names"
    assert after["drawing"]["touched"]
    assert after["drawing"]["target"] == before["drawing"]["target"]
    assert (await visit.clerk.view())["staff"] is None, "nobody stays logged in over a restart"
    await visit.log_in()


async def to_the_number(visit: Visit, benches: Benches) -> str:
    """On with the same notification: leave the drawing, confirm, sign, file."""
    clerk, resident = visit.clerk, visit.resident
    await clerk.do("to_review")
    named = fields(await clerk.view())["persons/p1/name"]
    assert named["text"]
    await clerk.do("to_resident")
    await resident.do("confirm")
    await seen(resident, lambda view: view["pen"]["ready"], "the pen")
    strokes = handwriting.load("signature").strokes
    assert benches.pen("write", strokes=strokes, speed=4)["ok"]
    await seen(resident, lambda view: view["drawing"]["touched"], "the signature")
    await asyncio.sleep(0.5)
    status, answer = await visit.file()
    assert status == 200, answer
    return str(answer["view"]["filed"]["reception_number"])
