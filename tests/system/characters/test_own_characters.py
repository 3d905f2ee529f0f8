"""A character that an operator adds at the hub is found by drawing it at a counter, and kept."""

import asyncio
import contextlib
import io
import json
import re
import time
from collections.abc import AsyncGenerator, Callable, Generator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion
from PIL import Image, ImageDraw

from edge.settings import Settings, Tablet, load
from intake.event import topics
from intake.event.downward import DownwardKind
from intake.event.topics import All
from intake.office import glyphs
from tests.edge.a_unit import Pen, RunningUnit, running, until
from tests.edge.enrolment import OfficeDouble
from tests.edge.session.steps import file, to_review
from tests.hub.browser import Browser
from tests.hub.characters.test_character_pages import send
from tests.hub.counter_unit import OFFICE
from tests.intake.office.glyph_sets import glyph, glyph_set
from tests.system.faults.desk import CLERK, PASSWORD
from tests.system.faults.office import RealOffice
from tests.system.hub.conftest import free_port

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]
NAME = f"office:{OFFICE}/G0001"
RUNGS = range(180, 900, 120)
LADDER = (
    ((200, 50), (200, 500), (200, 950)),
    ((800, 50), (800, 500), (800, 950)),
    *(((200, y), (500, y), (800, y)) for y in RUNGS),
)
"""Two uprights and six rungs: no character of the MJ list. One picture is scanned, one drawn."""


def ladder_scan() -> bytes:
    picture = Image.new("L", (1000, 1000), 240)
    pencil = ImageDraw.Draw(picture)
    for stroke in LADDER:
        pencil.line(stroke, fill=20, width=40)
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()


@pytest.fixture
def office(tmp_path: Path) -> Generator[RealOffice]:
    made = RealOffice(tmp_path, free_port())
    made.unit()  # before the hub asks who there is: it asks again for a stranger after seconds only
    made.start()
    yield made
    made.close()


@pytest.fixture
def staff(office: RealOffice) -> Browser:
    """The hub's pages as the clerk, reviewer and operator of this small office uses them."""
    browser = Browser(urlsplit(office.serving["web"]).port or 0)
    assert browser.log_in(CLERK, PASSWORD).status == 200
    return browser


@pytest.fixture
def settings(office: RealOffice) -> Settings:
    return replace(load(office.units[0].config), tablet=Tablet("browser:"))


@contextlib.asynccontextmanager
async def a_counter(settings: Settings, *, linked: bool = True) -> AsyncGenerator[RunningUnit]:
    """A whole unit with its pages; `linked`: with its link to the broker too."""
    async with running(settings, OfficeDouble(), told=False) as unit:
        await unit.process.counter.recognition.recogniser()
        work = asyncio.create_task(unit.process.link.run()) if linked else None
        yield unit
        if work is not None:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)


def add(staff: Browser) -> None:
    """What an operator does in the browser, from the file to the registered character."""
    token = staff.get("/characters/new").csrf_token
    found = send(staff, token, ladder_scan()).headers["location"]
    details = {"code": "G0001", "strokes": str(len(LADDER)), "readings": "はしご", "base": "梯"}
    assert staff.form(found, csrf_token=token, **details).status == 303


async def draw_ladder(unit: RunningUnit) -> str:
    """Draw it into the name, and the name of the first candidate."""
    await unit.clerk.do("draw", where="persons/p1/name", position=0)
    resident, capture = unit.resident, unit.process.counter.capture
    async with resident.session.ws_connect(f"{resident.base}/socket") as socket:
        pen = Pen(socket)
        await pen.announce()
        await pen.write(LADDER)
        await until(
            lambda: (ink := capture.ink()) is not None and len(ink.strokes()) == len(LADDER)
        )
    await resident.do("recognise")
    return (await resident.view())["drawing"]["candidates"][0][0]["mj_name"]


def held(unit: RunningUnit) -> int:
    document = unit.process.counter.office.words.glyphs
    return 0 if document is None else len(document.glyphs)


