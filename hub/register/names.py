"""A resident's name as rows, and back: characters by repertoire and id, never by text alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hub.storage.tables import ResidentCharacter
from intake.characters import Character, NameText


@dataclass(frozen=True)
class CharacterView:
    """One character as JSON and templates show it."""

    repertoire: str
    id: str
    text: str


def write_name(session: Session, resident_id: str, name: NameText) -> None:
    """Replace the characters of a resident's name."""
    session.execute(delete(ResidentCharacter).where(ResidentCharacter.resident_id == resident_id))
    session.add_all(
        ResidentCharacter(
            resident_id=resident_id,
            position=position,
            repertoire=character.repertoire,
            character_id=character.id,
            text=character.text,
        )
        for position, character in enumerate(name)
    )


def read_name(session: Session, resident_id: str) -> NameText:
    """The name as it was accepted."""
    rows = session.scalars(
        select(ResidentCharacter)
        .where(ResidentCharacter.resident_id == resident_id)
        .order_by(ResidentCharacter.position)
    )
    return NameText.of(Character(row.repertoire, row.character_id, row.text) for row in rows)


def views(name: Sequence[Character] | NameText) -> tuple[CharacterView, ...]:
    """The characters for a page or for JSON."""
    return tuple(CharacterView(c.repertoire, c.id, c.text) for c in name)
