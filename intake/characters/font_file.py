"""Reads single outlines from a TrueType file that stays on disk.

fontTools would copy all 61,000 outlines into memory (85 MB) to give one; here the file is mapped,
and fontTools only decodes the glyph that is asked for.
"""

import mmap
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fontTools.pens.basePen import AbstractPen
from fontTools.ttLib import TTFont, TTLibError
from fontTools.ttLib.tables._g_l_y_f import Glyph


class FontFileError(ValueError):
    """The file is no TrueType font with outlines."""


class FontFile:
    """A mapped font: names, character map and outlines; the glyph set that fontTools' pens ask."""

    extended = False
    """What fontTools asks of a glyph table: coordinates have 16 bits."""

    def __init__(self, path: Path) -> None:
        """Open `path`; OSError when it cannot be read, FontFileError when it is no such font."""
        with path.open("rb") as file:
            try:
                font: Any = TTFont(file, lazy=True)
                tables = font.reader.tables
                self._glyf = int(tables["glyf"].offset)
                self._hmtx = int(tables["hmtx"].offset)
                self._places: Sequence[int] = font["loca"]
                self._order: list[str] = font.getGlyphOrder()
                self._ids: dict[str, int] = font.getReverseGlyphMap()
                self._pairs = int(font["hhea"].numberOfHMetrics)
                self.ascent = int(font["hhea"].ascent)
                self.height = self.ascent - int(font["hhea"].descent)
                self.plain: dict[int, str] = font.getBestCmap()
                self.variants = _sequences(font["cmap"].tables, self.plain)
            except (TTLibError, KeyError, struct.error, AssertionError):
                raise FontFileError("no TrueType font with outlines") from None
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def __contains__(self, name: str) -> bool:
        return name in self._ids

    def __getitem__(self, name: str) -> "FontGlyph":
        """Give a glyph; KeyError when the font has none of this name."""
        number = self._ids[name]
        first, end = self._places[number], self._places[number + 1]
        glyph = Glyph(self._data[self._glyf + first : self._glyf + end])
        advance, bearing = self._metrics(number)
        return FontGlyph(glyph, self, advance, bearing)

    def getGlyphName(self, number: int) -> str:  # noqa: N802 - the name fontTools calls
        """Give the name of a component of a composed glyph."""
        return self._order[number]

    def _metrics(self, number: int) -> tuple[int, int]:
        if number < self._pairs:
            advance, bearing = struct.unpack_from(">Hh", self._data, self._hmtx + 4 * number)
            return advance, bearing
        (advance,) = struct.unpack_from(">H", self._data, self._hmtx + 4 * (self._pairs - 1))
        behind = self._hmtx + 4 * self._pairs + 2 * (number - self._pairs)
        (bearing,) = struct.unpack_from(">h", self._data, behind)
        return advance, bearing


def _sequences(tables: Any, plain: dict[int, str]) -> dict[tuple[int, ...], str | None]:  # noqa: ANN401 - fontTools tells no types
    """Give glyph names by base and selector."""
    sequences: dict[tuple[int, ...], str | None] = {}
    for table in tables:
        for selector, pairs in getattr(table, "uvsDict", {}).items():
            for base, name in pairs:
                sequences[base, selector] = name or plain.get(base)
    return sequences


class FontGlyph:
    """One outline, ready to be drawn with a pen of fontTools."""

    def __init__(self, glyph: Glyph, file: FontFile, advance: int, bearing: int) -> None:
        self.advance = advance
        self._glyph = glyph
        self._file = file
        self._bearing = bearing

    def draw(self, pen: AbstractPen) -> None:
        """Draw the outline, y up, the origin on the baseline."""
        self._glyph.expand(self._file)
        offset = self._bearing - self._glyph.xMin if hasattr(self._glyph, "xMin") else 0
        self._glyph.draw(pen, self._file, offset)
