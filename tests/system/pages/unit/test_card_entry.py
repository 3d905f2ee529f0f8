"""Entering by pen, finger or keys: the pads, what is masked, what stays nowhere, and the bridge."""

from collections.abc import Generator

import pytest
from playwright.sync_api import Page, Request, expect

from tests.system.pages.unit.card_scenes import FACE, PASSWORD, YOSHINO, Cards
from tests.system.pages.unit.conftest import Open
from tests.system.pages.unit.hand import write
from tests.system.pages.unit.running_counter import Counter

pytestmark = pytest.mark.system
PIN = "1234"


@pytest.fixture
def cards(counter: Counter) -> Generator[Cards]:
    counter.begin()
    cards = Cards(counter, counter._folder / "cards")
    with cards.anew("ja", "100"):
        yield cards


def press(page: Page, pad: str, keys: str) -> None:
    for key in keys:
        page.locator(f"#{pad} [data-key='{key}']").click()


def test_nothing_is_asked_before_the_card_has_answered(cards: Cards, display: Open) -> None:
    page = display("resident")
    expect(page.locator("#reader")).to_contain_text("カードが置かれていません")
    expect(page.locator("input.pin")).to_have_count(0)
    cards.put("head_of_household")
    expect(page.locator("#auth_pin")).to_be_visible()
    expect(page.locator("#tries-auth")).to_have_text("あと3回まで入れられます。")
    cards.take()
    expect(page.locator("input.pin")).to_have_count(0)


def test_pin_and_password_by_pen_each_on_its_own_pad(cards: Cards, display: Open) -> None:
    cards.way("certificate")
    cards.put("head_of_household")
    page = display("resident")
    expect(page.locator("#letter-pad")).to_be_hidden()
    press(page, "pin-pad", PIN)
    expect(page.locator("#letter-pad"), "a full PIN leads on").to_be_visible()
    expect(page.locator("#pin-pad")).to_be_hidden()
    press(page, "letter-pad", "DEMO12X")
    page.get_by_role("button", name="1字消す").click()
    press(page, "letter-pad", "34")
    expect(page.locator("#pin-count")).to_have_text("8桁入りました。")
    for field in ("#auth_pin", "#sign_password"):
        expect(page.locator(field)).to_have_attribute("type", "password")
        expect(page.locator(field)).to_have_attribute("autocomplete", "off")
    page.get_by_role("button", name="カードを読み取る").click()
    expect(page.locator("h1")).to_have_text("氏名の1文字目を書いてください")


def test_keys_alone_are_enough_and_small_letters_become_capital(
    cards: Cards, display: Open
) -> None:
    cards.way("certificate")
    cards.put("head_of_household")
    page = display("resident")
    expect(page.locator("#auth_pin")).to_be_visible()
    for _ in range(20):
        if page.evaluate("document.activeElement.id") == "auth_pin":
            break
        page.keyboard.press("Tab")
    page.keyboard.type("12a34")
    expect(page.locator("#auth_pin")).to_have_value(PIN)
    expect(page.locator("#sign_password")).to_be_focused()
    page.keyboard.type("demo-1234")
    expect(page.locator("#sign_password")).to_have_value(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("氏名の1文字目を書いてください")


def test_what_was_entered_stays_neither_in_the_page_nor_in_an_address(
    cards: Cards, display: Open
) -> None:
    cards.way("certificate")
    cards.put("head_of_household")
    page = display("resident")
    asked: list[Request] = []

    def note(one: Request) -> None:
        asked.append(one)

    page.on("request", note)
    page.locator("#auth_pin").fill("9876")
    page.locator("#sign_password").fill(PASSWORD)
    page.get_by_role("button", name="カードを読み取る").click()
    expect(page.locator("#outcome")).to_contain_text("あと2回")
    for field in ("#auth_pin", "#sign_password"):
        expect(page.locator(field)).to_have_value("")
    held = page.evaluate(
        """() => [document.documentElement.outerHTML, JSON.stringify(history.state), location.href,
          JSON.stringify(Object.entries({...localStorage, ...sessionStorage})),
          ...[...document.querySelectorAll("input")].map((one) => one.value + one.defaultValue)]"""
    )
    for secret in ("9876", PASSWORD):
        assert not any(secret in one for one in held)
        assert not any(secret in one.url for one in asked)
    posts = [one for one in asked if one.method == "POST" and "read_card" in one.url]
    assert len(posts) == 1, "a wrong PIN is sent once"
    assert "9876" in (posts[0].post_data or ""), "the control: this is where it went"


def test_when_the_line_is_lost_the_pin_is_not_left_on_the_display(
    cards: Cards, display: Open
) -> None:
    cards.put("head_of_household")
    page = display("resident")
    page.locator("#auth_pin").fill(PIN)
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError()); }")
    page.get_by_role("button", name="カードを読み取る").click()
    expect(page.locator("#lost")).to_be_visible()
    expect(page.locator("#auth_pin")).to_have_value("")


