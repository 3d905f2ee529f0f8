"""No request and no notification takes a page away, whatever stands in it."""

import io
import json
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path

import pytest

from tests.edge.a_unit import Client, RunningUnit, make_office, running, settings_for
from tests.edge.session.steps import to_review

LONG = "9" * 5000
FILLED: tuple[Mapping[str, object], ...] = (
    {"persons/p1/kana": "\ud800"},
    {"persons/p1/name": "\ud800"},
    {"persons/p1/name": [{"repertoire": 1, "id": 2, "text": 3}]},
    {"persons/p1/name": {"a": 1}},
    {"persons/p1/birth_date": "99999999-13"},
    {"persons/p1/sex": ["male"]},
    {"persons/p9/kana": "x"},
    {"moved_on": LONG},
    {"moved_on": [1]},
    {"new_address": {"town": 5}},
    {"remarks": "x" * 100_000},
    {"transfer_certificate": 7},
    {"transfer_certificate": {"kind": "unheard_of"}},
)
ACTIONS: tuple[tuple[str, Mapping[str, object]], ...] = (
    ("login", {"staff_id": "\ud800", "pin": "\ud800"}),
    ("login", {"staff_id": "s" * 100_000, "pin": LONG}),
    ("draw", {"where": "persons/p1/name", "position": LONG}),
    ("draw", {"where": "persons/p1/name", "position": 10**30}),
    ("find_open", {"character": "@"}),
    ("find_open", {"character": f"persons/p1/name@{LONG}"}),
    ("resume", {"notification_id": "../../x"}),
    ("withdraw", {"reason": "x" * 100_000}),
    ("to_resident", {"version": 10**40}),
    ("language", {"language": ["ja"]}),
)


@pytest.fixture
async def unit(tmp_path: Path) -> AsyncGenerator[RunningUnit]:
    async with running(settings_for(tmp_path), make_office(tmp_path)) as found:
        await found.log_in()
        yield found


async def post(client: Client, name: str, data: object, **headers: str) -> int:
    url = f"{client.base}/actions/{name}"
    plain = {"X-CSRF-Token": client.csrf, "Content-Type": "application/json"}
    async with client.session.post(url, data=data, headers={**plain, **headers}) as answer:
        return answer.status


async def still_drawn(unit: RunningUnit) -> bool:
    for client in (unit.clerk, unit.resident):
        async with client.session.get(f"{client.base}/") as answer:
            if answer.status != 200:
                return False
    return True


async def test_whatever_is_posted_the_pages_are_still_drawn(unit: RunningUnit) -> None:
    await to_review(unit)
    for values in FILLED:
        assert await post(unit.clerk, "fill", json.dumps({"values": values})) < 500, values
        assert await still_drawn(unit), values
    for name, body in ACTIONS:
        assert await post(unit.clerk, name, json.dumps(body)) < 500, name
        assert await still_drawn(unit), name


async def test_an_identity_proof_nobody_has_heard_of_is_shown_as_it_stands(
    unit: RunningUnit,
) -> None:
    await unit.clerk.do("start", procedure="move_in")
    await unit.clerk.do("show_documents", method="unheard_of", documents=["unheard_of"])
    assert await still_drawn(unit)


async def test_a_body_in_no_known_writing_is_refused(unit: RunningUnit) -> None:
    assert await post(unit.clerk, "touch", b"{}", **{"Content-Type": "application/json"}) == 200
    strange = {"Content-Type": "application/json; charset=unheard-of"}
    assert await post(unit.clerk, "touch", b"{}", **strange) == 422
    url = f"{unit.clerk.base}/actions/login"
    form = {"csrf": unit.clerk.csrf, "staff_id": io.BytesIO(b"a file"), "pin": "1"}
    async with unit.clerk.session.post(url, data=form, allow_redirects=False) as answer:
        assert answer.status == 303
