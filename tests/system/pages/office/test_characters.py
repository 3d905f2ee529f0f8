"""The office's characters in a real browser: from scan or font to a character; axe agrees."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.hub.characters.files import font, scan
from tests.system.pages.office.conftest import Open
from tests.system.pages.office.office_with_work import Work
from tests.system.pages.office.test_screens import SMALL_TARGETS, WIDER_THAN_WINDOW

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "scan.png").write_bytes(scan())
    (tmp_path / "eudc.tte").write_bytes(font())
    (tmp_path / "letter.doc").write_bytes(b"no font")
    return tmp_path


def read_file(page: Page, work: Work, file: Path, replaces: str = "") -> None:
    page.goto(f"{work.url}/characters/new?replaces={replaces}")
    page.set_input_files("#file", file)
    page.click("main form button.primary")


def register(page: Page, code: str) -> None:
    page.fill("#code", code)
    page.fill("#strokes", "2")
    page.fill("#readings", "つじ")
    page.fill("#base", "十")
    page.click("main form button.primary")
    page.wait_for_url(f"**/characters/{code}")


def looked_at(page: Page, screen: str) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, (screen, found.generate_report())
    assert not page.evaluate(WIDER_THAN_WINDOW), screen
    assert page.evaluate(SMALL_TARGETS) == [], screen
    assert "[" not in page.locator("main").inner_text(), screen


def test_an_operator_adds_replaces_and_retires_a_character(opened: Open, work: Work, files: Path):
    page = opened("tanaka")
    read_file(page, work, files / "letter.doc")
    expect(page.locator("#problem")).to_contain_text("フォントでも")
    read_file(page, work, files / "scan.png")
    expect(page.locator(".shapes svg.outline").first).to_be_visible()
    expect(page.locator(".shapes img")).to_be_visible()
    page.wait_for_function("document.querySelector('.shapes img').naturalWidth > 100")
    page.fill("#threshold", "150")
    page.click("form[action$='/trace'] button")
    page.wait_for_url("**threshold=150")
    page.fill("#code", "G0100")
    page.fill("#strokes", "x")
    page.click("main form.card button.primary")
    expect(page.locator("#problem")).to_contain_text("総画数")
    register(page, "G0100")
    before = page.locator(".shapes svg.outline path").first.get_attribute("d") or ""
    page.click("text=字形を差し替える")
    page.set_input_files("#file", files / "eudc.tte")
    page.click("main form button.primary")
    page.click(".choices li:nth-child(2) a")
    page.click("main form.card button.danger")
    page.wait_for_url("**/characters/G0100")
    expect(page.locator(".shapes svg.outline path").first).not_to_have_attribute("d", before)
    page.click("summary:has-text('引退させる')")
    page.fill("#reason", "二重登録のため")
    page.click("details[open] button.danger")
    expect(page.locator("h1 .tag")).to_have_text("引退")
    expect(page.locator("#history-caption + thead + tbody tr")).to_have_count(3)


def test_the_list_is_searched_and_drawings_are_kept_only_after_a_second_word(
    opened: Open, work: Work, files: Path
):
    page = opened("tanaka")
    read_file(page, work, files / "scan.png")
    register(page, "G0200")
    page.goto(f"{work.url}/characters")
    page.fill("#q", "G0200")
    page.press("#q", "Enter")
    page.wait_for_url("**q=G0200**")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.fill("#q", "ない言葉")
    page.press("#q", "Enter")
    expect(page.locator(".empty")).to_be_visible()
    page.goto(f"{work.url}/characters")
    button = page.locator("button[name=keep]")
    expect(button).not_to_be_visible()
    for word in ("残している", "残していない"):
        page.click("#drawings ~ details summary")
        button.click()
        expect(page.locator("#drawings ~ p strong")).to_contain_text(word)


@pytest.mark.parametrize(("language", "text_size"), [("ja", "100"), ("en", "200")])
def test_axe_finds_nothing_on_any_of_the_pages(
    opened: Open, work: Work, files: Path, language: str, text_size: str
):
    page = opened("tanaka", language, text_size)
    read_file(page, work, files / "letter.doc")
    page.wait_for_selector("#problem")
    looked_at(page, "refused file")
    read_file(page, work, files / "eudc.tte")
    page.wait_for_selector(".choices")
    looked_at(page, "glyphs of a font")
    read_file(page, work, files / "scan.png")
    page.wait_for_selector(".shapes img")
    looked_at(page, "scan")
    register(page, f"{language.upper()}1")
    looked_at(page, "one character")
    for summary in page.locator("main summary").all():
        summary.click()
    looked_at(page, "one character, everything open")
    page.goto(f"{work.url}/characters")
    looked_at(page, "list")
    page.goto(f"{work.url}/characters?q=nothing")
    looked_at(page, "nothing found")
    page.set_viewport_size({"width": 320, "height": 640})
    assert not page.evaluate(WIDER_THAN_WINDOW)
