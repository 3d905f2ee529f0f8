import math
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.tablet import handwriting
from drivers.tablet.simulated import SIMULATED_TABLET
from drivers.tablet.writer import Hand, centred_box, write
from intake.ink import Ink, PenSample

LINE = (((100.0, 500.0), (900.0, 500.0)),)
CORNER = (((100.0, 100.0), (100.0, 900.0), (900.0, 900.0)),)


def written(strokes: handwriting.Strokes, hand: Hand | None = None) -> Ink:
    return Ink(SIMULATED_TABLET, tuple(write(strokes, SIMULATED_TABLET, hand)))


def speeds(samples: list[PenSample]) -> list[float]:
    return [
        math.dist((a.x, a.y), (b.x, b.y)) / (b.time_us - a.time_us) for a, b in pairwise(samples)
    ]


@pytest.mark.parametrize("name", handwriting.names())
def test_every_handwriting_comes_out_in_as_many_strokes_as_it_has(name: str):
    strokes = handwriting.load(name).strokes
    assert len(written(strokes).strokes()) == len(strokes)


def test_the_same_seed_writes_the_same_and_another_one_does_not():
    strokes = handwriting.load("花").strokes
    assert written(strokes, Hand(seed=5)) == written(strokes, Hand(seed=5))
    assert written(strokes, Hand(seed=5)) != written(strokes, Hand(seed=6))


def test_the_pen_hovers_between_strokes_and_leaves_at_the_end():
    ink = written(handwriting.load("木").strokes)
    states = [(sample.in_range, sample.contact) for sample in ink.samples]
    changes = [
        state for state, before in zip(states, [None, *states], strict=False) if state != before
    ]
    assert changes == [(True, False), (True, True)] * 4 + [(False, False)]


def test_pressure_is_there_only_in_contact_and_rises_and_falls():
    samples = written(LINE).samples
    assert all((sample.pressure > 0) == sample.contact for sample in samples)
    down = [sample.pressure for sample in samples if sample.contact]
    assert max(down[0], down[-1]) < 0.6 * down[len(down) // 2]


def test_a_stroke_is_slow_at_its_ends_and_fast_in_its_middle():
    calm = Hand(tremor_mm=0)
    pace = speeds([sample for sample in written(LINE, calm).samples if sample.contact])
    middle = pace[len(pace) // 2]
    assert max(pace[1], pace[-2]) < 0.7 * middle


def test_a_sharp_corner_is_slower_than_the_straight_parts():
    calm = Hand(tremor_mm=0)
    samples = [sample for sample in written(CORNER, calm).samples if sample.contact]
    corner = min(range(len(samples)), key=lambda i: samples[i].x - samples[i].y)
    pace = speeds(samples)
    assert min(pace[corner - 3 : corner + 3]) < 0.7 * max(pace)


def test_reports_come_at_about_the_rate_and_never_at_the_same_time():
    samples = written(LINE, Hand(rate_hz=200)).samples
    gaps = [b.time_us - a.time_us for a, b in pairwise(samples)]
    assert 4700 <= min(gaps) <= max(gaps) <= 5300


def test_writing_stays_in_its_box():
    left, top, right, bottom = centred_box(SIMULATED_TABLET)
    slack = 100
    for sample in written(handwriting.load("田").strokes).samples:
        assert left - slack <= sample.x <= right + slack
        assert top - slack <= sample.y <= bottom + slack


def test_a_faster_hand_needs_less_time():
    def length(hand: Hand) -> int:
        samples = written(handwriting.load("山").strokes, hand).samples
        return samples[-1].time_us - samples[0].time_us

    assert length(Hand(speed_mm_s=270, travel_mm_s=660)) < 0.5 * length(Hand())


POINTS = st.tuples(st.floats(0, 1000), st.floats(0, 1000))


@given(st.lists(st.lists(POINTS, min_size=1, max_size=5).map(tuple), max_size=4).map(tuple))
def test_any_drawing_can_be_written(strokes: handwriting.Strokes):
    ink = written(strokes)
    assert len(ink.strokes()) == len(strokes)
    assert all(b.time_us > a.time_us for a, b in pairwise(ink.samples))


def test_a_tablet_without_tilt_reports_none():
    plain = replace(SIMULATED_TABLET, tilt_x=None, tilt_y=None)
    assert {(s.tilt_x, s.tilt_y) for s in write(LINE, plain)} == {(0, 0)}
