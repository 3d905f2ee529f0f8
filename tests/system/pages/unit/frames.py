"""Looks at every frame of the resident's page, as an eye does: what stands where, and when."""

from dataclasses import dataclass
from typing import Any, cast

from playwright.sync_api import Page

_WATCH = """() => {
  const kept = window.frames_seen = [];
  let lifted = null;
  document.addEventListener("pointerup", () => { lifted = performance.now(); }, true);
  const place = (one) => {
    const box = one && one.getBoundingClientRect();
    return box ? [box.x, box.y, box.width, box.height].map(Math.round).join() : "";
  };
  const look = (at) => {
    const slots = [...document.querySelectorAll(".slot")];
    const text = (one) => one.querySelector("svg")?.getAttribute("aria-label") || "";
    const seen = {
      candidates: slots.map(text).join("|"),
      places: [document.getElementById("pad"), ...slots].map(place).join(" ") + " " + scrollY,
      since: lifted === null ? null : at - lifted,
    };
    const last = kept[kept.length - 1] || {};
    if (last.candidates !== seen.candidates || last.places !== seen.places) kept.push(seen);
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""


@dataclass(frozen=True)
class Frame:
    """What differs from the frame before: candidates by slot, places of pad and slots in pixels.

    `since_ms`: since the pen was lifted last.
    """

    candidates: str
    places: str
    since_ms: float | None


def watch(page: Page) -> None:
    """Look at every frame from now on."""
    page.evaluate(_WATCH)


def seen(page: Page) -> list[Frame]:
    """The frames since `watch` in which anything was different."""
    found = cast("list[dict[str, Any]]", page.evaluate("() => window.frames_seen"))
    return [Frame(one["candidates"], one["places"], one["since"]) for one in found]
