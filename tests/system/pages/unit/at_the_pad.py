"""A resident's page at the pad, and what the tests of drawing and choosing ask of it."""

import re

from playwright.sync_api import Page, expect

from tests.edge.forms import FORM
from tests.system.pages.unit.conftest import Open
from tests.system.pages.unit.running_counter import Counter

NAME = "persons/p2/name"
POSITION = 3
STROKES_OF_20BB7 = 6


def to_the_pad(counter: Counter, display: Open, **options: object) -> Page:
    """The resident's page, asked to draw the third character of the second person's name."""
    counter.begin()
    counter.clerk("start", procedure="move_in")
    counter.clerk("show_documents", method="one_document", documents=["passport"])
    counter.clerk("add_person")
    counter.clerk("fill", values=FORM)
    page = display("resident", **options)
    counter.clerk("draw", where=NAME, position=POSITION)
    expect(page.locator("#pad")).to_be_visible()
    return page


def name_field(counter: Counter) -> dict[str, object]:
    """The name that is drawn in, as the clerk's page knows it."""
    persons = counter.run(counter.unit.clerk.view())["notification"]["persons"]
    (name,) = (field for field in persons[1]["fields"] if field["name"] == "name")
    return name


def picked(counter: Counter) -> dict[str, str]:
    """The character that the name has now at the place that was drawn."""
    value = name_field(counter)["value"]
    assert isinstance(value, list)
    return value[POSITION]


def strokes(page: Page, count: int) -> None:
    """Wait until the page says in words that so many strokes are written."""
    words = "まだ何も書かれていません。" if count == 0 else f"{count}画書かれています。"
    expect(page.locator("#pad-words")).to_have_text(words)


def found_first(page: Page, text: str) -> None:
    """Wait until this is the first candidate, in whichever of its shapes."""
    first = page.locator("[data-slot='0'] svg")
    expect(first).to_have_attribute("aria-label", re.compile(f"^{text}"), timeout=30_000)
