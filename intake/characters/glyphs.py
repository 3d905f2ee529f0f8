"""Draws characters by glyph as SVG outlines from the MJ font, never by a viewer's font fallback.

Some MJ glyphs have no code point, and a viewer's font may show another shape under the same one.
The font is the unchanged file of the Debian package; only outlines leave it.
"""

import html
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, cast

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen

from intake.characters.font_file import FontFile, FontFileError
from intake.characters.name_text import (
    MJ,
    OFFICE_PREFIX,
    UCS,
    UNRESOLVED,
    Character,
    NameText,
)
from intake.characters.tables import glyph_of_text
from intake.errors import IntakeError

FONT_PATH: Final = Path("/usr/share/fonts/truetype/ipamj/ipamjm.ttf")
FONT_PACKAGE: Final = "fonts-ipamj-mincho"
_CACHED_OUTLINES: Final = 4096
_IDEOGRAPHS: Final = ((0x2E80, 0x2FDF), (0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))


class GlyphFontError(IntakeError):
    """The MJ font is not there or cannot be read; install the Debian package it comes from."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Outline:
    """An SVG path with y down and the origin at the top left of the glyph's box."""

    path: str
    advance: int
    height: int


OwnOutlines = Callable[[Character], Outline | None]
"""Gives the outlines of an office's own characters, which are in no font."""


def _none_of_its_own(_character: Character) -> Outline | None:
    return None


class GlyphFont:
    """The MJ font, opened once and read glyph by glyph; safe to use from several threads."""

    def __init__(self, font: FontFile) -> None:
        self._font = font
        self._lock = threading.Lock()
        self._outlines: dict[str, Outline] = {}

    @classmethod
    def load(cls, path: Path | None = None) -> "GlyphFont":
        """Open the font, the Debian package's when no path is given; the same one for each call.

        GlyphFontError, naming the package, when the file is absent or no font.
        """
        return _load(path or FONT_PATH)

    def glyph_name(self, character: Character) -> str | None:
        """Name the font's glyph for a character: by MJ name, or by code point and selector."""
        if character.repertoire == MJ:
            name = character.id.lower()
            return name if name in self._font else None
        if character.repertoire != UCS:
            return None
        base, *selector = map(ord, character.text)
        name = (
            self._font.variants.get((base, *selector)) if selector else self._font.plain.get(base)
        )
        if name is not None:
            return name
        listed = glyph_of_text(character.text)
        return None if listed is None else self.glyph_name(Character.mj(listed.mj_name))

    def outline(self, character: Character, own: OwnOutlines = _none_of_its_own) -> Outline | None:
        """Give the outline of a character, or None when neither font nor `own` has it."""
        if character.repertoire.startswith(OFFICE_PREFIX):
            return own(character)
        name = self.glyph_name(character)
        if name is None:
            return None
        with self._lock:
            found = self._outlines.get(name)
            if found is None:
                found = self._draw(name)
                if len(self._outlines) >= _CACHED_OUTLINES:
                    self._outlines.clear()
                self._outlines[name] = found
        return found

    def svg(self, character: Character, size: int, own: OwnOutlines = _none_of_its_own) -> str:
        """Give a whole `<svg>` of `size` CSS pixels, its label the character's text.

        What the font has no glyph for stands in a dashed box: letters that are no ideographs as
        text, everything else as its id. The element has neither id nor reference to elsewhere.
        """
        return self.svg_name(NameText((character,)), size, own)

    def svg_name(self, name: NameText, size: int, own: OwnOutlines = _none_of_its_own) -> str:
        """Give all characters of a name in one line as one `<svg>` of height `size`."""
        parts: list[str] = []
        x = 0
        for character in name:
            outline = self.outline(character, own)
            if outline is None:
                parts.append(_box(character, x, self._font.height))
                x += self._font.height
            else:
                scale = self._font.height / outline.height
                parts.append(f'<path{_placed(x, scale)} d="{outline.path}"/>')
                x += round(outline.advance * scale)
        label = html.escape("".join(map(_label, name)))
        width = size * x / self._font.height
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{size}" '
            f'viewBox="0 0 {x} {self._font.height}" role="img" aria-label="{label}" '
            f'fill="currentColor">{"".join(parts)}</svg>'
        )

    def _draw(self, name: str) -> Outline:
        pen = SVGPathPen(self._font, ntos=lambda value: f"{value:g}")
        glyph = self._font[name]
        glyph.draw(TransformPen(pen, (1, 0, 0, -1, 0, self._font.ascent)))
        return Outline(cast("str", pen.getCommands()), glyph.advance, self._font.height)


@cache
def _load(path: Path) -> GlyphFont:
    try:
        return GlyphFont(FontFile(path))
    except (OSError, FontFileError):
        raise GlyphFontError(
            f"no MJ font at {path}; install the Debian package {FONT_PACKAGE}"
        ) from None


def _placed(x: int, scale: float) -> str:
    moves = [f"translate({x} 0)"] if x else []
    if scale != 1:
        moves.append(f"scale({scale:g})")
    return f' transform="{" ".join(moves)}"' if moves else ""


_MARK: Final = {UNRESOLVED: "未確定"}


def _label(character: Character) -> str:
    return "未確定の文字" if character.repertoire == UNRESOLVED else character.text


def _box(character: Character, x: int, height: int) -> str:
    letter = character.repertoire == UCS and not _is_ideograph(character.text[0])
    shown = html.escape(character.text if letter else _MARK.get(character.repertoire, character.id))
    font_size = height * 7 // 10 if letter else height // 6
    edge = height // 20
    return (
        f'<rect x="{x + edge}" y="{edge}" width="{height - 2 * edge}" height="{height - 2 * edge}" '
        f'fill="none" stroke="currentColor" stroke-width="{edge}" '
        f'stroke-dasharray="{2 * edge} {edge}"/>'
        f'<text x="{x + height // 2}" y="{height // 2}" font-size="{font_size}" '
        f'text-anchor="middle" dominant-baseline="central">{shown}</text>'
    )


def _is_ideograph(letter: str) -> bool:
    return any(first <= ord(letter) <= last for first, last in _IDEOGRAPHS)
