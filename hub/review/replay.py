"""Ink for the replay on the review page: strokes with times, from the decoded log, as JSON."""

import logging
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from hub.keys.ring import KeyRing
from hub.register.names import CharacterView
from hub.review.events import open_one
from intake.errors import IntakeError
from intake.event.manifest import PartName
from intake.ink import AxisRange, Ink, TabletDescription, log, name_drawings

logger = logging.getLogger(__name__)
_AXIS: Final = AxisRange(0, 1, 1)
_NO_TABLET: Final = TabletDescription("", "", _AXIS, _AXIS, _AXIS)
Points = list[list[int]]


@dataclass(frozen=True)
class DrawingView:
    """One drawn character: `strokes` are [x, y, ms] in device units, y down; `box` the tablet."""

    person_id: str | None
    field: str
    position: int
    picked: CharacterView
    offered: tuple[str, ...]
    strokes: list[Points]
    box: tuple[int, int, int, int]


def drawings(session: Session, ring: KeyRing, identity: bytes) -> tuple[DrawingView, ...]:
    """Every drawing of an event's name ink; empty when it has none."""
    return tuple(_drawing(drawing) for drawing in readable_drawings(session, ring, identity))


def readable_drawings(
    session: Session, ring: KeyRing, identity: bytes
) -> tuple[name_drawings.NameDrawing, ...]:
    """The drawings as the unit sent them; none when it has none or they cannot be read.

    What was drawn helps to review a notification; that it is garbled must not prevent it.
    """
    content = open_one(session, ring, identity, PartName.NAME_INK)
    if content is None:
        return ()
    try:
        return name_drawings.decode(content)
    except IntakeError:
        logger.warning("the name ink of %s cannot be read", identity.hex())
        return ()


def _drawing(drawing: name_drawings.NameDrawing) -> DrawingView:
    try:
        ink = log.decode(drawing.ink)
    except IntakeError:
        ink = Ink(_NO_TABLET, ())
    strokes = ink.strokes()
    begin = strokes[0][0][2] if strokes else 0
    picked = drawing.picked
    return DrawingView(
        person_id=drawing.person_id,
        field=drawing.field,
        position=drawing.position,
        picked=CharacterView(picked.repertoire, picked.id, picked.text),
        offered=drawing.offered,
        strokes=[[[x, y, (t - begin) // 1000] for x, y, t in stroke] for stroke in strokes],
        box=(
            ink.tablet.x.minimum,
            ink.tablet.y.minimum,
            ink.tablet.x.maximum,
            ink.tablet.y.maximum,
        ),
    )
