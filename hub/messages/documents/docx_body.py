"""Lines and tables of a Word document out of mammoth's HTML."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

from hub.messages.documents.glyph import Box
from hub.messages.documents.paragraphs import joined
from hub.messages.documents.result import Line, Table

NOWHERE: Final = Box(0, 0, 0, 0)
MOST_SPAN: Final = 100
BLOCKS: Final = ("p", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6")
BREAK: Final = "\n"
"""Between the paragraphs and the broken lines of a cell."""


@dataclass
class Content:
    """What was read in its order: lines, and the tables whose rows are among them."""

    lines: list[Line] = field(default_factory=list[Line])
    tables: list[Table] = field(default_factory=list[Table])

    def add(self, other: "Content") -> None:
        """Put another content behind this one."""
        self.lines.extend(other.lines)
        self.tables.extend(other.tables)


Cell = list[str | Content]
"""Texts of a cell, and the tables inside it where they stand."""


@dataclass
class _Open:
    """A table whose end has not come: its rows so far, and the cell that is being read."""

    rows: list[list[Cell]] = field(default_factory=list[list[Cell]])
    waiting: set[tuple[int, int]] = field(default_factory=set[tuple[int, int]])
    cell: Cell = field(default_factory=list[str | Content])
    span: tuple[int, int] = (1, 1)

    def end_cell(self) -> None:
        """Put the cell into its row, merged ones in their first place."""
        if not self.rows:
            return
        row = len(self.rows) - 1
        cells = self.rows[row]
        while (row, len(cells)) in self.waiting:
            cells.append([])
        at = len(cells)
        down, right = self.span
        cells.extend([self.cell, *([] for _ in range(right - 1))])
        for below in range(1, down):
            self.waiting |= {(row + below, at + beside) for beside in range(right)}
        self.cell = []

    def content(self) -> Content:
        """Its rows as a table; a table of one row that sets blocks beside each other is none."""
        rows = [row for row in self.rows if row]
        if len(rows) == 1 and any(_is_block(cell) for cell in rows[0]):
            return _in_turn(rows[0])
        width = max((len(row) for row in rows), default=0)
        full = tuple(
            tuple(_one_line(cell) for cell in (*row, *([] for _ in range(width - len(row)))))
            for row in rows
        )
        if not full:
            return Content()
        found = Content([Line("\t".join(row), NOWHERE) for row in full], [Table(full, NOWHERE)])
        for inner in (piece for row in rows for cell in row for piece in cell):
            if isinstance(inner, Content):
                found.add(inner)
        return found


class Body(HTMLParser):
    """Feed it the HTML; then `content` has the lines and tables."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.content = Content()
        self._text: list[str] = []
        self._tables: list[_Open] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, a row, a cell or a line."""
        if tag == "table":
            self._break()
            self._tables.append(_Open())
        elif tag in BLOCKS or tag == "br":
            self._break()
        elif self._tables and tag == "tr":
            self._tables[-1].rows.append([])
        elif self._tables and tag in ("td", "th"):
            known = dict(attrs)
            self._tables[-1].cell = []
            self._tables[-1].span = (_span(known.get("rowspan")), _span(known.get("colspan")))

    def handle_endtag(self, tag: str) -> None:
        """End a table, a cell or a line."""
        if tag in BLOCKS:
            self._break()
        elif self._tables and tag in ("td", "th"):
            self._tables[-1].end_cell()
        elif self._tables and tag == "table":
            found = self._tables.pop().content()
            if self._tables:
                self._tables[-1].cell.append(found)
            else:
                self.content.add(found)

    def handle_data(self, data: str) -> None:
        """Take text."""
        (self._tables[-1].cell if self._tables else self._text).append(data)

    def close(self) -> None:
        """Take what is left behind the last element."""
        super().close()
        self._break()

    def _break(self) -> None:
        """End the line."""
        if self._tables:
            self._tables[-1].cell.append(BREAK)
            return
        text = "".join(self._text).strip()
        self._text = []
        if text:
            self.content.lines.append(Line(text, NOWHERE))


def _texts(cell: Cell) -> list[str]:
    """The lines of a cell, without those of tables inside it."""
    whole = "".join(piece if isinstance(piece, str) else BREAK for piece in cell)
    return [line.strip() for line in whole.split(BREAK) if line.strip()]


def _is_block(cell: Cell) -> bool:
    return len(_texts(cell)) > 1 or any(isinstance(piece, Content) for piece in cell)


def _in_turn(cells: list[Cell]) -> Content:
    """Blocks of paragraphs and tables beside each other, read one after the other."""
    found = Content()
    for cell in cells:
        start = 0
        for at, piece in enumerate([*cell, Content()]):
            if isinstance(piece, Content):
                texts: Cell = cell[start:at]
                found.lines.extend(Line(line, NOWHERE) for line in _texts(texts))
                found.add(piece)
                start = at + 1
    return found


def _one_line(cell: Cell) -> str:
    """A cell's lines as one line."""
    whole = ""
    for line in _texts(cell):
        whole = joined(whole, line) if whole else line
    return whole


def _span(value: str | None) -> int:
    return min(int(value), MOST_SPAN) if value and value.isdecimal() else 1
