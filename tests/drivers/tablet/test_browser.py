import asyncio
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import DeviceLostError
from drivers.tablet.browser import UNITS_PER_PIXEL, BrowserTablet
from intake.ink import Ink, PenSample


def event(kind: str, x: float, y: float, at: float, **more: object) -> dict[str, object]:
    base = {"type": kind, "pointerType": "pen", "pointerId": 3, "x": x, "y": y}
    return {**base, "pressure": 0.5, "tiltX": 10, "tiltY": -20, "timeStamp": at, **more}


async def drawn(tablet: BrowserTablet) -> list[PenSample]:
    asyncio.get_running_loop().call_later(0.01, tablet.close)
    return [sample async for sample in tablet.reports()]


async def test_a_stroke_of_a_page_becomes_a_stroke_of_ink():
    tablet = BrowserTablet(800, 600)
    tablet.feed(
        [
            event("pointermove", 10, 20, 100.0, pressure=0),
            event("pointerdown", 10, 20, 101.0),
            event("pointermove", 11.5, 20.25, 102.5),
            event("pointerup", 12, 21, 104.0, pressure=0),
        ]
    )
    samples = await drawn(tablet)
    assert [sample.contact for sample in samples] == [False, True, True, False]
    assert (samples[2].x, samples[2].y) == (11.5 * UNITS_PER_PIXEL, 20.25 * UNITS_PER_PIXEL)
    assert (samples[2].tilt_x, samples[2].tilt_y) == (10, -20)
    assert [sample.time_us - samples[0].time_us for sample in samples] == [0, 1000, 2500, 4000]
    assert len(Ink(tablet.description, tuple(samples)).strokes()) == 1


async def test_coalesced_events_are_all_kept():
    tablet = BrowserTablet(800, 600)
    tablet.feed([event("pointerdown", 0, 0, 1)])
    points = [
        {"x": i, "y": i, "pressure": 0.4, "tiltX": 0, "tiltY": 0, "timeStamp": 1 + i / 4}
        for i in range(1, 9)
    ]
    tablet.feed([event("pointermove", 8, 8, 3, coalesced=points)])
    samples = await drawn(tablet)
    assert [sample.x for sample in samples[1:]] == [i * UNITS_PER_PIXEL for i in range(1, 9)]


async def test_a_palm_beside_the_pen_writes_nothing():
    tablet = BrowserTablet(800, 600)
    tablet.feed(
        [
            event("pointerdown", 10, 10, 1),
            event("pointerdown", 400, 400, 2, pointerId=9, pointerType="touch"),
            event("pointermove", 410, 400, 3, pointerId=9, pointerType="touch"),
            event("pointerup", 410, 400, 4, pointerId=9, pointerType="touch"),
            event("pointermove", 11, 10, 5),
        ]
    )
    samples = await drawn(tablet)
    assert [(sample.x, sample.contact) for sample in samples] == [(320, True), (352, True)]
    assert tablet.refused == 0


async def test_a_mouse_writes_too():
    tablet = BrowserTablet(800, 600)
    tablet.feed([event("pointerdown", 1, 1, 1, pointerType="mouse")])
    assert [sample.contact for sample in await drawn(tablet)] == [True]


async def test_leaving_the_area_or_a_cancel_ends_the_stroke():
    for kind in ("pointerleave", "pointercancel"):
        tablet = BrowserTablet(800, 600)
        tablet.feed([event("pointerdown", 1, 1, 1), event(kind, 2, 2, 2)])
        assert [(s.contact, s.in_range) for s in await drawn(tablet)] == [
            (True, True),
            (False, False),
        ]


async def test_a_closed_page_closes_the_stroke_with_a_mark():
    tablet = BrowserTablet(800, 600)
    tablet.feed([event("pointerdown", 1, 1, 1)])
    tablet.disconnect()
    reports = tablet.reports()
    samples = [await anext(reports), await anext(reports)]
    with pytest.raises(DeviceLostError):
        await anext(reports)
    assert [(s.contact, s.dropped_before) for s in samples] == [(True, False), (False, True)]


@pytest.mark.parametrize(
    "bad",
    [
        "text",
        {},
        event("pointerdown", math.nan, 0, 1),
        event("pointerdown", 1e9, 0, 1),
        event("pointerdown", 1, 1, -5),
        event("pointerdown", 1, 1, 1, pressure=2),
        event("pointerdown", 1, 1, 1, tiltX="steep"),
        event("pointerdown", 1, 1, 1, pointerType="laser"),
        event("pointerdown", 1, 1, 1, pointerId="3"),
        event("pointerdown", 1, 1, 1, coalesced={"x": 1}),
        event("pointerdown", 1, 1, 1, coalesced=[{"x": 1}]),
        event("keydown", 1, 1, 1),
    ],
)
async def test_what_is_no_pointer_event_is_counted_and_left_out(bad: object):
    tablet = BrowserTablet(800, 600)
    tablet.feed([bad, event("pointerdown", 1, 1, 1)])
    assert tablet.refused == 1
    assert len(await drawn(tablet)) == 1


def test_a_message_that_is_no_list_is_refused():
    tablet = BrowserTablet(800, 600)
    tablet.feed({"type": "pointerdown"})
    assert tablet.refused == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["type", "pointerType", "pointerId", "x", "y", "timeStamp", "coalesced"]
            ),
            inner,
            max_size=6,
        )
    ),
)


@given(JSON)
def test_no_message_of_a_page_raises(message: object):
    BrowserTablet(800, 600).feed(message)
