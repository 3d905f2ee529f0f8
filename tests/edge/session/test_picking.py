"""Picking a character from what the drawing found, and both pages drawn in every state."""

import pytest

from tests.edge.a_unit import RunningUnit, fields
from tests.edge.forms import FORM
from tests.edge.session.steps import draw, file, refused, to_review

pytestmark = pytest.mark.system  # real servers or slow hashes: seconds, apart from the fast part


async def test_only_a_shown_candidate_can_be_picked_and_none_may_fit(unit: RunningUnit) -> None:
    await to_review(unit)
    await unit.clerk.do("draw", where="persons/p2/name", position=3)
    assert await refused(unit, "resident", "recognise") == "nothing_drawn"
    await draw(unit, "U+20BB7")
    assert await refused(unit, "resident", "pick", mj_name="MJ000001") == "bad_value"
    await unit.resident.do("none_fits")
    name = fields(await unit.clerk.view())["persons/p2/name"]["value"]
    assert (name[3]["repertoire"], name[3]["id"]) == ("unresolved", "name_ink/0")
    await unit.clerk.do("to_review")
    assert await file(unit), "an unresolved character never blocks a filing"


async def test_a_tap_while_the_candidates_come_anew_counts(unit: RunningUnit) -> None:
    await to_review(unit)
    await unit.clerk.do("draw", where="persons/p1/name", position=0)
    await draw(unit, "口")
    await unit.resident.do("recognise")
    version = (await unit.resident.view())["version"]
    name = (await unit.resident.view())["drawing"]["candidates"][0][0]["mj_name"]
    await unit.resident.do("recognise")
    await unit.resident.do("pick", mj_name=name, version=version)
    assert await refused(unit, "resident", "pick", mj_name=name, version=version) == "stale_view"


@pytest.mark.parametrize("page", ["resident", "clerk"])
async def test_every_state_is_drawn_in_both_languages(unit: RunningUnit, page: str) -> None:
    client = unit.resident if page == "resident" else unit.clerk

    async def drawn() -> None:
        for language in ("en", "ja"):
            await client.do("language", language=language)
            for path in ("/", "/fragment"):
                async with client.session.get(client.base + path) as answer:
                    assert answer.status == 200, (await client.view())["state"]
                    assert "<main" in await answer.text()

    await drawn()
    await unit.clerk.do("start", procedure="move_in")
    await drawn()
    await unit.resident.do("read_card", auth_pin="12")
    await drawn()
    await unit.clerk.do("show_documents", method="one_document", documents=[])
    await drawn()
    await unit.clerk.do("add_person")
    await unit.clerk.do("fill", values=FORM)
    await unit.clerk.do("draw", where="persons/p2/name", position=3)
    await drawn()
    await draw(unit, "U+20BB7")
    await unit.resident.do("recognise")
    await drawn()
    await unit.resident.do("none_fits")
    await drawn()
    await unit.clerk.do("to_review")
    await drawn()
    await unit.clerk.do("to_resident")
    await drawn()
    await unit.resident.do("confirm")
    await drawn()
    await draw(unit)
    await unit.resident.do("file")
    await drawn()
    await unit.clerk.do("withdraw", reason="")
    await drawn()
