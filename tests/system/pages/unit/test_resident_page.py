"""What the resident meets: card and PIN by pen, reading back, objecting, signing, the number."""

import pytest
from playwright.sync_api import Page, expect

from tests.edge.forms import FORM
from tests.system.pages.unit.conftest import Open
from tests.system.pages.unit.hand import write
from tests.system.pages.unit.running_counter import Counter

pytestmark = pytest.mark.system
CARD_PIN = "1234"


def to_confirm(counter: Counter) -> None:
    """Everything up to the reading back, by script."""
    counter.begin()
    counter.clerk("start", procedure="move_in")
    counter.clerk("show_documents", method="one_document", documents=["passport"])
    counter.clerk("add_person")
    counter.clerk("fill", values=FORM)
    counter.clerk("to_review")
    counter.clerk("to_resident")


def press_digits(page: Page, digits: str) -> None:
    for digit in digits:
        page.locator(f"#pin-pad [data-key='{digit}']").click()


def test_the_pin_is_entered_by_pen_and_a_wrong_one_is_explained(
    counter: Counter, display: Open
) -> None:
    counter.begin()
    page = display("resident")
    expect(page.locator("h1")).to_have_text("いらっしゃいませ")
    counter.clerk("start", procedure="move_in")
    expect(page.locator("h1")).to_have_text("本人確認")
    expect(page.get_by_text("カードが置かれています")).to_be_visible()
    press_digits(page, "000")
    press_digits(page, "0")
    expect(page.locator("#pin-count")).to_have_text("4桁入りました。")
    page.get_by_role("button", name="カードを読み取る").click()
    expect(page.locator("#outcome")).to_contain_text("あと2回")
    expect(page.locator(".card-form .note")).to_have_count(0)
    expect(page.locator("#auth_pin")).to_have_value("")
    press_digits(page, CARD_PIN)
    page.get_by_role("button", name="カードを読み取る").click()
    expect(page.locator("h1")).to_have_text("お待ちください")
    assert "1234" not in page.content()
    assert counter.state() == "fill"


def test_everything_is_read_back_by_glyph_with_its_source(counter: Counter, display: Open) -> None:
    to_confirm(counter)
    page = display("resident")
    name = page.locator(".fact", has_text="氏名").locator(".name svg").first
    expect(name).to_have_attribute("aria-label", "髙")
    expect(page.locator(".fact", has_text="連絡先")).to_contain_text("職員")
    expect(page.locator(".fact", has_text="生年月日").first).to_contain_text("1984-05-17")
    expect(page.get_by_text("委任状")).to_have_count(0)


def test_an_objection_reaches_the_clerk(counter: Counter, display: Open) -> None:
    to_confirm(counter)
    page, clerk = display("resident"), display("clerk")
    page.bring_to_front()
    page.locator(".objection summary").click()
    page.get_by_label("住所", exact=True).check()
    page.get_by_role("button", name="職員に伝える").click()
    expect(page.get_by_text("お申し出を職員に伝えました。")).to_be_visible()
    expect(clerk.locator("h1")).to_contain_text("点検")
    expect(clerk.locator("main .note", has_text="住民からの申出")).to_contain_text("住所")


def test_signed_filed_numbered_and_the_next_one_begins_anew(
    counter: Counter, display: Open
) -> None:
    to_confirm(counter)
    page = display("resident")
    page.get_by_role("button", name="English").click()
    page.get_by_role("button", name="200%").click()
    page.get_by_role("button", name="Everything is right").click()
    expect(page.locator("h1")).to_have_text("Please sign")
    page.get_by_role("button", name="Notify this").click()
    expect(page.locator("#notice")).to_contain_text("There is no signature yet")
    write(page, "signature")
    page.get_by_role("button", name="Notify this").click()
    number = page.locator(".number")
    expect(number).to_be_visible()
    expect(number).to_have_text(counter.run(counter.unit.clerk.view())["filed"]["reception_number"])
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    page.emulate_media(media="print")
    expect(number).to_be_visible()
    expect(page.locator(".bar")).to_be_hidden()
    page.emulate_media(media="screen")
    counter.clerk("finish")
    expect(page.locator("h1")).to_have_text("いらっしゃいませ")
    expect(page.locator("html")).to_have_attribute("data-text", "100")


def test_focus_goes_to_the_heading_of_a_new_step(counter: Counter, display: Open) -> None:
    to_confirm(counter)
    page = display("resident")
    page.get_by_role("button", name="まちがいありません").click()
    expect(page.locator("h1")).to_have_text("署名してください")
    expect(page.locator("h1")).to_be_focused()
    expect(page).to_have_title("署名してください — 届出の窓口")
