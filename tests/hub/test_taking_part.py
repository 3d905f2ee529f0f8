"""Who may decide: not who had a hand in it, and on protected persons only the protected desk."""

import datetime as dt
from dataclasses import replace

import pytest

from hub.errors import (
    AcceptorIsTakerError,
    BadRequestError,
    ConflictError,
    ProtectedPersonError,
)
from hub.register.protection import set_protection
from hub.register.record import listing
from hub.review.decide import AcceptOrder, ReturnOrder, accept, send_back
from hub.review.filing import FilingState
from hub.review.queue import queue
from hub.review.reading import read_view
from intake.characters import NameText
from intake.notification import Source
from intake.office.roster import Role
from tests.hub.conftest import Desk, staff
from tests.hub.counter_unit import move_in, text_field
from tests.hub.test_protected import looks
from tests.hub.test_review import accepted, filed, move_within

DUE = dt.date(2026, 12, 1)


def test_who_corrected_a_value_does_not_accept_it_though_a_colleague_filed_it(desk: Desk):
    corrected = move_in().corrected(
        "moved_on", dt.date(2026, 11, 21), Source.CLERK, who="s002", when_us=1, why="-"
    )
    event = filed(desk, corrected, staff="s001")
    helper = staff(desk, "s002", Role.CLERK, Role.REVIEWER)
    view = read_view(desk.office, helper, event.manifest.notification_id, "test")
    assert view.blocked_by == "acceptor_is_taker"
    with pytest.raises(AcceptorIsTakerError):
        accepted(desk, event, "s002")
    assert accepted(desk, event, "s003").residents


def test_who_filled_a_value_in_does_not_accept_it_though_a_colleague_filed_it(desk: Desk):
    event = filed(desk, move_in().touched_by("s002"), staff="s001")
    helper = staff(desk, "s002", Role.CLERK, Role.REVIEWER)
    view = read_view(desk.office, helper, event.manifest.notification_id, "test")
    assert view.blocked_by == "acceptor_is_taker"
    with pytest.raises(AcceptorIsTakerError):
        accepted(desk, event, "s002")
    assert accepted(desk, event, "s003").residents


def test_nobody_else_decides_about_a_protected_person(desk: Desk):
    event = filed(desk)
    residents = accepted(desk, event).residents
    guardian = staff(desk, "guard", Role.PROTECTED_DESK, Role.REVIEWER)
    reviewer = staff(desk, "other", Role.REVIEWER)
    set_protection(desk.office, guardian, residents[2], protect=True, reason="申出")
    moved = filed(desk, move_within(event))
    known = moved.manifest.notification_id
    with pytest.raises(ProtectedPersonError):
        accept(desk.office, known, AcceptOrder(moved.identity), reviewer)
    with pytest.raises(ProtectedPersonError):
        send_back(desk.office, known, ReturnOrder(moved.identity, "x", "other", DUE), reviewer)
    assert not looks(desk)
    assert accept(desk.office, known, AcceptOrder(moved.identity), guardian).residents
    assert {entry.body["what"] for entry in looks(desk)} == {"accept"}


def test_nobody_reaches_a_protected_person_by_matching_somebody_with_them(desk: Desk):
    neighbours = move_in("佐藤")
    born = [dt.date(1970, 1, day) for day in (1, 2, 3)]
    persons = tuple(
        person.with_field("birth_date", text_field(day))
        for person, day in zip(neighbours.persons, born, strict=True)
    )
    first, second = filed(desk), filed(desk, replace(neighbours, persons=persons))
    protected = accepted(desk, first).residents
    others = accepted(desk, second).residents
    guardian = staff(desk, "guard", Role.PROTECTED_DESK)
    reviewer = staff(desk, "other", Role.REVIEWER)
    set_protection(desk.office, guardian, protected[2], protect=True, reason="申出")
    moved = filed(desk, move_within(second))
    known = moved.manifest.notification_id
    for order in (
        AcceptOrder(moved.identity, {"p1": protected[0]}),
        AcceptOrder(moved.identity, household="H00000001"),
    ):
        with pytest.raises(ProtectedPersonError):
            accept(desk.office, known, order, reviewer)
    assert accept(desk.office, known, AcceptOrder(moved.identity), reviewer).residents == others


def test_another_spelling_of_their_name_does_not_show_a_protected_person(desk: Desk):
    residents = accepted(desk, filed(desk)).residents
    guardian = staff(desk, "guard", Role.PROTECTED_DESK)
    reviewer = staff(desk, "other", Role.REVIEWER)
    set_protection(desk.office, guardian, residents[1], protect=True, reason="申出")
    known = move_in().persons[1]
    birthday, another = dt.date(1982, 5, 2), dt.date(1982, 5, 3)
    for name, kana, born, hidden in (
        ("渡邊　花子", "ワタナベ　ハナコ", birthday, True),
        ("佐藤　花子", "サトウ ハナコ", birthday, True),
        ("佐藤　はな子", "", birthday, True),
        ("佐藤　良子", "サトウ　リョウコ", birthday, False),
        ("渡邊　花子", "ワタナベ　ハナコ", another, False),
    ):
        person = replace(known, fields={k: v for k, v in known.fields.items() if k != "kana"})
        person = person.with_field("name", text_field(NameText.from_plain(name)))
        person = person.with_field("birth_date", text_field(born))
        if kana:
            person = person.with_field("kana", text_field(kana))
        event = filed(desk, replace(move_in(), persons=(person,)))
        row = next(
            one
            for one in queue(desk.office, reviewer, FilingState.WAITING)
            if one.notification_id == event.manifest.notification_id
        )
        assert (row.protected, row.name == "") == (hidden, hidden), (name, kana, born)


def test_two_persons_are_never_one_resident(desk: Desk):
    event = filed(desk)
    residents = accepted(desk, event).residents
    moved = filed(desk, move_within(event))
    with pytest.raises(ConflictError):
        accepted(desk, moved, "s003", p2=residents[0])
    with pytest.raises(BadRequestError):
        accepted(desk, moved, "s003", p9=residents[0])
    assert len(listing(desk.office)) == 3
