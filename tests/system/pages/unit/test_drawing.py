"""The resident draws with the mouse, sees candidates where they stay, takes back, and picks."""

import pytest
from playwright.sync_api import Page, expect

from tests.edge.forms import FORM
from tests.system.pages.unit.conftest import Open
from tests.system.pages.unit.hand import painted, write
from tests.system.pages.unit.running_counter import Counter

pytestmark = pytest.mark.system
NAME = "persons/p2/name"
STROKES_OF_20BB7 = 6


@pytest.fixture
def resident(counter: Counter, display: Open) -> Page:
    """The resident's page, asked to draw the third character of the second person's name."""
    counter.begin()
    counter.clerk("start", procedure="move_in")
    counter.clerk("show_documents", method="one_document", documents=["passport"])
    counter.clerk("add_person")
    counter.clerk("fill", values=FORM)
    page = display("resident")
    counter.clerk("draw", where=NAME, position=3)
    expect(page.locator("#pad")).to_be_visible()
    return page


def picked(counter: Counter) -> dict[str, str]:
    """The character that the name has now at the place that was drawn."""
    persons = counter.run(counter.unit.clerk.view())["notification"]["persons"]
    (name,) = (field for field in persons[1]["fields"] if field["name"] == "name")
    return name["value"][3]


def strokes(page: Page, count: int) -> None:
    """Wait until the page says in words that so many strokes are written."""
    words = "まだ何も書かれていません。" if count == 0 else f"{count}画書かれています。"
    expect(page.locator("#pad-words")).to_have_text(words)


def test_candidates_come_after_each_stroke_and_stay_in_their_slots(resident: Page) -> None:
    first_slot = resident.locator(".slot").first
    place = first_slot.bounding_box()
    write(resident, "U+20BB7", slice(0, 1))
    expect(resident.locator("[data-slot='0']")).to_be_visible(timeout=30_000)
    early = resident.locator(".slots").inner_html()
    write(resident, "U+20BB7", slice(1, None))
    strokes(resident, STROKES_OF_20BB7)
    expect(resident.locator("[data-slot='0'] svg")).to_have_attribute("aria-label", "𠮷")
    assert resident.locator(".slots").inner_html() != early
    assert resident.locator(".slot").first.bounding_box() == place


def test_the_glyph_that_is_pressed_stands_in_the_name(counter: Counter, resident: Page) -> None:
    write(resident, "U+20BB7")
    expect(resident.locator("[data-slot='0'] svg")).to_have_attribute("aria-label", "𠮷")
    take = resident.locator("#group-0 .shape").first
    mj_name = take.get_attribute("value")
    take.click()
    expect(resident.locator("h1")).to_have_text("お待ちください")
    assert picked(counter) == {"repertoire": "mj", "id": mj_name, "text": "𠮷"}


def test_another_candidate_opens_large_before_it_is_taken(resident: Page) -> None:
    write(resident, "U+20BB7")
    slot = resident.locator("[data-slot='1']")
    slot.click(timeout=30_000)
    expect(slot).to_have_attribute("aria-expanded", "true")
    expect(resident.locator("#group-1 .shape").first).to_be_visible()
    expect(resident.locator("#group-0")).to_be_hidden()


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
    expect(resident.locator("[data-slot='0'] svg")).to_have_attribute("aria-label", "𠮷")
    clerk.bring_to_front()
    strokes(clerk, STROKES_OF_20BB7)
    assert painted(clerk) > 0
    clerk.locator("button.shape").first.click()
    expect(clerk.get_by_text("文字が決まりました。")).to_be_visible()
    assert picked(counter)["text"] == "𠮷"
