"""One picture language for pen strokes and font outlines: short undirected segments and their map.

Stroke order and direction never enter: a segment counts by its place, its length and its angle
modulo pi. Everything works on batches because training and gallery building share it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Points = NDArray[np.float64]

SEGMENTS = 160
GRID = 16
ANGLES = 8
CELLS = GRID * GRID * ANGLES

SPREAD = 4.4
"""Standard deviations that fill the map from edge to edge."""

FLATTEST = 0.3
"""Below this share of the larger spread an axis is not stretched any further (for 一 and 丨)."""

INK = 40.0
"""Total weight of the segments of one character."""

HEAVIEST = 2.0
"""Cap on the weight of one segment, so that a single dot does not fill the map."""


@dataclass(frozen=True)
class Segments:
    """Undirected segments of `n` characters: midpoints, direction vectors and lengths.

    middles: (n, s, 2) x right, y down, any unit; directions: (n, s, 2) any length, sign free;
    lengths: (n, s), 0 marks padding.
    """

    middles: Floats
    directions: Floats
    lengths: Floats


def resample(strokes: Sequence[Points], count: int = SEGMENTS) -> tuple[Points, NDArray[np.int64]]:
    """Cut strokes into about `count` segments of equal length within each stroke.

    strokes: arrays (k, 2), k >= 1, finite. Returns the segments' ends (s, 2, 2) and the index of
    the stroke of each. Every stroke yields at least one segment; a dot gets one short level one.
    """
    sizes = np.array([len(stroke) for stroke in strokes])
    points = np.concatenate(strokes).astype(np.float64)
    owner = np.repeat(np.arange(len(strokes)), sizes)
    steps = np.hypot(*np.diff(points, axis=0).T)
    steps[owner[1:] != owner[:-1]] = 0.0
    total = float(steps.sum())
    gap = 2.0 * total or 1.0
    along = np.concatenate([[0.0], np.cumsum(steps)]) + owner * gap
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    starts = along[first]
    spans = along[first + sizes - 1] - starts
    shares = np.maximum(1, np.rint(count * spans / total)) if total > 0 else np.ones(len(strokes))
    pieces = shares.astype(np.int64)
    stroke_of = np.repeat(np.arange(len(strokes)), pieces)
    within = np.arange(len(stroke_of)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    scale = spans / pieces
    begin = starts[stroke_of] + within * scale[stroke_of]
    end = np.minimum(begin + scale[stroke_of], (starts + spans)[stroke_of])
    knots = np.concatenate([begin, end])
    flat = np.stack(
        [np.interp(knots, along, points[:, 0]), np.interp(knots, along, points[:, 1])], axis=1
    )
    ends = flat.reshape(2, -1, 2).swapaxes(0, 1)
    return _widen_dots(ends, spans, stroke_of, points), stroke_of


def _widen_dots(
    ends: Points, spans: Points, stroke_of: NDArray[np.int64], points: Points
) -> Points:
    """Give strokes without length a level segment of one hundredth of the character's size."""
    dots = spans[stroke_of] <= 0
    if not dots.any():
        return ends
    size = float(np.ptp(points, axis=0).max()) or 1.0
    widened = ends.copy()
    widened[dots, 0, 0] -= size / 200
    widened[dots, 1, 0] += size / 200
    return widened


def segments_of(ends: Points | Floats) -> Segments:
    """Segments of one or many characters from their ends (..., s, 2, 2); equal ends are padding."""
    batch = np.asarray(ends, dtype=np.float32).reshape(-1, *ends.shape[-3:])
    directions = batch[:, :, 1] - batch[:, :, 0]
    lengths = np.hypot(directions[..., 0], directions[..., 1])
    return Segments((batch[:, :, 0] + batch[:, :, 1]) * np.float32(0.5), directions, lengths)


def feature_maps(segments: Segments) -> Floats:
    """Feature maps (n, 16, 16, 8) of a batch; row = y, column = x, channel = angle."""
    place = _normalised(segments)
    weights = segments.lengths * np.float32(INK)
    weights /= np.maximum(segments.lengths.sum(axis=1, keepdims=True), np.float32(1e-30))
    np.minimum(weights, np.float32(HEAVIEST), out=weights)
    histogram = _scatter(place, segments.directions, weights)
    return np.sqrt(histogram + np.float32(1e-4)) - np.float32(0.01)


def _normalised(segments: Segments) -> Floats:
    """Midpoints about [-.5, .5]: ink's centroid at 0, spread per axis evened out by half."""
    share = segments.lengths[..., None]
    share = share / np.maximum(share.sum(axis=1, keepdims=True), np.float32(1e-30))
    centred = segments.middles - (segments.middles * share).sum(axis=1, keepdims=True)
    spread = np.sqrt((centred**2 * share).sum(axis=1, keepdims=True))
    widest = np.maximum(spread.max(axis=2, keepdims=True), np.float32(1e-9))
    spread = np.maximum(spread, np.float32(FLATTEST) * widest)
    return centred / (np.float32(SPREAD) * np.sqrt(spread * widest))


def _scatter(place: Floats, directions: Floats, weights: Floats) -> Floats:
    """Spread each segment's weight over the 2 x 2 x 2 nearest cells of its character's map."""
    used = np.nonzero(weights > 0)
    at = np.clip((place[used] + np.float32(0.5)) * GRID - np.float32(0.5), 0, GRID - 1.001)
    column, row = at[:, 0].astype(np.int64), at[:, 1].astype(np.int64)
    right, low = at[:, 0] - column, at[:, 1] - row
    vector = directions[used]
    turn = np.arctan2(vector[:, 1], vector[:, 0]) * np.float32(ANGLES / np.pi)
    whole = np.floor(turn)
    late = turn - whole
    early_bin = whole.astype(np.int64) % ANGLES
    late_bin = (early_bin + 1) % ANGLES
    weight = weights[used]
    base = (used[0] * GRID + row) * GRID + column
    rows = np.stack([weight * (1 - low), weight * low])
    quarters = np.stack([rows * (1 - right), rows * right], axis=1).reshape(4, -1)
    cells = (base + np.array([[0], [1], [GRID], [GRID + 1]])) * ANGLES
    index = np.concatenate([(cells + early_bin).ravel(), (cells + late_bin).ravel()])
    value = np.concatenate([(quarters * (1 - late)).ravel(), (quarters * late).ravel()])
    flat = np.bincount(index, weights=value, minlength=len(weights) * CELLS)
    return flat.astype(np.float32).reshape(len(weights), GRID, GRID, ANGLES)


def stroke_features(strokes: Sequence[Points]) -> Floats:
    """Feature map (16, 16, 8) of one drawn character: arrays (k, 2), y down, finite, k >= 1."""
    ends, _ = resample(strokes)
    size = np.ptp(ends, axis=(0, 1)).max() or 1.0
    return feature_maps(segments_of((ends - ends[0, 0]) / size))[0]
