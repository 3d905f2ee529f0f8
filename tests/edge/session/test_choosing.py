"""Conditions, a closer look and taking back, over the pages' own interface."""

import pytest

from tests.edge.a_unit import RunningUnit, fields, until
from tests.edge.session.steps import draw, refused, to_review

pytestmark = pytest.mark.system  # real servers or slow hashes: seconds, apart from the fast part
NAME = "persons/p2/name"


@pytest.fixture
async def drawn(unit: RunningUnit) -> RunningUnit:
    """𠮷 is drawn at the third character of a name, and candidates have come by themselves."""
    await to_review(unit)
    await unit.clerk.do("draw", where=NAME, position=3)
    await draw(unit, "U+20BB7")
    await until(lambda: (found := unit.process.session.draft) is not None and found.recognised)
    return unit


async def texts(unit: RunningUnit) -> list[str]:
    drawing = (await unit.resident.view())["drawing"]
    return [group[0]["text"] for group in drawing["candidates"]]


async def test_candidates_come_without_being_asked_for(drawn: RunningUnit) -> None:
    assert (await texts(drawn))[0] == "𠮷"
    await drawn.resident.do("undo_stroke")
    await drawn.resident.do("draw_again")
    assert await texts(drawn) == []


async def test_either_page_narrows_and_widens(
    drawn: RunningUnit, caplog: pytest.LogCaptureFixture
) -> None:
    view = (await drawn.resident.do("narrow", reading="べつ"))["view"]
    assert view["drawing"]["asked"] == {"reading": "べつ"}
    found = [group[0] for group in view["drawing"]["candidates"]]
    assert found
    assert all(any(r[:2] in ("べつ", "ベツ") for r in one["readings"]) for one in found)
    view = (await drawn.clerk.do("narrow", reading="べつ", strokes="1-3"))["view"]
    assert view["drawing"]["candidates"] == []
    assert view["drawing"]["recognised"]
    view = (await drawn.clerk.do("widen", condition="all"))["view"]
    assert view["drawing"]["asked"] == {}
    assert view["drawing"]["candidates"][0][0]["text"] == "𠮷"
    assert await refused(drawn, "resident", "narrow", strokes="many") == "bad_filter"
    assert await refused(drawn, "resident", "widen", condition="text") == "bad_value"
    assert "べつ" not in caplog.text


async def test_conditions_end_with_the_character_they_were_for(drawn: RunningUnit) -> None:
    await drawn.resident.do("narrow", strokes="6")
    await drawn.resident.do("none_fits")
    await drawn.clerk.do("draw", where=NAME, position=3)
    view = await drawn.resident.view()
    assert view["drawing"]["asked"] == {}
    assert await refused(drawn, "resident", "pick", mj_name="MJ032129") == "bad_value"


async def test_without_a_drawing_conditions_alone_find(drawn: RunningUnit) -> None:
    await drawn.resident.do("draw_again")
    view = (await drawn.resident.do("narrow", reading="つじ", part="辶"))["view"]
    assert "辻" in {group[0]["text"][0] for group in view["drawing"]["candidates"]}
    name = view["drawing"]["candidates"][0][0]["mj_name"]
    await drawn.resident.do("pick", mj_name=name)
    field = fields(await drawn.clerk.view())[NAME]
    assert field["value"][3]["id"] == name
    assert field["history"][-1]["why"] == "found_by_conditions"


async def test_each_page_looks_for_itself_and_stays_with_what_it_opened(
    drawn: RunningUnit,
) -> None:
    view = await drawn.resident.view()
    assert view["looked_at"]["slot"] == 0
    third = view["drawing"]["candidates"][2][0]["mj_name"]
    view = (await drawn.resident.do("look_at", mj_name=third))["view"]
    opened = view["looked_at"]["shapes"][0]["mj_name"]
    assert view["drawing"]["candidates"][2][0]["mj_name"] == opened
    assert (await drawn.clerk.view())["looked_at"]["slot"] == 0
    await drawn.resident.do("narrow", strokes="1-30")
    view = await drawn.resident.view()
    assert view["looked_at"]["shapes"][0]["mj_name"] == opened
    assert await refused(drawn, "resident", "look_at", mj_name="MJ000001") == "bad_value"
    card = view["looked_at"]["shapes"][0]
    assert {"koseki", "juki", "codepoint", "selector", "strokes", "readings", "fallback"} <= set(
        card
    )


async def test_a_pick_is_taken_back_by_either_hand(drawn: RunningUnit) -> None:
    before = fields(await drawn.clerk.view())[NAME]
    for page in (drawn.resident, drawn.clerk):
        await page.do("none_fits")
        assert (await drawn.resident.view())["picked"]["position"] == 3
        view = (await page.do("unpick"))["view"]
        assert view["drawing"]["target"] == {"where": NAME, "position": 3}
        assert view["drawing"]["touched"]
        assert fields(await drawn.clerk.view())[NAME] == before
        assert await refused(drawn, "resident", "unpick") == "bad_value"
    await drawn.resident.do("recognise")
    await drawn.resident.do("pick", mj_name="MJ032129")
    await drawn.clerk.do("to_review")
    assert await refused(drawn, "resident", "unpick") == "forbidden_step"
    assert (await drawn.resident.view())["picked"] is None