async def test_from_the_operators_scan_to_the_register(staff: Browser, settings: Settings):
    async with a_counter(settings) as unit:
        own = unit.process.counter.own_characters
        await until(lambda: unit.process.counter.office.words.roster is not None)
        await unit.log_in()
        await to_review(unit)
        assert await draw_ladder(unit) != NAME  # the control: nobody has it yet
        await unit.resident.do("draw_again")
        await asyncio.to_thread(add, staff)
        await until(lambda: held(unit) == 1)
        arrived = time.monotonic()
        await own.settled()
        assert time.monotonic() - arrived < 1
        assert await draw_ladder(unit) == NAME
        await unit.resident.do("pick", mj_name=NAME)
        await unit.clerk.do("to_review")
        filed = await file(unit)
        process = unit.process
        await until(lambda: process.link.status.waiting == 0)
        identity = bytes.fromhex(filed["identity"])
        row = process.counter.outbox.find(identity)
        assert row is not None
        assert row.state == "journalled"
    listed = await asyncio.to_thread(staff.get, "/api/queue")
    (one,) = listed.json()["notifications"]
    address = f"/notifications/{one['notification_id']}"
    page = (await asyncio.to_thread(staff.get, address)).text
    outline = await asyncio.to_thread(outline_of, staff)
    assert page.count(outline) >= 2
    shown = (await asyncio.to_thread(staff.get, f"/api{address}")).json()
    assert {"repertoire": f"office:{OFFICE}", "id": "G0001", "text": "梯"} in characters(shown)


def outline_of(staff: Browser) -> str:
    found = re.search(r'<path d="([^"]+)"', staff.get("/characters/G0001").text)
    assert found
    return found[1]


def characters(value: object) -> list[object]:
    """Every character anywhere in an answer of the hub."""
    text = json.dumps(value)
    return [json.loads(found) for found in re.findall(r'\{"repertoire": [^{}]*\}', text)]


async def test_a_unit_started_anew_without_any_line_finds_it(
    office: RealOffice, staff: Browser, settings: Settings
):
    async with a_counter(settings) as unit:
        await asyncio.to_thread(add, staff)
        await until(lambda: held(unit) == 1)
        await unit.process.counter.own_characters.settled()
    office.hub.kill()
    office.broker.kill()
    async with a_counter(settings, linked=False) as unit:
        await unit.process.counter.own_characters.settled()
        await unit.log_in()
        await to_review(unit)
        assert await draw_ladder(unit) == NAME


async def test_a_forged_set_on_the_offices_own_topic_changes_nothing(
    office: RealOffice, staff: Browser, settings: Settings, caplog: pytest.LogCaptureFixture
):
    """Whoever holds the hub's TLS key and the broker still lacks the key that signs."""
    async with a_counter(settings) as unit:
        await asyncio.to_thread(add, staff)
        await until(lambda: held(unit) == 1)
        words = unit.process.counter.office.words
        true = words.glyphs
        signed = (settings.unit.state / "office" / "glyphs").read_bytes()
        office.hub.kill()
        forged = OfficeDouble().downward(DownwardKind.GLYPHS, glyphs.encode(two_characters()))
        with impostor(office) as publish:
            for payload in (forged, signed[:-1] + bytes([signed[-1] ^ 1]), b"garbage"):
                publish(payload)
            await until(lambda: len(refusals(caplog)) == 3)
            publish(signed)
        assert refusals(caplog) == ["UnknownKeyError", "SignatureError", "DecodeError"]
        assert words.glyphs == true
        assert (settings.unit.state / "office" / "glyphs").read_bytes() == signed
        assert unit.process.link.status.connected


def refusals(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The codes under which messages were left aside."""
    return [
        str(record.__dict__["error_type"])
        for record in caplog.records
        if record.__dict__.get("topic_kind") == All.GLYPHS
    ]


def two_characters() -> glyphs.OfficeGlyphs:
    return glyph_set(glyph("G0001"), glyph("G0002"), version=2**60)


@contextlib.contextmanager
def impostor(office: RealOffice) -> Generator[Callable[[bytes], None]]:
    """Publishes on the office's topic with the hub's own certificate for the broker."""
    trust = office.folder / "trust"
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=f"hub-{OFFICE}")
    client.tls_set(str(trust / "root.crt"), str(trust / "hub.crt"), str(trust / "hub.key"))
    client.connect("127.0.0.1", office.port)
    client.loop_start()

    def publish(payload: bytes) -> None:
        sent = client.publish(topics.everyone(OFFICE, All.GLYPHS), payload, 1, retain=True)
        sent.wait_for_publish(10)

    yield publish
    client.disconnect()
    client.loop_stop()
