"""Each ending of a card reading on both displays, in both languages: words, axe, size."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.system.pages.unit.card_scenes import Cards, Scene, scenes
from tests.system.pages.unit.conftest import Open
from tests.system.pages.unit.running_counter import Counter
from tests.system.pages.unit.test_screens import CLIPPED, SMALL

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]
KEPT = os.environ.get("MADOGUCHI_SCREENSHOTS")
"""A folder for pictures of every scene, for somebody to look at."""


@pytest.fixture
def cards(counter: Counter) -> Cards:
    return Cards(counter, counter._folder / "cards")


def complaints_of(page: Page) -> list[str]:
    """What axe, the width of the window and the size of what is pressed have to complain of."""
    found = [
        f"{one['id']}: {[node['html'][:100] for node in one['nodes']]}"
        for one in Axe().run(page).response["violations"]
    ]
    wide, small = page.evaluate(CLIPPED), page.evaluate(SMALL, 44)
    return [*found, *(f"too wide: {one}" for one in wide), *(f"too low: {one}" for one in small)]


def keep(scene: Scene, page: Page, which: str, language: str) -> None:
    if KEPT:
        name = f"{scene.name.replace(' ', '-')}-{language}-{which}.png"
        page.screenshot(path=Path(KEPT) / name, full_page=True)


@pytest.mark.parametrize(("language", "text_size"), [("ja", "100"), ("en", "200")])
def test_every_ending_is_told_on_both_displays(
    counter: Counter, cards: Cards, display: Open, language: str, text_size: str
) -> None:
    counter.begin(language=language, text_size=text_size)
    pages = {"resident": display("resident"), "clerk": display("clerk")}
    complaints: list[str] = []
    for scene in scenes():
        with cards.anew(language, text_size):
            scene.play(cards)
            for page, words in zip(pages.values(), scene.words[language], strict=True):
                page.bring_to_front()
                expect(page.locator("main"), scene.name).to_contain_text(words)
            for which, page in pages.items():
                page.bring_to_front()
                complaints += [f"{scene.name}, {which}: {one}" for one in complaints_of(page)]
                keep(scene, page, which, language)
    assert complaints == []
