"""Order, direction, place and size of what was drawn do not change its features."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.features import (
    ANGLES,
    GRID,
    SEGMENTS,
    feature_maps,
    resample,
    segments_of,
    stroke_features,
)

CROSS = [np.array([[10.0, 50.0], [90.0, 48.0]]), np.array([[50.0, 5.0], [52.0, 95.0]])]

coordinate = st.floats(0, 100).map(lambda value: round(value, 1))
point = st.tuples(coordinate, coordinate)
stroke = st.lists(point, min_size=2, max_size=6).map(np.array)
drawing = st.lists(stroke, min_size=1, max_size=8).filter(
    lambda strokes: float(np.ptp(np.concatenate(strokes), axis=0).min()) > 5
)


@given(drawing, st.integers(0, 255))
@settings(max_examples=60, deadline=None)
def test_order_and_direction_of_strokes_do_not_matter(
    strokes: list[np.ndarray], which: int
) -> None:
    turned = [one[::-1] if which >> at & 1 else one for at, one in enumerate(strokes)]
    shuffled = turned[which % len(turned) :] + turned[: which % len(turned)]
    np.testing.assert_allclose(stroke_features(strokes), stroke_features(shuffled), atol=2e-3)


@given(drawing, st.floats(-1e4, 1e4), st.floats(-1e4, 1e4), st.floats(0.01, 1e4))
@settings(max_examples=60, deadline=None)
def test_place_and_size_do_not_matter(
    strokes: list[np.ndarray], right: float, down: float, size: float
) -> None:
    moved = [one * size + np.array([right, down]) * size for one in strokes]
    np.testing.assert_allclose(stroke_features(strokes), stroke_features(moved), atol=2e-3)


@pytest.mark.parametrize(("size", "away"), [(1e-300, 0.0), (1e9, 1e12), (500.0, 1e11)])
def test_extreme_sizes_and_places_are_seen_as_drawn(size: float, away: float) -> None:
    moved = [one * size + away for one in CROSS]
    np.testing.assert_allclose(stroke_features(CROSS), stroke_features(moved), atol=1e-2)


def test_shape_does_matter() -> None:
    tilted = [one @ np.array([[0.7, 0.7], [-0.7, 0.7]]) for one in CROSS]
    assert np.abs(stroke_features(CROSS) - stroke_features(tilted)).max() > 0.1


def test_a_level_line_lies_in_the_level_channel() -> None:
    picture = stroke_features([np.array([[0.0, 0.0], [100.0, 0.0]])])
    assert picture.shape == (GRID, GRID, ANGLES)
    assert picture.sum(axis=(0, 1)).argmax() == 0
    rows = picture[:, :, 0].sum(axis=1)
    assert set(np.argsort(rows)[-2:].tolist()) == {GRID // 2 - 1, GRID // 2}


def test_down_on_the_paper_is_down_in_the_map() -> None:
    low_bar = [*CROSS, np.array([[0.0, 95.0], [100.0, 95.0]])]
    picture = stroke_features(low_bar)[:, :, 0].sum(axis=1)
    assert picture[: GRID // 2].sum() < picture[GRID // 2 :].sum()


def test_segments_are_shared_out_by_length_and_every_stroke_has_one() -> None:
    dot = np.array([[3.0, 3.0]])
    ends, owner = resample([CROSS[0], CROSS[1], dot])
    assert abs(len(ends) - SEGMENTS) <= 3
    assert (owner == 2).sum() == 1
    lengths = np.linalg.norm(ends[:, 1] - ends[:, 0], axis=1)
    assert lengths.min() > 0
    np.testing.assert_allclose(lengths[owner == 0], lengths[owner == 0][0])


@pytest.mark.parametrize("count", [1, 5])
def test_dots_alone_are_level_lines(count: int) -> None:
    dots = [np.array([[float(at), 0.0]]) for at in range(count)]
    assert np.isfinite(stroke_features(dots)).all()


def test_repeated_points_do_not_break_a_stroke() -> None:
    held = np.array([[0.0, 0.0], [0.0, 0.0], [50.0, 50.0], [50.0, 50.0], [50.0, 50.0]])
    smooth = np.array([[0.0, 0.0], [50.0, 50.0]])
    np.testing.assert_allclose(stroke_features([held]), stroke_features([smooth]), atol=1e-4)


def test_a_batch_gives_what_each_alone_gives() -> None:
    first, _ = resample(CROSS)
    second, _ = resample(CROSS[:1])
    places = max(len(first), len(second))
    batch = np.zeros((2, places, 2, 2))
    batch[0, : len(first)], batch[1, : len(second)] = first, second
    together = feature_maps(segments_of(batch))
    np.testing.assert_allclose(together[0], stroke_features(CROSS), atol=1e-5)
    np.testing.assert_allclose(together[1], stroke_features(CROSS[:1]), atol=1e-5)
