"""Retries, reminders and escalation under a clock turned by hand, and clocks that jump."""

import pytest

from hub.alarms import AlarmKind
from hub.messages.channels.channel import (
    ChannelError,
    PermanentError,
    RateLimitedError,
    ReceiptKind,
    TemporaryError,
    UnknownOutcomeError,
)
from hub.messages.delivery.registering import Wishes
from hub.messages.delivery.states import HoldReason, MessageState, Purpose
from hub.storage.tables import Alarm
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
YEAR = 365 * DAY


def purposes(channel: Obeying) -> list[Purpose]:
    return [parcel.purpose for parcel in channel.taken]


def alarms(post: Post) -> set[str]:
    with post.database.reading() as session:
        return {alarm.kind for alarm in session.query(Alarm)}


def test_forty_eight_retries_five_minutes_apart_then_the_letter(
    post: Post, box: Obeying, paper: Obeying
):
    box.always = lambda: TemporaryError("down")
    post.registers(WHO, "box")
    post.wishes(WHO, Wishes(postal=HOME))
    number = post.accept(outgoing())
    post.wait(0)
    for made in range(1, 49):
        assert (box.calls, paper.calls) == (made, 0)
        if made in {1, 9}:
            post.wait(5 * MINUTE - 1)
            assert box.calls == made
            post.wait(1)
        else:  # ten failures in a row pause the channel; 15 minutes are the longest pause
            post.wait(5 * MINUTE if made < 10 else 15 * MINUTE)
    assert (box.calls, paper.calls) == (49, 1)
    assert post.message(number).channel == "paper"
    assert AlarmKind.CHANNEL_PAUSED in alarms(post)


def test_the_other_sides_own_time_is_kept(post: Post, box: Obeying):
    box.answers = [TemporaryError("busy", again_s=7.0)]
    post.registers(WHO, "box")
    post.accept(outgoing())
    post.wait(0)
    post.wait(7 * SECOND - 1)
    assert box.calls == 1
    post.wait(1)
    assert len(box.taken) == 1


def test_a_rate_limit_uses_up_no_try_and_slows_the_whole_channel(post: Post, box: Obeying):
    box.always = lambda: RateLimitedError("rate_limited", again_s=10.0)
    post.registers(WHO, "box")
    number = post.accept(outgoing())
    for _ in range(50):
        post.wait(10 * SECOND)
    assert box.calls == 50
    assert post.dispatches(number)[0].tries == 0
    post.accept(outgoing(number="税-2"))
    post.wait(5 * SECOND)
    assert box.calls == 50
    box.always = lambda: None
    post.wait(10 * SECOND)
    assert len(box.taken) == 2


def test_three_days_are_the_most_for_one_channel(post: Post, box: Obeying, paper: Obeying):
    box.always = lambda: RateLimitedError("rate_limited", again_s=6 * 3000.0)
    post.registers(WHO, "box")
    post.wishes(WHO, Wishes(postal=HOME))
    post.accept(outgoing())
    post.wait(0)
    for _ in range(12):
        post.wait(6 * HOUR)
    assert paper.calls == 0
    post.wait(6 * HOUR)
    assert paper.calls == 1


def test_unread_is_reminded_after_3_and_7_days_then_goes_by_letter(
    post: Post, box: Obeying, texts: Obeying, paper: Obeying
):
    post.registers(WHO, "box", "texts")
    post.wishes(WHO, Wishes(postal=HOME))
    number = post.accept(outgoing(legal=True))
    post.wait(0)
    box.report(ReceiptKind.DELIVERED)
    post.wait(3 * DAY - 1)
    assert purposes(box) == [Purpose.MESSAGE]
    post.wait(1)
    assert purposes(box) == [Purpose.MESSAGE, Purpose.REMINDER_1]
    assert purposes(texts) == [Purpose.ANNOUNCEMENT, Purpose.REMINDER_1]
    post.wait(4 * DAY)
    assert purposes(box)[-1] == purposes(texts)[-1] == Purpose.REMINDER_2
    assert paper.taken == []
    post.wait(3 * DAY)
    assert len(paper.taken) == 1
    assert post.message(number).state == MessageState.SENT
    post.wait(YEAR)
    assert (box.calls, texts.calls, paper.calls) == (3, 3, 1)


def test_what_was_read_is_reminded_of_no_more(post: Post, box: Obeying, paper: Obeying):
    post.registers(WHO, "box")
    post.wishes(WHO, Wishes(postal=HOME))
    number = post.accept(outgoing())
    post.wait(2 * DAY)
    box.report(ReceiptKind.READ)
    post.wait(0)
    assert post.message(number).state == MessageState.READ
    post.wait(YEAR)
    assert (box.calls, paper.calls) == (1, 0)


def test_reading_it_after_the_letter_is_noted_too(post: Post, box: Obeying, paper: Obeying):
    post.registers(WHO, "box")
    post.wishes(WHO, Wishes(postal=HOME))
    number = post.accept(outgoing())
    for _ in range(11):
        post.wait(DAY)
    assert len(paper.taken) == 1
    box.report(ReceiptKind.READ)
    post.wait(0)
    assert post.message(number).state == MessageState.READ


