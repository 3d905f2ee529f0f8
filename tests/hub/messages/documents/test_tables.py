"""Our cells from ruling lines beside those of pdfplumber, over every sample with a ruled table."""

import io
from typing import Any

import pdfplumber
import pytest

from hub.messages.documents.glyph import Box, Rule
from hub.messages.documents.ruled_tables import MOST_LINES, grids
from tests.hub.messages.samples import NOTICES, manifest, notice, squashed

RULED = [
    name
    for name, document in manifest().items()
    if document["tables"]
    and document["expect"]["open"] == "ok"
    and not {"borderless", "scanned", "rotated", "damaged", "encrypted"} & {*document["features"]}
]


def judged(name: str) -> list[list[list[str]]]:
    """Tables as pdfplumber finds them, a merged cell in its first place."""
    data = (NOTICES / f"{name}.pdf").read_bytes()
    with pdfplumber.open(io.BytesIO(data)) as document:
        tables: list[Any] = [t for page in document.pages for t in page.extract_tables()]
    return [[[squashed(cell or "") for cell in row] for row in table] for table in tables]


@pytest.mark.parametrize("name", RULED)
def test_pdfplumber_finds_the_same_cells(name: str) -> None:
    ours = [
        [[squashed(cell) for cell in row] for row in table.rows]
        for page in notice(f"{name}.pdf").pages
        for table in page.tables
    ]
    theirs = judged(name)
    assert [[len(row) for row in table] for table in ours] == [
        [len(row) for row in table] for table in theirs
    ]
    filled = [cell for table in ours for row in table for cell in row if cell]
    assert len(filled) == len([c for table in theirs for row in table for c in row if c])


def test_lines_without_end_are_no_table() -> None:
    rules = [Rule(Box(0, 5 * n, 500, 5 * n), horizontal=True) for n in range(MOST_LINES + 2)]
    rules += [Rule(Box(x, 0, x, 5000), horizontal=False) for x in (0, 250, 500)]
    assert grids(rules) == []
    assert grids(rules[:5] + rules[-3:])


def test_lines_that_do_not_close_a_cell_make_none() -> None:
    flat = [Rule(Box(0, y, 100, y), horizontal=True) for y in (0, 20, 40)]
    assert grids(flat) == []
    assert grids([*flat, Rule(Box(0, 0, 0, 40), horizontal=False)]) == []
