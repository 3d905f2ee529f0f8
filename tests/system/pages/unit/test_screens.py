"""Every screen of both pages, in both languages and at 100 and 200 %: axe finds nothing to say."""

from collections.abc import Iterator
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from edge.outbox import RowState
from intake.event.ids import ReceptionNumber, new_notification_id
from intake.office.decision import Decision, Outcome
from tests.edge.forms import FORM
from tests.system.pages.unit.conftest import Open
from tests.system.pages.unit.hand import write
from tests.system.pages.unit.running_counter import Counter

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]
CLIPPED = """() => document.documentElement.scrollWidth > innerWidth
  ? [...document.querySelectorAll("main *")]
      .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
      .map((one) => one.outerHTML.slice(0, 80)).slice(0, 5)
  : []"""
SMALL = """(least) => [...document.querySelectorAll("button, summary.button, select")]
  .filter((one) => one.checkVisibility())
  .filter((one) => one.getBoundingClientRect().height < least)
  .map((one) => one.outerHTML.slice(0, 80))"""


def returned() -> Decision:
    return Decision(
        new_notification_id(),
        str(ReceptionNumber.make("012", date(2026, 11, 20), 7)),
        1,
        bytes(32),
        Outcome.RETURNED,
        1_795_000_000_000_000,
        "方書の部屋番号がわかりません。",
        "sato",
        date(2026, 12, 1),
        b"\xa0",
    )


Screens = Iterator[tuple[str, Page]]


def screens(counter: Counter, resident: Page, clerk: Page) -> Screens:
    """Walk one notification; at each stop the screens that can be seen there."""
    yield from before_the_form(counter, resident, clerk)
    yield from filling_in(counter, resident, clerk)
    yield from drawing(counter, resident, clerk)
    yield from reading_back(counter, resident, clerk)
    yield from filing(counter, resident, clerk)


def before_the_form(counter: Counter, resident: Page, clerk: Page) -> Screens:
    counter.unit.process.counter.office.returned.take(returned())
    counter.clerk("touch")
    yield "idle", resident
    yield "idle", clerk
    counter.clerk("logout")
    yield "login", clerk
    counter.log_in()
    counter.clerk("start", procedure="move_in")
    yield "identify", resident
    yield "identify", clerk
    counter.resident("read_card", auth_pin="0000", text_pin="1234")
    yield "refused", resident
    yield "refused", clerk
    counter.resident("read_card", auth_pin="1234", text_pin="1234")


def filling_in(counter: Counter, resident: Page, clerk: Page) -> Screens:
    yield "wait", resident
    yield "empty form", clerk
    counter.clerk("add_person")
    counter.clerk("fill", values=FORM | {"moved_on": "2099-01-01"})
    yield "blocked form", clerk
    counter.clerk("fill", values=FORM)
    counter.clerk("find_open", character="persons/p2/name@4")
    counter.clerk("find", query="邉")
    yield "finder", clerk
    counter.clerk("find_close")


def drawing(counter: Counter, resident: Page, clerk: Page) -> Screens:
    counter.clerk("draw", where="persons/p2/name", position=3)
    yield "pad", resident
    expect(resident.locator("#pad")).to_be_visible()
    resident.bring_to_front()
    write(resident, "U+20BB7", slice(0, 3))
    expect(resident.locator("[data-slot='0']")).to_be_visible(timeout=30_000)
    yield "candidates", resident
    yield "candidates", clerk
    counter.resident("none_fits")
    yield "picked", clerk


def reading_back(counter: Counter, resident: Page, clerk: Page) -> Screens:
    counter.clerk("to_review")
    counter.clerk("fill", values={"contact": "03-1111-1111"}, why="聞き直し")
    yield "review", clerk
    counter.clerk("to_resident")
    yield "confirm", resident
    yield "confirm", clerk
    counter.resident("object", what="address")
    yield "objection", clerk


def filing(counter: Counter, resident: Page, clerk: Page) -> Screens:
    counter.clerk("to_resident")
    counter.resident("confirm")
    yield "sign", resident
    yield "sign", clerk
    resident.bring_to_front()
    write(resident, "signature")
    resident.locator("form[action='/actions/file'] button").click()
    expect(resident.locator(".number")).to_be_visible()
    yield "filed", resident
    yield "filed", clerk
    outbox = counter.unit.process.counter.outbox
    outbox.close(outbox.waiting()[0], RowState.QUARANTINED, b"", 1, "wrong_topic")
    counter.clerk("finish")
    yield "set aside", clerk


@pytest.mark.parametrize(("language", "text_size"), [("ja", "200"), ("en", "100")])
def test_every_screen_is_accessible(
    counter: Counter, display: Open, language: str, text_size: str
) -> None:
    counter.begin(language=language, text_size=text_size)
    resident, clerk = display("resident"), display("clerk")
    complaints: list[str] = []
    for name, page in screens(counter, resident, clerk):
        page.reload()
        page.bring_to_front()
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("html")).to_have_attribute("data-text", text_size)
        for found in Axe().run(page).response["violations"]:
            nodes = [node["html"][:100] for node in found["nodes"]]
            complaints.append(f"{name}: {found['id']}: {nodes}")
        clipped = page.evaluate(CLIPPED)
        if clipped:
            complaints.append(f"{name}: wider than the window: {clipped}")
        small = page.evaluate(SMALL, 44)
        if small:
            complaints.append(f"{name}: lower than 44 px: {small}")
    assert complaints == []


def test_the_looks_are_able_to_find_something(counter: Counter, display: Open) -> None:
    """The control: a page made bad on purpose is complained about in each of the three ways."""
    counter.begin()
    page = display("clerk")
    page.evaluate(
        """() => document.getElementById("main").insertAdjacentHTML("beforeend",
          "<input id=bare><button id=low>x</button><div id=wide>x</div>")"""
    )
    page.evaluate(
        """() => {
          document.getElementById("low").style.minHeight = "10px";
          document.getElementById("low").style.lineHeight = "10px";
          document.getElementById("wide").style.width = "3000px";
        }"""
    )
    assert "label" in {found["id"] for found in Axe().run(page).response["violations"]}
    assert any("wide" in one for one in page.evaluate(CLIPPED))
    assert any("low" in one for one in page.evaluate(SMALL, 44))
