"""A person with only a browser: mouse, keyboard and the panel, through all four pages."""

import contextlib
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from drivers.tablet import handwriting
from provisioning.demo.household import Household, household
from tests.system.demo.conftest import OpenDemo

pytestmark = [pytest.mark.system, pytest.mark.timeout(240)]

DRAWN, DRAWN_TEXT = "MJ032129", "𠮷"


@dataclass(frozen=True)
class Pages:
    panel: Page
    resident: Page
    clerk: Page
    office: Page


@pytest.fixture
def pages(demo: OpenDemo, browser: Browser) -> Iterator[Pages]:
    contexts: list[BrowserContext] = []

    def opened(label: str) -> Page:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.goto(demo.address(label))
        return page

    yield Pages(*map(opened, ("Demo panel", "Resident's page", "Clerk's page", "Office page")))
    for context in contexts:
        context.close()


def at(page: Page, state: str) -> None:
    page.locator(f'#main[data-state="{state}"]').wait_for()


def press(page: Page, action: str) -> None:
    page.locator(f'form[action="/actions/{action}"] button:not([type="button"])').click()


def write(page: Page, name: str) -> None:
    """Write on the pad with the mouse, as a person would; the pen is the page itself."""
    pad = page.locator("#pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    side = min(box["width"], box["height"]) * 0.8
    left, top = box["x"] + (box["width"] - side) / 2, box["y"] + (box["height"] - side) / 2
    for stroke in handwriting.load(name).strokes:
        points = [(left + x / 1000 * side, top + y / 1000 * side) for x, y in stroke]
        page.mouse.move(*points[0])
        page.mouse.down()
        for point in points[1:]:
            page.mouse.move(*point, steps=6)
        page.mouse.up()


def fill_in(clerk: Page, moving: Household) -> None:
    for where, value in moving.form.items():
        parts = cast("dict[str, str]", value) if isinstance(value, dict) else {"": str(value)}
        for part, text in parts.items():
            name = f"{where}.{part}" if part else where
            control = clerk.locator(f'[name="{name}"]').first
            if control.input_value() == text:
                continue  # the card said so already
            with clerk.expect_response("**/actions/fill") as saved:
                if control.evaluate("one => one.localName") == "select":
                    control.select_option(text)
                else:
                    control.fill(text)
                    control.press("Tab")
            assert saved.value.ok, name


def start_and_read_card(pages: Pages, pin: str) -> None:
    pages.clerk.locator("#staff_id").fill("s001")
    pages.clerk.locator("#pin").fill(pin)
    pages.clerk.keyboard.press("Enter")
    at(pages.clerk, "idle")
    pages.clerk.locator('form:has(input[value="move_in"]) button').click()
    pages.panel.get_by_role("radio").first.check()
    pages.panel.locator('form[action^="/insert"] button').click()
    at(pages.resident, "identify")
    pages.resident.locator("#reader.note-good").wait_for()
    pages.resident.locator("#auth_pin").fill("1234")
    press(pages.resident, "read_card")
    at(pages.clerk, "fill")


def choose(resident: Page) -> None:
    """Open the candidate and take its shape; a tap that met another one is made again.

    The last stroke may still be looked up: a program taps faster than the places come to rest.
    """
    slot = resident.locator(f'[data-slot]:has(svg[aria-label="{DRAWN_TEXT}"])')
    shape = resident.locator(f'button.shape[value="{DRAWN}"]')
    for _ in range(5):
        slot.click()
        with contextlib.suppress(PlaywrightTimeout):
            shape.wait_for(timeout=2000)
            break
    shape.click()


def test_a_household_moves_in_by_hand(demo: OpenDemo, pages: Pages) -> None:
    moving = household(dt.datetime.now(dt.UTC))
    start_and_read_card(pages, demo.account("s001")[0])
    for number in (2, 3):
        press(pages.clerk, "add_person")
        pages.clerk.locator(f"#person-p{number}").wait_for()
    fill_in(pages.clerk, moving)

    pages.clerk.locator(f'button[value="{moving.drawn_in}@{moving.drawn_at}"]').click()
    pages.clerk.locator('button[formaction="/actions/draw"]').click()
    at(pages.resident, "names")
    write(pages.resident, moving.drawn)
    pages.resident.locator('#candidates[data-recognised="true"]').wait_for()
    choose(pages.resident)

    at(pages.clerk, "names")
    expect(pages.clerk.locator("#main .note-good")).to_be_visible()
    press(pages.clerk, "to_review")
    at(pages.clerk, "review")
    press(pages.clerk, "to_resident")
    at(pages.resident, "confirm")
    press(pages.resident, "confirm")
    at(pages.resident, "sign")
    write(pages.resident, "signature")
    press(pages.resident, "file")
    at(pages.resident, "filed")
    number = pages.resident.locator("p.number").inner_text()
    pages.clerk.locator("#filed-state.note-good").wait_for()
    accept_at_the_office(pages.office, number, demo.account("s004"))
    press(pages.clerk, "finish")
    at(pages.resident, "idle")


def accept_at_the_office(office: Page, number: str, account: tuple[str, str, str]) -> None:
    office.locator("#login").fill(account[1])
    office.locator("#password").fill(account[2])
    office.keyboard.press("Enter")
    office.get_by_role("link", name=number).click()
    office.locator("#accept").click()
    office.wait_for_load_state()
    office.goto(office.url.partition("/notifications")[0] + "/register")
    office.get_by_role("main").get_by_role("textbox").fill("タカハシ　ヨシノ")
    office.get_by_role("main").get_by_role("button").click()
    expect(office.locator("main")).to_contain_text("見本荘205号")
    office.get_by_role("main").get_by_role("link", name="R0").click()
    expect(office.locator("h1")).to_be_visible()
