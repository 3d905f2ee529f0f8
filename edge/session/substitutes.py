"""From the card's certificate to the characters: which are stand-ins, and what became of them.

The signing certificate writes only common characters; what it cannot write it replaces and marks.
The marked places are drawn; what is chosen is held against the text application's name. Nothing
here stops a notification: what stays open is found by the office, and staff see it in words.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from edge.session.address_text import characters_of
from edge.session.form import Place
from intake.characters import Character, NameText
from intake.characters.mj_list import GETA
from intake.characters.name_text import is_variation_selector
from intake.notification import Address, Notification, NotificationError, Procedure


@dataclass(frozen=True)
class TwoTexts:
    """One text of the card twice: as its certificate writes it, and as its text application does.

    `flagged` are the positions (from 0, spaces counted) of stand-ins in `certificate`.
    """

    certificate: str = field(repr=False)
    flagged: tuple[int, ...]
    card: str = field(repr=False)


@dataclass(frozen=True)
class CardTexts:
    """Name and address of the card's holder, who is `person_id` in the notification."""

    person_id: str
    name: TwoTexts
    address: TwoTexts


class TodoState(StrEnum):
    """What became of one stand-in."""

    OPEN = "open"  # nobody has drawn or chosen yet
    CHOSEN = "chosen"
    UNRESOLVED = "unresolved"  # drawn, and nothing fitted: the office finds it
    MOVED = "moved"  # the text has another length now, so the place is not known


@dataclass(frozen=True)
class Todo:
    """One character to draw. `position` is where it stands now; `number` counts from 1, no spaces.

    `stand_in` is what the certificate writes, `card` what the text application writes there ("" if
    the place is not known), `chosen` what stands there now when somebody has chosen it.
    """

    what: str  # name or address
    where: str
    position: int
    number: int
    stand_in: str
    card: str
    state: TodoState
    chosen: Character | None = None


@dataclass(frozen=True)
class Conflict:
    """Two sources that say different things; `number` counts from 1, 0 for the whole text.

    code: `length` (the two texts have different lengths), `unmarked` (they differ where the
    certificate marks nothing), `chosen` (another character was chosen than the card writes).
    """

    code: str
    what: str
    number: int
    first: str
    second: str


def address_field(notification: Notification) -> str:
    """The field that holds the card's address: who moves still has the one before the move."""
    stays = notification.procedure is Procedure.HOUSEHOLD_CHANGE
    return "new_address" if stays else "old_address"


def todos(notification: Notification, texts: CardTexts | None) -> tuple[Todo, ...]:
    """Every stand-in of the card, in the order of name and address, and what became of it."""
    if texts is None:
        return ()
    return tuple(
        _todo(what, place, two, position, _present(notification, place))
        for what, place, two in _both(notification, texts)
        for position in two.flagged
        if two.certificate[position : position + 1].strip()  # a space stands for no character
    )


def conflicts(notification: Notification, texts: CardTexts | None) -> tuple[Conflict, ...]:
    """Where certificate, text application and the chosen characters do not agree."""
    if texts is None:
        return ()
    found: list[Conflict] = []
    for what, _place, two in _both(notification, texts):
        found += _between_texts(what, two)
    for todo in todos(notification, texts):
        tells = todo.card not in ("", todo.stand_in)  # a stand-in there too says nothing
        if todo.chosen is not None and tells and _base(todo.chosen.text) != _base(todo.card):
            found.append(Conflict("chosen", todo.what, todo.number, todo.card, todo.chosen.text))
    return tuple(found)


def next_open(notification: Notification, texts: CardTexts | None) -> Todo | None:
    """The first character that is still to be drawn."""
    return next((t for t in todos(notification, texts) if t.state is TodoState.OPEN), None)


def _both(notification: Notification, texts: CardTexts) -> tuple[tuple[str, Place, TwoTexts], ...]:
    return (
        ("name", Place("name", texts.person_id), texts.name),
        ("address", Place(address_field(notification)), texts.address),
    )


def _present(notification: Notification, place: Place) -> tuple[Character, ...]:
    try:
        holder = notification if place.person_id is None else notification.person(place.person_id)
    except NotificationError:
        return ()  # the person was taken out
    match holder.value(place.name):
        case NameText() as name:
            return name.characters
        case Address() as address:
            return characters_of(address)
        case _:
            return ()


def _todo(
    what: str, place: Place, two: TwoTexts, position: int, present: tuple[Character, ...]
) -> Todo:
    written = _written(two.certificate)
    card = [one.text for one in NameText.from_plain(two.card) if one.text.strip()]
    number = sum(1 for at, _ in written if at < position)
    here = [(at, one) for at, one in enumerate(present) if one.text.strip()]
    same = len(card) == len(written)
    known = card[number] if same else ""
    stand_in = two.certificate[position]
    if not same or len(here) != len(card):
        return Todo(what, str(place), 0, number + 1, stand_in, known, TodoState.MOVED)
    at, now = here[number]
    state = _state(now, known)
    chosen = now if state is TodoState.CHOSEN else None
    return Todo(what, str(place), at, number + 1, stand_in, known, state, chosen)


def _state(now: Character, card: str) -> TodoState:
    if now.text == GETA:
        return TodoState.UNRESOLVED
    return TodoState.OPEN if now == Character.ucs(card) else TodoState.CHOSEN


def _between_texts(what: str, two: TwoTexts) -> list[Conflict]:
    written = _written(two.certificate)
    card = [one.text for one in NameText.from_plain(two.card) if one.text.strip()]
    if len(written) != len(card):
        return [Conflict("length", what, 0, two.certificate, two.card)]
    return [
        Conflict("unmarked", what, number, ours, theirs)
        for number, ((at, ours), theirs) in enumerate(zip(written, card, strict=True), 1)
        if at not in two.flagged and ours != theirs
    ]


def _written(text: str) -> Sequence[tuple[int, str]]:
    """Position and character of everything but spaces; the certificate has no selectors."""
    return [(at, one) for at, one in enumerate(text) if one.strip()]


def _base(text: str) -> str:
    """The text without variation selectors: what two glyphs of one character share."""
    return "".join(one for one in text if not is_variation_selector(one))
