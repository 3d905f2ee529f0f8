"""Which drawings of a notification were confirmed: filed for the first time, still as picked."""

from edge.session.draft import Draft
from edge.session.form import Place
from edge.session.naming import present_name
from intake.event.manifest import EventKind
from intake.ink.name_drawings import NameDrawing
from intake.notification import NotificationError


def confirmed_drawings(draft: Draft) -> tuple[NameDrawing, ...]:
    """The drawings whose pick stands in the name that the resident confirmed and signed.

    None of an amendment or a withdrawal: a notification counts once, however often it is filed.
    """
    if draft.kind is not EventKind.FILED or draft.revision != 1:
        return ()
    return tuple(drawing for drawing in draft.drawings if _stands(draft, drawing))


def _stands(draft: Draft, drawing: NameDrawing) -> bool:
    try:
        name = present_name(draft, Place(drawing.field, drawing.person_id))
    except NotificationError:
        return False  # the person was removed
    return drawing.position < len(name) and name[drawing.position] == drawing.picked
