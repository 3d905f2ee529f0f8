"""Whatever comes instead of a character gets an answer soon, never a crash, and is not sure."""

from __future__ import annotations

import json
import math
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.drawing import NOTES
from models.recogniser import Recogniser

DRAWN = sorted((Path(__file__).parent / "drawn").glob("U+*.json"))
COORDINATES = st.one_of(
    st.integers(-(10**30), 10**30),
    st.floats(),
    st.floats(-1e4, 1e4),
    st.none(),
    st.booleans(),
    st.text(max_size=3),
)
POINTS = st.lists(COORDINATES, max_size=4)
STROKES = st.lists(st.lists(POINTS, max_size=6), max_size=5)
ANYTHING = st.recursive(COORDINATES, lambda inner: st.lists(inner, max_size=4), max_leaves=12)


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser.load()


@given(st.one_of(STROKES, ANYTHING, st.dictionaries(st.text(max_size=2), POINTS, max_size=2)))
@settings(max_examples=200, deadline=None)
def test_anything_is_answered(recogniser: Recogniser, strokes: object) -> None:
    found = recogniser.recognise(strokes, 3)
    if found.note is None:
        assert len(found.candidates) == 3
        assert all(math.isfinite(one.score) for one in found.candidates)
    else:
        assert found.note in NOTES
        assert not found.candidates
        assert not found.sure


@given(
    st.lists(st.tuples(st.floats(-1e12, 1e12), st.floats(-1e12, 1e12)), min_size=1, max_size=30),
    st.integers(1, 5),
)
@settings(max_examples=100, deadline=None)
def test_any_finite_points_are_recognised_or_noted(
    recogniser: Recogniser, points: list[tuple[float, float]], cut: int
) -> None:
    strokes = [points[at : at + cut] for at in range(0, len(points), cut)]
    found = recogniser.recognise(strokes, 2)
    assert found.note in {None, "degenerate"}
    assert all(math.isfinite(one.score) for one in found.candidates)


def scribble(points: int, strokes: int) -> list[list[list[float]]]:
    rng = np.random.default_rng(points)
    return rng.random((strokes, points // strokes, 2)).tolist()


@pytest.mark.parametrize(("points", "strokes"), [(20_000, 1), (20_000, 500), (300, 1)])
def test_thousands_of_points_are_answered_in_time(
    recogniser: Recogniser, points: int, strokes: int
) -> None:
    """The best of several tries, as the tests share a machine; `bench.footprint` has the bound."""
    drawing = scribble(points, strokes)
    spent: list[float] = []
    for _ in range(8):
        start = time.perf_counter()
        found = recogniser.recognise(drawing)
        spent.append(time.perf_counter() - start)
        assert found.candidates
        assert not found.sure
    assert min(spent) < 0.05


def test_a_stroke_of_many_points_is_the_stroke_it_is(recogniser: Recogniser) -> None:
    few = [[[10, 50], [90, 50]], [[50, 5], [50, 95]]]
    many = [
        np.linspace(start, end, 9_999).tolist()
        for start, end in (np.array(stroke, float) for stroke in few)
    ]
    assert recogniser.recognise(many).candidates[0] == recogniser.recognise(few).candidates[0]


def test_three_characters_in_one_box_are_answered_and_not_sure(recogniser: Recogniser) -> None:
    drawn = [json.loads(path.read_text("utf-8"))["strokes"] for path in DRAWN[:3]]
    side_by_side: list[list[list[float]]] = []
    for place, strokes in enumerate(drawn):
        every = np.concatenate([np.array(one, float)[:, :2] for one in strokes])
        low, size = every.min(axis=0), np.ptp(every, axis=0).max()
        side_by_side += [
            ((np.array(one, float)[:, :2] - low) / size + [1.2 * place, 0]).tolist()
            for one in strokes
        ]
    found = recogniser.recognise(side_by_side)
    assert found.candidates
    assert not found.sure
