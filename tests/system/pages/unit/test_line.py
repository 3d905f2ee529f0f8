"""The line to the unit: lost in the open, back by itself; and the warning before a log-out."""

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from edge.outbox.ballast import Room
from tests.system.pages.unit.conftest import Open
from tests.system.pages.unit.running_counter import Counter

pytestmark = pytest.mark.system


class Cable:
    """A page's socket that can be pulled out and put back."""

    def __init__(self, page: Page) -> None:
        self._out = False
        self._open: list[WebSocketRoute] = []
        page.route_web_socket("**/socket", self._connect)

    def pull(self) -> None:
        self._out = True
        for socket in self._open:
            socket.close()

    def put_back(self) -> None:
        self._out = False

    def _connect(self, socket: WebSocketRoute) -> None:
        if self._out:
            socket.close()
            return
        socket.connect_to_server()
        self._open.append(socket)


def test_a_lost_line_is_said_and_the_page_catches_up(counter: Counter, display: Open) -> None:
    counter.begin()
    page = display("resident")
    cable = Cable(page)
    page.reload()
    expect(page.locator("#lost")).to_be_hidden()
    cable.pull()
    expect(page.locator("#lost")).to_contain_text("書いた内容は保存されています")
    page.evaluate("document.body.style.minHeight = '300vh'; scrollTo(0, 400)")
    expect(page.locator("#lost")).to_be_in_viewport()
    counter.clerk("start", procedure="move_in")
    expect(page.locator("h1")).to_have_text("いらっしゃいませ")
    cable.put_back()
    expect(page.locator("h1")).to_have_text("本人確認")
    expect(page.locator("#lost")).to_be_hidden()


def test_the_clerk_is_warned_before_the_log_out(
    counter: Counter, display: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter.begin()
    page = display("clerk")
    desk = counter.unit.process.counter.staff_desk
    monkeypatch.setattr(desk, "_touched", desk._touched - 14.5 * 60)
    expect(page.locator("#warned")).to_be_visible(timeout=15_000)
    page.get_by_role("button", name="続ける").click()
    expect(page.locator("#warned")).to_have_count(0)
    assert desk.seconds_left() > 600


def test_a_full_disk_is_said_plainly(
    counter: Counter, display: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter.begin()
    full = Room(free_bytes=0, enough=False, ballast=False)
    monkeypatch.setattr(counter.unit.process.counter.outbox, "room", lambda: full)
    page = display("clerk")
    expect(page.get_by_role("alert").filter(has_text="ディスクの空きがありません")).to_be_visible()
