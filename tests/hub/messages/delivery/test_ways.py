"""Which channel carries a message: ranks, opt-out, legal notices, the protected, quiet hours."""

import datetime as dt

import pytest
from sqlalchemy import select

from hub.messages.channels.channel import PermanentError, ReceiptKind, TemporaryError
from hub.messages.delivery.advancing import set_due, set_state, withdraw_open
from hub.messages.delivery.recipients import address_hash
from hub.messages.delivery.registering import Wishes, register
from hub.messages.delivery.rules import open_dispatch
from hub.messages.delivery.states import HoldReason, MessageState, Purpose
from hub.storage.tables import Message, MessageRegistration, MessageSuppression
from tests.hub.messages.delivery.post import (
    DAY,
    HOME,
    HOUR,
    MINUTE,
    SECOND,
    Obeying,
    Post,
    outgoing,
)

WHO = "100000000000001"


def test_the_first_rank_carries_and_nobody_else(post: Post, box: Obeying, mail: Obeying):
    post.registers(WHO, "mail", "box")
    number = post.accept(outgoing())
    post.wait(0)
    assert (len(mail.taken), len(box.taken)) == (1, 0)
    assert post.message(number).state == MessageState.SENT


def test_a_legal_notice_is_only_announced_by_best_effort(
    post: Post, box: Obeying, mail: Obeying, texts: Obeying
):
    post.registers(WHO, "mail", "texts", "box")
    number = post.accept(outgoing(legal=True))
    post.wait(0)
    assert [parcel.purpose for parcel in box.taken] == [Purpose.MESSAGE]
    for channel in (mail, texts):
        assert [parcel.purpose for parcel in channel.taken] == [Purpose.ANNOUNCEMENT]
        assert channel.taken[0].content == b""
    assert post.message(number).state == MessageState.HANDED


def test_a_legal_notice_without_an_assured_channel_is_a_letter(
    post: Post, mail: Obeying, paper: Obeying
):
    post.registers(WHO, "mail")
    post.wishes(WHO, Wishes(postal=HOME))
    number = post.accept(outgoing(legal=True))
    post.wait(0)
    assert [parcel.postal for parcel in paper.taken] == [HOME]
    assert mail.taken == []
    assert post.message(number).state == MessageState.SENT


def test_nobody_to_reach_waits_for_a_person(post: Post, mail: Obeying):
    post.registers(WHO, "mail")
    number = post.accept(outgoing(legal=True))
    post.wait(0)
    message = post.message(number)
    assert (message.state, message.reason) == (MessageState.HELD, HoldReason.NO_ADDRESS)
    assert mail.taken == []


def test_an_opt_out_holds_from_the_next_call_on(post: Post, box: Obeying, paper: Obeying):
    post.registers(WHO, "box")
    post.wishes(WHO, Wishes(postal=HOME, quiet=(0, 23 * 60)))
    post.accept(outgoing())
    post.wait(0)
    with post.database.writing() as session:
        register(session, WHO, "box", "box", "clerk", opted_in=False)
    post.wait(DAY)
    assert (len(box.taken), len(paper.taken)) == (0, 1)


def test_a_protected_person_is_written_to_by_released_channels_alone(
    post: Post, box: Obeying, mail: Obeying, paper: Obeying
):
    post.registers(WHO, "mail", "box")
    post.wishes(WHO, Wishes(postal=HOME, protected=True))
    held = post.accept(outgoing())
    post.wait(0)
    message = post.message(held)
    assert (message.state, message.reason) == (MessageState.HELD, HoldReason.PROTECTED_ADDRESS)
    with post.database.writing() as session:
        session.get_one(MessageRegistration, (WHO, "box")).released_by = "desk"
    sent = post.accept(outgoing(number="税-2"))
    post.wait(0)
    assert post.message(sent).state == MessageState.HANDED
    assert (len(box.taken), mail.taken, paper.taken) == (1, [], [])


def test_another_address_loses_the_release(post: Post):
    post.registers(WHO, "box")
    with post.database.writing() as session:
        session.get_one(MessageRegistration, (WHO, "box")).released_by = "desk"
        register(session, WHO, "box", "elsewhere", "clerk")
        assert session.get_one(MessageRegistration, (WHO, "box")).released_by is None


def test_quiet_hours_put_it_off_until_they_end(post: Post, box: Obeying):
    post.registers(WHO, "box")
    post.wishes(WHO, Wishes(quiet=(21 * 60, 7 * 60)))
    post.wait(10 * HOUR)  # 22:00 in Japan
    post.accept(outgoing())
    post.wait(0)
    assert box.taken == []
    post.wait(9 * HOUR - MINUTE)
    assert box.taken == []
    post.wait(MINUTE)
    assert len(box.taken) == 1
    assert dt.datetime.fromtimestamp(post.now / 1e6, dt.timezone(dt.timedelta(hours=9))).hour == 7


