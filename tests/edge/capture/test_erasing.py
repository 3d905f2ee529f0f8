"""Undo takes exactly the last stroke: by the lift of the pen, and at a gap mark."""

import pytest

from edge.capture.erasing import last_stroke
from intake.ink import PenSample


def samples(marks: str) -> list[PenSample]:
    """One sample per mark: `x` touches, `-` hovers, `g` touches after a gap."""
    return [
        PenSample(
            time_us=place,
            x=0,
            y=0,
            pressure=0,
            tilt_x=0,
            tilt_y=0,
            in_range=True,
            contact=mark != "-",
            dropped_before=mark == "g",
        )
        for place, mark in enumerate(marks)
    ]


@pytest.mark.parametrize(
    ("marks", "start"),
    [
        ("", None),
        ("--", None),
        ("x", 0),
        ("xxx", 0),
        ("-xx-", 1),
        ("xx-xx--", 3),
        ("xxgxx-", 2),
        ("gxx", 0),
    ],
)
def test_where_the_last_stroke_begins(marks: str, start: int | None) -> None:
    assert last_stroke(samples(marks)) == start
