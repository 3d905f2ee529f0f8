"""Content of the part `name_ink`: each drawn character with its ink, what was offered and picked.

It lets a reviewer replay how a character was found, and search anew for an unresolved one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from intake import canonical
from intake.characters import Character, CharacterError
from intake.errors import DecodeError
from intake.record import TOKEN, Record

VERSION: Final = 1
LIMIT: Final = 256 * 1024
MAX_DRAWINGS: Final = 64
MAX_OFFERED: Final = 100
_MAX_POSITION: Final = 200


@dataclass(frozen=True)
class NameDrawing:
    """One drawing for the character at `position` of the name field of a person."""

    person_id: str | None
    """None for a name field of the notification itself."""
    field: str
    position: int
    ink: bytes
    """The ink log (intake.ink.log)."""
    offered: tuple[str, ...]
    """MJ names shown to the resident, best first."""
    picked: Character
    """What the resident picked; `unresolved` with the id `name_ink/<index>` when nothing fitted."""


def encode(drawings: Sequence[NameDrawing]) -> bytes:
    """The canonical bytes; DecodeError when `decode` would refuse them."""
    items = [{**vars(drawing), "picked": _wire(drawing.picked)} for drawing in drawings]
    data = canonical.encode({"v": VERSION, "drawings": items})
    decode(data)
    return data


def decode(data: bytes) -> tuple[NameDrawing, ...]:
    """The drawings in `data`; DecodeError for anything that `encode` would not have written."""
    record = Record(canonical.decode(data, limit=LIMIT), "name drawings")
    record.version(VERSION)
    drawings = tuple(_drawing(item) for item in record.items("drawings", limit=MAX_DRAWINGS))
    record.close()
    return drawings


def _drawing(item: object) -> NameDrawing:
    record = Record(item, "name drawing")
    drawing = NameDrawing(
        person_id=None if record.absent("person_id") else record.text("person_id", pattern=TOKEN),
        field=record.text("field", pattern=TOKEN),
        position=record.integer("position", maximum=_MAX_POSITION),
        ink=record.octets("ink", limit=LIMIT),
        offered=_texts(record.items("offered", limit=MAX_OFFERED)),
        picked=_picked(record.items("picked", limit=3)),
    )
    record.close()
    return drawing


def _wire(character: Character) -> list[str]:
    return [character.repertoire, character.id, character.text]


def _texts(items: list[object]) -> tuple[str, ...]:
    if not all(isinstance(item, str) and 1 <= len(item) <= 32 for item in items):
        raise DecodeError("a list of names holds something else")
    return tuple(str(item) for item in items)


def _picked(items: list[object]) -> Character:
    match items:
        case [str(repertoire), str(identifier), str(text)]:
            try:
                return Character(repertoire, identifier, text)
            except CharacterError as error:
                raise DecodeError("the picked character is not in its form") from error
        case _:
            raise DecodeError("the picked character is not in its form")
