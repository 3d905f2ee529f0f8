"""A page answers its own display only, and acts on its own forms only."""

from collections.abc import AsyncGenerator
from pathlib import Path

import aiohttp
import pytest

from edge.pages.binding import DisplayBinding
from edge.pages.headers import HEADERS
from tests.edge.a_unit import RunningUnit, make_office, running, settings_for
from tests.edge.enrolment import PIN, STAFF


@pytest.fixture
async def unit(tmp_path: Path) -> AsyncGenerator[RunningUnit]:
    async with running(settings_for(tmp_path), make_office(tmp_path)) as found:
        yield found


@pytest.fixture
async def stranger() -> AsyncGenerator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as found:
        yield found


async def refusal(answer: aiohttp.ClientResponse) -> tuple[int, str]:
    return answer.status, (await answer.json())["error"]["code"]


async def test_without_the_cookie_nothing_is_answered(
    unit: RunningUnit, stranger: aiohttp.ClientSession
) -> None:
    for page in (unit.resident, unit.clerk):
        for path in ("/", "/state", "/fragment", "/socket", "/nothing"):
            async with stranger.get(page.base + path) as answer:
                assert await refusal(answer) == (403, "not_bound"), path


async def test_a_wrong_token_and_the_other_pages_token_open_nothing(
    unit: RunningUnit, stranger: aiohttp.ClientSession, tmp_path: Path
) -> None:
    clerk_token = DisplayBinding("clerk", tmp_path / "state").token
    for token in ("", "wrong", clerk_token):
        async with stranger.get(f"{unit.resident.base}/?token={token}") as answer:
            assert await refusal(answer) == (403, "wrong_token")


async def test_the_token_leaves_the_address_and_the_cookie_is_not_for_scripts(
    unit: RunningUnit, stranger: aiohttp.ClientSession, tmp_path: Path
) -> None:
    token = DisplayBinding("clerk", tmp_path / "state").token
    address = f"{unit.clerk.base}/?token={token}"
    async with stranger.get(address, allow_redirects=False) as answer:
        assert answer.status == 303
        assert answer.headers["Location"] == "/"
        cookie = answer.headers["Set-Cookie"]
    assert token not in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    path = tmp_path / "state" / "clerk.token"
    assert path.stat().st_mode & 0o077 == 0


async def test_the_other_pages_cookie_opens_nothing(unit: RunningUnit) -> None:
    cookies = {
        "madoguchi_clerk": next(iter(unit.resident.session.cookie_jar)).value,
    }
    async with (
        aiohttp.ClientSession(cookies=cookies) as session,
        session.get(f"{unit.clerk.base}/state") as answer,
    ):
        assert await refusal(answer) == (403, "not_bound")


async def test_a_post_without_its_csrf_token_does_nothing(unit: RunningUnit) -> None:
    clerk = unit.clerk
    address = f"{clerk.base}/actions/login"
    body = {"staff_id": STAFF, "pin": PIN}
    for given in ("", "wrong", unit.resident.csrf):
        headers = {"X-CSRF-Token": given}
        async with clerk.session.post(address, json=body, headers=headers) as answer:
            assert await refusal(answer) == (403, "csrf")
        async with clerk.session.post(address, data={**body, "csrf": given}) as answer:
            assert await refusal(answer) == (403, "csrf")
    assert (await clerk.view())["staff"] is None


async def test_a_foreign_origin_is_refused_on_posts_and_sockets(unit: RunningUnit) -> None:
    clerk = unit.clerk
    headers = {"Origin": "http://evil.example", "X-CSRF-Token": clerk.csrf}
    async with clerk.session.post(
        f"{clerk.base}/actions/touch", json={}, headers=headers
    ) as answer:
        assert await refusal(answer) == (403, "foreign_origin")
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        await clerk.session.ws_connect(f"{clerk.base}/socket", headers=headers)
    assert caught.value.status == 403


async def test_every_answer_carries_the_security_headers(
    unit: RunningUnit, stranger: aiohttp.ClientSession
) -> None:
    async with unit.clerk.session.get(f"{unit.clerk.base}/") as page:
        assert {name: page.headers.get(name) for name in HEADERS} == HEADERS
        text = await page.text()
    assert "unsafe" not in HEADERS["Content-Security-Policy"]
    assert "<script>" not in text
    assert " style=" not in text
    assert " onclick" not in text
    async with stranger.get(f"{unit.clerk.base}/") as refused:
        assert {name: refused.headers.get(name) for name in HEADERS} == HEADERS


async def test_the_clerks_actions_are_not_on_the_residents_page(unit: RunningUnit) -> None:
    for name in ("start", "fill", "login", "cancel", "to_resident"):
        status, body = await unit.resident.act(name)
        assert (status, body["error"]["code"]) == (404, "unknown_action")
    for name in ("file", "confirm", "read_card"):
        status, body = await unit.clerk.act(name)
        assert (status, body["error"]["code"]) == (404, "unknown_action")


async def test_the_clerk_sees_no_session_before_a_log_in(unit: RunningUnit) -> None:
    await unit.log_in()
    await unit.clerk.do("start", procedure="move_in")
    await unit.clerk.do("logout")
    view = await unit.clerk.view()
    assert "notification" not in view
    assert "outbox" not in view
    status, body = await unit.clerk.act("to_review")
    assert (status, body["error"]["code"]) == (401, "not_logged_in")


async def test_forms_and_json_drive_the_same_actions(unit: RunningUnit) -> None:
    clerk = unit.clerk
    form = {"csrf": clerk.csrf, "staff_id": STAFF, "pin": "000000"}
    address = f"{clerk.base}/actions/login"
    async with clerk.session.post(address, data=form, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, "/")
    assert (await clerk.view())["notice"] == "wrong_pin"
    async with clerk.session.get(f"{clerk.base}/") as page:
        assert "職員番号か暗証番号がちがいます" in await page.text()
    async with clerk.session.post(address, data={**form, "pin": PIN}) as answer:
        assert answer.status == 200
    assert (await clerk.view())["notice"] is None
    assert (await clerk.view())["staff"]["staff_id"] == STAFF


async def test_a_body_that_is_none_is_refused_in_the_one_shape(unit: RunningUnit) -> None:
    await unit.log_in()
    clerk = unit.clerk
    headers = {"X-CSRF-Token": clerk.csrf, "Content-Type": "application/json"}
    address = f"{clerk.base}/actions/start"
    for body in (b"[]", b"{", b"\xff", b'{"procedure": 7}', b'"x"', b"[" * 5000):
        async with clerk.session.post(address, data=body, headers=headers) as answer:
            assert answer.status == 422, body[:20]
            error = (await answer.json())["error"]
        assert set(error) == {"code", "detail", "message_ja", "message_en"}
