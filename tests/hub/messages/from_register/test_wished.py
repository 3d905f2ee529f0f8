"""How somebody wants to be told: noted under review, theirs once they are in the register."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from hub.accounts.staff import StaffMember
from hub.errors import BadRequestError, SupersededError
from hub.messages.channels.configuration import Channels, Mynaportal
from hub.messages.delivery.recipients import reach
from hub.messages.delivery.registering import register
from hub.messages.delivery.resident_key import OURS, key_of_notification
from hub.messages.from_register.telling import tell_due
from hub.messages.from_register.wished import Wished, ask, offered, wished
from hub.messages.sending.residents import protected_key
from hub.register.protection import set_protection
from hub.review.decide import ReturnOrder, send_back
from hub.storage.tables import MessageRegistration
from intake.office.roster import Role
from tests.hub.conftest import Desk, staff
from tests.hub.test_review import accepted, amended, filed

KEY = f"{OURS}R00000001"


@pytest.fixture
def desk_with_box(desk: Desk, tmp_path: Path) -> Desk:
    token = tmp_path / "token"
    token.write_text("t" * 40)
    box = Mynaportal(url="http://127.0.0.1:9", token_file=token)
    settings = replace(desk.office.settings, channels=Channels(mynaportal=box))
    return replace(desk, office=replace(desk.office, settings=settings))


@pytest.fixture
def clerk(desk_with_box: Desk) -> StaffMember:
    return staff(desk_with_box, "aoki", Role.CLERK)


def ways(desk: Desk) -> Sequence[tuple[str, str]]:
    with desk.office.database.reading() as session:
        return [(way.channel, way.address) for way in reach(session, KEY).ways]


def test_what_was_wished_for_is_theirs_once_accepted(desk_with_box: Desk, clerk: StaffMember):
    desk = desk_with_box
    taken = filed(desk)
    number = taken.manifest.notification_id
    ask(desk.office, clerk, number, "mynaportal", " BOX-1 ")
    with desk.office.database.reading() as session:
        assert wished(session, number) == (Wished("mynaportal", "BOX-1"),)
    assert ways(desk) == []
    accepted(desk, taken)
    tell_due(desk.office)
    assert ways(desk) == [("mynaportal", "BOX-1")]
    with desk.office.database.reading() as session:
        assert len(session.scalars(select(MessageRegistration)).all()) == 1


def test_what_they_registered_before_stays(desk_with_box: Desk, clerk: StaffMember):
    desk = desk_with_box
    taken = filed(desk)
    ask(desk.office, clerk, taken.manifest.notification_id, "mynaportal", "BOX-1")
    with desk.office.database.writing() as session:
        register(session, KEY, "mynaportal", "BOX-0", "somebody")
    accepted(desk, taken)
    tell_due(desk.office)
    assert ways(desk) == [("mynaportal", "BOX-0")]


def test_an_empty_address_takes_it_back(desk_with_box: Desk, clerk: StaffMember):
    desk = desk_with_box
    taken = filed(desk)
    number = taken.manifest.notification_id
    for to in ("BOX-1", ""):
        ask(desk.office, clerk, number, "mynaportal", to)
    with desk.office.database.reading() as session:
        assert wished(session, number) == ()


def test_after_the_decision_it_is_refused_like_another_channel(
    desk_with_box: Desk, clerk: StaffMember
):
    desk = desk_with_box
    taken = filed(desk)
    number = taken.manifest.notification_id
    assert offered(desk.office) == ("mynaportal",)
    with pytest.raises(BadRequestError):
        ask(desk.office, clerk, number, "letter", "x")
    accepted(desk, taken)
    with pytest.raises(SupersededError):
        ask(desk.office, clerk, number, "mynaportal", "BOX-1")


def test_what_was_written_before_the_register_is_protected_with_the_person(desk: Desk):
    guard = staff(desk, "s009", Role.PROTECTED_DESK, Role.REVIEWER)
    first = filed(desk)
    number = first.manifest.notification_id
    due = dt.date(2099, 1, 31)
    send_back(desk.office, number, ReturnOrder(first.identity, "x", guard.staff_id, due), guard)
    tell_due(desk.office)
    again = amended(desk, first, staff="s001")
    accepted(desk, again)
    tell_due(desk.office)
    key = key_of_notification(number)
    with desk.office.database.reading() as session:
        assert not protected_key(session, key), "the control"
    set_protection(desk.office, guard, "R00000001", protect=True, reason="支援措置")
    with desk.office.database.reading() as session:
        assert protected_key(session, key)
        assert reach(session, key).protected
