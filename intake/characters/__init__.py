"""Characters as the register knows them: by repertoire and id, never by what a font shows."""

from intake.characters.errors import CharacterError
from intake.characters.mj_list import JisFallback, MjGlyph, RadicalStrokes
from intake.characters.name_text import Character, NameText

__all__ = [
    "Character",
    "CharacterError",
    "JisFallback",
    "MjGlyph",
    "NameText",
    "RadicalStrokes",
]
