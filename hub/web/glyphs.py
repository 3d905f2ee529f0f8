"""Lets a template draw a character by its glyph."""

from typing import Final

from markupsafe import Markup

from hub.register.drawing import draw_character
from hub.register.names import CharacterView
from intake.characters import Character

SIZE: Final = 32


def drawn(view: CharacterView) -> Markup:
    """The character as inline SVG; the outline comes from the font, never from a request."""
    character = Character(view.repertoire, view.id, view.text)
    return Markup(draw_character(character, SIZE))  # noqa: S704 - our own SVG; texts in it are escaped
