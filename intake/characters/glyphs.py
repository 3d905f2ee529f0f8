"""Draws characters by glyph as SVG outlines from the MJ font, never by a viewer's font fallback."""

from dataclasses import dataclass
from pathlib import Path

from intake.characters.name_text import Character, NameText
from intake.errors import IntakeError

FONT_PATH = Path("/usr/share/fonts/truetype/ipamj/ipamjm.ttf")
FONT_PACKAGE = "fonts-ipamj-mincho"


class GlyphFontMissing(IntakeError):  # noqa: N818 - the sentence reads as a state
    """The MJ font is not installed; install the Debian package fonts-ipamj-mincho."""


@dataclass(frozen=True, slots=True)
class Outline:
    """An SVG path in font units, y down, origin at the baseline's left end."""

    path: str
    advance: int
    ascent: int
    descent: int


class GlyphFont:
    """The MJ font, opened once and read glyph by glyph."""

    @classmethod
    def load(cls, path: Path | None = None) -> "GlyphFont":
        """Open the font, the Debian package's when no path is given; GlyphFontMissing if absent."""
        raise NotImplementedError

    def outline(self, character: Character) -> Outline | None:
        """The outline of a character, or None when the font has none for it."""
        raise NotImplementedError

    def svg(self, character: Character, size: int) -> str:
        """A whole `<svg>` element of `size` CSS pixels with the character's text as aria-label.

        A character the font cannot draw gives a dashed box with its id. No glyph name or code
        point appears in any attribute that could become a URL.
        """
        raise NotImplementedError

    def svg_name(self, name: NameText, size: int) -> str:
        """All characters of a name in one line, as one `<svg>` with the name as aria-label."""
        raise NotImplementedError
