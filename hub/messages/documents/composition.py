"""One drawn page as a person reads it: lines in order, tables, ruby apart, hidden text apart."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import median

from hub.messages.documents import paragraphs, ruby
from hub.messages.documents.direction import directed
from hub.messages.documents.flow import Flow, Found, Item, columns_of, place
from hub.messages.documents.glyph import Box, DrawnPage, Glyph, Hidden, around, turned, turned_back
from hub.messages.documents.result import Line, Page, Table
from hub.messages.documents.ruled_tables import Grid, grids
from hub.messages.documents.segments import Segment, laid, lay, segments, stand

SHOWN = (None, Hidden.OCR_LAYER)
"""What is read as the body: the text layer of a scan says what its picture shows, with errors."""
Way = Callable[[Box], Box]


@dataclass(frozen=True)
class Frame:
    """The way from the page's frame to that of its lines and back, and how long a line may be."""

    there: Way
    back: Way
    length: float


def compose(drawn: DrawnPage) -> Page:
    """The page in reading order. Boxes are on the page as displayed."""
    angle = _usual_angle(drawn.glyphs)
    page = turned(drawn, angle)
    seen = [glyph for glyph in page.glyphs if glyph.hidden in SHOWN]
    parts = directed(seen)
    composed = [
        _Lines(parts.vertical, page, Frame(lay, stand, page.height), laid),
        _Lines(parts.horizontal, page, Frame(_same, _same, page.width), _as_is),
    ]
    lines, tables, small = _together(composed, upright=parts.mostly_vertical)

    def displayed(box: Box) -> Box:
        return turned_back(box, angle, drawn.width, drawn.height)

    hidden = segments(glyph for glyph in page.glyphs if glyph.hidden not in SHOWN)
    return Page(
        width=drawn.width,
        height=drawn.height,
        lines=tuple(_moved(line, displayed) for line in lines),
        tables=tuple(replace(table, box=displayed(table.box)) for table in tables),
        ruby=tuple(_moved(line, displayed) for line in small),
        hidden=tuple(Line(s.text, displayed(s.box)) for s in hidden),
    )


def _usual_angle(glyphs: Sequence[Glyph]) -> int:
    counts: dict[int, int] = dict.fromkeys((0, 90, 180, 270), 0)
    for glyph in glyphs:
        counts[glyph.angle] = counts.get(glyph.angle, 0) + (glyph.hidden in SHOWN)
    return max(counts, key=lambda angle: counts[angle])


def _same(box: Box) -> Box:
    return box


def _as_is(glyph: Glyph) -> Glyph:
    return glyph


def _moved(line: Line, way: Way) -> Line:
    return replace(line, box=way(line.box), cells=tuple(way(cell) for cell in line.cells))


