"""Tables with ruling lines: rows of cells from the lines of a page.

The lines come from our reader, the crossing of lines to cells from pdfplumber.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from pdfplumber import table as plumber

from hub.messages.documents.glyph import Box, Rule, around

Cell = tuple[float, float, float, float]
SNAP: Final = 3.0
"""Lines nearer than this many points are one."""
LEAST_CELLS: Final = 2
SAME_EDGE: Final = 3.0


@dataclass(frozen=True)
class Grid:
    """A table's outline: its box, its columns' and rows' edges, and its cells by place."""

    box: Box
    columns: tuple[float, ...]
    rows: tuple[float, ...]
    cells: tuple[tuple[int, int, Box], ...]
    """Row and column of the upper left place of each cell, and its box."""


def grids(rules: Sequence[Rule]) -> list[Grid]:
    """Every table that the ruling lines of a page draw, from the top."""
    if not any(r.horizontal for r in rules) or all(r.horizontal for r in rules):
        return []
    edges = plumber.merge_edges([_edge(rule) for rule in rules], SNAP, SNAP, SNAP, SNAP)
    crossings = plumber.edges_to_intersections(edges, SNAP, SNAP)
    cells = plumber.intersections_to_cells(crossings)
    tables = cast("list[list[Cell]]", plumber.cells_to_tables(cells))
    found = [_grid([Box(*cell) for cell in table]) for table in tables]
    return sorted(
        (grid for grid in found if len(grid.cells) >= LEAST_CELLS), key=lambda g: g.box.top
    )


def _edge(rule: Rule) -> dict[str, Any]:
    x, y = rule.box.middle
    flat = rule.horizontal
    return {
        "x0": rule.box.left if flat else x,
        "x1": rule.box.right if flat else x,
        "top": y if flat else rule.box.top,
        "bottom": y if flat else rule.box.bottom,
        "width": rule.box.width if flat else 0,
        "height": 0 if flat else rule.box.height,
        "orientation": "h" if flat else "v",
        "object_type": "line",
    }


def _grid(cells: Sequence[Box]) -> Grid:
    columns = _edges([cell.left for cell in cells])
    lines = _edges([cell.top for cell in cells])
    placed = [(_place(lines, c.top), _place(columns, c.left), c) for c in _flat(cells)]
    return Grid(around(list(cells)), columns, lines, tuple(placed))


def _flat(cells: Sequence[Box]) -> list[Box]:
    return sorted(cells, key=lambda cell: (cell.top, cell.left))


def _edges(values: Sequence[float]) -> tuple[float, ...]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > SAME_EDGE:
            found.append(value)
    return tuple(found)


def _place(edges: Sequence[float], value: float) -> int:
    return min(range(len(edges)), key=lambda index: abs(edges[index] - value))
