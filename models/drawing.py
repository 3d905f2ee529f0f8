"""Check of what was drawn before it is recognised: bad input becomes a note, never a crash."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

MOST_POINTS = 20_000
MOST_STROKES = 500
LOOKED_AT = 4_000
"""Points that are looked at: of more, every second, third or k-th of each stroke, and its last."""

LARGEST = 1e12

NOTES = {
    "no_strokes": "nothing was drawn",
    "not_strokes": "not a list of strokes made of [x, y] or [x, y, t]",
    "not_finite": "a coordinate is not a number or infinite",
    "out_of_range": "a coordinate is larger than 1e12",
    "too_many_strokes": "more than 500 strokes",
    "too_many_points": "more than 20,000 points",
    "degenerate": "all points are the same: a dot is not a character",
}
"""Every note code of a drawing that cannot be recognised, with its meaning."""


@dataclass(frozen=True)
class Drawing:
    """Strokes fit for features: float64 arrays (k, 2), finite, y down, none empty."""

    strokes: tuple[NDArray[np.float64], ...]


def read(strokes: object) -> Drawing | str:
    """A Drawing of nested sequences [[[x, y(, t)], ...], ...], or the code of what is wrong.

    Empty strokes are left out. Time is not looked at.
    """
    if not isinstance(strokes, (list, tuple)):
        return "not_strokes"
    listed: Sequence[object] = strokes
    if len(listed) > MOST_STROKES:
        return "too_many_strokes"
    sizes = [len(stroke) if isinstance(stroke, (list, tuple)) else -1 for stroke in listed]
    if min(sizes, default=0) < 0:
        return "not_strokes"
    if sum(sizes) > MOST_POINTS:
        return "too_many_points"
    step = -(-sum(sizes) // LOOKED_AT) or 1
    arrays = [_points(stroke, step) for stroke, size in zip(listed, sizes, strict=True) if size]
    found = [points for points in arrays if points is not None]
    if len(found) != len(arrays):
        return "not_strokes"
    return _judge(found)


def _judge(found: list[NDArray[np.float64]]) -> Drawing | str:
    if not found:
        return "no_strokes"
    every = np.concatenate(found)
    if not np.isfinite(every).all():
        return "not_finite"
    if np.abs(every).max() > LARGEST:
        return "out_of_range"
    size = np.ptp(every, axis=0).max()
    if size <= np.abs(every).max() * 1e-9:
        return "degenerate"
    return Drawing(tuple(found))


def _points(stroke: list[object], step: int) -> NDArray[np.float64] | None:
    """Every `step`-th point (k, 2) of one stroke and its last, None when it is something else."""
    kept = stroke if step == 1 else [*stroke[:-1:step], stroke[-1]]
    try:
        array = np.asarray(kept)
    except (ValueError, OverflowError):
        return None
    if array.ndim != 2 or array.shape[1] not in (2, 3) or array.dtype.kind not in "iuf":
        return None
    return array[:, :2].astype(np.float64)
