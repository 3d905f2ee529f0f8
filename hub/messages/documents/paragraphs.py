"""Lines that a page broke for want of room, as the one line that was written."""

import re
from typing import Final

from hub.messages.documents.flow import Found, Item

AT_THE_EDGE: Final = 1.7
"""A line that ends within this many em of its column's edge was broken there."""
SENTENCE_ENDS: Final = ("。", "）", "」", "円", "様")
WIDE: Final = 18.0
"""Narrower columns, in em, hold addresses and notes, each line its own."""
LONG: Final = 11.0
"""Shorter lines, in em, are not broken ones."""
DEEPEST_INDENT: Final = 6.0
LINE_GAP: Final = 1.25
SAME_SIZE: Final = 0.08
INDENT: Final = 1.3
HANGING: Final = 3.2
NUMBERED: Final = re.compile(
    r"^(?:[(（]?[0-9０-９一二三四五六七八九十]{1,3}[)）.．、　 ]"
    r"|[①-⑳・●○◎■□◆※〒]|記$|第[0-9０-９一-十]+条)"
)
WIDEST_MARGIN: Final = 1.6
"""The far margin is at most this many times the near one."""
VERY_LONG: Final = 25.0
"""A line this long, in em, that does not end a sentence goes on wherever its column ends."""
LATIN_END: Final = re.compile(r"[A-Za-z0-9,;]$")
NUMBER_END: Final = re.compile(r"[0-9０-９,，.．]$")
NUMBER: Final = re.compile(r"[0-9０-９,，.．]")
"""1 and ２，０００ below it are not 12,000, however wide they are."""


def goes_on(one: Found, two: Found, length: float) -> bool:
    """Whether row `two` continues the line of row `one`.

    length: the page's extent along the line, in points.
    """
    a, b = _single(one), _single(two)
    if a is None or b is None or not (_running(one) and _running(two)):
        return False
    if one.column != two.column:
        return _in_the_next_column(one, two, a, b)
    return _alike(a, b) and _follows(a, b) and _broken(one, a, b, length)


def _running(found: Found) -> bool:
    """Whether a row stands where text may run on: across the page, or in a wide, full column."""
    left, right = found.column
    return found.depth == 0 or (found.filled and right - left >= WIDE * found.row.size)


def _alike(a: Item, b: Item) -> bool:
    """Whether they look like lines of one paragraph, the first long, the second not numbered."""
    return (
        abs(a.size - b.size) <= SAME_SIZE * a.size
        and a.box.width >= LONG * a.size
        and not NUMBERED.match(b.text)
    )


def _follows(a: Item, b: Item) -> bool:
    """Whether the second stands below the first, begun where a paragraph's lines begin."""
    indented = a.box.left - b.box.left
    return (
        -a.size <= b.box.top - a.box.bottom <= LINE_GAP * a.size
        and -HANGING * a.size <= indented <= INDENT * a.size
    )


def _broken(one: Found, a: Item, b: Item, length: float) -> bool:
    """Whether the first line ends where its column does, not where its sentence does."""
    if a.box.left > one.column[0] + DEEPEST_INDENT * a.size:
        return False  # set to the right, not running on
    reach = a.box.right + AT_THE_EDGE * a.size
    full = a.box.width >= VERY_LONG * a.size and reach >= b.box.right
    if reach < _page_end(one, length) and (not full or a.text.endswith(SENTENCE_ENDS)):
        return False
    if not a.text.endswith("。"):
        return True
    margin = length - max(one.column[0], 0.0)
    return (one.full_lines > 1 or reach >= margin) and b.box.left - a.box.left <= a.size / 2


def _in_the_next_column(one: Found, two: Found, a: Item, b: Item) -> bool:
    """Whether a line that fills the end of one column goes on at the top of the next."""
    return (
        one.depth == two.depth > 0
        and b.box.top < a.box.top
        and abs(a.size - b.size) <= SAME_SIZE * a.size
        and a.box.right >= one.column[1] - AT_THE_EDGE * a.size
        and not a.text.endswith(SENTENCE_ENDS)
        and not NUMBERED.match(b.text)
    )


def _single(found: Found) -> Item | None:
    """The one piece of text that a row is, or None: rows of tables are never joined."""
    items = found.row.items
    alone = len(items) == 1 and items[0].solid is None and found.table is None
    return items[0] if alone else None


def joined(one: str, two: str) -> str:
    """Two parts of a broken line; Latin words and numbers keep a space between them."""
    apart = LATIN_END.search(one) and two[:1].isascii()
    return f"{one} {two}" if apart or (NUMBER_END.search(one) and NUMBER.match(two)) else one + two


def _page_end(found: Found, length: float) -> float:
    """How far full lines reach: their column, or the margin mirrored when all lines are short."""
    mirrored = length - WIDEST_MARGIN * max(found.column[0], 0.0)
    known = found.depth > 0 or found.filled
    return found.column[1] if known else max(found.column[1], mirrored)
