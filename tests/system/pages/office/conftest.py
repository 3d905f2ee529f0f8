"""A browser and an office for each module of tests; a page per test, for one member of staff."""

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.system.pages.office.office_with_work import PASSWORD, Work, office_with_work

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 20_000
Open = Callable[..., Page]


# Module by module: while Playwright runs it holds this thread's event loop, and the asynchronous
# tests of other folders could not start theirs.
@pytest.fixture(scope="module")
def browser() -> Generator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Generator[Work]:
    folder: Path = tmp_path_factory.mktemp("office")
    with office_with_work(folder) as filled:
        yield filled


@pytest.fixture(scope="module")
def sessions() -> dict[str, Any]:
    """The cookies of each login, so that one log-in per module is enough."""
    return {}


def log_in(page: Page, work: Work, login: str) -> None:
    page.goto(f"{work.url}/login")
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url(lambda url: not url.endswith("/login"))


@pytest.fixture
def opened(browser: Browser, work: Work, sessions: dict[str, Any]) -> Generator[Open]:
    """Opens a page for a login (None: nobody); a script's error fails the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_page(
        login: str | None,
        language: str = "ja",
        text_size: str = "100",
        **settings: Any,  # noqa: ANN401 - whatever a browser context can be told
    ) -> Page:
        if login is not None and login not in sessions:
            first = browser.new_context()
            log_in(first.new_page(), work, login)
            sessions[login] = first.storage_state()
            first.close()
        context = browser.new_context(
            viewport={"width": 1280, "height": 900},
            storage_state=sessions[login] if login else None,
            **settings,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        for name, value in (("language", language), ("text_size", text_size)):
            context.add_cookies(
                [{"name": f"madoguchi_{name}", "value": value, "url": work.url, "secure": True}]
            )
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: errors.append(line.text) if _ours(line.text) else None)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not errors


def _ours(line: str) -> bool:
    """What the page itself did wrong, the policy's refusals among it; not an answer of 403."""
    return "Content Security Policy" in line or "Uncaught" in line
