"""Accepting and returning: who may, what it does to the register, and what the units hear."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from hub.accounts.staff import every
from hub.errors import (
    AcceptorIsTakerError,
    BadRequestError,
    LinkMissingError,
    RoleError,
    SupersededError,
)
from hub.register.projection import rebuild
from hub.register.record import listing
from hub.review.decide import AcceptOrder, Decided, ReturnOrder, accept, send_back
from hub.review.filing import FilingState
from hub.review.queue import queue
from hub.review.reading import read_view
from hub.review.returned import returned_decisions
from hub.storage.tables import (
    AddressHistory,
    Alarm,
    Household,
    RegisterChange,
    Resident,
    ResidentCharacter,
)
from intake.event.manifest import EventKind
from intake.notification import Address, Notification, Procedure
from intake.office.decision import Outcome
from intake.office.roster import Role
from tests.hub.conftest import Desk, staff
from tests.hub.counter_unit import OFFICE, FiledEvent, move_in, text_field


def filed(
    desk: Desk,
    notification: Notification | None = None,
    **how: Any,  # noqa: ANN401 - whatever CounterUnit.file takes
) -> FiledEvent:
    event = desk.unit.file(desk.keyset, notification or move_in(), **how)
    desk.take(event.data)
    return event


def amended(desk: Desk, first: FiledEvent, **how: Any) -> FiledEvent:  # noqa: ANN401 - as above
    """The second revision of what was filed."""
    given = {"kind": EventKind.AMENDED, "revision": 2, "supersedes": first.identity, **how}
    return filed(desk, first.notification, **given)


def accepted(desk: Desk, event: FiledEvent, login: str = "s002", **links: str) -> Decided:
    with desk.office.database.reading() as session:
        known = {one.login: one for one in every(session)}
    reviewer = known.get(login) or staff(desk, login, Role.REVIEWER)
    order = AcceptOrder(event.identity, links)
    return accept(desk.office, event.manifest.notification_id, order, reviewer)


def test_move_in_becomes_a_household_of_three(desk: Desk):
    event = filed(desk)
    decided = accepted(desk, event)
    rows = listing(desk.office, event.manifest.notification_id)
    assert [row.resident_id for row in rows] == list(decided.residents)
    assert [row.household_role for row in rows] == ["head", "wife", "child"]
    first = rows[0].name[0]
    assert (first.repertoire, first.id) == ("mj", "MJ026191")
    assert rows[0].address.startswith("東京都千代田区飯田橋")
    assert rows[0].moved_on == "2026-11-20"


def test_who_took_it_does_not_accept_it(desk: Desk):
    taker = staff(desk, "s001", Role.CLERK, Role.REVIEWER)
    event = filed(desk, staff="s001")
    with pytest.raises(AcceptorIsTakerError):
        accept(desk.office, event.manifest.notification_id, AcceptOrder(event.identity), taker)
    assert not listing(desk.office)
    view = read_view(desk.office, taker, event.manifest.notification_id, "test")
    assert view.blocked_by == "acceptor_is_taker"


def test_whoever_took_an_earlier_revision_does_not_accept_either(desk: Desk):
    first = filed(desk, staff="s002")
    second = filed(
        desk,
        first.notification,
        staff="s001",
        kind=EventKind.AMENDED,
        revision=2,
        supersedes=first.identity,
    )
    with pytest.raises(AcceptorIsTakerError):
        accepted(desk, second, "s002")


def test_a_clerk_does_not_decide(desk: Desk):
    clerk = staff(desk, "s003", Role.CLERK)
    event = filed(desk)
    with pytest.raises(RoleError):
        accept(desk.office, event.manifest.notification_id, AcceptOrder(event.identity), clerk)


def test_an_amendment_replaces_what_waits(desk: Desk):
    first = filed(desk)
    second = amended(desk, first)
    with pytest.raises(SupersededError):
        accepted(desk, first)
    assert accepted(desk, second).residents
    with pytest.raises(SupersededError):
        accepted(desk, second)


def test_revisions_may_come_in_any_order(desk: Desk):
    first = desk.unit.file(desk.keyset, move_in())
    second = desk.unit.file(
        desk.keyset,
        first.notification,
        kind=EventKind.AMENDED,
        revision=2,
        supersedes=first.identity,
    )
    desk.take(second.data)
    desk.take(first.data)
    reviewer = staff(desk, "s002", Role.REVIEWER)
    view = read_view(desk.office, reviewer, first.manifest.notification_id, "test")
    assert view.identity == second.identity.hex()
    assert [one.revision for one in view.revisions] == [1, 2]


def test_a_withdrawal_ends_the_waiting_and_a_late_one_only_alarms(desk: Desk):
    first = filed(desk)
    withdrawal = {
        "kind": EventKind.WITHDRAWN,
        "revision": 2,
        "supersedes": first.identity,
        "parts": {},
    }
    filed(desk, first.notification, **withdrawal)
    reviewer = staff(desk, "s002", Role.REVIEWER)
    assert not queue(desk.office, reviewer, FilingState.WAITING)
    assert len(queue(desk.office, reviewer, FilingState.WITHDRAWN)) == 1
    other = filed(desk)
    accepted(desk, other)
    filed(desk, other.notification, **{**withdrawal, "supersedes": other.identity})
    with desk.office.database.reading() as session:
        assert session.scalars(select(Alarm)).one().kind == "late_revision"
    assert len(listing(desk.office)) == 3


def test_a_withdrawal_that_overtakes_its_filing_leaves_the_list_whole(desk: Desk):
    first = desk.unit.file(desk.keyset, move_in())
    withdrawal = desk.unit.file(
        desk.keyset,
        first.notification,
        kind=EventKind.WITHDRAWN,
        revision=2,
        supersedes=first.identity,
        without_notification=True,
    )
    desk.take(withdrawal.data)
    reviewer = staff(desk, "s002", Role.REVIEWER)
    assert queue(desk.office, reviewer, FilingState.WITHDRAWN)[0].name == ""
    desk.take(first.data)
    assert queue(desk.office, reviewer, FilingState.WITHDRAWN)[0].name
    assert not queue(desk.office, reviewer, FilingState.WAITING)


def test_two_amendments_with_one_revision_are_both_shown_and_alarmed(desk: Desk):
    first = filed(desk)
    again = {"kind": EventKind.AMENDED, "revision": 2, "supersedes": first.identity}
    filed(desk, first.notification, **again)
    filed(desk, first.notification, **again)
    reviewer = staff(desk, "s002", Role.REVIEWER)
    view = read_view(desk.office, reviewer, first.manifest.notification_id, "test")
    assert [one.revision for one in view.revisions] == [1, 2, 2]
    with desk.office.database.reading() as session:
        assert session.scalars(select(Alarm)).one().kind == "revision_conflict"


def test_a_return_has_reason_owner_and_day_and_opens_at_any_unit(desk: Desk):
    reviewer = staff(desk, "s002", Role.REVIEWER)
    staff(desk, "s001", Role.CLERK)
    event = filed(desk)
    order = ReturnOrder(event.identity, "旧住所の番地", "s001", dt.date(2026, 12, 1))
    with pytest.raises(BadRequestError):
        send_back(
            desk.office, event.manifest.notification_id, replace(order, owner="nobody"), reviewer
        )
    with pytest.raises(BadRequestError):
        send_back(desk.office, event.manifest.notification_id, replace(order, reason=" "), reviewer)
    send_back(desk.office, event.manifest.notification_id, order, reviewer)
    (decision,) = returned_decisions(desk.office, "unit-99")
    assert decision.outcome is Outcome.RETURNED
    assert (decision.reason, decision.owner, decision.due_on) == (
        "旧住所の番地",
        "s001",
        dt.date(2026, 12, 1),
    )
    assert decision.notification
    amended = filed(
        desk,
        event.notification,
        kind=EventKind.AMENDED,
        revision=2,
        supersedes=event.identity,
    )
    assert not returned_decisions(desk.office, "unit-99")
    assert accepted(desk, amended).residents


def move_within(event: FiledEvent, persons: int = 3) -> Notification:
    old = event.notification
    fields = {
        "notified_on": text_field(dt.date(2026, 12, 10)),
        "moved_on": text_field(dt.date(2026, 12, 9)),
        "new_address": text_field(Address(OFFICE, "東京都千代田区", "神田錦町", "3番")),
        "old_address": old.fields["new_address"],
        "new_household": text_field("new"),
    }
    return Notification(
        move_in().notification_id, Procedure.MOVE_WITHIN, fields, old.persons[:persons]
    )


def test_the_same_people_move_within_the_town(desk: Desk):
    event = filed(desk)
    accepted(desk, event)
    moved = filed(desk, move_within(event))
    decided = accepted(desk, moved)
    rows = listing(desk.office)
    assert [row.resident_id for row in rows] == list(decided.residents)
    assert {row.address for row in rows} == {"東京都千代田区神田錦町3番"}
    with desk.office.database.reading() as session:
        assert len(session.scalars(select(Household)).all()) == 1
        lines = session.scalars(
            select(AddressHistory).where(AddressHistory.resident_id == rows[0].resident_id)
        ).all()
        assert {(line.since, line.until) for line in lines} == {
            ("2026-11-20", "2026-12-09"),
            ("2026-12-09", ""),
        }


def test_one_of_a_household_moves_and_a_new_household_begins(desk: Desk):
    event = filed(desk)
    accepted(desk, event)
    accepted(desk, filed(desk, move_within(event, persons=1)))
    with desk.office.database.reading() as session:
        heads = {row.household_id: row.head_id for row in session.scalars(select(Household))}
    assert heads == {"H00000001": None, "H00000002": "R00000001"}


def test_somebody_who_is_not_in_the_register_cannot_move_within(desk: Desk):
    event = desk.unit.file(desk.keyset, move_in())
    stranger = filed(desk, move_within(event))
    with pytest.raises(LinkMissingError):
        accepted(desk, stranger)
    assert not listing(desk.office)


def test_moving_out_leaves_the_record_and_ends_the_address(desk: Desk):
    event = filed(desk)
    accepted(desk, event)
    away = move_within(event)
    out = Notification(away.notification_id, Procedure.MOVE_OUT, away.fields, away.persons)
    accepted(desk, filed(desk, out))
    assert not listing(desk.office)
    with desk.office.database.reading() as session:
        assert {row.status for row in session.scalars(select(Resident))} == {"moved_out"}
        assert {row.until for row in session.scalars(select(AddressHistory))} == {"2026-12-09"}


def rows_of(desk: Desk) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    with desk.office.database.reading() as session:
        for table in (Household, Resident, ResidentCharacter, AddressHistory, RegisterChange):
            columns = [getattr(table, column.key) for column in table.__table__.columns]
            found += sorted((table.__name__, *row) for row in session.execute(select(*columns)))
    return found


def test_the_register_rebuilt_from_the_log_has_the_same_rows(desk: Desk):
    event = filed(desk)
    accepted(desk, event)
    accepted(desk, filed(desk, move_within(event, persons=1)))
    accepted(desk, filed(desk, move_in("山田")))
    before = rows_of(desk)
    with desk.office.database.writing() as session:
        for row in session.scalars(select(ResidentCharacter)):
            session.delete(row)
    assert rows_of(desk) != before
    assert rebuild(desk.office.journal, desk.office.ring) == 3
    assert rows_of(desk) == before


def test_the_page_shows_source_history_findings_and_gaps(desk: Desk):
    corrected = move_in().corrected(
        "contact",
        "03-0000-0000",
        text_field("x").source,
        who="s001",
        when_us=1,
        why="聞き直した",
    )
    corrected = corrected.corrected(
        "contact",
        "03-1111-1111",
        text_field("x").source,
        who="s001",
        when_us=2,
        why="聞き直した",
    )
    desk.unit.file(desk.keyset, move_in())
    event = filed(desk, corrected)
    reviewer = staff(desk, "s002", Role.REVIEWER)
    view = read_view(desk.office, reviewer, event.manifest.notification_id, "test")
    contact = next(one for one in view.fields if one.name == "contact")
    assert contact.history[0].old_text == "03-0000-0000"
    assert view.revisions[0].follows == "gap"
    assert view.persons[0].fields[0].source == "pen"
    assert any(finding.message_ja for finding in view.findings)