def test_the_last_try_waits_for_the_clerk(cards: Cards, display: Open) -> None:
    cards.put("one_try_left")
    page, clerk = display("resident"), display("clerk")
    expect(page.locator("#barred-auth")).to_contain_text("入れずにお待ちください")
    expect(page.locator("#auth_pin")).to_have_count(0)
    clerk.bring_to_front()
    clerk.locator("#overriding summary").click()
    clerk.get_by_role("button", name="残り1回を使うことを許す").click()
    expect(clerk.locator("#last-try")).to_be_visible()
    page.bring_to_front()
    expect(page.locator("#tries-auth")).to_have_text("あと1回まで入れられます。")
    press(page, "pin-pad", PIN)
    page.get_by_role("button", name="カードを読み取る").click()
    expect(page.locator("h1")).to_have_text("お待ちください")


def test_the_face_is_seen_compared_and_gone(cards: Cards, display: Open) -> None:
    cards.put("head_of_household")
    clerk = display("clerk")
    clerk.get_by_role("button", name="照合番号B").click()
    for name, value in FACE.items():
        clerk.locator(f"#{name}").fill(str(value))
    clerk.get_by_role("button", name="照合番号Bで読み取る").click()
    photo = clerk.locator(".face-photo")
    expect(photo).to_be_visible()
    expect(photo).to_have_js_property("naturalWidth", 240)
    address = photo.get_attribute("src")
    clerk.get_by_role("button", name="本人である").click()
    expect(clerk.locator("h1")).to_contain_text("内容を入れる")
    assert clerk.evaluate("(one) => fetch(one).then((answer) => answer.status)", address) == 404
    clerk.go_back()
    expect(clerk.locator(".face-photo")).to_have_count(0)


def test_from_the_mark_to_the_drawn_character(cards: Cards, display: Open) -> None:
    cards.way("certificate")
    cards.put(YOSHINO)
    page, clerk = display("resident"), display("clerk")
    page.bring_to_front()
    page.locator("#auth_pin").fill(PIN)
    page.locator("#sign_password").fill(PASSWORD)
    page.get_by_role("button", name="カードを読み取る").click()
    expect(page.locator("h1")).to_have_text("氏名の1文字目を書いてください")
    expect(page.locator("h1")).to_be_focused()
    expect(clerk.locator("[data-conflict='unmarked']")).to_contain_text("3文字目")
    write(page, "U+20BB7")
    expect(page.locator("[data-slot='0']")).to_be_visible(timeout=30_000)
    cards.counter.resident("recognise")
    drawing = cards.counter.run(cards.counter.unit.resident.view())["drawing"]
    offered = [one for group in drawing["candidates"] for one in group]
    chosen = next(one for one in offered if one["codepoint"] == "U+20BB7")
    cards.counter.resident("pick", mj_name=chosen["mj_name"])
    expect(page.locator("h1")).to_have_text("お待ちください")
    expect(clerk.locator(".stand-in-chosen")).to_contain_text("決まりました")
    clerk.bring_to_front()
    clerk.get_by_role("button", name="入力に戻る").click()
    history = clerk.locator("[id='history-persons/p1/name']")
    history.locator("summary").click()
    expect(history).to_contain_text("吉野　華子")
    expect(history).to_contain_text("𠮷野　花子")
