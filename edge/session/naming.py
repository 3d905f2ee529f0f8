"""Finding a character of a name by drawing it: target, candidates, pick."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from edge.errors import FieldError
from edge.session.draft import Draft, Target
from edge.session.form import Hand, Place, put
from intake.characters import Character, NameText
from intake.ink import Ink
from intake.ink import log as ink_log
from intake.ink.name_drawings import MAX_DRAWINGS, NameDrawing
from intake.notification.fields import FieldType
from models.recogniser import Recognition

MOST_INK: Final = 200 * 1024  # bytes of all drawings; a part holds 256 KiB
MOST_VARIANTS: Final = 24


def aim(draft: Draft, where: str, position: int) -> Draft:
    """The draft with the character at `position` of the name at `where` as what is drawn."""
    place = Place.parse(where)
    if place.spec.type is not FieldType.NAME:
        raise FieldError(f"{where} is no name: choose a name to draw in")
    length = len(present_name(draft, place))
    if not 0 <= position <= length:
        raise FieldError("There is no such character in the name")
    if len(draft.drawings) >= MAX_DRAWINGS:
        raise FieldError("So many characters were drawn already: type the rest")
    target = Target(place.person_id, place.name, position)
    return replace(draft, target=target, offered=(), recognised=False)


def offer(draft: Draft, found: Recognition) -> Draft:
    """The draft with what was recognised; each group is one code point, its best glyph first."""
    groups = tuple(
        (c.mj_name, *(v.mj_name for v in c.variants[:MOST_VARIANTS])) for c in found.candidates
    )
    return replace(draft, offered=groups, recognised=True)


def pick(draft: Draft, mj_name: str | None, ink: Ink | None, hand: Hand) -> Draft:
    """The draft with the glyph that `hand` picked; None: nothing fitted, the ink stands for it."""
    target = draft.target
    if target is None:
        raise FieldError("Nothing is being drawn: choose a character first")
    shown = tuple(name for group in draft.offered for name in group)
    if mj_name is not None and mj_name not in shown:
        raise FieldError("This character was not among the candidates")
    if ink is None:
        raise FieldError("Nothing has been drawn yet", code="nothing_drawn")
    written = ink_log.encode(ink)
    if len(written) + sum(len(drawing.ink) for drawing in draft.drawings) > MOST_INK:
        raise FieldError("So much ink does not fit into one notification: draw less, or type")
    character = (
        Character.unresolved(f"name_ink/{len(draft.drawings)}")
        if mj_name is None
        else Character.mj(mj_name)
    )
    drawing = NameDrawing(
        person_id=target.person_id,
        field=target.field,
        position=target.position,
        ink=written,
        offered=shown[:100],
        picked=character,
    )
    return replace(
        draft,
        notification=put(
            draft.notification,
            Place(target.field, target.person_id),
            _with_character(draft, target, character),
            hand,
        ),
        drawings=(*draft.drawings, drawing),
        target=None,
        offered=(),
        recognised=False,
    )


def forget_offer(draft: Draft) -> Draft:
    """The draft with no candidates: the drawing is not the one they were found for."""
    return replace(draft, offered=(), recognised=False)


def present_name(draft: Draft, place: Place) -> tuple[Character, ...]:
    """The characters of a name as they stand now."""
    notification = draft.notification
    holder = notification if place.person_id is None else notification.person(place.person_id)
    value = holder.value(place.name)
    return value.characters if isinstance(value, NameText) else ()


def _with_character(draft: Draft, target: Target, character: Character) -> NameText:
    characters: Sequence[Character] = present_name(draft, Place(target.field, target.person_id))
    before, after = characters[: target.position], characters[target.position + 1 :]
    return NameText((*before, character, *after))
