"""Names as inline SVG outlines; without the MJ font a page falls back to marked plain text."""

from functools import cache
from html import escape

from intake.characters import Character, NameText
from intake.characters.glyphs import GlyphFont, GlyphFontError, Outline, OwnOutlines


def nothing_of_its_own(_character: Character) -> Outline | None:
    """The outlines of an office that has no characters of its own."""
    return None


def draw_name(name: NameText, size: int, own: OwnOutlines = nothing_of_its_own) -> str:
    """The name as one SVG element of `size` CSS pixels, or marked text without the font.

    `own` draws the office's own characters.
    """
    font = _font()
    return (
        font.svg_name(name, size, own)
        if font
        else f'<span class="no-font">{escape(name.plain())}</span>'
    )


def draw_character(character: Character, size: int, own: OwnOutlines = nothing_of_its_own) -> str:
    """One character as SVG, or marked text without the font."""
    font = _font()
    if font is None:
        return f'<span class="no-font">{escape(character.text)}</span>'
    return font.svg(character, size, own)


@cache
def _font() -> GlyphFont | None:
    try:
        return GlyphFont.load()
    except GlyphFontError:
        return None
