"""Reports about hand-overs that were given up, or that were never called."""

import pytest

from hub.messages.channels.channel import (
    PermanentError,
    Receipt,
    ReceiptKind,
    TemporaryError,
    UnknownOutcomeError,
)
from hub.messages.delivery.registering import Wishes, register
from hub.messages.delivery.states import DispatchState, HoldReason, MessageState, Purpose
from hub.storage.tables import Message
from tests.hub.messages.delivery.post import DAY, HOME, HOUR, MINUTE, Obeying, Post, outgoing

WHO = "100000000000001"


def given_up(post: Post, box: Obeying, *, legal: bool = False) -> int:
    """The box never answered and was left after its 49 calls; yet it took the first."""
    box.always = lambda: UnknownOutcomeError("no_answer")
    post.registers(WHO, "box", "texts")
    number = post.accept(outgoing(legal=legal))
    for _ in range(80):
        post.wait(15 * MINUTE)
    box.always = lambda: None
    return number


def says(post: Post, box: Obeying, number: int, kind: ReceiptKind) -> None:
    key = next(one.key for one in post.dispatches(number) if one.channel == "box")
    box.reports.append(Receipt(key, kind, 0))
    post.wait(0)


@pytest.mark.parametrize(
    "state",
    [
        MessageState.SENDING,
        MessageState.UNKNOWN,
        MessageState.HELD,
        MessageState.PERMANENT_FAILURE,
    ],
)
def test_what_was_given_up_and_arrived_is_delivered(
    post: Post, box: Obeying, texts: Obeying, paper: Obeying, state: MessageState
):
    texts.always = lambda: TemporaryError("down", again_s=100 * HOUR / 1_000_000)
    number = given_up(post, box)
    assert post.message(number).channel == "texts"
    with post.database.writing() as session:
        session.get_one(Message, number).state = state.value
    says(post, box, number, ReceiptKind.DELIVERED)
    message = post.message(number)
    assert (message.state, message.channel) == (MessageState.DELIVERED, "box")
    assert [one.state for one in post.dispatches(number)] == [
        DispatchState.DELIVERED,
        DispatchState.CANCELLED,
    ]
    texts.always = lambda: None
    post.wait(3 * DAY)
    assert [one.purpose for one in box.taken] == [Purpose.REMINDER_1]
    assert Purpose.MESSAGE not in [one.purpose for one in texts.taken]
    assert paper.calls == 0


def test_a_legal_notice_that_was_held_is_announced_once_it_arrived(
    post: Post, box: Obeying, texts: Obeying
):
    number = given_up(post, box, legal=True)
    assert post.message(number).reason == HoldReason.OUTCOME_UNKNOWN
    says(post, box, number, ReceiptKind.DELIVERED)
    assert post.message(number).state == MessageState.DELIVERED
    assert [one.purpose for one in texts.taken] == [Purpose.ANNOUNCEMENT]


def test_a_legal_notice_that_was_given_up_is_announced_once_it_arrived(
    post: Post, box: Obeying, texts: Obeying
):
    box.answers = [PermanentError("refused_413")]
    post.registers(WHO, "box", "texts")
    number = post.accept(outgoing(legal=True))
    post.wait(0)
    assert post.message(number).reason == HoldReason.NO_ADDRESS
    assert texts.calls == 0
    says(post, box, number, ReceiptKind.DELIVERED)
    assert post.message(number).state == MessageState.DELIVERED
    assert [one.purpose for one in texts.taken] == [Purpose.ANNOUNCEMENT]


def test_a_report_that_comes_after_the_letter_was_chosen_calls_it_off(
    post: Post, box: Obeying, paper: Obeying
):
    post.registers(WHO, "box")
    post.wishes(WHO, Wishes(postal=HOME))
    paper.always = lambda: TemporaryError("print_folder_missing")
    number = post.accept(outgoing(legal=True))
    for _ in range(11):
        post.wait(DAY)
    assert post.message(number).channel == "paper"
    says(post, box, number, ReceiptKind.DELIVERED)
    paper.always = lambda: None
    post.wait(DAY)
    assert post.message(number).state == MessageState.DELIVERED
    assert paper.taken == []
    for _ in range(11):
        post.wait(DAY)
    assert len(paper.taken) == 1, "still unread, it is a letter after all"


def test_a_letter_under_way_changes_nothing_for_what_lies_in_the_box(
    post: Post, box: Obeying, paper: Obeying
):
    post.registers(WHO, "box")
    post.wishes(WHO, Wishes(postal=HOME))
    number = post.accept(outgoing())

    def reported_while_printing() -> None:
        box.report(ReceiptKind.DELIVERED)
        post.engine._poll(box)

    paper.always = reported_while_printing
    for _ in range(11):
        post.wait(DAY)
    message = post.message(number)
    assert (message.state, message.channel) == (MessageState.DELIVERED, "box")
    assert len(paper.taken) == 1


def test_a_box_that_was_never_called_cannot_say_it_delivered(
    post: Post, box: Obeying, paper: Obeying
):
    post.registers(WHO, "box")
    post.wishes(WHO, Wishes(postal=HOME, quiet=(0, 23 * 60)))
    paper.always = lambda: TemporaryError("print_folder_missing")
    number = post.accept(outgoing(legal=True))
    post.wait(0)
    with post.database.writing() as session:
        register(session, WHO, "box", f"box-of-{WHO}", "clerk", opted_in=False)
    post.wait(DAY)
    assert post.dispatches(number)[0].state == DispatchState.FAILED
    says(post, box, number, ReceiptKind.DELIVERED)
    assert post.message(number).state == MessageState.SENDING
    assert post.ledger() == []