def test_the_letter_does_not_ring(post: Post, paper: Obeying):
    post.wishes(WHO, Wishes(postal=HOME, quiet=(0, 23 * 60)))
    post.accept(outgoing())
    post.wait(0)
    assert len(paper.taken) == 1


def test_not_before_is_kept_to_the_second(post: Post, box: Obeying):
    post.registers(WHO, "box")
    post.accept(outgoing(not_before_us=post.now + HOUR))
    post.wait(HOUR - 1)
    assert box.taken == []
    post.wait(1)
    assert len(box.taken) == 1


def test_a_dead_address_is_not_called_for_the_next_message(
    post: Post, mail: Obeying, paper: Obeying
):
    post.registers(WHO, "mail")
    post.wishes(WHO, Wishes(postal=HOME))
    mail.answers = [PermanentError("no_such_mailbox", suppress=True)]
    first = post.accept(outgoing())
    post.wait(0)
    assert post.message(first).channel == "paper"
    post.accept(outgoing(number="税-2"))
    post.wait(0)
    assert (mail.calls, len(paper.taken)) == (1, 2)


def go_on(post: Post, number: int, *, legal: bool) -> None:
    """What letting a message go on after all does to it."""
    with post.database.writing() as session:
        message = session.get_one(Message, number)
        withdraw_open(session, message, post.now)
        set_state(message, MessageState.CREATED, post.now)
        set_due(message, post.now, post.now)
        message.legal = legal


@pytest.mark.parametrize("legal", [False, True])
def test_what_was_withdrawn_finds_its_way_anew(
    post: Post, mail: Obeying, box: Obeying, legal: bool
):
    """Old tries do not count, and the way that was chosen before may not be allowed any more."""
    post.registers(WHO, "mail", "box")
    mail.answers = [TemporaryError("busy")]
    number = post.accept(outgoing())
    post.wait(0)
    assert (mail.calls, len(mail.taken)) == (1, 0)
    post.now += 4 * DAY
    post.mono += 4 * DAY / SECOND
    go_on(post, number, legal=legal)
    post.wait(0)
    carried = [one.purpose for one in (box if legal else mail).taken]
    assert carried == [Purpose.MESSAGE]
    assert all(one.purpose is not Purpose.MESSAGE for one in (mail if legal else box).taken)


def test_a_legal_notice_is_never_carried_by_what_assures_nothing(post: Post, mail: Obeying):
    """Whatever put it on that channel's list."""
    post.registers(WHO, "mail")
    post.wishes(WHO, Wishes(postal=HOME))
    number = post.accept(outgoing(legal=True))
    with post.database.writing() as session:
        open_dispatch(session, session.get_one(Message, number), "mail", Purpose.MESSAGE, post.now)
    post.wait(0)
    assert all(one.purpose is not Purpose.MESSAGE for one in mail.taken)
    found = [one for one in post.dispatches(number) if one.purpose == Purpose.MESSAGE]
    assert ("mail", "not_assured") in [(one.channel, one.reason) for one in found]


def test_a_late_bounce_leaves_an_address_registered_since_alone(
    post: Post, box: Obeying, paper: Obeying
):
    post.registers(WHO, "box")
    post.wishes(WHO, Wishes(postal=HOME))
    post.accept(outgoing())
    post.wait(0)
    with post.database.writing() as session:
        register(session, WHO, "box", "a new box", "clerk", rank=1)
    box.report(ReceiptKind.REFUSED, suppress=True)
    post.accept(outgoing(number="税-2"))
    post.wait(0)
    assert [one.address for one in box.taken][-1] == "a new box"
    assert len(paper.taken) == 1, "what bounced is a letter"
    with post.database.reading() as session:
        dead = session.scalars(select(MessageSuppression.address_sha256)).all()
    assert dead == [address_hash(f"box-of-{WHO}")]


@pytest.mark.parametrize("suppress", [False, True])
def test_a_bounce_afterwards_takes_the_next_channel(
    post: Post, box: Obeying, paper: Obeying, suppress: bool
):
    post.registers(WHO, "box")
    post.wishes(WHO, Wishes(postal=HOME))
    number = post.accept(outgoing())
    post.wait(0)
    box.report(ReceiptKind.REFUSED, suppress=suppress)
    post.wait(0)
    assert len(paper.taken) == 1
    assert post.message(number).state == MessageState.SENT
    assert "refused" in post.timeline(number)
