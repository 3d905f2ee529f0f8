"""Everything that is not a drawing gets its own code."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import drawing

LINE = [[0, 0], [10, 10]]

BAD = {
    "no strokes": ([], "no_strokes"),
    "only empty strokes": ([[], []], "no_strokes"),
    "none": (None, "not_strokes"),
    "text": ("strokes", "not_strokes"),
    "object": ({"strokes": []}, "not_strokes"),
    "a stroke that is a number": ([LINE, 3], "not_strokes"),
    "a point of one number": ([[[1], [2]]], "not_strokes"),
    "a point of four numbers": ([[[1, 2, 3, 4]]], "not_strokes"),
    "points of different lengths": ([[[1, 2], [1, 2, 3]]], "not_strokes"),
    "text for a number": ([[["1", "2"]]], "not_strokes"),
    "yes for a number": ([[[True, False]]], "not_strokes"),
    "an integer beyond 64 bits": ([[[10**30, 1], [2, 3]]], "not_strokes"),
    "not a number": ([[[math.nan, 1], [2, 3]]], "not_finite"),
    "infinite": ([[[1, 2], [-math.inf, 3]]], "not_finite"),
    "gigantic": ([[[1, 2], [1e300, 3]]], "out_of_range"),
    "one dot": ([[[5, 5]]], "degenerate"),
    "the same point many times": ([[[5, 5]] * 40, [[5, 5]]], "degenerate"),
    "too many points": ([[[at, at % 7] for at in range(20_001)]], "too_many_points"),
    "too many strokes": ([LINE] * 501, "too_many_strokes"),
}


@pytest.mark.parametrize(("strokes", "note"), BAD.values(), ids=BAD.keys())
def test_bad_input_has_a_code(strokes: object, note: str) -> None:
    assert drawing.read(strokes) == note
    assert note in drawing.NOTES


def test_every_code_can_happen() -> None:
    assert {note for _, note in BAD.values()} == set(drawing.NOTES)


def test_time_and_empty_strokes_are_left_out() -> None:
    read = drawing.read([[[0, 0, 17], [10, 10, 18]], [], [[3, 4, 20]]])
    assert isinstance(read, drawing.Drawing)
    assert [stroke.tolist() for stroke in read.strokes] == [[[0, 0], [10, 10]], [[3, 4]]]


def test_tuples_are_strokes_too() -> None:
    assert isinstance(drawing.read((((0, 0, 1), (9, 9, 2)),)), drawing.Drawing)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=30,
)


@given(anything)
def test_nothing_raises(strokes: object) -> None:
    read = drawing.read(strokes)
    assert isinstance(read, drawing.Drawing) or read in drawing.NOTES
