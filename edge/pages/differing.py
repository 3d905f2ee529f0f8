"""Where two shapes of a character differ: what one has and the other has not, as SVG paths.

Both are laid over each other in the same box. A stroke that is only moved a little is the same
stroke; one that is elsewhere, longer or missing is not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from edge.pages.raster import CELLS, Mask, grown

MOVED: Final = 4.0  # cells that a stroke may lie apart and be the same: 3 % of the box
_HALO: Final = 4.0  # cells around what differs that the mark reaches
_LEAST: Final = 6  # cells; less ink is a corner of the font's, no stroke
_THIRD: Final = CELLS / 3
_ROWS: Final = ("top", "middle", "bottom")
_COLUMNS: Final = ("left", "centre", "right")
Loop = list[tuple[int, int]]
Vertices = dict[tuple[int, int], list[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Difference:
    """How a shape differs from another; paths in the units of `unit` per cell, y down.

    `ground` surrounds all that differs, `extra` is what only this shape has, `lacking` what only
    the other one has. `places` says where, like `top-left`, in reading order, each once;
    `share` how much of the ink of either is not in the other, 0 to 1.
    """

    ground: str
    extra: str
    lacking: str
    places: tuple[str, ...]
    share: float = 0.0

    def __bool__(self) -> bool:
        return bool(self.ground)


def difference(shape: Mask, others: Sequence[Mask], unit: float) -> Difference:
    """How `shape` differs from any of `others`; empty when it differs from none.

    With several others nothing is `lacking`: what one of them has, the next one has not.
    """
    extra, lacking = np.zeros_like(shape), np.zeros_like(shape)
    for other in others:
        extra |= _only_in(shape, other)
        lacking |= _only_in(other, shape)
    ground = grown(extra | lacking, _HALO)
    loops = [loop for loop in _loops(ground) if _is_outer(loop)]
    return Difference(
        ground=_path(loops, unit),
        extra=_path(_loops(extra), unit),
        lacking=_path(_loops(lacking), unit) if len(others) == 1 else "",
        places=_places(loops),
        share=max(_share(extra, shape), _share(lacking, others[-1])) if others else 0.0,
    )


def _share(extra: Mask, shape: Mask) -> float:
    return float(np.count_nonzero(extra)) / max(np.count_nonzero(shape), 1)


def _only_in(shape: Mask, other: Mask) -> Mask:
    """The ink of `shape` that lies apart from all ink of `other`, with what touches it."""
    apart = shape & ~grown(other, MOVED)
    if np.count_nonzero(apart) < _LEAST:
        return np.zeros_like(shape)
    return shape & grown(apart, MOVED - 1)


def _loops(cells: Mask) -> list[Loop]:
    """The borders of the cells that are True, each a loop over the corners of cells (x, y).

    Ink lies on the right hand of who walks: outer borders run clockwise on a page, holes against.
    """
    steps = _steps(cells)
    loops: list[Loop] = []
    while steps:
        start = next(iter(steps))
        loop, before, at = [start], start, _leave(steps, start, start)
        while at != start:
            loop.append(at)
            before, at = at, _leave(steps, at, before)
        loops.append(loop)
    return loops


def _steps(cells: Mask) -> Vertices:
    """From each corner of a border to the next one."""
    room = np.pad(cells, 1)
    steps: Vertices = {}
    for (dy, dx), begin, end in (
        ((-1, 0), (0, 0), (1, 0)),  # paper above: to the right along the upper edge
        ((0, 1), (1, 0), (1, 1)),
        ((1, 0), (1, 1), (0, 1)),
        ((0, -1), (0, 1), (0, 0)),
    ):
        paper = ~np.roll(room, (-dy, -dx), axis=(0, 1))[1:-1, 1:-1]
        for y, x in np.argwhere(cells & paper).tolist():
            steps.setdefault((x + begin[0], y + begin[1]), []).append((x + end[0], y + end[1]))
    return steps


def _leave(steps: Vertices, at: tuple[int, int], before: tuple[int, int]) -> tuple[int, int]:
    """Take one step from `at`; where two cells touch by a corner, the one that turns right."""
    ways = steps[at]
    if len(ways) > 1:
        came = (at[0] - before[0], at[1] - before[1])
        ways.sort(key=lambda way: came[0] * (way[1] - at[1]) - came[1] * (way[0] - at[0]))
    step = ways.pop()
    if not ways:
        del steps[at]
    return step


def _is_outer(loop: Loop) -> bool:
    return _area(loop) > 0


def _area(loop: Loop) -> int:
    """Twice the area within; negative for a hole."""
    pairs = zip(loop, [*loop[1:], loop[0]], strict=True)
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs)


def _path(loops: Iterable[Loop], unit: float) -> str:
    """An SVG path through the middles of the borders, which rounds the steps between cells."""
    parts: list[str] = []
    for loop in loops:
        middles = [
            ((x0 + x1) / 2 * unit, (y0 + y1) / 2 * unit)
            for (x0, y0), (x1, y1) in zip(loop, [*loop[1:], loop[0]], strict=True)
        ]
        corners = "L".join(f"{x:g} {y:g}" for x, y in _without_straight(middles))
        parts.append(f"M{corners}Z")
    return "".join(parts)


def _without_straight(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The points at which a loop turns."""
    kept: list[tuple[float, float]] = []
    for place, (x, y) in enumerate(points):
        (ax, ay), (bx, by) = points[place - 1], points[(place + 1) % len(points)]
        if (x - ax) * (by - y) != (y - ay) * (bx - x):
            kept.append((x, y))
    return kept


def _places(loops: Iterable[Loop]) -> tuple[str, ...]:
    found: set[tuple[int, int]] = set()
    for loop in loops:
        x = (min(x for x, _ in loop) + max(x for x, _ in loop)) / 2
        y = (min(y for _, y in loop) + max(y for _, y in loop)) / 2
        found.add((min(int(y / _THIRD), 2), min(int(x / _THIRD), 2)))
    return tuple(f"{_ROWS[row]}-{_COLUMNS[column]}" for row, column in sorted(found))
