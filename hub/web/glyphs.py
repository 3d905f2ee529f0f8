"""Lets a template draw names by glyph."""

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from hub.register.drawing import draw_name
from hub.register.names import CharacterView
from intake.characters import Character, NameText

SIZE: Final = 32


def drawn(name: Sequence[CharacterView] | CharacterView) -> Markup:
    """The name (or one character) as one inline SVG, its label the text.

    The outlines come from the font, never from a request; the page's style sets the size.
    """
    characters = (name,) if isinstance(name, CharacterView) else name
    text = NameText.of(Character(one.repertoire, one.id, one.text) for one in characters)
    return Markup(draw_name(text, SIZE))  # noqa: S704 - our own SVG; texts in it are escaped
