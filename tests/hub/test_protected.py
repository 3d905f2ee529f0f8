"""A protected person is hidden everywhere but from the protected desk, whose looks are logged."""

import datetime as dt

import pytest
from sqlalchemy import select

from hub.accounts.staff import StaffMember
from hub.errors import NotFoundError, ProtectedPersonError, RoleError, UnresolvedCharacterError
from hub.log import entry
from hub.log.entry import EntryKind
from hub.register.certificate import preview
from hub.register.protection import set_protection
from hub.register.record import listing, record, search
from hub.review.decide import ReturnOrder, send_back
from hub.review.filing import FilingState
from hub.review.queue import queue
from hub.review.reading import read_drawings, read_view
from hub.review.returned import returned_decisions
from hub.storage.tables import LogEntry
from intake.characters import Character, NameText
from intake.notification import Field, Notification, Procedure, Source
from intake.office.roster import Role
from tests.hub.conftest import Desk, staff
from tests.hub.counter_unit import FiledEvent, move_in
from tests.hub.test_review import accepted, filed, move_within

WORDS = ("渡辺", "ワタナベ", "飯田橋", "邉")


def looks(desk: Desk) -> list[entry.OfficeEntry]:
    with desk.office.database.reading() as session:
        rows = session.scalars(select(LogEntry).where(LogEntry.kind == EntryKind.LOOK.value))
        return [entry.decode(row.payload) for row in rows if row.payload]


Household = tuple[FiledEvent, tuple[str, ...], StaffMember, StaffMember]


@pytest.fixture
def household(desk: Desk) -> Household:
    """A household whose child is protected; returns (event, resident ids, desk person, clerk)."""
    event = filed(desk)
    residents = accepted(desk, event).residents
    guardian = staff(desk, "guard", Role.PROTECTED_DESK)
    reviewer = staff(desk, "other", Role.REVIEWER, Role.CLERK, Role.OPERATOR)
    set_protection(desk.office, guardian, residents[2], protect=True, reason="申出")
    return event, residents, guardian, reviewer


def test_only_the_protected_desk_sets_the_flag(desk: Desk, household: Household):
    _, residents, _, reviewer = household
    with pytest.raises(RoleError):
        set_protection(desk.office, reviewer, residents[0], protect=True, reason="x")


def test_hidden_from_display_search_list_certificate_and_review(desk: Desk, household: Household):
    event, residents, _, reviewer = household
    notification_id = event.manifest.notification_id
    for resident in residents:
        with pytest.raises(ProtectedPersonError):
            record(desk.office, reviewer, resident)
        with pytest.raises(ProtectedPersonError):
            preview(desk.office, reviewer, resident)
        assert not search(desk.office, reviewer, resident)
    assert not search(desk.office, reviewer, "邉")
    assert not search(desk.office, reviewer, "ワタナベ")
    for shown in (listing(desk.office), listing(desk.office, notification_id, staff=reviewer)):
        assert not any(word in str(shown) for word in WORDS)
        assert all(row.protected for row in shown)
    with pytest.raises(ProtectedPersonError):
        read_view(desk.office, reviewer, notification_id, "test")
    with pytest.raises(ProtectedPersonError):
        read_drawings(desk.office, reviewer, notification_id)
    rows = queue(desk.office, reviewer, FilingState.ACCEPTED)
    assert rows[0].protected
    assert not any(word in str(rows) for word in WORDS)
    assert not looks(desk)


def test_the_control_role_sees_and_each_look_is_logged(desk: Desk, household: Household):
    event, residents, guardian, _ = household
    assert record(desk.office, guardian, residents[2]).row.kana.startswith("ワタナベ")
    assert len(looks(desk)) == 1
    assert looks(desk)[0].actor == "guard"
    assert looks(desk)[0].body["resident_id"] == residents[2]
    assert search(desk.office, guardian, "ワタナベ")
    read_view(desk.office, guardian, event.manifest.notification_id, "test")
    assert len(looks(desk)) > 2


def test_a_new_notification_of_a_protected_person_is_hidden_too(desk: Desk, household: Household):
    event, _, guardian, reviewer = household
    moved = filed(desk, move_within(event))
    with pytest.raises(ProtectedPersonError):
        read_view(desk.office, reviewer, moved.manifest.notification_id, "test")
    assert queue(desk.office, reviewer, FilingState.WAITING)[0].name == ""
    assert read_view(desk.office, guardian, moved.manifest.notification_id, "test").persons


def test_a_return_of_a_protected_person_opens_only_where_it_was_taken(
    desk: Desk, household: Household
):
    event, *_ = household
    both = staff(desk, "both", Role.REVIEWER, Role.PROTECTED_DESK)
    moved = filed(desk, move_within(event))
    order = ReturnOrder(moved.identity, "理由", "both", dt.date(2026, 12, 1))
    send_back(desk.office, moved.manifest.notification_id, order, both)
    assert not returned_decisions(desk.office, "unit-99")
    assert returned_decisions(desk.office, "unit-01")


def test_lifting_shows_again(desk: Desk, household: Household):
    _, residents, guardian, reviewer = household
    set_protection(desk.office, guardian, residents[2], protect=False, reason="終了")
    assert record(desk.office, reviewer, residents[2]).row.kana
    assert "svg" in preview(desk.office, reviewer, residents[0]).name_svg
    with pytest.raises(NotFoundError):
        record(desk.office, reviewer, "R99999999")


def test_an_unresolved_character_blocks_the_certificate_not_the_filing(desk: Desk):
    base = move_in()
    name = NameText.of([Character.unresolved("name_ink/0"), *NameText.from_plain("辺　太郎")])
    person = base.persons[0].with_field("name", Field(name, Source.PEN))
    event = filed(
        desk,
        Notification(
            base.notification_id, Procedure.MOVE_IN, base.fields, (person, *base.persons[1:])
        ),
    )
    residents = accepted(desk, event).residents
    clerk = staff(desk, "clerk", Role.CLERK)
    with pytest.raises(UnresolvedCharacterError):
        preview(desk.office, clerk, residents[0])
