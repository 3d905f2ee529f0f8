"""How somebody wants to be told: noted under review, theirs once they are in the register."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from hub.accounts.staff import StaffMember
from hub.clock import now_us
from hub.errors import BadRequestError, SupersededError
from hub.messages.channels.configuration import Channels, Mynaportal
from hub.messages.delivery.recipients import address_hash, reach
from hub.messages.delivery.registering import register
from hub.messages.delivery.resident_key import OURS, key_of_notification
from hub.messages.from_register.telling import tell_due
from hub.messages.from_register.wished import (
    Standing,
    Wished,
    ask,
    offered,
    standing,
    wished,
)
from hub.messages.sending.residents import Registered, protected_key, put_channel
from hub.register.protection import set_protection
from hub.review.decide import ReturnOrder, send_back
from hub.storage.tables import MessageRegistration, MessageSuppression
from intake.office.roster import Role
from tests.hub.browser import Pages
from tests.hub.conftest import Desk, Opened, staff
from tests.hub.test_review import accepted, amended, filed, move_within

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


Known = Callable[..., None]


@pytest.fixture
def known(desk_with_box: Desk) -> Known:
    """Register a box of the resident's own, or let it bounce."""

    def done(address: str, *, key: str = KEY, opted_in: bool = True, bounced: bool = False) -> None:
        with desk_with_box.office.database.writing() as session:
            register(session, key, "mynaportal", address, "somebody", opted_in=opted_in)
            if bounced:
                session.add(
                    MessageSuppression(
                        channel="mynaportal",
                        address_sha256=address_hash(address),
                        reason="closed",
                        since_us=now_us(),
                    )
                )

    return done


@pytest.mark.parametrize("how", [{"opted_in": False}, {"bounced": True}])
def test_a_later_wish_replaces_what_carries_nothing(
    desk_with_box: Desk, clerk: StaffMember, known: Known, how: dict[str, bool]
):
    desk = desk_with_box
    taken = filed(desk)
    known("BOX-0", **how)
    ask(desk.office, clerk, taken.manifest.notification_id, "mynaportal", "BOX-1")
    accepted(desk, taken)
    tell_due(desk.office)
    assert ways(desk) == [("mynaportal", "BOX-1")]


@pytest.mark.parametrize("how", [{"opted_in": False}, {"bounced": True}])
def test_an_opt_out_or_a_bounce_after_the_wish_holds(
    desk_with_box: Desk, clerk: StaffMember, known: Known, how: dict[str, bool]
):
    desk = desk_with_box
    taken = filed(desk)
    ask(desk.office, clerk, taken.manifest.notification_id, "mynaportal", "BOX-1")
    known("BOX-1", **how)
    accepted(desk, taken)
    tell_due(desk.office)
    assert ways(desk) == []


def test_a_wish_whose_address_bounced_since_does_not_use_it_again(
    desk_with_box: Desk, clerk: StaffMember, known: Known
):
    """A message about a return may have gone there before the person was in the register."""
    desk = desk_with_box
    taken = filed(desk)
    number = taken.manifest.notification_id
    ask(desk.office, clerk, number, "mynaportal", "BOX-1")
    known("BOX-1", key="somebody else's", bounced=True)
    accepted(desk, taken)
    tell_due(desk.office)
    assert ways(desk) == []


def page_of(opened: Opened, number: str) -> str:
    staff(opened.desk, "bessho", Role.CLERK)
    return opened.browser("bessho").get(f"/notifications/{number}").text


@pytest.fixture
def opened_with_box(desk_with_box: Desk) -> Iterator[Opened]:
    pages = Pages(desk_with_box.office)
    yield Opened(desk_with_box, pages)
    pages.stop()


@pytest.mark.parametrize(("opted_in", "said"), [(True, "used"), (False, "unused")])
def test_the_review_page_says_what_is_registered_but_not_where(
    opened_with_box: Opened, known: Known, opted_in: bool, said: str
):
    desk = opened_with_box.desk
    first = filed(desk)
    accepted(desk, first)
    moved = filed(desk, move_within(first))
    number = moved.manifest.notification_id
    assert "data-standing" not in page_of(opened_with_box, number)
    known("BOX-0", opted_in=opted_in)
    assert standing(desk.office, number) == (Standing("mynaportal", used=opted_in),)
    text = opened_with_box.browser("bessho").get(f"/notifications/{number}").text
    assert f'data-standing="{said}"' in text
    assert "BOX-0" not in text


def test_saving_a_dead_address_again_on_the_page_uses_it_again(
    desk_with_box: Desk, clerk: StaffMember, known: Known
):
    desk = desk_with_box
    accepted(desk, filed(desk))
    known("BOX-0", bounced=True)
    assert ways(desk) == []
    put_channel(desk.office, clerk, KEY, Registered("mynaportal", "BOX-0"))
    assert ways(desk) == [("mynaportal", "BOX-0")]
