"""The printed client waits as it is told, and sends again what a cut line swallowed."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hub.accounts import systems
from tests.hub.api.conftest import ALL, printed_client, xml
from tests.hub.browser import Pages
from tests.hub.conftest import Desk

pytestmark = pytest.mark.system  # it waits


@pytest.fixture
def pages(desk: Desk) -> Iterator[Pages]:
    settings = desk.office.settings
    api = replace(settings.api, requests_per_minute=60)
    served = Pages(replace(desk.office, settings=replace(settings, api=api)))
    yield served
    served.stop()


def client(desk: Desk, pages: Pages, folder: Path, tries: int) -> Any:  # noqa: ANN401 - of the page
    token = systems.add(desk.office.journal, f"tax-{tries}", ALL, None, "op")
    url = f"http://127.0.0.1:{pages.port}/api/v1"
    return printed_client(folder).Madoguchi(url, token, tries=tries)


def test_it_waits_as_it_is_told(desk: Desk, pages: Pages, tmp_path: Path):
    def ask_often(found: Any, times: int) -> None:  # noqa: ANN401 - as above
        for _ in range(times):
            assert found.states(["tax-1"]) == {}

    ask_often(client(desk, pages, tmp_path, 5), 62)
    with pytest.raises(Exception, match="429 rate_limit: Wait for the seconds"):
        ask_often(client(desk, pages, tmp_path, 1), 300)


def test_what_a_cut_line_swallowed_is_sent_again(desk: Desk, pages: Pages, tmp_path: Path):
    hasty, patient = (client(desk, pages, tmp_path, tries) for tries in (1, 6))
    pages.stop()
    with pytest.raises(OSError, match="refused"):
        hasty.states(["tax-1"])
    again: list[Pages] = []
    back = threading.Timer(0.5, lambda: again.append(Pages(desk.office, pages.port)))
    back.start()
    try:
        assert patient.hand_in(xml(), "tax-1")["state"] == "created"
    finally:
        back.join()
        for one in again:
            one.stop()
