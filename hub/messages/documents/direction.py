"""Which glyphs are set in vertical lines: told by how one glyph follows another.

Fonts do not say: most producers set vertical text glyph by glyph with a horizontal font.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from hub.messages.documents.glyph import Glyph, around

ALIGNED: Final = 0.35
"""Greatest distance of two centres across the line, in em."""
FARTHEST: Final = 2.2
"""Greatest distance of two neighbours along the line, in em."""
SIDE_BY_SIDE: Final = 4
WIDEST_UNIT: Final = 1.7


@dataclass(frozen=True)
class Directed:
    """Glyphs of horizontal lines and glyphs of vertical lines, each in the order of drawing."""

    horizontal: tuple[Glyph, ...]
    vertical: tuple[Glyph, ...]

    @property
    def mostly_vertical(self) -> bool:
        """Whether the page as a whole is set in vertical lines."""
        return len(self.vertical) > len(self.horizontal)


def directed(glyphs: Sequence[Glyph]) -> Directed:
    """Part the glyphs of a page by the direction of their lines."""
    votes = _votes(glyphs)
    if not any(vote > 0 for vote in votes):
        return Directed(tuple(glyphs), ())
    merged, votes = _side_by_side(list(glyphs), votes)
    tall = sum(vote > 0 for vote in votes) > sum(vote < 0 for vote in votes)
    if not tall:
        votes = _without_single(merged, votes)
    upright = [vote > 0 or (vote == 0 and tall) for vote in votes]
    return Directed(
        tuple(g for g, up in zip(merged, upright, strict=True) if not up),
        tuple(g for g, up in zip(merged, upright, strict=True) if up),
    )


def _without_single(glyphs: Sequence[Glyph], votes: Sequence[int]) -> list[int]:
    """The votes; one glyph alone, the rest of a broken line above the next line, is no column."""
    framed = [0, *votes, 0]
    return [
        -1 if vote > 0 and max(before, after) <= 0 and not glyph.upright_column else vote
        for glyph, before, vote, after in zip(glyphs, framed, votes, framed[2:], strict=False)
    ]


def _votes(glyphs: Sequence[Glyph]) -> list[int]:
    """Per glyph: above 0 when its neighbours stand above and below, below 0 when beside."""
    votes = [2 if glyph.upright_column else 0 for glyph in glyphs]
    for index in range(len(glyphs) - 1):
        vote = _follows(glyphs[index], glyphs[index + 1])
        votes[index] += vote
        votes[index + 1] += vote
    return votes


def _follows(one: Glyph, two: Glyph) -> int:
    em = max(one.size, two.size, 1.0)
    across, down = (b - a for a, b in zip(one.box.middle, two.box.middle, strict=True))
    if abs(down) <= ALIGNED * em and 0 < across <= FARTHEST * em:
        return -1
    if abs(across) <= ALIGNED * em and ALIGNED * em < down <= FARTHEST * em:
        return 1
    return 0


def _side_by_side(glyphs: list[Glyph], votes: list[int]) -> tuple[list[Glyph], list[int]]:
    """Join what stands side by side within a vertical line (縦中横) into one unit of it."""
    joined: list[Glyph] = []
    counted: list[int] = []
    index = 0
    while index < len(glyphs):
        end = index
        while end < len(glyphs) and votes[end] <= 0 and end - index <= SIDE_BY_SIDE:
            end += 1
        run = glyphs[index:end]
        above = joined[-1] if joined and counted[-1] > 0 else None
        below = glyphs[end] if end < len(glyphs) and votes[end] > 0 else None
        if run and len(run) <= SIDE_BY_SIDE and _within(run, above, below):
            joined.append(
                replace(run[0], text="".join(g.text for g in run), box=around([g.box for g in run]))
            )
            counted.append(1)
            index = end
        else:
            joined.append(glyphs[index])
            counted.append(votes[index])
            index += 1
    return joined, counted


def _within(run: Sequence[Glyph], above: Glyph | None, below: Glyph | None) -> bool:
    box = around([glyph.box for glyph in run])
    em = max(glyph.size for glyph in run)
    x, y = box.middle
    if box.width > WIDEST_UNIT * em or box.height > WIDEST_UNIT * em:
        return False
    return any(
        neighbour is not None
        and abs(neighbour.box.middle[0] - x) <= em / 2
        and abs(neighbour.box.middle[1] - y) <= FARTHEST * em
        for neighbour in (above, below)
    )
