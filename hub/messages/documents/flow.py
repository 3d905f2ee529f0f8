"""The order in which a person reads: columns one after the other, rows of a table together.

Works in one frame for horizontal and vertical pages (segments.laid). A river is a strip without
ink that runs down between two columns; what is side by side without being rows of a table or
labels with their values is read column by column.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

from hub.messages.documents.glyph import Box, around

RIVER: Final = 1.4
"""Least width of a river, in em."""
NARROW_RIVER: Final = 0.4
"""The same where the column behind begins at one place in each row, within so many em."""
ALIGNED: Final = 0.15
SIDE_BY_SIDE_ITEMS: Final = 3
LABEL: Final = re.compile(r"^[^0-9０-９〒]{1,12}(?<!様)(?<!殿)(?<!御中)(?<![)）])$")
"""What may name the value on its right."""
LABELLED: Final = 0.8
FULL_LINES: Final = 3
FULL_SHARE: Final = 0.4
TABLE_ROWS: Final = 3
TABLE_COLUMNS: Final = 3
CELL: Final = 18.0
"""A cell of a table without ruling lines is at most this wide, in em."""
ROW_GAP: Final = 2.6
BLOCK_GAP: Final = 1.6
SHORT: Final = 3.0
"""A line that ends so many em before its column does not fill it."""
NOTE: Final = re.compile(r"^[^。、：:]{1,12}[：:]\s*\S")
"""A label with its value, which is no running text."""
NOTED: Final = 0.4
"""So much more than the usual distance, in em, shows that a short line begins something else."""


@dataclass(frozen=True)
class Item:
    """Something with a place in the order: a piece of a line, or a table as a whole (`solid`)."""

    text: str
    box: Box
    size: float
    solid: int | None = None


@dataclass(frozen=True)
class Row:
    """Items side by side, from the beginning of the line."""

    items: tuple[Item, ...]

    @property
    def box(self) -> Box:
        """The box around all."""
        return around([item.box for item in self.items])

    @property
    def size(self) -> float:
        """The greatest em."""
        return max(item.size for item in self.items)


@dataclass(frozen=True)
class Found:
    """One line of the body: the row; rows of one borderless table share a number.

    `column` is the extent along the line of what was read together with it; depth is 0 where that
    is the whole width of the page; full_lines: how many of its lines reach its end; filled: so
    many that it is running text.
    """

    row: Row
    table: int | None
    column: tuple[float, float]
    depth: int = 0
    full_lines: int = 0
    filled: bool = False


class Flow:
    """Reads one page: `read` gives its rows in order, numbering tables without ruling lines."""

    def __init__(self) -> None:
        self.tables = 0

    def read(self, items: Sequence[Item], depth: int = 0) -> list[Found]:
        """Rows in reading order."""
        if not items:
            return []
        rows = rows_of(items)
        around_all = around([item.box for item in items])
        column = (around_all.left, around_all.right)
        full = sum(row.box.right >= column[1] - RIVER * row.size for row in rows)
        filled = full >= max(FULL_LINES, FULL_SHARE * len(rows))
        found: list[Found] = []
        at = 0
        while at < len(rows):
            end = _table_end(rows, at)
            if end - at >= TABLE_ROWS:
                self.tables += 1
                found.extend(Found(row, self.tables, column, depth) for row in rows[at:end])
                at = end
                continue
            end, river = _river_end(rows, at)
            if river is None:
                found.append(Found(rows[at], None, column, depth, full, filled))
                at += 1
                continue
            for side in _sides(rows[at:end], river):
                found.extend(self.read(side, depth + 1))
            at = end
        return found


def rows_of(items: Sequence[Item]) -> list[Row]:
    """Items grouped into rows: whose middle lies within the row's first item, from the top."""
    groups: list[list[Item]] = []
    for item in sorted(items, key=lambda i: (i.box.top + i.box.bottom) / 2):
        middle = (item.box.top + item.box.bottom) / 2
        if groups and item.solid is None and groups[-1][0].solid is None:
            first = groups[-1][0].box
            reach = 0.45 * max(item.size, groups[-1][0].size)
            if abs(middle - (first.top + first.bottom) / 2) <= reach:
                groups[-1].append(item)
                continue
        groups.append([item])
    return [Row(tuple(sorted(group, key=lambda i: i.box.left))) for group in groups]


