"""The session over its pages: what is refused when, and what every way back does to the draft."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from edge.outbox import RowState
from edge.settings import Outbox
from intake.event.manifest import EventKind
from intake.notification import codec as notifications
from tests.edge.a_unit import (
    KEY,
    RunningUnit,
    fields,
    make_office,
    running,
    settings_for,
)
from tests.edge.enrolment import STAFF
from tests.edge.session.steps import draw, file, refused, to_review

pytestmark = pytest.mark.system  # real servers or slow hashes: seconds, apart from the fast part


def envelope(unit: RunningUnit, identity: str) -> bytes:
    found = unit.process.counter.outbox.envelope(bytes.fromhex(identity))
    assert found is not None
    return found


async def test_steps_out_of_turn_are_refused_and_change_nothing(unit: RunningUnit) -> None:
    assert await refused(unit, "resident", "file") == "forbidden_step"
    assert await refused(unit, "clerk", "to_resident") == "forbidden_step"
    await to_review(unit)
    before = await unit.clerk.view()
    assert await refused(unit, "resident", "confirm") == "forbidden_step"
    assert await refused(unit, "resident", "file") == "forbidden_step"
    assert await refused(unit, "clerk", "start", procedure="move_in") == "forbidden_step"
    after = await unit.clerk.view()
    assert (after["state"], after["version"]) == (before["state"], before["version"])


async def test_a_page_that_is_behind_is_told_so(unit: RunningUnit) -> None:
    version = (await unit.clerk.view())["version"]
    await unit.clerk.do("start", procedure="move_in", version=version)
    assert await refused(unit, "clerk", "cancel", version=version) == "stale_view"


async def test_a_rule_that_blocks_keeps_the_form_from_the_resident(unit: RunningUnit) -> None:
    await unit.clerk.do("start", procedure="move_in")
    await unit.clerk.do("show_documents", method="one_document", documents=["passport"])
    await unit.clerk.do("to_review")
    assert await refused(unit, "clerk", "to_resident") == "blocked"
    findings = (await unit.clerk.view())["findings"]
    assert {"severity", "state", "article", "message", "where", "rule_id"} == set(findings[0])


async def test_nothing_is_filed_without_a_signature(unit: RunningUnit) -> None:
    await to_review(unit)
    await unit.clerk.do("to_resident")
    await unit.resident.do("confirm")
    assert await refused(unit, "resident", "file") == "no_signature"
    await draw(unit)
    await unit.resident.do("draw_again")
    assert await refused(unit, "resident", "file") == "no_signature"
    assert unit.process.counter.outbox.waiting() == ()


async def test_a_correction_keeps_the_old_value_with_who_and_why(unit: RunningUnit) -> None:
    await to_review(unit)
    await unit.clerk.do("fill", values={"contact": "03-1111-1111"}, why="聞き直した")
    await unit.clerk.do("fill", values={"contact": "03-1111-1111"}, why="nothing new")
    (change,) = fields(await unit.clerk.view())["contact"]["history"]
    assert (change["value"], change["who"], change["why"]) == ("03-0000-0000", STAFF, "聞き直した")
    assert "history" not in fields(await unit.resident.view())["contact"]


async def test_what_the_resident_has_seen_is_corrected_and_not_retyped(unit: RunningUnit) -> None:
    await to_review(unit)
    await unit.clerk.do("to_fill")
    await unit.clerk.do("fill", values={"contact": "03-1111-1111"})
    assert fields(await unit.clerk.view())["contact"]["history"] == []
    await unit.clerk.do("to_review")
    await unit.clerk.do("to_resident")
    await unit.resident.do("object", reason="違います")
    await unit.clerk.do("to_fill")
    await unit.clerk.do("fill", values={"contact": "03-2222-2222"})
    (change,) = fields(await unit.clerk.view())["contact"]["history"]
    assert change["value"] == "03-1111-1111"


async def test_the_resident_objects_and_the_clerk_takes_back(unit: RunningUnit) -> None:
    await to_review(unit)
    await unit.clerk.do("to_resident")
    await unit.resident.do("object", what="住所がちがう")
    view = await unit.clerk.view()
    assert (view["state"], view["objection"]) == ("review", "住所がちがう")
    await unit.clerk.do("to_resident")
    await unit.resident.do("confirm")
    await draw(unit)
    await unit.clerk.do("take_back")
    await unit.clerk.do("to_resident")
    await unit.resident.do("confirm")
    assert (await unit.resident.view())["drawing"]["touched"] is False, "it is signed anew"


async def test_cancelling_leaves_nothing(unit: RunningUnit, tmp_path: Path) -> None:
    await to_review(unit)
    await unit.clerk.do("to_resident")
    await unit.resident.do("confirm")
    await draw(unit)
    await unit.clerk.do("cancel")
    assert (await unit.resident.view())["notification"] is None
    assert list((tmp_path / "state" / "drafts").iterdir()) == []
    assert unit.process.counter.outbox.rows() == ()


async def test_amending_and_withdrawing_go_on_in_one_chain_under_one_number(
    unit: RunningUnit,
) -> None:
    await to_review(unit)
    first = await file(unit)
    await unit.clerk.do("amend")
    await unit.clerk.do("fill", values={"contact": "03-2222-2222"}, why="変わった")
    second = await file(unit)
    await unit.clerk.do("withdraw", reason="転入をやめた")
    await unit.resident.do("confirm")
    await draw(unit)
    third = (await unit.resident.do("file"))["view"]["filed"]
    assert first["reception_number"] == second["reception_number"] == third["reception_number"]
    manifests = [
        unit.office.opened(envelope(unit, one["identity"]))[0].manifest
        for one in (first, second, third)
    ]
    assert [m.kind for m in manifests] == [
        EventKind.FILED,
        EventKind.AMENDED,
        EventKind.WITHDRAWN,
    ]
    assert [m.revision for m in manifests] == [1, 2, 3]
    assert [m.supersedes and m.supersedes.hex() for m in manifests] == [
        None,
        first["identity"],
        second["identity"],
    ]
    assert await refused(unit, "clerk", "amend") == "bad_value"
    await unit.clerk.do("finish")
    await to_review(unit)
    number = (await file(unit))["reception_number"]
    assert number.split("-")[2] == "0002", "amendments used no number of the day"


async def test_a_returned_notification_is_resumed_and_settled(unit: RunningUnit) -> None:
    await to_review(unit)
    filed = await file(unit)
    await unit.clerk.do("finish")
    decision = unit.office.returned(envelope(unit, filed["identity"]))
    returned = unit.process.counter.office.returned
    returned.take(decision)
    (listed,) = (await unit.clerk.view())["returned"]
    assert listed["reason"] == decision.reason
    await unit.clerk.do("resume", notification_id=decision.notification_id)
    view = await unit.clerk.view()
    assert (view["state"], view["revision"], view["kind"]) == ("review", 2, "amended")
    assert view["returned_reason"] == decision.reason
    again = await file(unit)
    assert again["reception_number"] == filed["reception_number"]
    assert (await unit.clerk.view())["returned"] == []
    sealed, parts = unit.office.opened(envelope(unit, again["identity"]))
    assert sealed.manifest.supersedes == decision.identity
    assert len(notifications.decode(next(iter(parts.values()))).persons) == 2


async def test_a_later_list_or_acceptance_takes_a_return_away(unit: RunningUnit) -> None:
    await to_review(unit)
    filed = await file(unit)
    decision = unit.office.returned(envelope(unit, filed["identity"]))
    returned = unit.process.counter.office.returned
    returned.take(decision)
    returned.take(replace(decision, revision=decision.revision + 1, reason="二度目"))
    assert [one.reason for one in returned.all()] == ["二度目"]
    returned.take_all(())
    assert returned.all() == ()
    returned.take(decision)
    returned.take(unit.office.accepted(decision))
    assert returned.all() == ()


async def test_a_closed_browser_and_a_killed_process_lose_nothing(
    unit: RunningUnit, tmp_path: Path
) -> None:
    await to_review(unit)
    await unit.clerk.do("draw", where="persons/p2/name", position=3)
    await draw(unit, "U+20BB7")
    before = await unit.clerk.view()
    async with running(settings_for(tmp_path), unit.office, draft_key=KEY) as successor:
        await successor.log_in()
        after = await successor.clerk.view()
        assert after["notification"] == before["notification"]
        assert after["drawing"]["touched"]
        ink = unit.process.counter.capture.ink()
        assert successor.process.counter.capture.ink() == ink


async def test_another_draft_key_begins_idle(unit: RunningUnit, tmp_path: Path) -> None:
    await to_review(unit)
    async with running(settings_for(tmp_path), unit.office, draft_key=bytes(32)) as successor:
        assert (await successor.resident.view())["state"] == "idle"


async def test_a_disk_without_room_is_told_before_the_resident_has_begun(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, outbox=Outbox(ballast_mib=0.1, reserve_mib=1e9))
    async with running(settings, make_office(tmp_path)) as unit:
        await unit.log_in()
        status, body = await unit.clerk.act("start", procedure="move_in")
        assert (status, body["error"]["code"]) == (507, "disk_full")
        assert "保存されています" in body["error"]["message_ja"]
        assert (await unit.clerk.view())["unit"]["room"] is False


async def test_a_unit_that_was_never_connected_says_so(tmp_path: Path) -> None:
    async with running(settings_for(tmp_path), make_office(tmp_path), told=False) as unit:
        assert await refused(unit, "clerk", "login", staff_id=STAFF, pin="246810") == "no_roster"
        assert (await unit.clerk.view())["unit"]["keyset_version"] is None


async def test_without_a_reader_the_card_says_why_and_documents_go_on(unit: RunningUnit) -> None:
    await unit.clerk.do("start", procedure="move_in")
    card = (await unit.resident.do("read_card", auth_pin="1234"))["view"]["card"]
    assert card["outcome"] in ("no_service", "no_reader")
    assert card["message"]["ja"]
    assert (await unit.resident.view())["state"] == "identify"
    await unit.clerk.do("show_documents", method="two_documents", documents=["pension_book"])
    assert (await unit.clerk.view())["state"] == "fill"


async def test_a_quarantined_row_stays_on_the_clerks_page(unit: RunningUnit) -> None:
    await to_review(unit)
    filed = await file(unit)
    identity = bytes.fromhex(filed["identity"])
    unit.process.counter.outbox.close(identity, RowState.QUARANTINED, b"r", 1, "unknown_key")
    view = await unit.clerk.view()
    assert view["filed"]["receipt"] == "quarantined"
    (row,) = view["outbox"]["quarantined"]
    assert row["reason"] == "unknown_key"
    assert row["message"]["ja"]
    await asyncio.sleep(0)
