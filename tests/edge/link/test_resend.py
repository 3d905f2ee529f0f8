"""The resend plan: window, lanes, backoff, and receipts as the only way out."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from edge.link.resend import ResendPlan


def names(*numbers: int) -> tuple[bytes, ...]:
    return tuple(b"%d" % number for number in numbers)


def test_a_row_is_sent_again_after_its_wait_until_the_receipt_comes() -> None:
    plan = ResendPlan(first=1.5, ceiling=30.0)
    plan.add_new(b"a")
    sent = [now / 10 for now in range(2000) if plan.take(now / 10)]
    waits = [round(b - a, 1) for a, b in itertools.pairwise(sent)]
    assert waits[:5] == [1.5, 3.0, 6.0, 12.0, 24.0]
    assert set(waits[5:]) == {30.0}
    plan.receipted(b"a")
    assert plan.take(10_000.0) == ()
    assert plan.waiting == 0


def test_new_rows_go_before_backlog_and_the_window_holds() -> None:
    plan = ResendPlan(window=10)
    for name in names(*range(100, 120)):
        plan.add_backlog(name)
    plan.add_new(b"new")
    first = plan.take(0.0)
    assert first[0] == b"new"
    assert first[1:] == names(*range(100, 108))
    plan.add_new(b"newer")
    assert plan.take(0.1) == (b"newer",)
    plan.add_new(b"newest")
    assert plan.take(0.2) == (), "the window of 10 is full"


def test_a_new_connection_makes_everything_in_flight_due() -> None:
    plan = ResendPlan()
    plan.add_new(b"a")
    plan.take(0.0)
    assert plan.take(0.5) == ()
    plan.reconnected()
    assert plan.take(0.6) == (b"a",)


def test_what_was_filed_during_an_outage_is_backlog_after_it() -> None:
    plan = ResendPlan(window=10)
    for name in names(*range(100, 120)):
        plan.add_new(name)
    plan.reconnected()
    assert plan.take(0.0) == names(*range(100, 109)), "a tenth of the window stays free"
    plan.add_new(b"new")
    assert plan.take(0.1) == (b"new",)


def test_a_row_is_known_once() -> None:
    plan = ResendPlan()
    plan.add_backlog(b"a")
    plan.add_new(b"a")
    assert plan.take(0.0) == (b"a",)


@given(
    st.lists(
        st.one_of(
            st.tuples(st.sampled_from(("new", "backlog", "receipt")), st.integers(0, 40)),
            st.tuples(st.sampled_from(("take", "reconnect")), st.integers(0, 40)),
        ),
        max_size=120,
    )
)
def test_nothing_is_forgotten_and_nothing_receipted_is_sent(
    events: list[tuple[str, int]],
) -> None:
    plan = ResendPlan(window=8)
    now, held, done = 0.0, set[bytes](), set[bytes]()
    for kind, number in events:
        name = b"%d" % number
        if kind in ("new", "backlog") and name not in done:
            (plan.add_new if kind == "new" else plan.add_backlog)(name)
            held.add(name)
        elif kind == "receipt":
            plan.receipted(name)
            held.discard(name)
            done.add(name)
        elif kind == "reconnect":
            plan.reconnected()
        else:
            now += number
            assert set(plan.take(now)) <= held
    for _ in range(20):
        now += 60.0
        for name in plan.take(now):
            plan.receipted(name)
            held.discard(name)
    assert held == set()
