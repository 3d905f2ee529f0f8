"""The resident draws with the mouse, sees candidates where they stay, takes back, and picks."""

import pytest
from playwright.sync_api import Page, expect

from tests.system.pages.unit.at_the_pad import (
    STROKES_OF_20BB7,
    found_first,
    picked,
    strokes,
    to_the_pad,
)
from tests.system.pages.unit.conftest import Open
from tests.system.pages.unit.hand import painted, write
from tests.system.pages.unit.running_counter import Counter

pytestmark = pytest.mark.system


@pytest.fixture
def resident(counter: Counter, display: Open) -> Page:
    return to_the_pad(counter, display)


def test_candidates_come_after_each_stroke_and_stay_in_their_slots(resident: Page) -> None:
    first_slot = resident.locator(".slot").first
    place = first_slot.bounding_box()
    write(resident, "U+20BB7", slice(0, 1))
    expect(resident.locator("[data-slot='0']")).to_be_visible(timeout=30_000)
    early = resident.locator(".slots").inner_html()
    write(resident, "U+20BB7", slice(1, None))
    strokes(resident, STROKES_OF_20BB7)
    found_first(resident, "𠮷")
    assert resident.locator(".slots").inner_html() != early
    assert resident.locator(".slot").first.bounding_box() == place


def test_the_glyph_that_is_pressed_stands_in_the_name(counter: Counter, resident: Page) -> None:
    write(resident, "U+20BB7")
    found_first(resident, "𠮷")
    take = resident.locator("#shapes .shape").first
    mj_name = take.get_attribute("value")
    take.click()
    expect(resident.locator("h1")).to_have_text("お待ちください")
    assert picked(counter) == {"repertoire": "mj", "id": mj_name, "text": "𠮷"}


def test_another_candidate_opens_large_before_it_is_taken(resident: Page) -> None:
    write(resident, "U+20BB7")
    found_first(resident, "𠮷")
    slot = resident.locator("[data-slot='1']")
    slot.click()
    expect(slot).to_have_attribute("aria-expanded", "true")
    expect(resident.locator("[data-slot='0']")).to_have_attribute("aria-expanded", "false")
    shown = resident.locator("#shapes .shape svg").first
    text = slot.locator("svg").get_attribute("aria-label") or ""
    expect(shown).to_have_attribute("aria-label", text)


def test_a_stroke_is_taken_back_and_put_back(resident: Page) -> None:
    write(resident, "U+20BB7", slice(0, 2))
    strokes(resident, 2)
    both = painted(resident)
    resident.get_by_role("button", name="1画消す").click()
    strokes(resident, 1)
    assert 0 < painted(resident) < both
    resident.get_by_role("button", name="消した画を戻す").click()
    strokes(resident, 2)
    resident.get_by_role("button", name="全部消す").click()
    strokes(resident, 0)


def test_none_of_these_keeps_the_ink(counter: Counter, resident: Page) -> None:
    write(resident, "U+20BB7")
    none = resident.get_by_role("button", name="この中にない")
    none.click()
    expect(resident.locator("h1")).to_have_text("お待ちください")
    assert picked(counter)["repertoire"] == "unresolved"


def test_a_reload_in_the_middle_comes_back_to_the_same_drawing(resident: Page) -> None:
    write(resident, "U+20BB7", slice(0, 3))
    strokes(resident, 3)
    expect(resident.locator("[data-slot='0']")).to_be_visible(timeout=30_000)
    before = painted(resident)
    resident.reload()
    strokes(resident, 3)
    expect(resident.locator("[data-slot='0']")).to_be_visible()
    assert abs(painted(resident) - before) < before / 20
    write(resident, "U+20BB7", slice(3, None))
    strokes(resident, STROKES_OF_20BB7)


def test_the_clerk_sees_the_ink_and_picks_for_somebody_who_cannot(
    counter: Counter, display: Open, resident: Page
) -> None:
    clerk = display("clerk")
    resident.bring_to_front()
    write(resident, "U+20BB7")
    found_first(resident, "𠮷")
    clerk.bring_to_front()
    strokes(clerk, STROKES_OF_20BB7)
    assert painted(clerk) > 0
    clerk.locator("button.shape").first.click()
    expect(clerk.get_by_text("文字が決まりました。")).to_be_visible()
    assert picked(counter)["text"] == "𠮷"
