"""Ink for the replay on the review page: strokes with times, from the decoded log, as JSON."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from hub.keys.ring import KeyRing
from hub.register.names import CharacterView
from hub.review.events import open_one
from intake.event.manifest import PartName
from intake.ink import log, name_drawings

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
    content = open_one(session, ring, identity, PartName.NAME_INK)
    if content is None:
        return ()
    return tuple(_drawing(drawing) for drawing in name_drawings.decode(content))


def _drawing(drawing: name_drawings.NameDrawing) -> DrawingView:
    ink = log.decode(drawing.ink)
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
