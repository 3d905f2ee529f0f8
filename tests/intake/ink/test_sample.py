"""Strokes are contact, and nothing is drawn where nothing was seen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from intake.ink import Ink, PenSample
from tests.intake.ink.samples import TABLET


def ink(*samples: PenSample) -> Ink:
    return Ink(TABLET, samples)


def at(time_us: int, *, contact: bool = True, dropped: bool = False) -> PenSample:
    return PenSample(
        time_us, time_us, -time_us, 1 if contact else 0, contact=contact, dropped_before=dropped
    )


def point(time_us: int) -> tuple[int, int, int]:
    return (time_us, -time_us, time_us)


def test_a_lift_ends_a_stroke_and_hover_is_left_out() -> None:
    written = ink(at(0, contact=False), at(1), at(2), at(3, contact=False), at(4))
    assert written.strokes() == ((point(1), point(2)), (point(4),))


def test_a_drop_mark_ends_a_stroke() -> None:
    assert ink(at(1), at(2, dropped=True)).strokes() == ((point(1),), (point(2),))


def test_no_contact_no_stroke() -> None:
    assert ink().strokes() == ()
    assert ink(at(1, contact=False)).strokes() == ()


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=30))
def test_every_contact_sample_is_in_one_stroke(marks: list[tuple[bool, bool]]) -> None:
    written = ink(*(at(n, contact=c, dropped=d) for n, (c, d) in enumerate(marks)))
    points = [p for stroke in written.strokes() for p in stroke]
    assert points == [(s.x, s.y, s.time_us) for s in written.samples if s.contact]
