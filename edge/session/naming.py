"""Finding a character of a name by drawing it: target, candidates, pick, and taking it back."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from edge.errors import FieldError
from edge.session import address_text, narrowing
from edge.session.draft import Draft, Target
from edge.session.form import Hand, Place, put, taken_back
from edge.session.glyph_card import NONE, OwnGlyphs, character_of, related
from intake.characters import Character, NameText
from intake.ink import Ink
from intake.ink import log as ink_log
from intake.ink.name_drawings import MAX_DRAWINGS, MAX_OFFERED, NameDrawing
from intake.notification import Address, NotificationError
from intake.notification.fields import FieldType
from models.recogniser import Recognition

MOST_INK: Final = 200 * 1024  # bytes of all drawings; a part holds 256 KiB
MOST_VARIANTS: Final = 24


def aim(draft: Draft, where: str, position: int) -> Draft:
    """The draft with the character at `position` of the name at `where` as what is drawn."""
    place = Place.parse(where)
    if place.spec.type not in (FieldType.NAME, FieldType.ADDRESS):
        raise FieldError(f"{where} is no name: choose a name to draw in")
    length = len(present_name(draft, place))
    if not 0 <= position <= length:
        raise FieldError("There is no such character in the name")
    if len(draft.drawings) >= MAX_DRAWINGS:
        raise FieldError("So many characters were drawn already: type the rest")
    target = Target(place.person_id, place.name, position)
    return forget_offer(replace(draft, target=target, picked=None, asked=narrowing.NOTHING))


def aim_nowhere(draft: Draft) -> Draft:
    """The draft with nothing being drawn, and nothing picked that may still be taken back."""
    return forget_offer(replace(draft, target=None, picked=None, asked=narrowing.NOTHING))


def offer(draft: Draft, found: Recognition) -> Draft:
    """The draft with what was recognised; each group is one code point, its best glyph first."""
    groups = tuple(
        (c.mj_name, *(v.mj_name for v in c.variants[:MOST_VARIANTS])) for c in found.candidates
    )
    return replace(draft, offered=groups, recognised=True, sure=found.sure)


def pick(
    draft: Draft, mj_name: str | None, ink: Ink | None, hand: Hand, own: OwnGlyphs = NONE
) -> Draft:
    """The draft with the glyph that `hand` picked; None: nothing fitted, the ink stands for it.

    Without ink only what the conditions found can be picked; the history then says so.
    """
    target = draft.target
    if target is None:
        raise FieldError("Nothing is being drawn: choose a character first")
    if mj_name is not None and not may_pick(draft, mj_name, own):
        raise FieldError("This character was not among the candidates")
    if ink is None and (mj_name is None or draft.asked.asks_nothing):
        raise FieldError("Nothing has been drawn yet", code="nothing_drawn")
    drawings = draft.drawings
    if ink is None:
        hand = replace(hand, why="found_by_conditions")
        character = character_of(mj_name or "", own)
    else:
        drawing = _drawing(draft, target, mj_name, ink, own)
        character, drawings = drawing.picked, (*drawings, drawing)
    place = Place(target.field, target.person_id)
    name = _with_character(draft, target, character)
    return forget_offer(
        replace(
            draft,
            notification=put(draft.notification, place, name, hand),
            drawings=drawings,
            target=None,
            picked=target,
            asked=narrowing.NOTHING,
        )
    )


def may_pick(draft: Draft, name: str, own: OwnGlyphs = NONE) -> bool:
    """Whether a glyph is offered: as a shape of a candidate, or as one of the same origin."""
    if any(name in group for group in draft.offered):
        return True
    return any(name in related(group[0], own) for group in draft.offered)


def can_unpick(draft: Draft) -> bool:
    """Whether there is a pick that may be taken back, and its place is still in the form."""
    picked = draft.picked
    if picked is None or draft.target is not None:
        return False
    try:
        return picked.position < len(present_name(draft, Place(picked.field, picked.person_id)))
    except NotificationError:
        return False  # the person was removed


def unpick(draft: Draft) -> tuple[Draft, Ink | None]:
    """The draft as before the last pick, and its ink to go on with; no trace of the pick stays."""
    target = draft.picked
    if target is None or not can_unpick(draft):
        raise FieldError("There is nothing to take back: choose the character again")
    place = Place(target.field, target.person_id)
    character = present_name(draft, place)[target.position]
    drawings, ink = draft.drawings, None
    if drawings and _is_of(drawings[-1], target) and drawings[-1].picked == character:
        ink = ink_log.decode(drawings[-1].ink)
        drawings = drawings[:-1]
    before = replace(
        draft,
        notification=taken_back(draft.notification, place, target.position),
        drawings=drawings,
        target=target,
        picked=None,
    )
    return forget_offer(before), ink


def forget_offer(draft: Draft) -> Draft:
    """The draft with no candidates: the drawing is not the one they were found for."""
    return replace(draft, offered=(), recognised=False, sure=False)


def _is_of(drawing: NameDrawing, target: Target) -> bool:
    return target == Target(drawing.person_id, drawing.field, drawing.position)


def _drawing(
    draft: Draft, target: Target, name: str | None, ink: Ink, own: OwnGlyphs
) -> NameDrawing:
    written = ink_log.encode(ink)
    if len(written) + sum(len(drawing.ink) for drawing in draft.drawings) > MOST_INK:
        raise FieldError("So much ink does not fit into one notification: draw less, or type")
    shown = [one for group in draft.offered for one in group]
    if name is not None and name not in shown[:MAX_OFFERED]:
        shown.insert(MAX_OFFERED - 1, name)
    return NameDrawing(
        person_id=target.person_id,
        field=target.field,
        position=target.position,
        ink=written,
        offered=tuple(shown[:MAX_OFFERED]),
        picked=(
            Character.unresolved(f"name_ink/{len(draft.drawings)}")
            if name is None
            else character_of(name, own)
        ),
    )


def present_name(draft: Draft, place: Place) -> tuple[Character, ...]:
    """The characters of a name as they stand now."""
    notification = draft.notification
    holder = notification if place.person_id is None else notification.person(place.person_id)
    value = holder.value(place.name)
    if isinstance(value, Address):
        return address_text.characters_of(value)
    return value.characters if isinstance(value, NameText) else ()


def _with_character(draft: Draft, target: Target, character: Character) -> NameText | Address:
    address = draft.notification.value(target.field) if target.person_id is None else None
    if isinstance(address, Address):
        return address_text.with_character(address, target.position, character.text)
    characters: Sequence[Character] = present_name(draft, Place(target.field, target.person_id))
    before, after = characters[: target.position], characters[target.position + 1 :]
    return NameText((*before, character, *after))
