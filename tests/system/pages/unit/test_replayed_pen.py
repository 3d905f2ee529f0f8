"""A recorded pen writes through the tablet path; the resident's page shows it and finds it."""

from collections.abc import Generator
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from drivers import recording
from drivers.tablet import handwriting
from edge.settings import Tablet
from intake.ink import AxisRange, Ink, PenSample, TabletDescription
from tests.edge.forms import FORM
from tests.system.pages.unit.at_the_pad import NAME, POSITION, found_first, picked, strokes
from tests.system.pages.unit.hand import painted
from tests.system.pages.unit.running_counter import Counter, running_counter

pytestmark = pytest.mark.system
CHARACTER, STROKES = "U+82B1", 7
TABLET = TabletDescription(
    "pen display",
    "evdev",
    AxisRange(0, 15_200, 100),
    AxisRange(0, 9_500, 100),
    AxisRange(0, 2_047),
)
BEFORE_US, REPORT_US, BETWEEN_US, AFTER_US = 8_000_000, 10_000, 150_000, 600_000_000
STEPS = 8  # reports between two points of the handwriting


def recorded() -> Ink:
    """The character as a pen at 100 Hz: hovering first, lifted between strokes, then still."""
    samples = [PenSample(0, 100, 100, 0, in_range=True)]
    time = BEFORE_US
    for stroke in handwriting.load(CHARACTER).strokes:
        points = [
            (x0 + (x1 - x0) * step / STEPS, y0 + (y1 - y0) * step / STEPS)
            for (x0, y0), (x1, y1) in pairwise(stroke)
            for step in range(STEPS)
        ]
        for x, y in (*points, stroke[-1]):
            samples.append(_sample(time, x, y, pressure=900))
            time += REPORT_US
        samples.append(_sample(time, *stroke[-1], pressure=0))
        time += BETWEEN_US
    return Ink(TABLET, (*samples, PenSample(time + AFTER_US, 100, 100, 0, in_range=True)))


def _sample(time: int, x: float, y: float, *, pressure: int) -> PenSample:
    side = TABLET.y.maximum / handwriting.CANVAS
    left = (TABLET.x.maximum - TABLET.y.maximum) / 2
    place = round(left + x * side), round(y * side)
    return PenSample(time, *place, pressure, contact=pressure > 0, in_range=True)


@pytest.fixture
def counter(tmp_path: Path) -> Generator[Counter]:
    file = tmp_path / "pen.ink"
    recording.save(file, recorded())
    with running_counter(tmp_path, tablet=Tablet(f"replay:{file}?pace=real")) as counter:
        yield counter


def test_a_replayed_pen_draws_and_the_character_is_picked(
    browser: Browser, counter: Counter
) -> None:
    counter.log_in()
    counter.clerk("start", procedure="move_in")
    counter.clerk("show_documents", method="one_document", documents=["passport"])
    counter.clerk("add_person")
    counter.clerk("fill", values=FORM)
    counter.clerk("draw", where=NAME, position=POSITION)
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="ja-JP")
    page = context.new_page()
    page.goto(counter.address("resident"))
    expect(page.locator("#pad")).to_be_visible()
    strokes(page, 0)
    expect(page.locator("#pad-words")).to_have_text(f"{STROKES}画書かれています。", timeout=60_000)
    found_first(page, "花")
    pad = page.locator("#pad").bounding_box()
    assert pad is not None
    assert pad["width"] / pad["height"] == pytest.approx(1.6, abs=0.02), "shaped as the tablet"
    assert painted(page) > 0
    page.get_by_role("button", name="書いた字を重ねる").click()
    figure = page.locator("#shapes .figure").first
    expect(figure.locator(".own-ink-line")).to_have_count(STROKES)
    figure.click()
    expect(page.locator("#picked-title")).to_be_visible()
    assert picked(counter)["text"].startswith("花")
    context.close()
