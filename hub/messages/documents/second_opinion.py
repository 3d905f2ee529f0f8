"""Whether the second reader finds, where each line stands, the characters that the line has."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from hub.messages.documents.characters import bare
from hub.messages.documents.glyph import Box, DrawnPage, Glyph
from hub.messages.documents.result import Line, Page

SLACK: Final = 4.0
"""Points by which the two readers' boxes of one glyph may differ."""


def same_characters(one: DrawnPage, two: DrawnPage) -> bool:
    """Whether both find the same characters on the page, each the same number of times."""
    return _counted(g for g in one.glyphs if not g.filled_in) == _counted(two.glyphs)


def doubtful(page: Page, one: DrawnPage, two: DrawnPage) -> list[Line]:
    """Lines with characters that the second reader does not find in their place.

    More than the line's may stand in its box (another column's lines); fewer may not.
    """
    drawn_by_viewer = _counted(g for g in one.glyphs if g.filled_in)
    found: list[Line] = []
    for line in page.lines:
        missing = Counter(bare(line.text)) - _counted(_inside(two.glyphs, line.box))
        if missing - drawn_by_viewer:
            found.append(line)
    return found


def _inside(glyphs: Sequence[Glyph], box: Box) -> Iterator[Glyph]:
    wide = Box(box.left - SLACK, box.top - SLACK, box.right + SLACK, box.bottom + SLACK)
    return (glyph for glyph in glyphs if wide.holds(*glyph.box.middle))


def _counted(glyphs: Iterable[Glyph]) -> Counter[str]:
    return Counter(character for glyph in glyphs for character in bare(glyph.text))
