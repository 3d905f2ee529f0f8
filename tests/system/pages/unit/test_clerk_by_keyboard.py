"""A clerk who never touches the mouse: log-in, documents, form, correction, a character."""

import pytest
from playwright.sync_api import Page, expect

from tests.edge.enrolment import PIN, STAFF
from tests.edge.forms import FORM
from tests.system.pages.unit.conftest import Open
from tests.system.pages.unit.running_counter import Counter

pytestmark = pytest.mark.system
MOST_TABS = 200


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus, as somebody without a mouse must."""
    wanted = page.locator(selector).first
    expect(wanted).to_be_visible()
    for _ in range(MOST_TABS):
        if wanted.evaluate("(one) => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{selector} cannot be reached with Tab")


def press(page: Page, selector: str) -> None:
    """Reach it and press Enter."""
    tab_to(page, selector)
    page.keyboard.press("Enter")


def type_into(page: Page, selector: str, text: str) -> None:
    """Reach a field, type, and leave it."""
    tab_to(page, selector)
    page.keyboard.type(text)
    page.keyboard.press("Tab")


@pytest.fixture
def clerk(counter: Counter, display: Open) -> Page:
    """The clerk's page with a form of two persons open."""
    counter.begin()
    counter.clerk("start", procedure="move_in")
    counter.clerk("show_documents", method="one_document", documents=["passport"])
    counter.clerk("add_person")
    return display("clerk")


def test_from_log_in_to_the_form(counter: Counter, display: Open) -> None:
    counter.begin()
    counter.clerk("logout")
    page = display("clerk")
    type_into(page, "#staff_id", STAFF)
    type_into(page, "#pin", PIN)
    press(page, "form[action='/actions/login'] button")
    expect(page.locator("h1")).to_have_text("届出を始める")
    press(page, "button:has-text('転入届')")
    expect(page.locator("h1")).to_be_focused()
    tab_to(page, "input[value='passport']")
    page.keyboard.press("Space")
    press(page, "button:has-text('書類で確認した')")
    expect(page.locator("h1")).to_contain_text("内容を入れる")
    expect(page.get_by_text("本人確認: 写真付きの書類1点")).to_be_visible()


def test_a_field_is_saved_when_it_is_left_and_says_where_it_is_from(clerk: Page) -> None:
    tab_to(clerk, "#filling-source")
    clerk.keyboard.press("ArrowDown")
    type_into(clerk, "[name='moved_on']", "R8.11.20")
    field = clerk.locator("#moved_on")
    expect(field.locator("input")).to_have_value("令和8年11月20日")
    expect(field.get_by_text("2026-11-20")).to_be_visible()
    expect(field.locator(".tag")).to_contain_text("転出証明書")


def test_what_does_not_fit_is_said_beside_the_field_and_stays_typed(clerk: Page) -> None:
    type_into(clerk, "[name='persons/p1/birth_date']", "昭和99年")
    control = clerk.locator("[name='persons/p1/birth_date']")
    expect(control).to_have_attribute("aria-invalid", "true")
    expect(clerk.locator("[id='error-persons/p1/birth_date']")).to_contain_text("正しくありません")
    expect(control).to_have_value("昭和99年")
    control.focus()
    clerk.keyboard.press("Control+a")
    clerk.keyboard.type("S59.5.17")
    clerk.keyboard.press("Tab")
    expect(control).to_have_value("昭和59年5月17日")
    expect(control).not_to_have_attribute("aria-invalid", "true")


def test_an_answer_of_the_unit_leaves_focus_and_half_typed_words_alone(
    counter: Counter, clerk: Page
) -> None:
    tab_to(clerk, "[name='contact']")
    clerk.keyboard.type("03-00")
    counter.clerk("fill", values={"late_reason": "入院のため"})
    expect(clerk.locator("[name='late_reason']")).to_have_value("入院のため")
    expect(clerk.locator("[name='contact']")).to_be_focused()
    clerk.keyboard.type("00-0000")
    expect(clerk.locator("[name='contact']")).to_have_value("03-0000-0000")


