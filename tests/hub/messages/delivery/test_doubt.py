"""A channel that may have a message: what nobody saw it take is not sent on as if it had not."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from hub.messages.channels.channel import (
    Handed,
    PermanentError,
    RateLimitedError,
    Receipt,
    ReceiptKind,
    TemporaryError,
    UnknownOutcomeError,
)
from hub.messages.delivery.advancing import set_due, withdraw_open
from hub.messages.delivery.deciding import CANCELLABLE
from hub.messages.delivery.registering import Wishes, register
from hub.messages.delivery.rules import has_it
from hub.messages.delivery.states import DispatchState, Doubt, HoldReason, MessageState
from hub.storage.tables import Message, MessageDispatch
from tests.hub.messages.delivery.post import DAY, HOME, HOUR, MINUTE, Obeying, Post, outgoing

WHO = "100000000000001"
Event = Callable[[Post], None]


def may_have_it(post: Post, box: Obeying, *, legal: bool) -> int:
    """A message whose first call ended without anybody knowing; there is a letter to go on with."""
    box.answers = [UnknownOutcomeError("no_answer")]
    post.registers(WHO, "box")
    post.wishes(WHO, Wishes(postal=HOME))
    number = post.accept(outgoing(legal=legal))
    post.wait(0)
    assert post.message(number).state == MessageState.UNKNOWN
    return number


def cancellable(post: Post, number: int) -> bool:
    with post.database.reading() as session:
        message = session.get_one(Message, number)
        return message.state in CANCELLABLE and not has_it(session, message)


def decided_to_go_on(post: Post, number: int) -> None:
    """What sending again does to it; the decision itself is tested in test_deciding.py."""
    with post.database.writing() as session:
        message = session.get_one(Message, number)
        message.state, message.reason = MessageState.SENDING.value, ""
        one = session.query(MessageDispatch).filter_by(message=number).order_by("number").all()[-1]
        one.doubt, one.state, one.tries = Doubt.ACCEPTED.value, DispatchState.DUE.value, 0
        one.due_us, one.created_us = post.now, post.now


def refused_for_hours(post: Post) -> None:
    post.channels["box"].always = lambda: TemporaryError("connection_refused")
    for _ in range(30):
        post.wait(5 * MINUTE)
    for _ in range(60):
        post.wait(15 * MINUTE)


def three_days_pass(post: Post) -> None:
    post.channels["box"].always = lambda: RateLimitedError("busy", again_s=3000.0)
    for _ in range(13):
        post.wait(6 * HOUR)


def the_resident_opts_out(post: Post) -> None:
    with post.database.writing() as session:
        register(session, WHO, "box", f"box-of-{WHO}", "clerk", opted_in=False)
    post.wait(DAY)


def the_channel_is_removed(post: Post) -> None:
    del post.channels["box"]
    for _ in range(2):  # what waits for the person is left alone by the next start too
        post.again()
        post.wait(DAY)


EVENTS = (refused_for_hours, three_days_pass, the_resident_opts_out, the_channel_is_removed)


@pytest.mark.parametrize("event", EVENTS)
def test_a_legal_notice_in_doubt_waits_for_a_person(
    post: Post, box: Obeying, paper: Obeying, event: Event
):
    number = may_have_it(post, box, legal=True)
    event(post)
    message = post.message(number)
    assert (message.state, message.reason) == (MessageState.HELD, HoldReason.OUTCOME_UNKNOWN)
    assert paper.calls == 0, "nobody decided on a letter"
    assert not cancellable(post, number)
    assert post.timeline(number).count("held") == 1
    decided_to_go_on(post, number)
    box.always = lambda: PermanentError("gone")
    post.wait(DAY)
    assert len(paper.taken) == 1
    assert post.message(number).state == MessageState.SENT


@pytest.mark.parametrize("event", EVENTS)
def test_what_is_no_legal_notice_goes_on_and_is_not_said_to_be_with_nobody(
    post: Post, box: Obeying, paper: Obeying, event: Event
):
    number = may_have_it(post, box, legal=False)
    paper.always = lambda: TemporaryError("print_folder_missing")
    event(post)
    assert paper.calls > 0
    assert not cancellable(post, number)
    assert "failed" not in post.timeline(number)


def test_a_later_call_that_was_not_taken_does_not_end_the_doubt(post: Post, box: Obeying):
    number = may_have_it(post, box, legal=True)
    box.answers = [TemporaryError("connection_refused")]
    post.wait(5 * MINUTE)
    assert post.message(number).state == MessageState.UNKNOWN
    assert post.dispatches(number)[0].state == DispatchState.UNKNOWN
    assert not cancellable(post, number)
    post.wait(5 * MINUTE)
    assert post.message(number).state == MessageState.HANDED
    assert post.dispatches(number)[0].doubt == Doubt.NONE


def test_a_refusal_of_the_key_says_that_it_was_never_taken(
    post: Post, box: Obeying, paper: Obeying
):
    number = may_have_it(post, box, legal=True)
    box.answers = [PermanentError("refused_413")]
    post.wait(5 * MINUTE)
    assert len(paper.taken) == 1
    assert post.message(number).state == MessageState.SENT


def test_a_report_says_that_it_was_refused(post: Post, box: Obeying, paper: Obeying):
    number = may_have_it(post, box, legal=True)
    box.reports = [Receipt(post.dispatches(number)[0].key, ReceiptKind.REFUSED, 0)]
    post.wait(0)
    assert len(paper.taken) == 1
    assert post.message(number).state == MessageState.SENT


def test_with_no_channel_left_what_may_have_arrived_is_no_failure(
    post: Post, box: Obeying, paper: Obeying
):
    """The batch's retry would send it again to everybody who has it."""
    number = may_have_it(post, box, legal=False)
    paper.always = lambda: PermanentError("refused")
    the_resident_opts_out(post)
    message = post.message(number)
    assert (message.state, message.reason) == (MessageState.HELD, HoldReason.OUTCOME_UNKNOWN)
    decided_to_go_on(post, number)
    with post.database.writing() as session:
        session.get_one(MessageDispatch, post.dispatches(number)[0].number).doubt = "accepted"
    post.wait(0)
    assert post.message(number).state == MessageState.PERMANENT_FAILURE


