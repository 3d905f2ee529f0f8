"""The picture is thinned when a page lags; the log never is."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from edge.capture.picture import BEHIND, UNACKNOWLEDGED, Picture, aspect
from intake.ink import AxisRange, PenSample, TabletDescription

TABLET = TabletDescription(
    "t", "tablet", AxisRange(100, 1100, 10), AxisRange(0, 500, 10), AxisRange(0, 1000)
)


def sample(x: int = 600, y: int = 250, *, contact: bool = True, gap: bool = False) -> PenSample:
    return PenSample(0, x, y, 500, contact=contact, dropped_before=gap)


def unpacked(frame: bytes) -> tuple[int, int, list[tuple[int, int, int, int]]]:
    kind, flags, count, number = struct.unpack_from("<BBHI", frame)
    assert kind == 1
    samples = list(struct.iter_unpack("<HHHB", frame[8:]))
    assert len(samples) == count
    return flags, number, samples


def test_a_frame_is_what_the_interface_page_says() -> None:
    picture = Picture()
    feed = picture.open_feed(lambda: None)
    picture.add(TABLET, [sample(1100, 0), sample(contact=False, gap=True)])
    frame = feed.frame()
    assert frame is not None
    assert unpacked(frame) == (1, 1, [(65535, 0, 32767, 3), (32767, 32767, 32767, 6)])
    assert feed.frame() is None


def test_a_page_that_does_not_acknowledge_gets_no_more_until_it_does() -> None:
    picture = Picture()
    woken: list[int] = []
    feed = picture.open_feed(lambda: woken.append(1))
    for _ in range(UNACKNOWLEDGED):
        picture.add(TABLET, [sample()])
        assert feed.frame() is not None
    picture.add(TABLET, [sample()])
    assert feed.frame() is None
    woken.clear()
    feed.acknowledge(99)
    assert woken
    assert feed.frame() is not None


def test_a_page_far_behind_gets_fewer_samples_but_every_end_of_a_stroke() -> None:
    picture = Picture()
    feed = picture.open_feed(lambda: None)
    for stroke in range(10):
        picture.add(TABLET, [sample(600 + stroke) for _ in range(BEHIND // 5)])
        picture.add(TABLET, [sample(600 + stroke, contact=False)])
    frames = []
    while (frame := feed.frame()) is not None:
        frames.append(unpacked(frame))
        feed.acknowledge(frames[-1][1])
    sent = [s for _, _, samples in frames for s in samples]
    assert len(sent) <= BEHIND + BEHIND // 5 + 1
    assert sum(not s[3] & 1 for s in sent) == 10


def test_a_new_page_gets_the_whole_drawing_and_a_clear_begins_anew() -> None:
    picture = Picture()
    picture.add(TABLET, [sample(), sample(contact=False), sample()])
    late = picture.open_feed(lambda: None)
    frame = late.frame()
    assert frame is not None
    assert [s[3] & 1 for s in unpacked(frame)[2]] == [1, 0, 1], "the lift between the strokes too"
    picture.clear()
    frame = late.frame()
    assert frame is not None
    assert unpacked(frame)[0] == 1
    assert unpacked(frame)[2] == []
    picture.close_feed(late)
    picture.add(TABLET, [sample()])
    assert late.frame() is None


@given(st.integers(-(2**40), 2**40), st.integers(-(2**40), 2**40))
def test_samples_outside_the_axes_are_drawn_at_the_edge(x: int, y: int) -> None:
    picture = Picture()
    feed = picture.open_feed(lambda: None)
    picture.add(TABLET, [sample(x, y)])
    frame = feed.frame()
    assert frame is not None
    ((drawn_x, drawn_y, _, _),) = unpacked(frame)[2]
    assert 0 <= drawn_x <= 65535
    assert 0 <= drawn_y <= 65535


def test_the_writing_area_has_the_shape_of_the_tablet() -> None:
    assert aspect(TABLET) == 2.0
