"""Every screen of the office, in both languages, at 100 % and 200 % text: axe finds nothing."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.system.pages.office.conftest import Open
from tests.system.pages.office.office_with_work import Work

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]

Go = Callable[[Page, Work], object]
WIDER_THAN_WINDOW = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
SMALL_TARGETS = """[...document.querySelectorAll("button, .button, summary, .target, nav a")]
  .concat(...document.querySelectorAll("select, textarea, main input:not([type=hidden])"))
  .map((one) => one.closest("label") ?? one)
  .filter((one) => one.offsetParent !== null && one.getBoundingClientRect().height < 43.5)
  .map((one) => one.outerHTML.slice(0, 90))"""


def at(path: str) -> Go:
    return lambda page, work: page.goto(f"{work.url}{path}")


def notification(name: str) -> Go:
    return lambda page, work: page.goto(f"{work.url}{work.page_of(name)}")


def resident(index: int, rest: str = "", of: str = "moved in") -> Go:
    return lambda page, work: page.goto(f"{work.url}/register/{work.residents[of][index]}{rest}")


def wrong_password(page: Page, work: Work) -> None:
    page.goto(f"{work.url}/login")
    page.fill("#login", "nobody")
    page.fill("#password", "wrong")
    page.press("#password", "Enter")
    page.wait_for_selector("[role=alert]")


def search(page: Page, work: Work) -> None:
    page.goto(f"{work.url}/register")
    page.fill("#words", "山田")
    page.press("#words", "Enter")
    page.wait_for_selector("#found-caption")


def opened_look(page: Page, work: Work) -> None:
    resident(2, of="protected")(page, work)
    page.click("main button")
    page.wait_for_selector("dl.facts")


SCREENS: dict[str, tuple[str | None, Go]] = {
    "login": (None, at("/login")),
    "login after the time was over": (None, at("/login?ended=1")),
    "wrong password": (None, wrong_password),
    "queue": ("suzuki", at("/")),
    "mine": ("sato", at("/?mine=1")),
    "returned": ("suzuki", at("/?state=returned")),
    "nothing found": ("suzuki", at("/?procedure=move_out")),
    "notification with ink": ("suzuki", notification("drawn")),
    "notification of the taker": ("sato", notification("drawn")),
    "notification of a clerk": ("ito", notification("drawn")),
    "notification with differences": ("suzuki", notification("moved within")),
    "returned notification": ("suzuki", notification("returned")),
    "accepted notification": ("suzuki", notification("moved in")),
    "withdrawn notification": ("suzuki", notification("withdrawn")),
    "hidden notification": ("suzuki", notification("protected")),
    "before a look at a notification": ("kato", notification("protected")),
    "search": ("suzuki", search),
    "record": ("suzuki", resident(0)),
    "certificate": ("suzuki", resident(0, "/certificate")),
    "hidden record": ("suzuki", resident(2, of="protected")),
    "before a look": ("kato", resident(2, of="protected")),
    "protected record": ("kato", opened_look),
    "operator": ("tanaka", at("/operator")),
    "quarantined": ("tanaka", at("/quarantine/1")),
    "accounts": ("tanaka", at("/accounts")),
    "no role": ("suzuki", at("/operator")),
    "unknown page": ("suzuki", at("/nothing")),
}


@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing_and_nothing_is_cut_off(opened: Open, work: Work, screen: str):
    login, go = SCREENS[screen]
    for language in ("ja", "en"):
        for text_size in ("100", "200"):
            page = opened(login, language, text_size)
            go(page, work)
            where = (screen, language, text_size)
            assert page.locator("html").get_attribute("lang") == language
            assert page.locator("h1").count() == 1
            found = Axe().run(page)
            assert found.violations_count == 0, (where, found.generate_report())
            assert not page.evaluate(WIDER_THAN_WINDOW), where
            assert page.evaluate(SMALL_TARGETS) == [], where
            assert "[" not in page.locator("main").inner_text(), where
            page.context.close()


def test_axe_would_find_something(opened: Open, work: Work):
    page = opened("suzuki")
    page.goto(f"{work.url}/")
    page.evaluate("document.querySelector('#number').labels[0].remove()")
    assert Axe().run(page).violations_count > 0


def test_a_narrow_window_loses_nothing(opened: Open, work: Work):
    page = opened("suzuki")
    page.set_viewport_size({"width": 320, "height": 640})
    for go in (at("/"), notification("drawn"), resident(0), resident(0, "/certificate")):
        go(page, work)
        assert not page.evaluate(WIDER_THAN_WINDOW), page.url
