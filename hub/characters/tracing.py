"""From a grey picture to closed polygons: marching squares at one level, then fewer points.

Pure Python on a few hundred pixels a side; it runs in the child process that reads uploads.
"""

from collections.abc import Iterator, Sequence
from typing import Final

Polygon = list[tuple[float, float]]
_STEPS: Final = (0.6, 0.9, 1.4, 2.0, 3.0)
"""Tolerances in pixels, tried until the outline is small enough."""

# Corners of a cell as bits: 1 top left, 2 top right, 4 bottom right, 8 bottom left. Sides: 0 top,
# 1 right, 2 bottom, 3 left. Each pair leads from a side to a side with the ink on its right.
_TOP, _RIGHT, _BOTTOM, _LEFT = range(4)
_CROSSINGS: Final[dict[int, tuple[tuple[int, int], ...]]] = {
    1: ((_TOP, _LEFT),),
    2: ((_RIGHT, _TOP),),
    3: ((_RIGHT, _LEFT),),
    4: ((_BOTTOM, _RIGHT),),
    5: ((_TOP, _LEFT), (_BOTTOM, _RIGHT)),
    6: ((_BOTTOM, _TOP),),
    7: ((_BOTTOM, _LEFT),),
    8: ((_LEFT, _BOTTOM),),
    9: ((_TOP, _BOTTOM),),
    10: ((_RIGHT, _TOP), (_LEFT, _BOTTOM)),
    11: ((_RIGHT, _BOTTOM),),
    12: ((_LEFT, _RIGHT),),
    13: ((_TOP, _RIGHT),),
    14: ((_LEFT, _TOP),),
}
Edge = tuple[int, int, int]
"""One crossing of the grid: column, row, 0 on a level line or 1 on an upright one."""


def contours(rows: Sequence[bytes], level: int) -> list[Polygon]:
    """Closed polygons around everything darker than `level`; rows of equal length, 0 is black.

    Holes run the other way round. The picture's border must be lighter than `level`.
    """
    links: dict[Edge, Edge] = {}
    for y in range(len(rows) - 1):
        for x, corners in _mixed_cells(rows[y], rows[y + 1], level):
            for start, end in _CROSSINGS[corners]:
                links[_edge(x, y, start)] = _edge(x, y, end)
    found: list[Polygon] = []
    while links:
        start, place = links.popitem()
        chain = [start]
        while place != start:
            chain.append(place)
            place = links.pop(place)
        found.append([_point(rows, edge, level) for edge in chain])
    return found


def _mixed_cells(upper: bytes, lower: bytes, level: int) -> Iterator[tuple[int, int]]:
    """Column and corner bits of each cell that is neither all ink nor all paper."""
    inked = bytes(1 if grey < level else 0 for grey in range(256))
    above, below = upper.translate(inked), lower.translate(inked)
    if not any(above) and not any(below):
        return
    for x in range(len(above) - 1):
        bits = above[x] | above[x + 1] << 1 | below[x + 1] << 2 | below[x] << 3
        if 0 < bits < 15:
            yield x, bits


def _edge(x: int, y: int, side: int) -> Edge:
    if side == _TOP:
        return x, y, 0
    if side == _BOTTOM:
        return x, y + 1, 0
    return (x, y, 1) if side == _LEFT else (x + 1, y, 1)


def _point(rows: Sequence[bytes], edge: Edge, level: int) -> tuple[float, float]:
    """Where on the edge the picture has the level."""
    x, y, upright = edge
    first = rows[y][x]
    second = rows[y + 1][x] if upright else rows[y][x + 1]
    share = (level - 0.5 - first) / (second - first)
    return (x, y + share) if upright else (x + share, y)


def area(polygon: Polygon) -> float:
    """Twice-signed shoelace area, halved; its sign tells ink from hole."""
    pairs = zip(polygon, polygon[1:] + polygon[:1], strict=True)
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs) / 2


def simplified(found: Sequence[Polygon], most_points: int) -> list[Polygon]:
    """The polygons with as few points as the first tolerance that suffices; [] when none does."""
    for tolerance in _STEPS:
        fewer = [_fewer(polygon, tolerance) for polygon in found]
        kept = [polygon for polygon in fewer if len(polygon) > 2]
        if sum(map(len, kept)) <= most_points:
            return kept
    return []


def _fewer(polygon: Polygon, tolerance: float) -> Polygon:
    """Douglas and Peucker's way on a closed polygon, split at the two points farthest apart."""
    first = polygon[0]
    far = max(range(len(polygon)), key=lambda at: _squared(polygon[at], first))
    if far == 0:
        return []
    closed = [*polygon, first]
    keep = {0, far}
    waiting = [(0, far), (far, len(polygon))]
    while waiting:
        start, end = waiting.pop()
        at, distance = _farthest(closed, start, end)
        if distance > tolerance:
            keep.add(at)
            waiting += [(start, at), (at, end)]
    return [polygon[at] for at in sorted(keep)]


def _farthest(points: Polygon, start: int, end: int) -> tuple[int, float]:
    (ax, ay), (bx, by) = points[start], points[end]
    dx, dy = bx - ax, by - ay
    length = (dx * dx + dy * dy) ** 0.5
    best, at = 0.0, start
    for place in range(start + 1, end):
        px, py = points[place]
        away = (
            abs(dx * (py - ay) - dy * (px - ax)) / length
            if length
            else _squared((px, py), (ax, ay)) ** 0.5
        )
        if away > best:
            best, at = away, place
    return at, best


def _squared(a: tuple[float, float], b: tuple[float, float]) -> float:
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2
