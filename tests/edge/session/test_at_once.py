"""Things that happen at one moment: filing and cancelling, midnight, a search and its person."""

import asyncio
import datetime as dt
import sqlite3

import pytest

from edge.errors import ForbiddenStepError
from edge.session.clerk_steps import ClerkSteps
from edge.session.sealing import Filing, file_event
from edge.session.states import State, Step
from edge.unit_clock import JAPAN, UnitClock
from intake.event.ids import new_notification_id
from intake.event.manifest import EventKind, PartName, Staff
from tests.edge.a_unit import RunningUnit, until
from tests.edge.enrolment import STAFF
from tests.edge.session.steps import draw, to_review

HOUR_US = 3_600_000_000


async def test_nothing_happens_to_a_draft_while_it_is_being_filed(unit: RunningUnit) -> None:
    await to_review(unit)
    await unit.clerk.do("to_resident")
    await unit.resident.do("confirm")
    await draw(unit)
    session = unit.process.session
    slow = sqlite3.connect(unit.process.settings.unit.state / "outbox" / "outbox.sqlite3")
    slow.execute("BEGIN IMMEDIATE")
    filing = asyncio.create_task(unit.resident.act("file"))
    await until(session.busy.locked)
    await asyncio.sleep(0.3)
    steps = ClerkSteps(session)
    for act in (steps.cancel, lambda: steps.go(Step.TAKE_BACK)):
        with pytest.raises(ForbiddenStepError):
            act()
    slow.close()
    status, body = await filing
    assert (status, session.state) == (200, State.FILED), body
    assert body["view"]["filed"]["reception_number"]
    await unit.clerk.do("finish")


async def test_a_number_has_the_day_under_which_it_was_counted(unit: RunningUnit) -> None:
    """Two filings around midnight, on a clock that goes on an hour at each look."""
    before_midnight = dt.datetime(2026, 11, 23, 21, 30, tzinfo=JAPAN)
    looks = [int(before_midnight.timestamp() * 1_000_000)]

    def wall() -> int:
        looks.append(looks[-1] + HOUR_US)
        return looks[-1]

    counter, numbers = unit.process.counter, list[str]()
    keyset = counter.office.words.keyset
    assert keyset is not None
    for clock in (UnitClock(wall=wall), UnitClock(wall=lambda: looks[-1])):
        filing = Filing(
            kind=EventKind.FILED,
            notification_id=new_notification_id(),
            procedure="move_in",
            revision=1,
            supersedes=None,
            reception_number=None,
            staff=Staff(STAFF, "pin"),
            parts={PartName.NOTIFICATION: b"x"},
        )
        row = file_event(
            filing, unit=counter.unit, keyset=keyset, clock=clock, outbox=counter.outbox
        )
        numbers.append(row.reception_number)
    assert len(set(numbers)) == len(numbers)


async def test_a_search_ends_with_the_person_or_notification_whose_name_it_was_for(
    unit: RunningUnit,
) -> None:
    await to_review(unit)
    await unit.clerk.do("find_open", character="persons/p2/name@0")
    assert (await unit.clerk.view())["finder"] is not None
    await unit.clerk.do("remove_person", person_id="p2")
    assert (await unit.clerk.view())["finder"] is None
    await unit.clerk.do("add_person")
    await unit.clerk.do("find_open", character="persons/p1/name@0")
    await unit.clerk.do("cancel")
    await unit.clerk.do("start", procedure="move_in")
    await unit.clerk.do("show_documents", method="one_document", documents=["driving_licence"])
    assert (await unit.clerk.view())["finder"] is None
