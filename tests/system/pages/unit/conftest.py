"""One browser and one unit per module, displays per test.

Playwright holds the thread's event loop while it runs, so it may not outlive a module.
"""

from collections.abc import Callable, Generator
from typing import Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.system.pages.unit.running_counter import Counter, running_counter

CHROMIUM: Final = "/usr/bin/chromium"
ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
REFUSED: Final = "the server responded with a status of 4"  # an answer like any other
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Generator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Generator[Counter]:
    with running_counter(tmp_path_factory.mktemp("counter")) as counter:
        yield counter


@pytest.fixture
def display(browser: Browser, counter: Counter) -> Generator[Open]:
    """Opens `resident` or `clerk` on a display of its own; whatever its console complains fails."""
    opened: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(page: str, **options: object) -> Page:
        context = browser.new_context(
            **{"viewport": {"width": 1280, "height": 900}, "locale": "ja-JP", **options}  # pyright: ignore[reportArgumentType]
        )
        context.set_default_timeout(10_000)
        opened.append(context)
        shown = context.new_page()
        shown.on("pageerror", lambda error: complaints.append(str(error)))
        shown.on(
            "console",
            lambda said: (
                complaints.append(said.text)
                if said.type == "error" and REFUSED not in said.text
                else None
            ),
        )
        shown.goto(counter.address(page))
        return shown

    yield open_page
    for context in opened:
        context.close()
    assert complaints == []