def _river_end(rows: Sequence[Row], start: int) -> tuple[int, float | None]:
    """How far a river runs from row `start`, and where it is; None when nothing is divided."""
    if any(item.solid is not None for item in rows[start].items):
        return start, None
    open_gaps = _gaps(rows[start])
    end = start + 1
    best: tuple[int, float | None] = (start, None)
    while end < len(rows) and not _begins_table(rows, end):
        narrowed = _meet(open_gaps, _gaps(rows[end]), rows[end].size)
        if not narrowed:
            break
        open_gaps = narrowed
        end += 1
        river = _dividing(rows[start:end], open_gaps)
        if river is not None:
            best = (end, river)
    end, river = best
    if river is None:
        return start, None
    end = _trimmed(rows, start, end, river)
    if _one_side_only(rows[start], river) and _starts_above(rows[start:end], river):
        return start, None
    if _labels(rows[start:end], river):
        return start, None
    return end, river


def _begins_table(rows: Sequence[Row], index: int) -> bool:
    return (
        any(item.solid is not None for item in rows[index].items)
        or _table_end(rows, index) - index >= TABLE_ROWS
    )


def _gaps(row: Row) -> list[tuple[float, float]]:
    """Strips without ink in a row, the margins included."""
    gaps = [(-1e9, row.items[0].box.left)]
    right = row.items[0].box.right
    for item in row.items[1:]:
        if item.box.left > right:
            gaps.append((right, item.box.left))
        right = max(right, item.box.right)
    return [*gaps, (right, 1e9)]


def _meet(
    one: Sequence[tuple[float, float]], two: Sequence[tuple[float, float]], em: float
) -> list[tuple[float, float]]:
    """What is left of gaps in the next row: wide enough, or up to a column that begins there."""
    found: list[tuple[float, float]] = []
    for a, b in one:
        for c, d in two:
            left, right = max(a, c), min(b, d)
            aligned = abs(b - d) <= ALIGNED * em
            if right - left >= (NARROW_RIVER if aligned else RIVER) * em:
                found.append((left, right))
    return found


def _dividing(rows: Sequence[Row], gaps: Sequence[tuple[float, float]]) -> float | None:
    """The middle of the widest gap with items on both of its sides at the same height."""
    best: tuple[float, float] | None = None
    for left, right in gaps:
        middle = (left + right) / 2
        inner = abs(left) < 1e8 and abs(right) < 1e8
        if not inner or (best is not None and right - left <= best[0]):
            continue
        if _abreast(rows, middle) >= SIDE_BY_SIDE_ITEMS:
            best = (right - left, middle)
    return None if best is None else best[1]


def _abreast(rows: Sequence[Row], river: float) -> int:
    """How many items have the other column beside them."""
    left, right = _sides(rows, river)
    if not left or not right:
        return 0
    left_box, right_box = around([i.box for i in left]), around([i.box for i in right])
    return sum(
        other.top <= item.box.middle[1] <= other.bottom
        for side, other in ((left, right_box), (right, left_box))
        for item in side
    )


def _on_both_sides(row: Row, river: float) -> bool:
    return row.items[0].box.left < river < row.items[-1].box.right and not any(
        item.box.left < river < item.box.right for item in row.items
    )


def _trimmed(rows: Sequence[Row], start: int, end: int, river: float) -> int:
    """The end without rows of one side that stand apart below the other side's last."""
    left, right = _sides(rows[start:end], river)
    last = min(around([i.box for i in side]).bottom for side in (left, right))
    usual = _usual_gap(left)
    edge = max(i.box.right for i in left)
    for index in range(start + 1, end):
        row = rows[index]
        gap = row.box.top - max(above.box.bottom for above in rows[start:index])
        short = row.box.right < edge - SHORT * row.size
        apart = BLOCK_GAP * row.size if not short else min(BLOCK_GAP, usual + NOTED) * row.size
        noted = NOTE.match(row.items[0].text) and row.box.right < edge - row.size
        if row.box.top >= last and (gap > apart or noted):
            return index
    return end


