"""Choosing among shapes: what differs is marked, the own ink lies over it, a pick comes back."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.system.pages.unit.at_the_pad import (
    STROKES_OF_20BB7,
    found_first,
    name_field,
    picked,
    strokes,
    to_the_pad,
)
from tests.system.pages.unit.conftest import Open
from tests.system.pages.unit.hand import painted, write
from tests.system.pages.unit.running_counter import Counter

pytestmark = pytest.mark.system
INKED = """(one) => {
  const line = one.querySelector(".own-ink-line").closest("svg").getBoundingClientRect();
  const boxes = [...one.querySelectorAll(".own-ink-line")].map((each) => each.getBBox());
  const left = Math.min(...boxes.map((box) => box.x));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const top = Math.min(...boxes.map((box) => box.y));
  const low = Math.max(...boxes.map((box) => box.y + box.height));
  const glyph = one.querySelector("path.ink").getBoundingClientRect(), unit = line.width / 1000;
  return {
    x: line.x + (left + right) / 2 * unit - glyph.x - glyph.width / 2,
    y: line.y + (top + low) / 2 * unit - glyph.y - glyph.height / 2,
    size: Math.max(right - left, low - top) * unit / Math.max(glyph.width, glyph.height),
  };
}"""


@pytest.fixture
def resident(counter: Counter, display: Open) -> Page:
    return to_the_pad(counter, display)


def two_shapes_of_tsuji(counter: Counter, page: Page) -> None:
    """辻 with one dot and with two, by conditions alone."""
    counter.resident("narrow", reading="つじ", part="辶", strokes="5-6")
    found_first(page, "辻")
    expect(page.locator("#shapes > .shapes-body > .shape-list .shape")).to_have_count(2)


def test_what_differs_is_ringed_and_said(counter: Counter, resident: Page) -> None:
    two_shapes_of_tsuji(counter, resident)
    for number in (0, 1):
        shape = resident.locator("#shapes .shape").nth(number)
        ring = shape.locator("path.differs")
        figure, mark = shape.locator(".figure svg").bounding_box(), ring.bounding_box()
        assert figure is not None
        assert mark is not None
        assert mark["x"] + mark["width"] < figure["x"] + figure["width"] / 2, "left of the middle"
        assert mark["y"] + mark["height"] / 2 < figure["y"] + figure["height"] / 2, "above it"
        dashes = ring.evaluate("(one) => getComputedStyle(one).strokeDasharray")
        assert dashes != "none", "seen without colour"
        expect(shape.locator("path.extra")).to_have_count(1)
        expect(shape.locator(".spoken").first).to_contain_text("左上")
    expect(resident.locator(".marks-words")).to_contain_text("点線")


def test_a_shape_that_stands_alone_has_no_marks(resident: Page) -> None:
    """The control: nothing is ringed where there is nothing to compare."""
    write(resident, "U+20BB7")
    found_first(resident, "𠮷")
    alone = resident.locator("#shapes > .shapes-body > .shape-list .shape")
    expect(alone).to_have_count(1)
    expect(alone.locator("path.differs")).to_have_count(0)
    expect(resident.locator(".marks-words")).to_have_count(0)


def test_one_of_the_same_origin_stands_beside_it_and_can_be_taken(
    counter: Counter, resident: Page
) -> None:
    write(resident, "U+20BB7")
    found_first(resident, "𠮷")
    other = resident.locator(".related .shape", has=resident.locator("svg[aria-label='吉']"))
    expect(other.locator("path.differs")).to_have_count(1)
    other.click()
    expect(resident.locator("h1")).to_have_text("お待ちください")
    assert picked(counter)["text"] == "吉"


def test_the_own_ink_lies_over_the_glyph_while_it_is_wished(resident: Page) -> None:
    write(resident, "U+20BB7")
    found_first(resident, "𠮷")
    lines = resident.locator("#shapes .shape").first.locator(".own-ink-line")
    expect(lines).to_have_count(0)
    toggle = resident.get_by_role("button", name="書いた字を重ねる")
    toggle.click()
    expect(toggle).to_have_attribute("aria-pressed", "true")
    expect(lines).to_have_count(STROKES_OF_20BB7)
    laid = resident.locator("#shapes .figure").first.evaluate(INKED)
    assert abs(laid["x"]) < 6, laid
    assert abs(laid["y"]) < 6, laid
    assert 0.9 < laid["size"] < 1.1
    resident.get_by_role("button", name="1画消す").click()
    expect(lines).to_have_count(STROKES_OF_20BB7 - 1)
    toggle.click()
    expect(lines).to_have_count(0)


def test_the_numbers_of_a_character_are_one_press_away(resident: Page) -> None:
    write(resident, "U+20BB7")
    found_first(resident, "𠮷")
    particulars = resident.locator("#shapes .particulars").first
    expect(particulars.locator("dl")).to_be_hidden()
    particulars.locator("summary").click()
    for words in ("MJ032129", "U+20BB7", "038140", "J+AEAC", "よい・キチ", "「吉」（JIS包摂"):
        expect(particulars).to_contain_text(words)


def test_a_pick_is_taken_back_with_the_drawing(counter: Counter, resident: Page) -> None:
    before = name_field(counter)
    write(resident, "U+20BB7")
    found_first(resident, "𠮷")
    ink = painted(resident)
    resident.locator("#shapes .shape").first.click()
    expect(resident.locator("#picked-title")).to_be_visible()
    assert picked(counter)["text"] == "𠮷"
    resident.get_by_role("button", name="選び直す").click()
    strokes(resident, STROKES_OF_20BB7)
    found_first(resident, "𠮷")
    assert abs(painted(resident) - ink) < ink / 20
    assert name_field(counter) == before, "history and all"
    resident.get_by_role("button", name="この中にない").click()
    expect(resident.locator("#picked-title")).to_be_visible()
    assert picked(counter)["repertoire"] == "unresolved"


def test_no_address_names_a_character_or_what_it_was_found_by(
    counter: Counter, resident: Page
) -> None:
    asked: list[str] = []
    resident.on("request", lambda request: asked.append(request.url))
    two_shapes_of_tsuji(counter, resident)
    resident.locator("#narrowing > summary").click()
    resident.locator("#ask-reading").fill("つじ")
    resident.keyboard.press("Enter")
    resident.locator("[data-slot='0']").click()
    resident.locator("#shapes .shape").first.click()
    expect(resident.locator("h1")).to_have_text("お待ちください")
    paths = {url.split("/", 3)[3] for url in asked}
    assert paths <= {"", "actions/narrow", "actions/look_at", "actions/pick"}
    assert "actions/pick" in paths


def test_the_clerks_finder_marks_the_shapes_of_one_character(
    counter: Counter, display: Open, resident: Page
) -> None:
    counter.clerk("to_fill")
    expect(resident.locator("#pad")).to_have_count(0)
    clerk = display("clerk")
    counter.clerk("find_open", character="persons/p2/name@3")
    counter.clerk("find", query="辻")
    expect(clerk.locator("#finder path.differs")).to_have_count(2)
    counter.clerk("find", query="辻辺")
    expect(clerk.locator("#finder .shape").nth(3)).to_be_visible()
    expect(clerk.locator("#finder path.differs")).to_have_count(0)


def test_what_the_pen_was_put_on_is_opened_though_another_came_there_meanwhile(
    counter: Counter, resident: Page
) -> None:
    two_shapes_of_tsuji(counter, resident)
    first = resident.locator("[data-slot='0']")
    first.hover()
    resident.mouse.down()
    counter.resident("narrow", reading="", part="辶", strokes="5-6")
    expect(resident.locator("[data-slot='1']")).to_be_visible()

    expect(first.locator("svg")).not_to_have_attribute("aria-label", re.compile("^辻"))
    resident.mouse.up()
    opened = resident.locator("#shapes .shape svg[aria-label^='辻']")
    expect(opened.first).to_be_visible()
