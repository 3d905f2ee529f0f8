"""While a hand writes: candidates change in one frame, soon after the pen is lifted, in place."""

from statistics import median

import pytest
from playwright.sync_api import Page, expect

from tests.system.pages.unit.at_the_pad import found_first, strokes, to_the_pad
from tests.system.pages.unit.conftest import Open
from tests.system.pages.unit.frames import Frame, seen, watch
from tests.system.pages.unit.hand import write
from tests.system.pages.unit.running_counter import Counter

pytestmark = pytest.mark.system
CHARACTER, STROKES = "U+82B1", 7
SOON_MS = 250  # a test may share its processor with everything else; alone it is two frames
MOVE_LATE = """() => {
  const late = () => {
    const slot = document.querySelector(".slot:last-child");
    slot.style.marginTop = slot.style.marginTop ? "" : "9px";
    document.querySelector(".slot svg")?.setAttribute("aria-label", String(Math.random()));
  };
  const seen = new MutationObserver(() => setTimeout(late, 50));
  seen.observe(document.querySelector(".slots"), {subtree: true, attributeFilter: ["d"]});
}"""


@pytest.fixture
def resident(counter: Counter, display: Open) -> Page:
    page = to_the_pad(counter, display)
    write(page, CHARACTER)  # whatever is loaded at first is loaded then
    found_first(page, "花")
    page.get_by_role("button", name="全部消す").click()
    strokes(page, 0)
    expect(page.locator("[data-slot]")).to_have_count(0)
    return page


def written(page: Page) -> list[Frame]:
    """Write stroke by stroke, waiting after each until the candidates have come."""
    page.locator("#pad").scroll_into_view_if_needed()
    watch(page)
    for number in range(STROKES):
        before = len(seen(page))
        write(page, CHARACTER, slice(number, number + 1))
        strokes_of(page, number + 1)
        page.wait_for_function("(n) => window.frames_seen.length > n", arg=before)
        page.wait_for_timeout(150)
    return seen(page)


def strokes_of(page: Page, count: int) -> None:
    if count == 1:
        expect(page.locator("#pad-words")).to_have_text("1画書かれています。")
    else:
        strokes(page, count)


def test_each_stroke_changes_the_candidates_in_one_frame_and_nothing_moves(
    resident: Page,
) -> None:
    frames = written(resident)
    changes = [frame for frame in frames[1:] if frame.since_ms is not None]
    assert 1 < len(changes) <= STROKES, "one change for a stroke: no frame shows half of it"
    assert {frame.places for frame in frames} == {frames[0].places}
    times = [frame.since_ms for frame in changes if frame.since_ms is not None]
    assert median(times) < SOON_MS, times


def test_the_look_sees_what_comes_late_and_what_moves(resident: Page) -> None:
    """The control: the same page with a script that patches candidates later and shifts a slot."""
    resident.evaluate(MOVE_LATE)
    frames = written(resident)
    assert len(frames) - 1 > STROKES
    assert len({frame.places for frame in frames}) > 1


def test_the_page_asks_for_nothing_while_it_is_written_on(resident: Page) -> None:
    """The unit looks by itself; the page only fetches what came of it."""
    asked: list[str] = []
    resident.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    write(resident, CHARACTER)
    found_first(resident, "花")
    assert {one.split(" ")[0] for one in asked} == {"GET"}
    assert all(one.endswith("/") for one in asked)
