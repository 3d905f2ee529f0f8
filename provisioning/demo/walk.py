"""One 転入 of a household of three without a person, through the same real parts."""

import asyncio
import contextlib
import datetime as dt
import json
import sys
import time
from collections.abc import Generator
from typing import Any

import aiohttp

from drivers.card_reader.simulated_card.persona import load_persona
from drivers.tablet import handwriting
from provisioning.demo import outage as outages
from provisioning.demo.bench import order
from provisioning.demo.counter_page import CounterPage, State
from provisioning.demo.household import Household, household
from provisioning.demo.office_desk import OfficeDesk
from provisioning.demo.places import LOOPBACK, Places
from provisioning.demo.preparation import Account
from provisioning.demo.proof import Kept, Proven, kept, prove
from provisioning.demo.resident_box import BOX, ResidentBox
from provisioning.demo.runner import Runner
from provisioning.errors import DemoError

_PEN_SPEED = 4
_RECEIPT_SECONDS = 20.0


class Stages:
    """Seconds of each stage, and words about it on stderr."""

    def __init__(self, began: float) -> None:
        self._began = began
        self.seconds = {"start": round(time.monotonic() - began, 3)}

    @contextlib.contextmanager
    def stage(self, name: str, words: str) -> Generator[None]:
        """Time what happens inside."""
        sys.stderr.write(f"  {words}\n")
        sys.stderr.flush()
        began = time.monotonic()
        yield
        self.seconds[name] = round(time.monotonic() - began, 3)

    def total(self) -> dict[str, float]:
        """All stages and the whole."""
        return self.seconds | {"total": round(time.monotonic() - self._began, 3)}


class Walk:
    """The visit of one household: counter, then office."""

    def __init__(
        self, places: Places, session: aiohttp.ClientSession, clerk: Account, stages: Stages
    ) -> None:
        self._places = places
        self._clerk_account = clerk
        self._stages = stages
        self._household: Household = household(dt.datetime.now(dt.UTC))
        resident, clerk_page = page_addresses(places)
        self.resident = CounterPage(session, resident)
        self.clerk = CounterPage(session, clerk_page)
        self.notification_id = ""
        self.card: dict[str, object] = {}
        self.candidates = 0

    async def to_signature(self) -> None:
        """Everything up to the signature: log-in, card, form, drawing, correction, confirmation."""
        stage = self._stages.stage
        with stage("log_in", "The clerk logs in; the unit has the office's roster."):
            await self._log_in()
        with stage("card", "The resident puts the card on and types the PINs."):
            await self._read_card()
        with stage("form", "The clerk fills in the household of three."):
            await self._fill_in()
        with stage("drawing", "The resident draws a character that cannot be typed."):
            await self._draw()
        with stage("review", "The clerk corrects; the resident reads and confirms."):
            await self._review()
        with stage("signature", "The resident signs with the pen."):
            await self._write("signature", self.resident)

    async def file(self) -> str:
        """File; returns the reception number that the resident's page shows."""
        answer = await self.resident.act("file")
        return str(answer["view"]["filed"]["reception_number"])

    async def finish(self) -> None:
        """The card goes back, the counter is free again; a fresh process knows no clerk yet."""
        await order(self._places.card_control, op="remove")
        if (await self.clerk.state())["staff"] is None:
            await self._clerk_logs_in()
        await self.clerk.act("finish")

    async def _log_in(self) -> None:
        await self.resident.open()
        await self.clerk.open()
        await self.clerk.until("keys and roster of the office", _has_office_words)
        await self._clerk_logs_in()
        started = await self.clerk.act("start", procedure="move_in")
        self.notification_id = str(started["view"]["notification"]["notification_id"])

    async def _clerk_logs_in(self) -> None:
        account = self._clerk_account
        await self.clerk.act("login", staff_id=account.staff_id, pin=account.pin)

    async def _read_card(self) -> None:
        persona = load_persona(self._household.persona)
        await order(self._places.card_control, op="insert", persona=self._household.persona)
        await self.resident.until("a card on the reader", _card_present)
        answer = await self.resident.act(
            "read_card", auth_pin=persona.auth_pin.value, text_pin=persona.text_pin.value
        )
        self.card = {"outcome": answer["view"]["card"]["outcome"]}
        if not answer["view"]["card"].get("ok"):
            raise DemoError(f"the card was not accepted: {self.card['outcome']}")

    async def _fill_in(self) -> None:
        for person in self._household.persons[1:]:
            added = await self.clerk.act("add_person")
            if added["result"]["person_id"] != person:
                raise DemoError("the counter numbers the persons in another way")
        await self.clerk.act("fill", values=self._household.form)

    async def _draw(self) -> None:
        drawn = handwriting.load(self._household.drawn)
        await self.clerk.act(
            "draw", where=self._household.drawn_in, position=self._household.drawn_at
        )
        await self._write(self._household.drawn, self.resident)
        answer = await self.resident.act("recognise")
        groups: list[list[State]] = answer["view"]["drawing"]["candidates"]
        self.candidates = len(groups)
        offered = [glyph["mj_name"] for group in groups for glyph in group]
        if drawn.mj_name not in offered:
            raise DemoError(f"{drawn.mj_name} is not among the {len(groups)} candidates offered")
        await self.resident.act("pick", mj_name=drawn.mj_name)

    async def _review(self) -> None:
        moving = self._household
        await self.clerk.act("to_review")
        values = {moving.correction_place: moving.corrected}
        await self.clerk.act("fill", values=values, why=moving.correction_why)
        await self.clerk.act("to_resident")
        await self.resident.act("confirm")

    async def _write(self, name: str, page: CounterPage) -> None:
        strokes = handwriting.load(name).strokes
        async with page.watching_ink() as watch:
            await order(self._places.tablet_control, op="write", strokes=strokes, speed=_PEN_SPEED)
            await page.until("the pen's strokes", _touched)
            await watch.until_still()
        if not watch.samples:
            raise DemoError("no ink reached the resident's page")


