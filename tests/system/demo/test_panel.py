"""The demo panel in a real browser, on a real demo office: card, pen, line, both languages."""

import contextlib
from collections.abc import Generator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from drivers.tablet import handwriting
from tests.system.demo.conftest import OpenDemo

pytestmark = [pytest.mark.system, pytest.mark.timeout(180)]


@contextlib.contextmanager
def opened(browser: Browser, address: str) -> Generator[Page]:
    context = browser.new_context(viewport={"width": 1100, "height": 900})
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("zoom", [1, 2])
def test_no_barrier_is_found(demo: OpenDemo, browser: Browser, language: str, zoom: int) -> None:
    url = demo.address("Demo panel") + f"?lang={language}"
    with opened(browser, url) as page:
        page.set_viewport_size({"width": 1100 // zoom, "height": 900 // zoom})
        assert page.locator("html").get_attribute("lang") == language
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert width <= 0, "nothing is to be scrolled sideways"


def test_a_card_is_put_on_and_taken_off_by_keyboard(demo: OpenDemo, browser: Browser) -> None:
    with opened(browser, demo.address("Demo panel") + "?lang=en") as panel:
        panel.get_by_role("radio").first.focus()
        panel.keyboard.press("Space")
        panel.get_by_role("button", name="Put the card on").focus()
        panel.keyboard.press("Enter")
        panel.get_by_role("status").get_by_text("The card is on the reader.").wait_for()
        expect(panel.get_by_text("head_of_household")).to_have_count(1)
        panel.get_by_role("button", name="Take the card off").click()
        panel.get_by_role("status").get_by_text("The card was taken off.").wait_for()
        expect(panel.get_by_text("no card")).to_have_count(1)


def test_the_line_is_cut_and_restored(demo: OpenDemo, browser: Browser) -> None:
    with opened(browser, demo.address("Demo panel") + "?lang=en") as panel:
        panel.get_by_role("button", name="Cut the line").click()
        panel.get_by_role("status").get_by_text("The line is cut.").wait_for()
        panel.get_by_role("button", name="Restore the line").click()
        panel.get_by_role("status").get_by_text("The line is back.").wait_for()
        expect(panel.get_by_role("button", name="Cut the line")).to_have_count(1)


def test_a_foreign_page_can_neither_read_nor_press(demo: OpenDemo, browser: Browser) -> None:
    url = demo.address("Demo panel")
    with opened(browser, url) as panel:
        refused = panel.request.post(f"{url}remove", form={"token": "guessed"})
        assert refused.status == 403
        renamed = panel.request.get(url, headers={"Host": "panel.example"})
        assert renamed.status == 403


def test_every_prepared_character_is_offered(demo: OpenDemo, browser: Browser) -> None:
    with opened(browser, demo.address("Demo panel") + "?lang=en") as panel:
        assert panel.locator("button.glyph").count() == len(handwriting.names())
