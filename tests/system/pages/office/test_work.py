"""What staff do on the pages: by keyboard, live, without script, with a trace where it is due."""

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import func, select

from hub.log.entry import EntryKind
from hub.storage.tables import LogEntry
from tests.system.pages.office.conftest import Open, log_in
from tests.system.pages.office.office_with_work import PASSWORD, Work, household

pytestmark = [pytest.mark.system, pytest.mark.timeout(180)]

INK_PIXELS = """(canvas) => canvas.getContext("2d")
  .getImageData(0, 0, canvas.width, canvas.height).data.filter((_, at) => at % 4 === 3)
  .reduce((sum, alpha) => sum + (alpha > 0), 0)"""


def looks(work: Work) -> int:
    with work.office.database.reading() as session:
        kind = LogEntry.kind == EntryKind.LOOK.value
        return session.scalar(select(func.count()).select_from(LogEntry).where(kind)) or 0


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until `target` has the focus, as somebody without a mouse does."""
    for _ in range(80):
        if target.evaluate("(element) => element === document.activeElement"):
            outline = target.evaluate("(element) => getComputedStyle(element).outlineStyle")
            assert outline != "none"
            return
        page.keyboard.press("Tab")
    pytest.fail("the keyboard does not reach it")


def test_by_keyboard_from_the_log_in_to_the_register(opened: Open, work: Work):
    work.file("by keyboard", household("石川"), staff="s005")
    number = work.filed["by keyboard"].manifest.reception_number
    page = opened(None)
    page.goto(f"{work.url}/login")
    page.keyboard.type("suzuki")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{work.url}/")
    tab_to(page, page.locator(".skip"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("link", name=number))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{work.page_of('by keyboard')}")
    tab_to(page, page.locator("#accept"))
    page.keyboard.press("Enter")
    expect(page.locator(".note-good")).to_contain_text("受理しました。")
    tab_to(page, page.locator(".note-good a").first)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("在住")


def test_session_cookies_are_secure_and_work_on_loopback(opened: Open, work: Work):
    page = opened(None)
    log_in(page, work, "suzuki")
    (cookie,) = [c for c in page.context.cookies() if c.get("name") == "madoguchi_session"]
    assert cookie.get("secure")
    assert cookie.get("httpOnly")
    assert cookie.get("sameSite") == "Strict"


def test_a_new_notification_appears_and_the_focus_stays(opened: Open, work: Work):
    page = opened("suzuki")
    page.goto(f"{work.url}/")
    page.fill("#number", "0002")
    link = page.locator("table a").first
    href = link.get_attribute("href")
    link.focus()
    page.wait_for_timeout(500)  # the event stream opens after the page
    event = work.file("arrives", household("新井"), staff="s005")
    expect(page.get_by_role("link", name=event.manifest.reception_number)).to_be_visible()
    assert page.evaluate("document.activeElement.getAttribute('href')") == href
    assert page.input_value("#number") == "0002"
    expect(page.locator("#live-status")).to_have_text("表示を更新しました。")


def test_what_was_typed_outlives_a_refresh_and_a_reload(opened: Open, work: Work):
    event = work.file("typed", household("大野"), staff="s005")
    page = opened("suzuki")
    page.goto(f"{work.url}{work.page_of('typed')}")
    page.fill("#reason", "番地を確かめて")
    page.wait_for_timeout(500)
    work.file("another", household("小野"), staff="s005")
    page.wait_for_timeout(1000)
    assert page.evaluate("document.activeElement.id") == "reason"
    page.keyboard.type("ください。")
    page.reload()
    expect(page.locator("#reason")).to_have_value("番地を確かめてください。")
    expect(page.locator("#stale")).to_be_hidden()
    work.accept("typed", "kato")
    work.office.live.say("queue")
    expect(page.locator("#stale")).to_be_visible()
    expect(page.locator("#reason")).to_have_value("番地を確かめてください。")
    page.click("text=今の内容を読み直す")
    expect(page.locator("h1")).to_contain_text("受理")
    assert page.evaluate("Object.keys(sessionStorage).length") == 0
    assert event.manifest.reception_number in page.locator("h1").inner_text()


def test_somebody_elses_words_are_forgotten(opened: Open, work: Work):
    page = opened(None)
    log_in(page, work, "suzuki")
    page.goto(f"{work.url}{work.page_of('drawn')}")
    page.fill("#reason", "下書き")
    assert page.evaluate("Object.keys(sessionStorage).length") == 1
    page.click("form[data-forget] button")
    page.wait_for_url(f"{work.url}/login")
    assert page.evaluate("Object.keys(sessionStorage).length") == 0


def test_the_taker_is_told_why_and_who_can(opened: Open, work: Work):
    page = opened("sato")
    page.goto(f"{work.url}{work.page_of('drawn')}")
    told = page.locator("[data-code=acceptor_is_taker]")
    expect(told).to_contain_text("別の人でなければなりません")
    expect(told).to_contain_text("鈴木 花")
    expect(page.locator("#accept")).to_have_count(0)
    expect(page.locator("#reason")).to_be_visible()


def test_differences_corrections_and_gaps_are_said(opened: Open, work: Work):
    page = opened("suzuki")
    page.goto(f"{work.url}{work.page_of('moved within')}")
    expect(page.locator("#f-p1-kana")).to_contain_text("相違あり")
    expect(page.locator("#f-p1-name")).to_contain_text("一致")
    expect(page.locator("#f-old_address")).to_contain_text("2番3号")
    page.goto(f"{work.url}{work.page_of('drawn')}")
    expect(page.locator("#f-contact del")).to_have_text("03-1234-5678")
    expect(page.locator("#chain")).to_contain_text("まだ届いていません")
    name = page.locator("#f-p1-name [role=img]").first
    assert name.locator("svg path").count() >= 4


def test_the_card_is_judged_again_and_each_part_is_said(opened: Open, work: Work):
    page = opened("suzuki")
    page.goto(f"{work.url}{work.page_of('drawn')}")
    proof = page.locator("#proof")
    notes = proof.locator(".note")
    expect(notes.first).to_have_text("カードの読取りは正しいものです。")
    expect(notes.nth(1)).to_contain_text("見比べてください")  # the card is not this household's
    expect(proof).to_contain_text("失効の確認待ち")
    page.goto(f"{work.url}{work.page_of('moved within')}")
    expect(notes.first).to_contain_text("確認できません")
    expect(proof).to_contain_text("別の届出のもの")
    page.goto(f"{work.url}{work.page_of('returned')}")
    expect(notes.first).to_contain_text("記録が読めません")


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_ink_is_replayed_and_read(opened: Open, work: Work, motion: str):
    page = opened("suzuki", reduced_motion=motion)
    page.goto(f"{work.url}{work.page_of('drawn')}")
    canvas = page.locator("canvas.paper")
    whole = canvas.evaluate(INK_PIXELS)
    page.click("[data-do=back]")
    expect(page.locator(".ink output")).to_have_text("5 / 6")
    assert 0 < canvas.evaluate(INK_PIXELS) < whole
    page.click("[data-do=play]")
    page.wait_for_timeout(400)
    assert canvas.evaluate(INK_PIXELS) < whole
    expect(page.locator(".ink output")).to_have_text("6 / 6")
    assert canvas.evaluate(INK_PIXELS) == whole
    page.click("text=筆の動きを文章で読む")
    expect(page.locator(".ink ol").first.locator("li")).to_have_count(6)
    assert "6画" in (canvas.get_attribute("aria-label") or "")


def test_a_look_is_announced_before_it_leaves_its_trace(opened: Open, work: Work):
    child = work.residents["protected"][2]
    page = opened("kato")
    before = looks(work)
    page.goto(f"{work.url}/register/{child}")
    expect(page.locator("main")).to_contain_text("記録に残ります")
    assert "ワタナベ" not in page.content()
    assert looks(work) == before
    page.click("text=記録を残して開く")
    expect(page.locator("dl.facts")).to_contain_text("ワタナベ")
    assert looks(work) == before + 1
    page = opened("suzuki")
    page.goto(f"{work.url}/register/{child}")
    expect(page.locator("main")).to_contain_text("加藤 恵")
    assert "ワタナベ" not in page.content()


def test_forms_work_without_script(opened: Open, work: Work):
    work.file("without script", household("森"), staff="s005")
    page = opened(None, java_script_enabled=False)
    log_in(page, work, "suzuki")
    page.goto(f"{work.url}{work.page_of('drawn')}")
    expect(page.locator("svg.paper polyline")).to_have_count(6)
    page.goto(f"{work.url}{work.page_of('without script')}")
    page.fill("#reason", "署名がありません。")
    page.get_by_role("button", name="差し戻す").click()
    expect(page.locator(".note-warn[role=status]")).to_contain_text("署名がありません。")
    page.goto(f"{work.url}/?state=returned&procedure=move_in")
    page.click("button[name=text_size][value='200']")
    expect(page.locator("html")).to_have_attribute("data-text", "200")
    assert page.url.endswith("/?state=returned&procedure=move_in")


def test_on_paper_the_certificate_stands_alone(opened: Open, work: Work):
    page = opened("suzuki")
    page.goto(f"{work.url}/register/{work.residents['moved in'][0]}/certificate")
    page.emulate_media(media="print")
    expect(page.locator(".certificate")).to_be_visible()
    for gone in ("header .top", ".environment", "[data-print]", "main > h1"):
        expect(page.locator(gone)).to_be_hidden()


def test_forced_colours_keep_what_is_chosen_visible(opened: Open, work: Work):
    page = opened("suzuki", forced_colors="active")
    page.goto(f"{work.url}/")
    chosen = page.locator(".pages a[aria-current]")
    other = page.locator(".pages a:not([aria-current])").first
    colour = "(element) => getComputedStyle(element).borderBottomColor"
    assert chosen.evaluate(colour) != other.evaluate(colour)


def test_an_operator_decides_with_a_reason(opened: Open, work: Work):
    page = opened("tanaka")
    page.goto(f"{work.url}/operator")
    rows = page.locator("#devices-caption ~ tbody th")
    assert rows.all_inner_texts() == ["unit-02", "unit-03", "unit-01"]
    page.click("text=2番を判断する")
    page.fill("#reason", "端末の登録を確かめた")
    page.click("text=破棄する")
    expect(page.locator("h1")).to_contain_text("破棄した")
