"""An office's own character on the counter's screens: found, shown with its card, picked; kept."""

from dataclasses import replace

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from edge.characters_of_office.confirmed import FEWEST
from intake.office.glyphs import OfficeGlyphs
from intake.office.outline import GlyphOutline
from tests.edge.a_unit import rendering
from tests.intake.office.glyph_sets import OFFICE, bar, glyph, glyph_set
from tests.system.pages.unit.at_the_pad import picked, strokes, to_the_pad
from tests.system.pages.unit.conftest import Open
from tests.system.pages.unit.hand import trace
from tests.system.pages.unit.running_counter import Counter

pytestmark = pytest.mark.system
NAME = f"office:{OFFICE}/G0001"
RUNGS = range(200, 900, 120)
LADDER = (
    ((220, 60), (220, 500), (220, 940)),
    ((780, 60), (780, 500), (780, 940)),
    *(((220, y), (500, y), (780, y)) for y in RUNGS),
)
"""Two uprights and rungs, in a square of 1000: no character of the MJ list."""


def ladder(version: int, *, keep: bool = False) -> OfficeGlyphs:
    scale = 2.048
    boxes = [(200, 60, 40, 880), (760, 60, 40, 880), *((220, y - 18, 560, 36) for y in RUNGS)]
    outline = GlyphOutline.of(
        command for box in boxes for command in bar(*(round(scale * side) for side in box))
    )
    shape = replace(glyph(), outline=outline, strokes=len(LADDER), readings=("はしご",))
    shape = replace(shape, base="梯", fallback="梯")
    return glyph_set(shape, version=version, keep=keep)


def told(counter: Counter, document: OfficeGlyphs) -> None:
    """The unit holds the set, and everything of it can be found."""
    own = counter.unit.process.counter.own_characters
    if own.outline not in rendering().outlines._sources:
        rendering().outlines.add(own.outline)

    async def take() -> None:
        own.hold(document)
        await own.settled()

    counter.run(take())


def looked_at(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_it_is_found_by_drawing_shown_with_its_card_and_picked(
    counter: Counter, display: Open
) -> None:
    told(counter, ladder(1))
    page = to_the_pad(counter, display)
    trace(page, LADDER, 1000)
    strokes(page, len(LADDER))
    path = ladder(1).glyphs[0].outline.svg_path()
    first = page.locator("[data-slot='0'] svg path").first
    expect(first).to_have_attribute("d", path, timeout=30_000)
    shape = page.locator(f"#shapes .shape[value='{NAME}']")
    expect(shape.locator("path.ink")).to_have_attribute("d", path)
    page.locator("#shapes details summary").first.click()
    expect(page.locator("#shapes")).to_contain_text(NAME)
    expect(page.locator("#shapes")).to_contain_text("庁の定め")
    expect(page.locator("#shapes")).to_contain_text("庁の文字")
    shape.click()
    expect(page.locator("#shapes")).to_have_count(0)
    assert picked(counter) == {"repertoire": f"office:{OFFICE}", "id": "G0001", "text": "梯"}


def test_the_clerk_finds_it_by_its_reading_too(counter: Counter) -> None:
    told(counter, ladder(2))
    counter.begin()
    counter.clerk("start", procedure="move_in")
    counter.clerk("show_documents", method="one_document", documents=["passport"])
    counter.clerk("fill", values={"persons/p1/name": "山田"})
    counter.clerk("find_open", character="persons/p1/name@0")
    for query in ("ハシゴ", f"{len(LADDER)}画 はしご", "g0001", "梯"):
        found = counter.clerk("find", query=query)["finder"]["glyphs"]
        assert NAME in [one["mj_name"] for one in found], query
    view = counter.clerk("find_pick", mj_name=NAME)
    fields = view["notification"]["persons"][0]["fields"]
    (name,) = (field for field in fields if field["name"] == "name")
    assert name["value"][0] == {"repertoire": f"office:{OFFICE}", "id": "G0001", "text": "梯"}


def test_what_is_kept_of_drawings_is_shown_and_removed(counter: Counter, display: Open) -> None:
    told(counter, ladder(3, keep=True))
    counter.begin()
    own = counter.unit.process.counter.own_characters
    vector = np.full(128, 128**-0.5, np.float32)
    for _ in range(FEWEST):
        own.confirmed.add({NAME: (vector, 9), "MJ026191": (vector, 19)})
    page = display("clerk")
    section = page.locator("#kept-drawings")
    expect(section.locator("tbody tr")).to_have_count(2)
    looked_at(page)
    section.locator("tbody tr").first.locator("button").click()
    expect(section.locator("tbody tr")).to_have_count(1)
    section.locator("summary").click()
    section.locator("details button").click()
    expect(section.locator(".empty")).to_be_visible()
    assert own.confirmed.all() == ()
    told(counter, ladder(4, keep=False))
    expect(section).to_have_count(0)