def test_a_channel_without_keys_is_not_called_again_with_a_legal_notice(
    post: Post, courier: Obeying
):
    """Whatever puts it back on the list: here it was withdrawn and its way looked for anew."""
    courier.answers = [UnknownOutcomeError("no_answer")]
    post.registers(WHO, "courier")
    number = post.accept(outgoing())
    post.wait(0)
    with post.database.writing() as session:
        message = session.get_one(Message, number)
        message.legal, message.state = True, MessageState.CREATED.value
        session.get_one(MessageDispatch, 1).state = DispatchState.DUE.value
        withdraw_open(session, message, post.now)
        set_due(message, post.now, post.now)
    post.wait(0)
    assert courier.calls == 1
    assert post.message(number).reason == HoldReason.OUTCOME_UNKNOWN


def test_what_was_read_meanwhile_is_not_held_by_a_letter_in_doubt(
    post: Post, box: Obeying, paper: Obeying
):
    post.registers(WHO, "box")
    post.wishes(WHO, Wishes(postal=HOME))
    number = post.accept(outgoing(legal=True))
    post.wait(0)

    def read_while_printing() -> Handed:
        box.report(ReceiptKind.READ)
        post.engine._poll(box)
        raise UnknownOutcomeError("stopped")

    paper.always = read_while_printing
    for _ in range(11):
        post.wait(DAY)
    assert paper.calls == 1
    assert post.message(number).state == MessageState.READ


def test_what_was_in_doubt_before_the_hub_was_updated_still_is(post: Post, box: Obeying):
    """Its attempts say so; how it stands now may say nothing of it any more."""
    number = may_have_it(post, box, legal=True)
    settled = post.accept(outgoing(number="税-2"))
    post.wait(0)
    with post.database.writing() as session:
        session.get_one(MessageDispatch, 1).state = DispatchState.DUE.value
        for column in ("doubt", "paper"):
            session.execute(text(f"ALTER TABLE message_dispatch DROP COLUMN {column}"))
        session.execute(text("UPDATE alembic_version SET version_num = '0010'"))
    post.database.migrate()
    assert post.dispatches(number)[0].doubt == Doubt.OPEN
    assert post.dispatches(settled)[0].doubt == Doubt.NONE
    assert not cancellable(post, number)
