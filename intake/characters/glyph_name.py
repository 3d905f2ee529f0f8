"""One short name for a glyph wherever candidates are listed: `MJ026191`, `office:131016/E001`."""

from intake.characters.errors import CharacterError
from intake.characters.name_text import MJ, OFFICE_PREFIX, Character


def glyph_name(character: Character) -> str:
    """Give the name of an MJ glyph or of an office's own; CharacterError for any other."""
    if character.repertoire == MJ:
        return character.id
    if character.repertoire.startswith(OFFICE_PREFIX):
        return f"{character.repertoire}/{character.id}"
    raise CharacterError("only glyphs of the MJ list and an office's own stand among candidates")


def named(name: str, text: str) -> Character:
    """Give the character of a name that `glyph_name` made; `text` counts for an office's own."""
    if not name.startswith(OFFICE_PREFIX):
        return Character.mj(name)
    repertoire, _, own = name.partition("/")
    return Character(repertoire, own, text)
