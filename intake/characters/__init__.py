"""Characters as the register knows them: by repertoire and id, never by a font's or editor's guess."""

from intake.characters.name_text import Character, CharacterError, NameText

__all__ = ["Character", "CharacterError", "NameText"]
