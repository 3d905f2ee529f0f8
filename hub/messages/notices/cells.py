"""A document's lines as cells with places, so that a label's value is found beside or below it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from hub.messages.documents.glyph import Box
from hub.messages.documents.result import Page
from hub.messages.notices.template import Zone

OPENING: Final = r"[\s　【\[（(＜<〈《■●・◆□◇※*]*"
CLOSING: Final = r"[\s　】\]）)＞>〉》]*[:：]?[\s　]*"


@dataclass(frozen=True)
class Cell:
    """One piece of text: its page (from 1), its row in the document, its column, its box."""

    text: str
    page: int
    row: int
    column: int
    box: Box


@dataclass(frozen=True)
class Sheet:
    """Every cell of a document in reading order, header and footer lines last."""

    rows: tuple[tuple[Cell, ...], ...]

    def cells(self) -> Iterator[Cell]:
        """All cells."""
        for row in self.rows:
            yield from row

    def labelled(self, labels: Sequence[str]) -> Iterator[tuple[Cell, str]]:
        """Cells and the text in them that a label stands before, beside or above; best first.

        Labels in their order; for each the text behind it in its own cell, then the cell beside
        it, then the one below.
        """
        for label in labels:
            pattern = _pattern(label)
            for row in self.rows:
                for cell in row:
                    found = pattern.match(cell.text)
                    if found is None:
                        continue
                    rest = cell.text[found.end() :].strip()
                    if rest:
                        yield cell, rest
                    else:
                        yield from self._beside_and_below(cell)

    def inside(self, label: str) -> Iterator[tuple[Cell, str]]:
        """Cells with a label somewhere in their text, and the text behind it."""
        for cell in self.cells():
            at = cell.text.find(label)
            if at > 0:
                yield cell, cell.text[at + len(label) :].strip(" 　:：")

    def in_zone(self, zone: Zone) -> list[Cell]:
        """Cells whose middle lies in a zone."""
        area = Box(zone.left, zone.top, zone.right, zone.bottom)
        return [c for c in self.cells() if c.page == zone.page and area.holds(*c.box.middle)]

    def below(self, heading: str) -> list[Cell]:
        """The cells of the column under a heading."""
        wanted = _squashed(heading)
        for number, row in enumerate(self.rows):
            for cell in row:
                if len(row) > 1 and _squashed(cell.text) == wanted:
                    return [
                        other
                        for later in self.rows[number + 1 :]
                        if len(later) == len(row)
                        for other in later
                        if other.column == cell.column
                    ]
        return []

    def _beside_and_below(self, cell: Cell) -> Iterator[tuple[Cell, str]]:
        row = self.rows[cell.row]
        for beside in row[cell.column + 1 :]:
            if beside.text:
                yield beside, beside.text
                break
        if cell.row + 1 < len(self.rows):
            under = self.rows[cell.row + 1]
            same = [other for other in under if other.column == cell.column]
            if len(under) in (1, len(row)) and same and same[0].text:
                yield same[0], same[0].text


def sheet(pages: Sequence[Page], first: int = 1) -> Sheet:
    """The cells of pages that count from `first`."""
    rows: list[tuple[Cell, ...]] = []
    for number, page in enumerate(pages, first):
        for line in (*page.lines, *page.header, *page.footer):
            texts = line.text.split("\t")
            boxes = line.cells if len(line.cells) == len(texts) else (line.box,) * len(texts)
            rows.append(
                tuple(
                    Cell(text, number, len(rows), column, box)
                    for column, (text, box) in enumerate(zip(texts, boxes, strict=True))
                )
            )
    return Sheet(tuple(rows))


def _pattern(label: str) -> re.Pattern[str]:
    """A label with anything between its characters that only spreads them out."""
    spread = r"[\s　]*".join(re.escape(character) for character in label)
    return re.compile(f"{OPENING}{spread}(?:は|が)?{CLOSING}")


def _squashed(text: str) -> str:
    return re.sub(r"[\s　]", "", text)