async def walk(
    places: Places,
    runner: Runner,
    accounts: tuple[Account, ...],
    *,
    outage: bool,
    began: float,
) -> dict[str, object]:
    """Walk once and return the JSON object of docs/demo.md; raises DemoError where it stops."""
    clerk = next(account for account in accounts if "clerk" in account.roles)
    reviewer = next(
        account for account in accounts if "reviewer" in account.roles and account is not clerk
    )
    stages = Stages(began)
    jar = aiohttp.CookieJar(unsafe=True)
    timeout = aiohttp.ClientTimeout(total=30)
    async with aiohttp.ClientSession(cookie_jar=jar, timeout=timeout) as session:
        visit = Walk(places, session, clerk, stages)
        await visit.to_signature()
        if outage:
            away = outages.Outage(places, runner, visit.resident, visit.clerk)
            with stages.stage("filing", "The broker is stopped. The resident files all the same."):
                await away.begin()
                number = await visit.file()
            with stages.stage("outage", "The unit's process is killed while the row waits."):
                await away.kill_unit(visit.notification_id, number)
            with stages.stage("delivery", "The broker is back; the hub signs its receipt."):
                measured = await away.end()
                row = await _receipted(places, visit.notification_id)
                measured |= away.delivered()
        else:
            with stages.stage("filing", "The resident files."):
                number = await visit.file()
            with stages.stage("delivery", "The hub signs its receipt."):
                measured = {}
                row = await _receipted(places, visit.notification_id)
        proven = _proven(places, row, number)
        with stages.stage("acceptance", "Another member of staff reviews and accepts."):
            desk = OfficeDesk(session, f"http://{LOOPBACK}:{places.hub_port}")
            register = await _accepted(desk, reviewer, visit.notification_id, proven)
        with stages.stage("message", "The resident opens the office's message."):
            box = ResidentBox(session, f"http://{LOOPBACK}:{places.simulator_port}")
            measured |= {"message": await box.opened(number)}
        await visit.finish()
    return _result(visit, proven, register) | measured | {"seconds": stages.total()}


def page_addresses(places: Places) -> tuple[str, str]:
    """The addresses of the resident's and the clerk's page, tokens and all."""
    pages = json.loads((places.unit / "state" / "pages.json").read_text(encoding="utf-8"))
    return str(pages["resident"]), str(pages["clerk"])


async def _receipted(places: Places, notification_id: str) -> Kept:
    deadline = time.monotonic() + _RECEIPT_SECONDS
    while (row := kept(places, notification_id)).receipt is None:
        if time.monotonic() > deadline:
            raise DemoError(f"no receipt from the hub within {_RECEIPT_SECONDS:g} s")
        await asyncio.sleep(0.05)
    return row


def _proven(places: Places, row: Kept, number: str) -> Proven:
    proven = prove(places, row)
    if not row.reception_number == proven.manifest.reception_number == number:
        raise DemoError("the number shown to the resident is not the one that was sealed")
    return proven


async def _accepted(
    desk: OfficeDesk, reviewer: Account, notification_id: str, proven: Proven
) -> list[dict[str, Any]]:
    await desk.log_in(reviewer)
    waiting = [row["notification_id"] for row in await desk.queue()]
    if notification_id not in waiting:
        raise DemoError("the notification is not in the office's queue")
    card = (await desk.notification(notification_id))["card"] or {}
    if card.get("outcome") != "holds":
        raise DemoError(f"the hub does not believe the card's evidence: {card.get('outcome')}")
    await desk.reach_by(notification_id, "mynaportal", BOX)
    await desk.accept(notification_id, proven.identity.hex())
    return await desk.register(notification_id)


def _result(visit: Walk, proven: Proven, register: list[dict[str, Any]]) -> dict[str, object]:
    manifest = proven.manifest
    return {
        "ok": True,
        "environment": manifest.environment.value,
        "device": manifest.device,
        "sequence": manifest.sequence,
        "event_id": manifest.event_id,
        "notification_id": manifest.notification_id,
        "reception_number": str(manifest.reception_number),
        "envelope_sha256": proven.identity.hex(),
        "receipt_verified": True,
        "receipt_status": proven.receipt.status.value,
        "log_index": proven.receipt.index,
        "card": visit.card,
        "candidates": visit.candidates,
        "register": register,
    }


def _has_office_words(state: State) -> bool:
    unit = state["unit"]
    return unit["keyset_version"] is not None and unit["roster_version"] is not None


def _card_present(state: State) -> bool:
    return bool(state["card"]["reader"] == "present")


def _touched(state: State) -> bool:
    return bool(state["drawing"] and state["drawing"]["touched"])