def test_an_unknown_outcome_is_asked_again_under_the_same_key(post: Post, box: Obeying):
    box.answers = [UnknownOutcomeError("no_answer")]
    post.registers(WHO, "box")
    number = post.accept(outgoing(legal=True))
    post.wait(0)
    assert post.message(number).state == MessageState.UNKNOWN
    key = post.dispatches(number)[0].key
    post.wait(5 * MINUTE)
    assert [parcel.key for parcel in box.taken] == [key]
    assert post.message(number).state == MessageState.HANDED
    assert "unknown" in post.timeline(number)


@pytest.mark.parametrize("legal", [False, True])
def test_without_keys_a_legal_notice_then_waits_for_a_person(
    post: Post, courier: Obeying, legal: bool
):
    courier.answers = [UnknownOutcomeError("no_answer")]
    post.registers(WHO, "courier")
    number = post.accept(outgoing(legal=legal))
    post.wait(0)
    post.wait(DAY)
    message = post.message(number)
    if legal:
        assert (message.state, message.reason) == (MessageState.HELD, HoldReason.OUTCOME_UNKNOWN)
        assert courier.calls == 1
    else:
        assert message.state == MessageState.SENT
        assert courier.calls == 2


def test_unknown_outcomes_without_keys_do_not_go_on_for_hours(post: Post, courier: Obeying):
    courier.always = lambda: UnknownOutcomeError("no_answer")
    post.registers(WHO, "courier")
    post.accept(outgoing())
    for _ in range(30):
        post.wait(HOUR)
    assert courier.calls == 4


@pytest.mark.parametrize("jump", [-YEAR, -DAY, DAY, YEAR])
def test_a_jumping_clock_loses_no_reminder_and_makes_no_storm(
    post: Post, box: Obeying, paper: Obeying, jump: int
):
    post.registers(WHO, "box")
    post.wishes(WHO, Wishes(postal=HOME))
    post.accept(outgoing())
    post.wait(0)
    post.wait(DAY)
    post.now += jump
    post.wait(0)
    assert (box.calls, paper.calls) == (1, 0)
    post.wait(2 * DAY - MINUTE)
    assert box.calls == 1
    post.wait(2 * MINUTE)
    assert purposes(box) == [Purpose.MESSAGE, Purpose.REMINDER_1]
    assert AlarmKind.CLOCK_JUMP in alarms(post)


@pytest.mark.parametrize("jump", [-YEAR, YEAR])
def test_what_is_accepted_while_the_clock_is_wrong_goes_at_once(
    post: Post, box: Obeying, jump: int
):
    post.registers(WHO, "box")
    post.accept(outgoing())
    post.now += jump
    post.accept(outgoing(number="税-2"))
    post.wait(0)
    assert len(box.taken) == 2


def test_a_clock_set_back_while_nothing_ran(post: Post, box: Obeying):
    box.answers = [TemporaryError("down")]
    post.registers(WHO, "box")
    post.accept(outgoing())
    post.wait(0)
    post.now -= YEAR
    post.again()
    post.wait(5 * MINUTE)
    assert len(box.taken) == 1


def test_a_jump_forward_does_not_release_what_waits_for_its_day(post: Post, box: Obeying):
    post.registers(WHO, "box")
    post.accept(outgoing(not_before_us=post.now + 30 * DAY))
    post.wait(0)
    post.now += YEAR
    post.wait(0)
    post.wait(10 * MINUTE)
    assert box.calls == 0
    post.now -= YEAR
    post.wait(10 * MINUTE)
    post.wait(HOUR)
    assert box.calls == 0
    for _ in range(31):
        post.wait(DAY)
    assert Purpose.MESSAGE in purposes(box)


def test_a_failing_channel_is_paused_and_tried_with_one(post: Post, box: Obeying):
    down: list[ChannelError] = [TemporaryError("down")]
    box.always = lambda: down[0] if down else None
    for index in range(40):
        who = f"2{index:014d}"
        post.registers(who, "box")
        post.accept(outgoing(who))
    post.wait(0)
    first = box.calls
    assert first < 40
    post.wait(30 * SECOND)
    assert box.calls == first
    post.wait(15 * MINUTE)
    assert box.calls == first + 1
    down.clear()
    post.wait(15 * MINUTE)
    post.wait(5 * MINUTE)
    assert len({parcel.key for parcel in box.taken}) == 40


def test_a_permanent_failure_of_all_is_shown_and_alarmed(post: Post, box: Obeying, paper: Obeying):
    box.always = paper.always = lambda: PermanentError("refused")
    post.registers(WHO, "box")
    post.wishes(WHO, Wishes(postal=HOME))
    number = post.accept(outgoing())
    post.wait(0)
    assert post.message(number).state == MessageState.PERMANENT_FAILURE
    assert AlarmKind.MESSAGE_FAILED in alarms(post)
