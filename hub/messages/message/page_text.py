"""The text of a document for its message: paragraphs and tables out of pages that were read."""

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Final, TypeVar

from hub.messages.documents.result import Page
from hub.messages.message.content import Block, Paragraph, Table
from hub.messages.message.from_xml import UNSEEN

COLUMNS: Final = 50
ROWS: Final = 2000
CELL: Final = 2000
PARAGRAPH: Final = 600
"""Characters of one line; with `LINES` of them a paragraph stays below its 20,000."""
LINES: Final = 30
BLOCKS: Final = 5000
TABLE_ROWS: Final = 2
"""Rows from which lines with cells are a table."""
UNWRITTEN: Final = re.compile(f"{UNSEEN.pattern}|[\x00-\x1f\ud800-\udfff\ufffe\uffff]")
Piece = TypeVar("Piece")


def blocks(pages: Sequence[Page]) -> tuple[Block, ...]:
    """Pages as they were read: rows that go on with as many cells are a table, the rest text.

    What cannot be seen or written in XML is left out; what is longer than a message may hold is
    cut into pieces, and the end of a document beyond all measure is left to its file.
    """
    found: list[Block] = []
    for page in pages:
        rows = [tuple(map(written, line.text.split("\t"))) for line in page.lines]
        for cells, group in groupby(rows, key=len):
            lines = list(group)
            if 1 < cells <= COLUMNS and len(lines) >= TABLE_ROWS and _short(lines):
                found += [Table(tuple(some)) for some in _pieces(lines, ROWS)]
            else:
                texts = ["\u3000".join(line)[:PARAGRAPH] for line in lines]
                found += [Paragraph("\n".join(some)) for some in _pieces(texts, LINES)]
    return tuple(one for one in found if isinstance(one, Table) or one.text)[:BLOCKS]


def _short(lines: Sequence[Sequence[str]]) -> bool:
    return all(len(cell) <= CELL for line in lines for cell in line)


def _pieces(items: Sequence[Piece], most: int) -> list[Sequence[Piece]]:
    return [items[at : at + most] for at in range(0, len(items), most)]


def written(text: str) -> str:
    """Text of a document without what no reader sees and what XML cannot write."""
    return UNWRITTEN.sub("", text)
