"""The message in a real browser: no barrier, nothing cut off, nothing fetched, the name seen."""

from collections.abc import Generator
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from hub.messages.message.checking import Checked
from hub.messages.message.page import as_html
from tests.hub.messages.message.message_samples import NOW, full, trusted

pytestmark = pytest.mark.system

CHECKED = Checked(full(), NOW, trusted()[0].der)


@contextmanager
def shown(browser: Browser, html: str, width: int) -> Generator[Page]:
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(html)
    yield page
    context.close()
    assert asked == [], "a message fetches nothing"


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("width", [1100, 320])
def test_no_barrier_is_found(browser: Browser, language: str, large: bool, width: int):
    with shown(browser, as_html(CHECKED, language, large=large), width) as page:
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert beyond <= 0, "nothing is to be scrolled sideways"


def test_the_name_is_seen_and_read(browser: Browser):
    with shown(browser, as_html(CHECKED), 1100) as page:
        assert page.locator(".name svg").count() == len(full().recipient.name)
        box = page.locator(".name svg").first.bounding_box()
        assert box is not None
        assert box["height"] > 15
        read = page.locator(".to").aria_snapshot()
        assert full().recipient.name.plain() in read


def test_a_notice_is_saved_from_the_page(browser: Browser):
    with shown(browser, as_html(CHECKED), 1100) as page:
        with page.expect_download() as waiting:
            page.get_by_role("link", name="notice.pdf").click()
        with open(waiting.value.path(), "rb") as saved:  # noqa: PTH123 - a path of the browser's
            assert saved.read() == full().main.files[0].data
