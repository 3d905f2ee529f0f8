"""A hand with a mouse: writes known strokes into the pad of a page."""

from collections.abc import Sequence

from playwright.sync_api import Page

from drivers.tablet import handwriting

MARGIN = 1.1


def write(page: Page, what: str, strokes: slice = slice(None)) -> None:
    """Write a character (`U+20BB7`) or the `signature` into the pad that is shown."""
    written = handwriting.load(what).strokes
    side = MARGIN * max(max(point[0], point[1]) for stroke in written for point in stroke)
    trace(page, written[strokes], side)


def trace(page: Page, written: Sequence[Sequence[Sequence[float]]], side: float) -> None:
    """Write strokes of points, given in a square of `side`, into the pad that is shown."""
    pad = page.locator("#pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    for stroke in written:
        for place, point in enumerate(stroke):
            page.mouse.move(
                box["x"] + point[0] / side * box["width"],
                box["y"] + point[1] / side * box["height"],
            )
            if place == 0:
                page.mouse.down()
        page.mouse.up()


def painted(page: Page) -> int:
    """How many pixels of the pad carry ink, once the picture is still."""
    before = -1
    while (now := page.evaluate(_COUNT)) != before:
        before = now
        page.wait_for_timeout(STILL_MS)
    return before


STILL_MS = 150
_COUNT = """() => {
  const pad = document.getElementById("pad");
  const data = pad.getContext("2d").getImageData(0, 0, pad.width, pad.height).data;
  let count = 0;
  for (let at = 3; at < data.length; at += 4) if (data[at] > 0) count += 1;
  return count;
}"""
