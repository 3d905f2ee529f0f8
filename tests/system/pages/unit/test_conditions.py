"""A reading, a part, strokes beside the drawing; and everything of it by keyboard alone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.system.pages.unit.at_the_pad import found_first, strokes, to_the_pad
from tests.system.pages.unit.conftest import Open
from tests.system.pages.unit.hand import write
from tests.system.pages.unit.running_counter import Counter

pytestmark = pytest.mark.system


@pytest.fixture
def resident(counter: Counter, display: Open) -> Page:
    page = to_the_pad(counter, display)
    write(page, "U+20BB7")
    found_first(page, "𠮷")
    return page


Group = list[dict[str, Any]]


def offered(counter: Counter, page: Page, fits: Callable[[Group], bool]) -> None:
    """Wait until there are candidates and every one of them fits."""
    groups: list[Group] = []
    for _ in range(50):
        groups = counter.run(counter.unit.resident.view())["drawing"]["candidates"]
        if groups and all(map(fits, groups)):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"not all fit: {[group[0]['text'] for group in groups]}")


def readings(group: Group) -> set[str]:
    """All readings of the shapes of one candidate."""
    return {reading for shape in group for reading in shape["readings"]}


def test_a_reading_pressed_in_kana_narrows_the_drawing(counter: Counter, resident: Page) -> None:
    resident.locator("#narrowing > summary").click()
    resident.locator("#pressing-kana summary").click()
    for kana in ("こ", "voiced"):
        resident.locator(f"[data-kana='{kana}']").click()
    expect(resident.locator("#ask-reading")).to_have_value("ご")
    expect(resident.locator(".asked .chip")).to_contain_text("ご")
    offered(counter, resident, lambda group: any(one[0] in "ごゴ" for one in readings(group)))
    resident.locator(".asked .chip").click()
    expect(resident.locator(".asked")).to_have_count(0)
    found_first(resident, "𠮷")
    strokes(resident, 6)


def test_a_part_and_strokes_are_pressed_and_combine(counter: Counter, resident: Page) -> None:
    resident.locator("#narrowing > summary").click()
    resident.locator("#pressing-parts summary").click()
    resident.locator("[data-part='氵']").click()
    expect(resident.locator("[data-part='氵']")).to_have_attribute("aria-pressed", "true")
    more = resident.get_by_role("button", name="画数を増やす")
    more.click()
    expect(resident.locator("#ask-strokes")).to_have_value("6")  # as many as were drawn
    more.click()
    more.click()
    expect(resident.locator(".asked .chip")).to_have_count(2)
    expect(resident.locator(".asked .chip").last).to_contain_text("8")
    offered(counter, resident, lambda group: 8 in {shape["strokes"] for shape in group})
    resident.get_by_role("button", name="条件をすべて外す").click()
    found_first(resident, "𠮷")


def test_where_nothing_fits_the_way_back_is_shown(counter: Counter, resident: Page) -> None:
    counter.resident("narrow", reading="ぬぬぬ")
    expect(resident.locator("#candidates-words")).to_contain_text("条件に合う文字はありません")
    expect(resident.locator("[data-slot]")).to_have_count(0)
    resident.locator(".asked .chip").click()
    found_first(resident, "𠮷")


def test_what_is_not_understood_is_said_and_the_candidates_stay(resident: Page) -> None:
    resident.locator("#narrowing > summary").click()
    resident.locator("#ask-reading").fill("abc")
    resident.keyboard.press("Enter")
    expect(resident.locator("#notice")).to_contain_text("読みはかな")
    found_first(resident, "𠮷")


def test_the_clerk_narrows_the_same_drawing(display: Open, resident: Page) -> None:
    clerk = display("clerk")
    found_first(clerk, "𠮷")
    clerk.locator("#narrowing > summary").click()
    clerk.locator("#ask-radical").select_option("37")
    expect(clerk.locator(".asked .chip")).to_contain_text("大")
    expect(resident.locator(".asked .chip")).to_contain_text("大")
    text = clerk.locator("[data-slot='0'] svg").get_attribute("aria-label")
    expect(resident.locator("[data-slot='0'] svg")).to_have_attribute("aria-label", text or "")


def test_candidates_are_opened_and_taken_with_keys(resident: Page) -> None:
    resident.locator("h1").focus()
    resident.keyboard.press("2")
    second = resident.locator("[data-slot='1']")
    expect(second).to_have_attribute("aria-expanded", "true")
    expect(resident.locator("#shapes .shape").first).to_be_focused()
    resident.keyboard.press("Escape")
    expect(second).to_be_focused()
    resident.keyboard.press("ArrowLeft")
    first = resident.locator("[data-slot='0']")
    expect(first).to_be_focused()
    resident.keyboard.press("ArrowDown")
    below = resident.evaluate("document.activeElement.dataset.slot")
    assert below not in (None, "0", "1")
    resident.keyboard.press("ArrowUp")
    expect(first).to_be_focused()
    resident.keyboard.press("Enter")
    expect(resident.locator("#shapes .shape").first).to_be_focused()
    resident.keyboard.press("Enter")
    expect(resident.locator("#picked-title")).to_be_visible()


def test_strokes_go_and_come_back_with_the_usual_keys(resident: Page) -> None:
    resident.locator("h1").focus()
    for _ in range(2):  # as quickly as keys are pressed: none of them is lost
        resident.keyboard.press("Control+z")
    strokes(resident, 4)
    resident.keyboard.press("Control+y")
    strokes(resident, 5)
    resident.keyboard.press("Control+Shift+z")
    strokes(resident, 6)


def test_a_digit_that_is_typed_into_a_field_opens_nothing(resident: Page) -> None:
    resident.locator("#narrowing > summary").click()
    resident.locator("#ask-strokes").focus()
    resident.keyboard.press("2")
    expect(resident.locator("#ask-strokes")).to_have_value("2")
    expect(resident.locator("[data-slot='1']")).to_have_attribute("aria-expanded", "false")
