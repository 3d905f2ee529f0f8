"""Glyphs to pieces of lines: what stands in one row without a wide gap.

Vertical lines are laid over into the same frame first (`laid`): along the line to the right, the
next line below, so that one geometry serves both.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from statistics import median
from typing import Final

from hub.messages.documents.glyph import Box, Glyph, around

SAME_ROW: Final = 0.45
"""Greatest distance of centres across the line within one row, in em."""
GAP: Final = 1.45
"""Gap along the line that parts two pieces, in em."""
FILLED_GAP: Final = 3.3
"""The same where the gap holds typed spaces."""
EDGE_GAP: Final = 0.4
"""The same where a column begins behind the gap in so many other rows, within so many em."""
COLUMN_ROWS: Final = 3
LEAST_GLYPHS: Final = 3
AT_EDGE: Final = 0.15
WORD_GAP: Final = 0.22
FULL_GAP: Final = 0.75
OVERPRINT: Final = 0.25


@dataclass(frozen=True)
class Segment:
    """A piece of one line: its glyphs in reading order."""

    glyphs: tuple[Glyph, ...]

    @cached_property
    def box(self) -> Box:
        """The box around what is inked."""
        return around([g.box for g in self.glyphs if not g.blank] or [g.box for g in self.glyphs])

    @cached_property
    def size(self) -> float:
        """The usual em of its glyphs, in points."""
        return median(g.size for g in self.glyphs)

    @cached_property
    def centre(self) -> float:
        """The middle across the line."""
        return (self.box.top + self.box.bottom) / 2

    @cached_property
    def text(self) -> str:
        """What it says; a gap without a space between Latin words becomes one."""
        parts: list[str] = []
        before: Glyph | None = None
        for glyph in self.glyphs:
            if before is not None and _word_gap(before, glyph):
                parts.append(" ")
            parts.append(glyph.text)
            before = glyph
        return "".join(parts).strip()


def laid(glyph: Glyph) -> Glyph:
    """A glyph of a vertical line in the frame of horizontal ones."""
    return replace(glyph, box=lay(glyph.box))


def lay(box: Box) -> Box:
    """A box of vertical lines in the frame of horizontal ones."""
    return Box(box.top, -box.right, box.bottom, -box.left)


def stand(box: Box) -> Box:
    """The way back from `lay`."""
    return Box(-box.bottom, box.left, -box.top, box.right)


def segments(glyphs: Iterable[Glyph]) -> list[Segment]:
    """Pieces of lines, row by row, each row from its beginning."""
    found = [_parted(row) for row in rows(list(glyphs))]
    edges = [segment.box.left for row in found for segment in row[1:]]
    edges += [edge for row in found for segment in row for _, edge in _wide_gaps(segment)]
    parted = (part for row in found for segment in row for part in _at_edges(segment, edges))
    return [segment for segment in parted if segment.text]


def rows(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Glyphs of one height side by side, rows from the top, each sorted along the line."""
    found: list[list[Glyph]] = []
    first = 0.0
    for glyph in sorted(glyphs, key=lambda g: g.box.top + g.box.bottom):
        centre = (glyph.box.top + glyph.box.bottom) / 2
        if found and centre - first <= SAME_ROW * max(glyph.size, found[-1][0].size):
            found[-1].append(glyph)
        else:
            found.append([glyph])
            first = centre
    for row in found:
        row.sort(key=lambda g: (g.box.left + g.box.right, g.blank))
    return found


def _parted(row: Sequence[Glyph]) -> list[Segment]:
    parts: list[list[Glyph]] = [[]]
    inked: Glyph | None = None
    for glyph in row:
        if inked is not None and not glyph.blank:
            if _overprinted(inked, glyph):
                continue
            gap = glyph.box.left - inked.box.right
            em = max(inked.size, glyph.size)
            typed = any(g.blank for g in parts[-1][-1:])
            if gap > (FILLED_GAP if typed else GAP) * em:
                parts.append([])
        parts[-1].append(glyph)
        if not glyph.blank:
            inked = glyph
    return [Segment(tuple(part)) for part in parts if any(not g.blank for g in part)]


def _wide_gaps(segment: Segment) -> list[tuple[int, float]]:
    """(number of the glyph behind, its left edge) of gaps far wider than the others, none typed."""
    inked = [glyph for glyph in segment.glyphs if not glyph.blank]
    if len(inked) < len(segment.glyphs) or len(inked) < LEAST_GLYPHS:
        return []
    gaps = [two.box.left - one.box.right for one, two in pairwise(inked)]
    least = max(EDGE_GAP * segment.size, 2 * median(gaps))
    return [(at, inked[at].box.left) for at, gap in enumerate(gaps, 1) if gap >= least]


def _at_edges(segment: Segment, edges: Sequence[float]) -> list[Segment]:
    """A piece parted at wide gaps behind which a column of other rows begins.

    A line that fills its column comes closer to the next column than words stand apart elsewhere.
    """
    reach = AT_EDGE * segment.size
    ends = [
        at
        for at, begins in _wide_gaps(segment)
        if sum(abs(edge - begins) <= reach for edge in edges) >= COLUMN_ROWS
    ]
    if not ends:
        return [segment]
    cuts = [0, *ends, len(segment.glyphs)]
    return [Segment(segment.glyphs[one:two]) for one, two in pairwise(cuts)]


def _overprinted(one: Glyph, two: Glyph) -> bool:
    """Whether a glyph is drawn a second time, shifted a little, as bold print."""
    shift = abs(two.box.left - one.box.left) + abs(two.box.top - one.box.top)
    return one.text == two.text and shift <= OVERPRINT * one.size and one.box.width > shift * 2


def _word_gap(one: Glyph, two: Glyph) -> bool:
    if not one.text or not two.text or one.text[-1].isspace() or two.text[0].isspace():
        return False
    latin = one.text[-1].isascii() and two.text[0].isascii()
    gap = two.box.left - one.box.right
    return gap > (WORD_GAP if latin else FULL_GAP) * max(one.size, two.size)
