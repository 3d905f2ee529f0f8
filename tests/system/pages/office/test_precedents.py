"""Asking the precedents in a real browser: answers as they come, by keyboard, readable by all."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from hub.precedents.collection import take
from hub.precedents.sources.files import SAMPLE, read_files
from hub.precedents.store import Store
from tests.hub.precedents.small_town import TODAY, TOWN
from tests.system.pages.office.conftest import Open
from tests.system.pages.office.office_with_work import Work
from tests.system.pages.office.test_screens import SMALL_TARGETS, WIDER_THAN_WINDOW

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]

DONE = '#answers[data-stage="done"]'
OPEN_ALL = "document.querySelectorAll('main details').forEach((one) => (one.open = true))"
Go = Callable[[Page, Work], object]


@pytest.fixture(scope="module")
def library(work: Work) -> Work:
    """The office with the sample handbook and a small town's ordinance."""
    with Store(work.office.precedents.store, create=True) as store:
        take(store, [*read_files([SAMPLE]), TOWN], TODAY)
    work.office.precedents.search.start()
    return work


def asked(page: Page, work: Work, question: str) -> None:
    page.goto(f"{work.url}/precedents")
    page.keyboard.type(question)  # the box has the focus
    page.keyboard.press("Enter")
    page.wait_for_selector(DONE)


def test_by_keyboard_from_the_question_to_the_article(opened: Open, library: Work) -> None:
    page = opened("suzuki")
    asked(page, library, "犬を飼い始めたら何日以内に登録しますか")
    assert page.url == f"{library.url}/precedents"
    page.keyboard.press("ArrowDown")
    first = page.locator("#answer-1")
    expect(first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#answer-2")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("c")
    expect(page.locator("#said")).to_contain_text(first.get_attribute("data-citation") or "?")
    page.keyboard.press("/")
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("ArrowDown")
    title = first.locator("h3 a").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url("**/precedents/laws/**")
    assert page.locator("h1").inner_text() == title
    assert "犬を飼" not in page.url


def test_keys_can_be_turned_off(opened: Open, library: Work) -> None:
    page = opened("suzuki")
    asked(page, library, "犬の登録")
    page.click(".keys summary")
    page.uncheck("#keys-on")
    page.locator("#answer-1").focus()
    page.keyboard.press("/")
    expect(page.locator("#question")).not_to_be_focused()


def test_answers_of_another_question_replace_them(opened: Open, library: Work) -> None:
    page = opened("suzuki")
    asked(page, library, "犬の登録")
    page.fill("#question", "xyzzy plugh")
    page.press("#question", "Enter")
    page.wait_for_selector("#nothing-close")
    expect(page.locator("#said")).to_have_text(
        page.locator("#said").get_attribute("data-none") or ""
    )


def test_a_verdict_is_kept_where_the_page_stands(opened: Open, library: Work) -> None:
    page = opened("suzuki")
    asked(page, library, "犬の登録")
    helped = page.locator("#answer-1 .verdicts button").first
    helped.click()
    expect(helped).to_have_attribute("aria-pressed", "true")
    assert page.url.endswith("/precedents")


def test_from_a_finding_under_review(opened: Open, library: Work) -> None:
    page = opened("suzuki")
    page.goto(f"{library.url}{library.page_of('drawn')}")
    page.locator('form[action="/precedents/context"] button').first.click()
    page.wait_for_selector("#ask")
    question = page.locator("#question").input_value()
    assert "渡辺" not in question
    assert "転入届" in question


def answered(question: str) -> Go:
    return lambda page, work: asked(page, work, question)


def at(path: str) -> Go:
    return lambda page, work: page.goto(f"{work.url}{path}")


SCREENS: dict[str, tuple[str, Go]] = {
    "box": ("ito", at("/precedents")),
    "answers": ("suzuki", answered("犬の登録は何日以内ですか")),
    "nothing close": ("suzuki", answered("xyzzy plugh")),
    "article": ("suzuki", at("/precedents/laws/x-town/2")),
    "law": ("suzuki", at("/precedents/laws/x-town")),
    "collection": ("tanaka", at("/precedents/collection")),
}


@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing_and_nothing_is_cut_off(opened: Open, library: Work, screen: str) -> None:
    login, go = SCREENS[screen]
    for language in ("ja", "en"):
        for text_size in ("100", "200"):
            page = opened(login, language, text_size)
            go(page, library)
            page.evaluate(OPEN_ALL)
            where = (screen, language, text_size)
            assert page.locator("h1").count() == 1
            found = Axe().run(page)
            assert found.violations_count == 0, (where, found.generate_report())
            assert not page.evaluate(WIDER_THAN_WINDOW), where
            assert page.evaluate(SMALL_TARGETS) == [], where
            assert "[" not in page.locator("main").inner_text(), where
            page.context.close()
