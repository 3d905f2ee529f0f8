"""Which samples undo takes away: the last stroke of a drawing, and the hovering after it."""

from collections.abc import Sequence

from intake.ink import PenSample


def last_stroke(samples: Sequence[PenSample]) -> int | None:
    """Index of the first sample of the last stroke; None when the pen never touched.

    Strokes are cut as `Ink.strokes` cuts them: by lifting the pen, and at a gap mark.
    """
    at = len(samples) - 1
    while at >= 0 and not samples[at].contact:
        at -= 1
    if at < 0:
        return None
    while at > 0 and samples[at - 1].contact and not samples[at].dropped_before:
        at -= 1
    return at
