"""Tables with ruling lines: rows of cells from the lines of a page.

Lines that cross make a grid of places; places without a line between them are one merged cell.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from hub.messages.documents.glyph import Box, Rule, around

SNAP: Final = 3.0
"""Lines nearer than this many points are one, and lines that miss each other by it touch."""
LEAST_CELLS: Final = 2
MOST_LINES: Final = 400
"""Lines of one direction that one page's tables may have."""


@dataclass(frozen=True)
class Grid:
    """A table's outline: its box, its columns' and rows' edges, and its cells by place."""

    box: Box
    columns: tuple[float, ...]
    rows: tuple[float, ...]
    cells: tuple[tuple[int, int, Box], ...]
    """Row and column of the upper left place of each cell, and its box."""


@dataclass(frozen=True)
class _Line:
    """A line of one direction: where it stands across, and from where to where it runs."""

    at: float
    start: float
    end: float

    def covers(self, start: float, end: float) -> bool:
        return self.start - SNAP <= start and end <= self.end + SNAP


def grids(rules: Sequence[Rule]) -> list[Grid]:
    """Every table that the ruling lines of a page draw, from the top."""
    flat = _joined((r.box.middle[1], r.box.left, r.box.right) for r in rules if r.horizontal)
    tall = _joined((r.box.middle[0], r.box.top, r.box.bottom) for r in rules if not r.horizontal)
    if max(len(flat), len(tall)) > MOST_LINES:
        return []
    found = [grid for group in _connected(flat, tall) if (grid := _grid(*group)) is not None]
    return sorted(found, key=lambda grid: grid.box.top)


def _joined(spans: Iterable[tuple[float, float, float]]) -> list[_Line]:
    """Lines at nearly one height as one line where they touch."""
    found: list[_Line] = []
    base = None
    for at, start, end in sorted(spans):
        base = at if base is None or at - base > SNAP else base
        for index, line in enumerate(found):
            if line.at == base and start <= line.end + SNAP and line.start <= end + SNAP:
                found[index] = _Line(base, min(line.start, start), max(line.end, end))
                break
        else:
            found.append(_Line(base, start, end))
    return found


def _connected(
    flat: Sequence[_Line], tall: Sequence[_Line]
) -> list[tuple[list[_Line], list[_Line]]]:
    """Lines that hang together by crossings."""
    groups: list[tuple[set[int], set[int]]] = []
    for number, line in enumerate(flat):
        touched = {n for n, other in enumerate(tall) if _cross(line, other)}
        merged: tuple[set[int], set[int]] = ({number}, touched)
        rest: list[tuple[set[int], set[int]]] = []
        for group in groups:
            if group[1] & merged[1]:
                merged = (merged[0] | group[0], merged[1] | group[1])
            else:
                rest.append(group)
        groups = [*rest, merged]
    return [([flat[n] for n in sorted(a)], [tall[n] for n in sorted(b)]) for a, b in groups]


def _cross(flat: _Line, tall: _Line) -> bool:
    return flat.covers(tall.at, tall.at) and tall.covers(flat.at, flat.at)


@dataclass(frozen=True)
class _Places:
    """The places between lines that hang together, and which of them a line parts."""

    flat: Sequence[_Line]
    tall: Sequence[_Line]
    rows: Sequence[float]
    columns: Sequence[float]

    def extent(self, row: int, column: int) -> tuple[int, int] | None:
        """The smallest rectangle from a place down and right with a line on each of its sides."""
        for down in range(row + 1, len(self.rows)):
            for right in range(column + 1, len(self.columns)):
                if self._closed(row, column, down, right):
                    return down, right
        return None

    def box(self, row: int, column: int, down: int, right: int) -> Box:
        """The rectangle of places."""
        return Box(self.columns[column], self.rows[row], self.columns[right], self.rows[down])

    def _closed(self, row: int, column: int, down: int, right: int) -> bool:
        box = self.box(row, column, down, right)
        return (
            _ruled(self.flat, box.top, box.left, box.right)
            and _ruled(self.flat, box.bottom, box.left, box.right)
            and _ruled(self.tall, box.left, box.top, box.bottom)
            and _ruled(self.tall, box.right, box.top, box.bottom)
        )


def _grid(flat: Sequence[_Line], tall: Sequence[_Line]) -> Grid | None:
    rows, columns = sorted({line.at for line in flat}), sorted({line.at for line in tall})
    places = _Places(flat, tall, rows, columns)
    cells: list[tuple[int, int, Box]] = []
    taken: set[tuple[int, int]] = set()
    for row in range(len(rows) - 1):
        for column in range(len(columns) - 1):
            extent = None if (row, column) in taken else places.extent(row, column)
            if extent is None:
                continue
            held = {(r, c) for r in range(row, extent[0]) for c in range(column, extent[1])}
            if not held & taken:
                taken |= held
                cells.append((row, column, places.box(row, column, *extent)))
    if len(cells) < LEAST_CELLS:
        return None
    box = around([cell for _, _, cell in cells])
    return Grid(box, tuple(columns[:-1]), tuple(rows[:-1]), tuple(cells))


def _ruled(lines: Sequence[_Line], at: float, start: float, end: float) -> bool:
    return any(line.at == at and line.covers(start, end) for line in lines)
