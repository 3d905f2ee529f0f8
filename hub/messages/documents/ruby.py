"""Readings set small beside a line (ruby, ふりがな): kept, but not part of the text."""

from collections.abc import Sequence
from typing import Final

from hub.messages.documents.segments import Segment

SMALL: Final = 0.66
"""Greatest size of a reading, as a share of its line's."""
NEAR: Final = 0.55
OVERLAP: Final = 0.9
OVERHANG: Final = 0.8


def parted(found: Sequence[Segment]) -> tuple[list[Segment], list[Segment]]:
    """Readings, and everything else. In the frame of horizontal lines, readings stand above."""
    readings = [s for s in found if _kana(s.text) and any(_over(s, base) for base in found)]
    chosen = {id(segment) for segment in readings}
    return readings, [segment for segment in found if id(segment) not in chosen]


def _kana(text: str) -> bool:
    return all("\u3041" <= c <= "\u30ff" or c.isspace() for c in text)


def _over(small: Segment, base: Segment) -> bool:
    if small.size > SMALL * base.size:
        return False
    gap = base.box.top - small.box.bottom
    hangs = OVERHANG * base.size
    return (
        -OVERLAP * base.size <= gap <= NEAR * base.size
        and small.centre < base.centre
        and small.box.left >= base.box.left - hangs
        and small.box.right <= base.box.right + hangs
    )
