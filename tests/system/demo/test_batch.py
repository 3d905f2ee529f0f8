"""The sample batch by hand: from the panel's files to boxes, a refusal, a reminder and letters."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from provisioning.demo.panel.server import DOCUMENTS
from tests.system.demo.conftest import OpenDemo

pytestmark = [pytest.mark.system, pytest.mark.timeout(240)]
READ_MS, SOON_MS, REMINDED_MS = 40_000, 20_000, 60_000
PEOPLE = 12


class Enter(Protocol):
    def __call__(self, staff_id: str) -> Page: ...


@pytest.fixture
def enter(demo: OpenDemo, browser: Browser) -> Iterator[Enter]:
    """The office page of a member of staff."""
    contexts: list[BrowserContext] = []

    def entered(staff_id: str) -> Page:
        contexts.append(browser.new_context(viewport={"width": 1280, "height": 900}))
        page = contexts[-1].new_page()
        page.set_default_timeout(15_000)
        page.goto(demo.address("Office page"))
        _, login, password = demo.account(staff_id)
        page.locator("#login").fill(login)
        page.locator("#password").fill(password)
        page.keyboard.press("Enter")
        page.locator("nav.pages").wait_for()
        return page

    yield entered
    for context in contexts:
        context.close()


@pytest.fixture
def boxes(demo: OpenDemo, browser: Browser) -> Iterator[Page]:
    """The services behind the channels, where one message is refused for now and one for good."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(demo.address(r"What reached residents \(simulated\)"))
    for switch in ("busy", "bounce"):
        page.locator(f"#{switch}").fill("1")
    page.get_by_role("button").last.click()
    yield page
    context.close()


def documents(demo: OpenDemo, browser: Browser, folder: Path) -> list[Path]:
    """The sample files as a visitor saves them from the panel."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(demo.address("Demo panel"))
    saved: list[Path] = []
    for name in DOCUMENTS:
        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()
        saved.append(folder / name)
        download.value.save_as(saved[-1])
    context.close()
    return saved


def put_right(author: Page, saved: list[Path]) -> str:
    """Hand the batch in, look at the pages that are held, say that the name is the same."""
    author.goto(author.url.partition("/documents")[0] + "/documents/new")
    author.locator('input[name="files"]').set_input_files(saved[0])
    author.locator('input[name="people"]').set_input_files(saved[1])
    author.get_by_role("button", name="取り込む").click()
    held = author.get_by_role("main").get_by_role("link", name="4", exact=True)
    expect(held).to_be_visible(timeout=READ_MS)
    batch = author.url
    held.click()
    expect(author.locator("main")).to_contain_text("渡邉")
    expect(author.locator("main img").first).to_be_visible(timeout=SOON_MS)
    author.get_by_role("button", name="同じ人です").click()
    expect(author.locator("main")).to_contain_text("解決しました")
    return batch.partition("?")[0].rpartition("/")[2]


def timeline(sender: Page, link: Locator) -> str:
    """What happened to one message, read beside the page at hand."""
    address = link.get_attribute("href")
    assert address is not None
    answer = sender.request.get(sender.url.partition("/messages")[0] + address)
    return answer.text()


def test_the_sample_batch_reaches_everybody(
    demo: OpenDemo, browser: Browser, enter: Enter, boxes: Page, tmp_path: Path
) -> None:
    author, sender = enter("s005"), enter("s006")
    number = put_right(author, documents(demo, browser, tmp_path))
    sender.goto(sender.url.partition("/documents")[0] + f"/messages/batches/{number}")
    sender.get_by_role("button", name="送付する").click()
    rows = sender.locator("main table tbody tr")
    expect(rows).to_have_count(PEOPLE, timeout=SOON_MS)
    boxed = rows.filter(has_text="到達")
    letters = rows.filter(has_text="郵送")
    expect(letters).to_have_count(2, timeout=SOON_MS)
    expect(boxed).to_have_count(PEOPLE - 2, timeout=SOON_MS)

    boxes.goto(demo.address(r"What reached residents \(simulated\)") + "box/BOX-05/")
    boxes.get_by_role("link", name="納税通知書").click()
    expect(boxes.locator("h1")).to_contain_text("納税通知書")
    expect(rows.filter(has_text="既読")).to_have_count(1, timeout=SOON_MS)

    timelines = [timeline(sender, link) for link in rows.get_by_role("link").all()]
    assert sum("2回目の試行" in one for one in timelines) == 1, "refused for now, then taken"
    assert sum("box_closed" in one for one in timelines) == 1, "refused for good, then a letter"

    # Which of them is refused hangs on which call comes first: take one that lies there unread.
    boxed.first.get_by_role("link").click()
    expect(sender.locator("main")).to_contain_text(
        "1回目の再通知を引き渡しました", timeout=REMINDED_MS
    )
