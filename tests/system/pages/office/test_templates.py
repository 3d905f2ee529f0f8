"""The template editor in a real browser: sample, boxes, names, trials, a version; axe agrees."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.hub.messages.pdf_maker import MadePage, made
from tests.hub.messages.samples import NOTICES
from tests.system.pages.office.conftest import Open
from tests.system.pages.office.office_with_work import Work
from tests.system.pages.office.test_screens import SMALL_TARGETS, WIDER_THAN_WINDOW

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]


def notice(number: str, name: str, due: str = "令和8年12月25日") -> bytes:
    """A kind of notice that no built-in template knows, in words of its own."""
    page = MadePage()
    page.lines(60, 60, ["〒206-0011", "東京都多摩市関戸4-72", f"{name}　様"])
    page.text(220, 150, "犬の登録のお知らせ", 14)
    page.lines(60, 200, [f"登録者コード：{number}", f"お納めいただく日　{due}"])
    page.table(60, 260, [["区分", "手数料", "備考"], ["登録", "3,000円", "新規"]])
    return made([page])


def looked_at(page: Page, screen: str) -> None:
    page.wait_for_load_state("networkidle")
    found = Axe().run(page)
    assert found.violations_count == 0, (screen, found.generate_report())
    assert not page.evaluate(WIDER_THAN_WINDOW), screen
    assert page.evaluate(SMALL_TARGETS) == [], screen
    said = page.locator("main").inner_text()
    for toml in page.locator("pre").all_inner_texts():
        said = said.replace(toml.strip(), "")
    assert "[" not in said, screen  # no sentence is missing


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "sample.pdf").write_bytes(notice("00123456", "見本　太郎"))
    for n in range(1, 4):
        (tmp_path / f"dog-{n}.pdf").write_bytes(notice(f"0020000{n}", f"犬山　{n * 'あ'}"))
    (tmp_path / "no-number.pdf").write_bytes(notice("", "犬山　花"))
    (tmp_path / "broken.pdf").write_bytes((NOTICES / "dmg-03-half-file.pdf").read_bytes())
    return tmp_path


def begin(page: Page, work: Work, sample: Path) -> None:
    page.goto(f"{work.url}/templates/drafts/new")
    page.set_input_files("#file", sample)
    page.click("main form button.primary")
    page.wait_for_selector(".bench")


def name_spot(page: Page, text: str) -> None:
    """Point at a box on the page and take what is proposed first."""
    page.locator(f".sheet a[aria-label*='{text}']").first.click()
    page.click(".offers button.primary")
    page.wait_for_url("**#read")


def test_an_author_makes_a_template_from_a_sample_and_tries_it(
    opened: Open, work: Work, files: Path
):
    page = opened("endo")
    begin(page, work, files / "sample.pdf")
    expect(page.locator(".sheet img")).to_be_visible()
    expect(page.locator("#read")).to_contain_text("宛名番号")
    expect(page.locator("#kind")).to_have_value("犬の登録のお知らせ")
    name_spot(page, "登録者コード")
    name_spot(page, "3,000円")
    expect(page.locator("#read")).to_contain_text("00123456")
    expect(page.locator("#read")).to_contain_text("列「手数料」で")
    page.locator(".sheet a[aria-label*='お納めいただく日']").first.focus()
    page.keyboard.press("Enter")  # a box is reached and chosen without a mouse
    page.wait_for_selector(".chosen")
    page.click("summary:has-text('ほかの読み方')")
    page.select_option("#field", "due_date")
    page.select_option("#how", "label")
    page.fill("#words", "お納めいただく日")
    page.click("#value details button")
    page.wait_for_url("**#read")
    expect(page.locator("#read")).to_contain_text("2026-12-25")
    expect(page.locator("#read .note-good")).to_be_visible()
    page.fill("#name", "dogs")
    page.click("form[action$='/recognition'] button")
    expect(page.locator("h1 .tag")).to_have_text("dogs")
    names = ["dog-1.pdf", "dog-2.pdf", "dog-3.pdf", "no-number.pdf", "broken.pdf"]
    page.set_input_files("#files", [files / name for name in names])
    page.click("form[action$='/trials'] button")
    rows = page.locator(".trials tbody tr")
    expect(rows).to_have_count(5)
    for n in range(3):
        expect(rows.nth(n)).to_contain_text(f"0020000{n + 1}")
        expect(rows.nth(n)).to_contain_text("送れます")
    expect(rows.nth(3)).to_contain_text("要る項目がありません (宛名番号)")
    expect(rows.nth(4)).to_contain_text("壊れている")
    looked_at(page, "editor")
    page.click("form[action$='/save'] button")
    page.wait_for_url("**/templates/own/dogs")
    expect(page.locator("pre")).to_contain_text("登録者コード")
    with page.expect_download() as download:
        page.click("a.button:has-text('書き出す')")
    exported = files / "dogs.toml"
    download.value.save_as(exported)
    imports_and_retires(page, work, exported)


def imports_and_retires(page: Page, work: Work, exported: Path) -> None:
    exported.write_text(exported.read_text(encoding="utf-8") + "# by hand\n", encoding="utf-8")
    page.goto(f"{work.url}/templates")
    page.set_input_files("#file", exported)
    page.click("form[action='/templates/imports'] button")
    page.wait_for_url("**/templates/own/dogs")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.click("summary:has-text('使うのをやめる')")
    page.click("details[open] button.danger")
    expect(page.locator("h1 .tag")).to_have_text("使わない")
    looked_at(page, "template")


def test_what_no_one_can_read_is_refused_with_its_reason(opened: Open, work: Work, files: Path):
    page = opened("endo")
    page.goto(f"{work.url}/templates/drafts/new")
    page.set_input_files("#file", files / "broken.pdf")
    page.click("main form button.primary")
    expect(page.locator("#problem")).to_contain_text("壊れている")
    looked_at(page, "refused sample")


@pytest.mark.parametrize(("language", "text_size"), [("ja", "100"), ("en", "200")])
def test_axe_finds_nothing_on_the_pages_of_templates(
    opened: Open, work: Work, files: Path, language: str, text_size: str
):
    page = opened("endo", language, text_size)
    page.goto(f"{work.url}/templates")
    looked_at(page, "list")
    page.goto(f"{work.url}/templates/built-in/common")
    looked_at(page, "built-in template")
    begin(page, work, NOTICES / "lo-01-table.docx")
    expect(page.locator(".values")).to_be_visible()  # a Word document has a list and no picture
    begin(page, work, files / "sample.pdf")
    looked_at(page, "editor")
    page.locator(".sheet a").first.click()
    page.wait_for_selector(".chosen")
    for summary in page.locator("main summary").all():
        summary.click()
    looked_at(page, "editor, everything open")


def test_the_pages_are_for_those_who_work_on_messages(opened: Open, work: Work):
    page = opened("suzuki")
    answer = page.goto(f"{work.url}/templates")
    assert answer is not None
    assert answer.status == 403
    sender = opened("okada")
    sender.goto(f"{work.url}/templates")
    assert sender.locator("main a.button").count() == 0
    answer = sender.goto(f"{work.url}/templates/drafts/new")
    assert answer is not None
    assert answer.status == 403