def _usual_gap(items: Sequence[Item]) -> float:
    """The usual distance between lines of a column, in em."""
    down = sorted(items, key=lambda item: item.box.top)
    gaps = [
        (two.box.top - one.box.bottom) / two.size
        for one, two in pairwise(down)
        if two.box.top > one.box.middle[1]
    ]
    return median(gaps) if gaps else BLOCK_GAP


def _one_side_only(row: Row, river: float) -> bool:
    return not _on_both_sides(row, river)


def _starts_above(rows: Sequence[Row], river: float) -> bool:
    """Whether the first row is read before the columns: it alone is on its side at the top.

    A date on the right above an address on the left comes first; the first line of an address
    whose neighbour on the right begins a line lower does not.
    """
    right = rows[0].items[0].box.left > river
    apart = rows[1].box.top - rows[0].box.bottom > BLOCK_GAP * rows[0].size
    return right or apart


def _sides(rows: Sequence[Row], river: float) -> tuple[list[Item], list[Item]]:
    left = [i for row in rows for i in row.items if i.box.left < river]
    right = [i for row in rows for i in row.items if i.box.left >= river]
    return left, right


def _labels(rows: Sequence[Row], river: float) -> bool:
    """Whether the left column holds labels and the right one their values, row by row."""
    left, right = _sides(rows, river)
    both = sum(_on_both_sides(row, river) for row in rows)
    named = sum(bool(LABEL.match(item.text)) for item in left)
    return named >= LABELLED * len(left) and both >= LABELLED * len(left) and len(right) >= both


def _table_end(rows: Sequence[Row], start: int) -> int:
    """The end of the table without ruling lines that begins at row `start`."""
    columns: list[tuple[float, float]] = []
    end = start
    wide = 0
    while end < len(rows) and _may_be_a_row(rows, start, end):
        merged = _columns(columns, rows[end])
        if merged is None or len(merged) < TABLE_COLUMNS:
            break
        if end > start and not _fits(merged, rows[start : end + 1]):
            break
        columns = merged
        wide += len(rows[end].items) >= TABLE_COLUMNS
        end += 1
    return end if wide >= TABLE_ROWS - 1 else start


def _may_be_a_row(rows: Sequence[Row], start: int, index: int) -> bool:
    row = rows[index]
    if len(row.items) < 2 or any(item.solid is not None for item in row.items):
        return False
    if any(item.box.width > CELL * item.size for item in row.items):
        return False
    if index == start:
        return len(row.items) >= TABLE_COLUMNS
    return row.box.top - rows[index - 1].box.bottom <= ROW_GAP * row.size


def _columns(columns: list[tuple[float, float]], row: Row) -> list[tuple[float, float]] | None:
    """Columns widened by a row; None when one row's items fall into one column."""
    spans = sorted([*columns, *((item.box.left, item.box.right) for item in row.items)])
    merged: list[tuple[float, float]] = []
    for left, right in spans:
        if merged and left < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], right))
        else:
            merged.append((left, right))
    return merged


def _fits(columns: Sequence[tuple[float, float]], rows: Sequence[Row]) -> bool:
    for row in rows:
        taken = [place(columns, item.box) for item in row.items]
        if len(set(taken)) != len(taken):
            return False
    return True


def place(columns: Sequence[tuple[float, float]], box: Box) -> int:
    """The number of the column in which a box lies."""
    middle = (box.left + box.right) / 2
    return min(
        range(len(columns)),
        key=lambda n: max(columns[n][0] - middle, middle - columns[n][1], 0.0),
    )


def columns_of(rows: Sequence[Row]) -> list[tuple[float, float]]:
    """The columns of a table without ruling lines."""
    columns: list[tuple[float, float]] = []
    for row in rows:
        columns = _columns(columns, row) or columns
    return columns
