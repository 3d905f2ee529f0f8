from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from drivers.tablet import event_codes as code
from drivers.tablet.capabilities import Capabilities
from drivers.tablet.pen_state import PenState, Snapshot
from intake.ink import AxisRange, Ink, PenSample

AXES = {
    code.ABS_X: AxisRange(200, 9000),
    code.ABS_Y: AxisRange(100, 6000),
    code.ABS_PRESSURE: AxisRange(0, 1023),
    code.ABS_TILT_X: AxisRange(-64, 63),
}
PEN = Capabilities(
    "pen", 1, 2, AXES, frozenset({code.BTN_TOOL_PEN, code.BTN_TOOL_RUBBER, code.BTN_TOUCH})
)
Pair = tuple[int, int, int]


def key(number: int, value: int) -> Pair:
    return (code.EV_KEY, number, value)


def axis(number: int, value: int) -> Pair:
    return (code.EV_ABS, number, value)


def play(state: PenState, *frames: Iterable[Pair]) -> list[PenSample]:
    samples: list[PenSample | None] = []
    for at, frame in enumerate(frames):
        samples += [state.feed(at, *event) for event in frame]
        samples.append(state.feed(at, code.EV_SYN, code.SYN_REPORT, 0))
    return [sample for sample in samples if sample]


NEAR = [key(code.BTN_TOOL_PEN, 1), axis(code.ABS_X, 500), axis(code.ABS_Y, 400)]
DOWN = [key(code.BTN_TOUCH, 1), axis(code.ABS_PRESSURE, 300)]
UP = [key(code.BTN_TOUCH, 0), axis(code.ABS_PRESSURE, 0)]
AWAY = [key(code.BTN_TOOL_PEN, 0)]


def test_what_did_not_change_is_kept_from_the_report_before():
    near, down, moved = play(PenState(PEN), NEAR, DOWN, [axis(code.ABS_X, 501)])
    assert (near.in_range, near.contact) == (True, False)
    assert (down.x, down.y, down.pressure, down.contact) == (500, 400, 300, True)
    assert (moved.x, moved.pressure, moved.contact) == (501, 300, True)


def test_the_time_is_that_of_the_report():
    assert [sample.time_us for sample in play(PenState(PEN), NEAR, DOWN)] == [0, 1]


def test_leaving_is_reported_once_and_silence_follows():
    samples = play(PenState(PEN), NEAR, AWAY, [axis(code.ABS_X, 0)], AWAY)
    assert [sample.in_range for sample in samples] == [True, False]


def test_coordinates_outside_the_declared_range_are_kept():
    (sample,) = play(PenState(PEN), [*NEAR, axis(code.ABS_X, 9120), axis(code.ABS_Y, -3)])
    assert (sample.x, sample.y) == (9120, -3)


def test_a_report_without_any_pen_event_is_none():
    assert play(PenState(PEN), NEAR, [(code.EV_MSC, 0, 7)], [key(code.BTN_STYLUS, 1)]) == play(
        PenState(PEN), NEAR
    )


def test_the_eraser_leaves_no_ink():
    erasing = [key(code.BTN_TOOL_RUBBER, 1), axis(code.ABS_X, 600), *DOWN]
    samples = play(PenState(PEN), NEAR, AWAY, erasing, [axis(code.ABS_X, 640)])
    assert [sample.in_range for sample in samples] == [True, False]


def test_turning_the_pen_over_in_the_air_ends_the_stroke():
    samples = play(PenState(PEN), NEAR, DOWN, [key(code.BTN_TOOL_RUBBER, 1)])
    assert [sample.contact for sample in samples] == [False, True, False]


def test_a_side_button_changes_nothing():
    samples = play(PenState(PEN), NEAR, [*DOWN, key(code.BTN_STYLUS, 1)])
    assert samples[-1].contact


def test_a_device_without_touch_key_touches_by_pressure():
    keys = frozenset({code.BTN_TOOL_PEN})
    state = PenState(Capabilities("pen", 1, 2, AXES, keys))
    samples = play(state, NEAR, [axis(code.ABS_PRESSURE, 9)], [axis(code.ABS_PRESSURE, 0)])
    assert [sample.contact for sample in samples] == [False, True, False]


def test_dropped_events_are_marked_and_the_state_asked_for():
    now = Snapshot(
        {code.ABS_X: 700, code.ABS_Y: 710, code.ABS_PRESSURE: 0}, frozenset({code.BTN_TOOL_PEN})
    )
    state = PenState(PEN, lambda: now)
    play(state, NEAR, DOWN)
    state.feed(9, code.EV_SYN, code.SYN_DROPPED, 0)
    (sample,) = play(state, [axis(code.ABS_X, 111), *DOWN])
    assert sample == PenSample(0, 700, 710, 0, in_range=True, dropped_before=True)
    (after,) = play(state, [axis(code.ABS_X, 702)])
    assert not after.dropped_before


def test_without_an_answer_the_next_report_is_marked():
    state = PenState(PEN)
    play(state, NEAR, DOWN)
    state.feed(9, code.EV_SYN, code.SYN_DROPPED, 0)
    assert play(state, [axis(code.ABS_X, 111)]) == []
    marked, after = play(state, [axis(code.ABS_X, 520)], [axis(code.ABS_X, 521)])
    assert (marked.x, marked.contact, marked.dropped_before) == (520, True, True)
    assert not after.dropped_before


def test_a_mark_is_not_lost_when_the_pen_is_away_at_that_moment():
    state = PenState(PEN, lambda: Snapshot({code.ABS_X: 1, code.ABS_Y: 1}, frozenset()))
    play(state, NEAR, AWAY)
    state.feed(9, code.EV_SYN, code.SYN_DROPPED, 0)
    assert play(state, []) == []
    assert play(state, NEAR)[0].dropped_before


def test_a_lost_device_closes_the_stroke_with_a_mark():
    state = PenState(PEN)
    samples = play(state, NEAR, DOWN, [axis(code.ABS_X, 510)])
    closing = state.lost()
    assert closing == PenSample(2, 510, 400, 0, in_range=False, dropped_before=True)
    assert state.lost() is None
    assert closing is not None
    description = PEN.describe()
    assert len(Ink(description, (*samples, closing)).strokes()) == 1


def test_a_lost_device_with_the_pen_away_has_nothing_to_close():
    state = PenState(PEN)
    assert state.lost() is None
    play(state, NEAR, AWAY)
    assert state.lost() is None


def test_a_pen_that_is_near_from_the_start_is_seen_as_near():
    (sample,) = play(PenState(PEN), [axis(code.ABS_X, 500), axis(code.ABS_Y, 1)])
    assert sample.in_range


EVENTS = st.tuples(
    st.sampled_from([code.EV_SYN, code.EV_KEY, code.EV_ABS, code.EV_MSC]),
    st.sampled_from([0, 1, 3, 0x18, 0x1A, 0x140, 0x141, 0x14A, 0x14B]),
    st.integers(-(2**31), 2**31 - 1),
)


@given(st.lists(EVENTS, max_size=80))
def test_whatever_comes_contact_means_in_range_and_gaps_stay_silent(events: list[Pair]):
    state = PenState(PEN)
    dropping = False
    for at, event in enumerate(events):
        sample = state.feed(at, *event)
        if event[:2] == (code.EV_SYN, code.SYN_DROPPED):
            dropping = True
        if sample is not None:
            assert event[:2] == (code.EV_SYN, code.SYN_REPORT)
            assert sample.in_range or not sample.contact
            assert sample.dropped_before or not dropping
            dropping = False
