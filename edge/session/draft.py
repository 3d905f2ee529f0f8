"""The draft: everything about the one notification at this counter, as one frozen value.

It is written to disk (encrypted) after every step, so that a killed process goes on where it was.
"""

from dataclasses import dataclass, replace
from typing import Final, cast

from edge.session import narrowing
from edge.session.card_use import (
    CardUse,
    CardWay,
    plain_number,
    plain_texts,
    plain_use,
    read_number,
    read_texts,
    read_use,
)
from edge.session.states import State
from edge.session.substitutes import CardTexts
from intake import canonical
from intake.characters.search import Filter
from intake.errors import DecodeError
from intake.event.manifest import HASH_SIZE, EventKind
from intake.event.parts import SealedPart
from intake.ink import name_drawings
from intake.ink.name_drawings import NameDrawing
from intake.notification import Notification
from intake.notification import codec as notifications
from intake.record import Record

VERSION: Final = 2
LIMIT: Final = 2 << 20


@dataclass(frozen=True)
class Target:
    """The character of a name that is being drawn; position == length appends one."""

    person_id: str | None
    field: str
    position: int


@dataclass(frozen=True)
class Filed:
    """What was accepted, and under which number."""

    identity: bytes
    event_id: str
    reception_number: str
    sequence: int


@dataclass(frozen=True)
class Draft:
    """One notification under way."""

    state: State
    notification: Notification
    kind: EventKind = EventKind.FILED
    revision: int = 1
    supersedes: bytes | None = None
    reception_number: str | None = None  # of an earlier revision; the resident keeps it
    returned_reason: str | None = None  # why the office returned the earlier revision
    taken_by: str | None = None  # staff id of the clerk who last showed it to the resident
    card: CardUse | None = None
    card_way: CardWay = CardWay.PIN  # how the clerk has the card read
    card_texts: CardTexts | None = None  # where the certificate was read: which are stand-ins
    number: SealedPart | None = None  # the individual number, where the procedure needs it
    card_signature: CardUse | None = None  # the last try to sign the notification with the card
    signature_waived: bool = False  # the clerk lets it be filed without the card's signature
    drawings: tuple[NameDrawing, ...] = ()
    target: Target | None = None
    picked: Target | None = None  # the character picked last, which may be taken back
    offered: tuple[tuple[str, ...], ...] = ()  # MJ names on the page now, by code point
    recognised: bool = False  # the drawing has been looked at, whatever was found
    sure: bool = False  # the recogniser is sure of the first candidate
    asked: Filter = narrowing.NOTHING  # what candidates must be like beside the drawing
    objection: str | None = None  # what the resident said is wrong
    signature_ink: bytes | None = None
    filed: Filed | None = None

    @property
    def pen_is_open(self) -> bool:
        """Whether a drawing is under way: a character or the signature."""
        return self.state is State.SIGN or self.target is not None

    def at(self, state: State) -> "Draft":
        """The draft in another state."""
        return replace(self, state=state)


def encode(draft: Draft) -> bytes:
    """Canonical bytes for the draft store."""
    target, filed = draft.target, draft.filed
    return canonical.encode(
        {
            **vars(draft),
            "v": VERSION,
            "notification": notifications.encode(draft.notification),
            "drawings": name_drawings.encode(draft.drawings),
            "target": None if target is None else dict(vars(target)),
            "picked": None if draft.picked is None else dict(vars(draft.picked)),
            "card": plain_use(draft.card),
            "card_texts": plain_texts(draft.card_texts),
            "number": plain_number(draft.number),
            "card_signature": plain_use(draft.card_signature),
            "filed": None if filed is None else dict(vars(filed)),
            "asked": narrowing.to_wire(draft.asked),
        }
    )


def decode(data: bytes) -> Draft:
    """The draft in `encode`'s bytes; DecodeError otherwise."""
    record = Record(canonical.decode(data, limit=LIMIT), "draft")
    record.version(VERSION)
    draft = Draft(
        state=record.choice("state", State),
        notification=notifications.decode(record.octets("notification", limit=LIMIT)),
        kind=record.choice("kind", EventKind),
        revision=record.integer("revision", minimum=1),
        supersedes=_octets(record, "supersedes", HASH_SIZE),
        reception_number=_text(record, "reception_number"),
        returned_reason=_text(record, "returned_reason", 2000),
        taken_by=_text(record, "taken_by"),
        card=read_use(record, "card"),
        card_way=record.choice("card_way", CardWay),
        card_texts=read_texts(record, "card_texts"),
        number=read_number(record, "number"),
        card_signature=read_use(record, "card_signature"),
        signature_waived=record.flag("signature_waived"),
        drawings=name_drawings.decode(record.octets("drawings", limit=LIMIT)),
        target=_target(record, "target"),
        picked=None if record.lacks("picked") else _target(record, "picked"),
        offered=tuple(_names(item) for item in record.items("offered", limit=200)),
        recognised=record.flag("recognised"),
        sure=not record.lacks("sure") and record.flag("sure"),
        asked=narrowing.from_wire(record, "asked"),
        objection=_text(record, "objection", 500),
        signature_ink=_octets(record, "signature_ink", None),
        filed=_filed(record),
    )
    record.close()
    return draft


def _octets(record: Record, name: str, size: int | None) -> bytes | None:
    return None if record.absent(name) else record.octets(name, size=size, limit=LIMIT)


def _text(record: Record, name: str, limit: int = 200) -> str | None:
    return None if record.absent(name) else record.text(name, limit=limit)


def _names(item: object) -> tuple[str, ...]:
    if not isinstance(item, list):
        raise DecodeError("the draft's candidates are not in groups")
    return tuple(str(name) for name in cast("list[object]", item))


def _target(record: Record, name: str) -> Target | None:
    if record.absent(name):
        return None
    inner = record.record(name)
    return Target(_text(inner, "person_id"), inner.text("field"), inner.integer("position"))


def _filed(record: Record) -> Filed | None:
    if record.absent("filed"):
        return None
    inner = record.record("filed")
    return Filed(
        identity=inner.octets("identity", size=HASH_SIZE),
        event_id=inner.text("event_id"),
        reception_number=inner.text("reception_number"),
        sequence=inner.integer("sequence"),
    )
