"""Lets a template draw names by glyph."""

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from hub.register.drawing import draw_character
from hub.register.names import CharacterView
from intake.characters import Character

SIZE: Final = 32


def drawn(name: Sequence[CharacterView] | CharacterView) -> Markup:
    """The name (or one character) as inline SVG, one outline each, so that a long name may wrap.

    The whole is one image for a screen reader, its label the text. The outlines come from the
    font, never from a request; the page's style sets the size.
    """
    characters = (name,) if isinstance(name, CharacterView) else name
    outlines = Markup().join(_outline(one) for one in characters)
    label = "".join(one.text for one in characters)
    whole = Markup('<span role="img" aria-label="{}"><span aria-hidden="true">{}</span></span>')
    return whole.format(label, outlines)


def _outline(one: CharacterView) -> Markup:
    svg = draw_character(Character(one.repertoire, one.id, one.text), SIZE)
    return Markup(svg)  # noqa: S704 - our own SVG; texts in it are escaped