class _Lines:
    """The lines of one direction of a page."""

    def __init__(
        self,
        glyphs: Sequence[Glyph],
        page: DrawnPage,
        frame: Frame,
        change: Callable[[Glyph], Glyph],
    ) -> None:
        self.frame = frame
        self.lines: list[Line] = []
        self.tables: list[Table] = []
        self.ruby: list[Line] = []
        if not glyphs:
            return
        found = grids(page.rules) if frame.there is _same else []
        inside, outside = _by_grid(glyphs, found)
        ruled = [_ruled(grid, inside[n]) for n, grid in enumerate(found) if inside[n]]
        small, pieces = ruby.parted(segments(change(glyph) for glyph in outside))
        self.ruby = [Line(s.text, frame.back(s.box)) for s in small]
        items = [Item(piece.text, piece.box, piece.size) for piece in pieces]
        usual = median(glyph.size for glyph in glyphs)
        items += [Item("", t.box, usual, n) for n, (t, _) in enumerate(ruled)]
        self._put(Flow().read(items), ruled)

    def _put(self, found: Sequence[Found], ruled: Sequence[tuple[Table, list[Line]]]) -> None:
        index = 0
        while index < len(found):
            at = found[index]
            solid = at.row.items[0].solid
            if solid is not None:
                self.tables.append(ruled[solid][0])
                self.lines.extend(ruled[solid][1])
            elif at.table is not None:
                end = index
                while end < len(found) and found[end].table == at.table:
                    end += 1
                self._borderless([one.row.items for one in found[index:end]], found[index:end])
                index = end - 1
            else:
                index = self._line(found, index)
            index += 1

    def _line(self, found: Sequence[Found], index: int) -> int:
        at = found[index]
        text = "\t".join(item.text for item in at.row.items)
        box = at.row.box
        length = self.frame.length
        while index + 1 < len(found) and paragraphs.goes_on(found[index], found[index + 1], length):
            index += 1
            text = paragraphs.joined(text, found[index].row.items[0].text)
            box = box.joined(found[index].row.box)
        cells = tuple(self.frame.back(i.box) for i in at.row.items) if "\t" in text else ()
        self.lines.append(Line(text, self.frame.back(box), cells))
        return index

    def _borderless(self, rows: Sequence[tuple[Item, ...]], found: Sequence[Found]) -> None:
        columns = columns_of([one.row for one in found])
        texts: list[tuple[str, ...]] = []
        for items, one in zip(rows, found, strict=True):
            cells = [""] * len(columns)
            boxes = [
                Box(left, one.row.box.top, right, one.row.box.bottom) for left, right in columns
            ]
            for item in items:
                at = place(columns, item.box)
                cells[at] = item.text
                boxes[at] = item.box
            texts.append(tuple(cells))
            back = self.frame.back
            self.lines.append(
                Line("\t".join(cells), back(one.row.box), tuple(back(box) for box in boxes))
            )
        box = around([one.row.box for one in found])
        self.tables.append(Table(tuple(texts), self.frame.back(box), ruled=False))


def _by_grid(
    glyphs: Sequence[Glyph], found: Sequence[Grid]
) -> tuple[list[list[Glyph]], list[Glyph]]:
    inside: list[list[Glyph]] = [[] for _ in found]
    outside: list[Glyph] = []
    for glyph in glyphs:
        x, y = glyph.box.middle
        for number, grid in enumerate(found):
            if grid.box.holds(x, y):
                inside[number].append(glyph)
                break
        else:
            outside.append(glyph)
    return inside, outside


def _ruled(grid: Grid, glyphs: Sequence[Glyph]) -> tuple[Table, list[Line]]:
    rows = [[""] * len(grid.columns) for _ in grid.rows]
    boxes: list[dict[int, Box]] = [{} for _ in grid.rows]
    for row, column, box in grid.cells:
        held = [glyph for glyph in glyphs if box.holds(*glyph.box.middle)]
        rows[row][column] = _cell_text(segments(held))
        boxes[row][column] = box
    lines: list[Line] = []
    for texts, places in zip(rows, boxes, strict=True):
        known = list(places.values())
        if not known:
            continue
        cells = tuple(places.get(n, known[0]) for n in range(len(texts)))
        lines.append(Line("\t".join(texts), around(known), cells))
    return Table(tuple(tuple(row) for row in rows), grid.box), lines


def _cell_text(found: Sequence[Segment]) -> str:
    text = ""
    for segment in found:
        text = paragraphs.joined(text, segment.text) if text else segment.text
    return text


def _together(
    composed: Sequence[_Lines], *, upright: bool
) -> tuple[list[Line], list[Table], list[Line]]:
    """Lines of both directions: the rarer direction's go before or after as they stand."""
    main, other = composed if upright else tuple(reversed(composed))
    lines = list(main.lines)
    if other.lines and lines:
        top = min(line.box.top for line in lines)
        before = [line for line in other.lines if line.box.bottom <= top]
        after = [line for line in other.lines if line.box.bottom > top]
        lines = [*before, *lines, *after]
    else:
        lines += other.lines
    return lines, [*main.tables, *other.tables], [*main.ruby, *other.ruby]
