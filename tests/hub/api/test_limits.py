"""The limit of a minute: never more than it says, and waiting as long as it says is enough."""

from hypothesis import given
from hypothesis import strategies as st

from hub.web.api.v1.limits import FORGET_OVER, PerMinute


@given(
    st.integers(1, 50),
    st.lists(st.tuples(st.floats(0, 90), st.integers(1, 60)), min_size=1, max_size=60),
)
def test_no_minute_holds_more_than_twice_the_limit_and_waiting_helps(
    limit: int, steps: list[tuple[float, int]]
):
    now = 0.0
    bucket = PerMinute(limit, lambda: now)
    taken: list[tuple[float, int]] = []
    for pause, count in steps:
        now += pause
        wait = bucket.take("tax", count)
        if wait:
            assert 1 <= wait <= 60
            now += wait
            assert bucket.take("tax", count) == 0
        taken.append((now, min(count, limit)))
    for begin, _ in taken:
        within = sum(count for at, count in taken if begin <= at < begin + 60)
        assert within <= 2 * limit
        at_once = sum(count for at, count in taken if at == begin)
        assert at_once <= limit


def test_nobody_pays_for_another():
    bucket = PerMinute(2, lambda: 0.0)
    assert [bucket.take("tax"), bucket.take("tax"), bucket.take("care")] == [0, 0, 0]
    assert bucket.take("tax") == 30


def test_what_was_refused_is_not_counted():
    now = 0.0
    bucket = PerMinute(60, lambda: now)
    assert bucket.take("tax", 60) == 0
    assert [bucket.take("tax", 10) for _ in range(5)] == [10] * 5
    now = 10.0
    assert bucket.take("tax", 10) == 0


def test_those_who_did_nothing_for_long_are_forgotten():
    now = 0.0
    bucket = PerMinute(1, lambda: now)
    for who in range(FORGET_OVER):
        bucket.take(who)
    now = 61.0
    bucket.take("one more")
    assert len(bucket._full_at) == 1