def test_a_finding_stands_beside_its_field_and_the_summary_leads_there(
    counter: Counter, clerk: Page
) -> None:
    counter.clerk("fill", values=FORM | {"moved_on": "2099-01-01"})
    beside = clerk.locator("#about-moved_on .finding-block")
    expect(beside).to_be_visible()
    link = clerk.locator("#findings a[href='#moved_on']").first
    expect(link).to_contain_text("届出できません")
    link.focus()
    clerk.keyboard.press("Enter")
    expect(clerk.locator("#moved_on")).to_be_in_viewport()
    press(clerk, "button:has-text('点検に進む')")
    expect(clerk.locator("h1")).to_contain_text("点検")
    press(clerk, "button:has-text('住民に確認してもらう')")
    expect(clerk.locator("#notice")).to_contain_text("直すところが残っています")


def test_a_correction_needs_its_reason_and_leaves_its_history(
    counter: Counter, clerk: Page
) -> None:
    counter.clerk("fill", values=FORM)
    counter.clerk("to_review")
    press(clerk, "#correct-contact summary")
    tab_to(clerk, "#in-contact")
    clerk.keyboard.press("Control+a")
    clerk.keyboard.type("03-9999-9999")
    press(clerk, "#fill-contact button")
    expect(clerk.locator("#why-contact")).to_be_focused()
    clerk.keyboard.type("番号の聞きまちがい")
    press(clerk, "#fill-contact button")
    field = clerk.locator("#contact")
    expect(field.locator(".field-value")).to_have_text("03-9999-9999")
    press(clerk, "#history-contact summary")
    expect(field.locator(".history li")).to_contain_text("03-0000-0000")
    expect(field.locator(".history li")).to_contain_text("番号の聞きまちがい")
    expect(field.locator(".history li")).to_contain_text(STAFF)


def test_a_character_is_found_without_drawing(counter: Counter, clerk: Page) -> None:
    counter.clerk("fill", values=FORM)
    press(clerk, "[id='persons/p2/name'] .character >> nth=2")
    expect(clerk.locator("#finder-title")).to_be_focused()
    tab_to(clerk, "#finder-query")
    clerk.keyboard.press("Control+a")
    clerk.keyboard.type("U+20BB7")
    clerk.keyboard.press("Enter")
    expect(clerk.locator("#finder-count")).to_have_text("1字形があります。")
    press(clerk, "#finder .shape")
    expect(clerk.locator("#finder")).to_have_count(0)
    expect(clerk.locator("[name='persons/p2/name']")).to_have_value("髙橋　𠮷子")


def test_a_reload_comes_back_to_the_same_form(counter: Counter, clerk: Page) -> None:
    counter.clerk("fill", values=FORM)
    clerk.reload()
    expect(clerk.locator("h1")).to_contain_text("内容を入れる")
    expect(clerk.locator("[name='contact']")).to_have_value("03-0000-0000")


def test_stopping_asks_first(counter: Counter, clerk: Page) -> None:
    press(clerk, "#giving-up summary")
    expect(clerk.get_by_text("元に戻せません")).to_be_visible()
    assert counter.state() == "fill"
    press(clerk, "button:has-text('中止して消す')")
    expect(clerk.locator("h1")).to_have_text("届出を始める")


def test_without_script_forms_do_the_same(counter: Counter, display: Open) -> None:
    counter.begin()
    counter.clerk("logout")
    page = display("clerk", java_script_enabled=False)
    page.fill("#staff_id", STAFF)
    page.fill("#pin", "000000")
    page.click("form[action='/actions/login'] button")
    expect(page.locator("#notice")).to_contain_text("ちがいます")
    page.fill("#staff_id", STAFF)
    page.fill("#pin", PIN)
    page.click("form[action='/actions/login'] button")
    page.click("button:has-text('転居届')")
    page.check("input[value='passport']")
    page.click("button:has-text('書類で確認した')")
    page.fill("[name='contact']", "03-1234-5678")
    page.click("button:has-text('入れる')")
    expect(page.locator("[name='contact']")).to_have_value("03-1234-5678")
    assert counter.state() == "fill"
