"""Lets a template draw names by glyph, the office's own characters among them."""

import base64
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from markupsafe import Markup

from hub.register.drawing import draw_character, nothing_of_its_own
from hub.register.names import CharacterView
from intake.characters import Character
from intake.characters.glyphs import OwnOutlines
from intake.office.outline import EM, GlyphOutline

SIZE: Final = 32
_own: ContextVar[OwnOutlines] = ContextVar("own outlines", default=nothing_of_its_own)


@contextmanager
def drawing_also(own: OwnOutlines) -> Generator[None]:
    """While inside, `drawn` knows the office's own characters: a filter has no request to ask."""
    token = _own.set(own)
    try:
        yield
    finally:
        _own.reset(token)


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


def outline_drawn(outline: GlyphOutline, label: str) -> Markup:
    """An outline alone in its em box, an ornament without a label.

    Its path holds digits, letters and spaces only.
    """
    spoken = Markup('role="img" aria-label="{}"').format(label)
    return Markup(
        '<svg class="outline" viewBox="0 0 {em} {em}" {spoken}><path d="{path}"/></svg>'
    ).format(
        em=EM, spoken=spoken if label else Markup('aria-hidden="true"'), path=outline.svg_path()
    )


def png_address(picture: bytes) -> str:
    """A PNG of our own making as an address within the page."""
    return "data:image/png;base64," + base64.b64encode(picture).decode()


def _outline(one: CharacterView) -> Markup:
    character = Character(one.repertoire, one.id, one.text)
    return Markup(draw_character(character, SIZE, _own.get()))  # noqa: S704 - our own SVG; texts in it are escaped
