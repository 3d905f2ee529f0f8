"""What an enrolled unit may state, however absurd, never takes a page away from the office."""

import datetime as dt

import pytest

from hub.clock import LATEST_US, instant, iso
from hub.devices.presence import note_health
from intake.characters import Character
from intake.event.manifest import PartName
from intake.event.presence import Health, encode_health
from intake.ink import name_drawings
from intake.ink.name_drawings import NameDrawing
from intake.notification import Source
from intake.office.roster import Role
from intake.record import MAX_INTEGER
from tests.hub.conftest import Opened, staff
from tests.hub.counter_unit import move_in
from tests.hub.test_review import filed

pytestmark = pytest.mark.system  # real servers or slow hashes: seconds, apart from the fast part


def test_no_time_is_beyond_the_calendar():
    assert iso(MAX_INTEGER).startswith("9999-12-31")
    assert instant(LATEST_US + 1) == instant(LATEST_US)
    assert instant(1_000_000) == dt.datetime(1970, 1, 1, 0, 0, 1, tzinfo=dt.UTC)


def test_an_event_from_the_end_of_time_can_be_reviewed(opened: Opened):
    staff(opened.desk, "s002", Role.REVIEWER)
    notification = move_in().corrected(
        "moved_on",
        dt.date(2026, 11, 21),
        Source.CLERK,
        who="s001",
        when_us=MAX_INTEGER,
        why="-",
    )
    event = filed(opened.desk, notification, wall_time_us=MAX_INTEGER)
    browser = opened.browser("s002")
    assert event.manifest.reception_number in browser.get("/").text
    assert browser.get(f"/notifications/{event.manifest.notification_id}").status == 200


def test_the_operator_sees_units_whatever_one_of_them_reports(opened: Opened):
    desk = opened.desk
    staff(desk, "ops", Role.OPERATOR)
    health = Health(
        boot_id=desk.unit.boot_id,
        time_us=MAX_INTEGER,
        waiting=MAX_INTEGER,
        oldest_us=MAX_INTEGER,
        quarantined=MAX_INTEGER,
        free_bytes=0,
        clock_uncertainty_us=None,
        keyset_version=1,
        roster_version=1,
        tablet=True,
        card_reader=True,
    )
    note_health(desk.office.database, "unit-01", encode_health(health), desk.office.clock())
    browser = opened.browser("ops")
    assert browser.get("/operator").status == 200
    assert browser.get("/api/operator").status == 200


@pytest.mark.parametrize("drawings", [b"garbled", None])
def test_ink_that_nobody_can_read_leaves_the_rest_to_be_reviewed(
    opened: Opened, drawings: bytes | None
):
    desk = opened.desk
    staff(desk, "s002", Role.REVIEWER)
    unreadable = NameDrawing("p1", "name", 0, b"no log", (), Character.mj("MJ026191"))
    ink = drawings or name_drawings.encode((unreadable,))
    event = filed(desk, parts={PartName.NAME_INK: ink, PartName.CARD_EVIDENCE: b"garbled"})
    browser, path = opened.browser("s002"), event.manifest.notification_id
    assert browser.get(f"/notifications/{path}").status == 200
    assert browser.get(f"/api/notifications/{path}").status == 200
    assert browser.get(f"/api/notifications/{path}/ink").status == 200
