"""Batches of documents in a real browser: from the upload over a held page to ready; axe agrees."""

import json
import os
from collections.abc import Generator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from hub.messages.batches.reader import BatchReader
from tests.hub.messages.samples import NOTICES, manifest
from tests.system.pages.office.conftest import Open
from tests.system.pages.office.office_with_work import Work
from tests.system.pages.office.test_templates import looked_at

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]
SHOTS = os.environ.get("MADOGUCHI_SCREENSHOTS", "")


def listed(**changed: str) -> list[dict[str, str]]:
    """The list of the sample mail merge, spelled with JIS characters as a core system may."""
    messages = manifest()["bat-01-mail-merge"]["expect"]["messages"]
    rows = [{"atena_no": m["fields"]["atena_no"], "name": m["fields"]["name"]} for m in messages]
    return [{**row, "name": row["name"].replace("髙", "高"), **changed} for row in rows]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "納税通知書.pdf").write_bytes((NOTICES / "bat-01-mail-merge.pdf").read_bytes())
    (tmp_path / "list.json").write_text(json.dumps(listed()), encoding="utf-8")
    (tmp_path / "wrong.csv").write_text("atena_no,name\n0012,山田　太郎\n,鈴木　花子\n")
    (tmp_path / "right.csv").write_text("atena_no,name\n0012,山田　太郎\n")
    return tmp_path


@pytest.fixture(scope="module")
def reader(work: Work) -> Generator[BatchReader]:
    found = BatchReader(work.office)
    found.start()
    yield found
    found.stop()


def shot(page: Page, name: str) -> None:
    """Keep a picture of the page where somebody wants to look at it."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def give(page: Page, work: Work, documents: list[Path], people: Path) -> None:
    page.goto(f"{work.url}/documents/new")
    page.set_input_files("#files", documents)
    page.set_input_files("#people", people)
    page.click("main form button.primary")
    page.wait_for_url(lambda url: url.rsplit("/", 1)[1].isdecimal())


@pytest.mark.usefixtures("reader")
def test_the_sample_goes_from_upload_over_a_held_page_to_ready(
    opened: Open, work: Work, files: Path
):
    page = opened("endo")
    page.goto(f"{work.url}/documents")
    expect(page.locator(".empty")).to_contain_text("まだありません")
    looked_at(page, "no batches")
    shot(page, "list-empty")
    give(page, work, [files / "納税通知書.pdf"], files / "list.json")
    expect(page.locator("#batch-state .tag")).to_have_text("要確認")  # without a reload
    expect(page.locator("#batch-items tbody tr")).to_have_count(2)
    looked_at(page, "batch")
    shot(page, "batch-held")
    page.click("#batch-items tbody tr:first-child a")
    expect(page.locator(".page-picture img")).to_be_visible()
    expect(page.locator(".page-picture rect")).to_have_count(1)
    assert page.evaluate("document.querySelector('.page-picture img').naturalWidth") > 500
    expect(page.locator(".concerns")).to_contain_text("氏名が名簿と違います")
    expect(page.locator("tr.differs")).to_contain_text("髙橋")
    expect(page.locator(".fixes")).to_contain_text("ほかの1件も解決します")
    looked_at(page, "held item")
    shot(page, "item-held")
    page.click("button[value='same-name']")
    expect(page.locator(".note-good")).to_contain_text("送れる分に入りました")
    shot(page, "item-ready")
    page.goto(page.url.split("/items")[0])
    expect(page.locator("#batch-state .tag")).to_have_text("送付可")
    expect(page.locator(".tabs a[aria-current]")).to_contain_text("12")
    page.click(".tabs a:has-text('したことの記録')")
    expect(page.locator("#batch-history tbody tr")).to_have_count(2)
    looked_at(page, "history")
    shot(page, "history")
    page.click("#batch-history button:has-text('取り消す')")
    expect(page.locator("#batch-history tbody tr")).to_have_count(3)
    expect(page.locator("#batch-state .tag")).to_have_text("要確認")
