"""Fonts and scans made for tests: an EUDC-like font of plain shapes, and pictures of them."""

from __future__ import annotations

import io
from functools import cache

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from PIL import Image, ImageDraw

Box = tuple[int, int, int, int]
CROSS: tuple[Box, ...] = ((40, 110, 260, 130), (140, 30, 160, 280))


@cache
def font(*, em: int = 1000, shapes: int = 2, crowded: bool = False) -> bytes:
    """A TrueType font: A, an empty U+E000, a cross at U+E001, a ring at U+E002 and so on."""
    names = [".notdef", "A", "empty", *(f"shape{n}" for n in range(1, shapes + 1))]
    builder = FontBuilder(em, isTTF=True)
    builder.setupGlyphOrder(names)
    codes = {0xE000 + n: f"shape{n}" for n in range(1, shapes + 1)}
    builder.setupCharacterMap({0x41: "A", 0xE000: "empty", **codes})
    unit = em / 1000
    glyphs = {name: TTGlyphPen(None) for name in names}
    for name, pen in glyphs.items():
        if name.startswith("shape"):
            boxes = ((100, 300, 900, 380), (460, -80, 540, 840)) if name == "shape1" else ()
            _boxes(pen, unit, boxes or ((100, 0, 900, 800), (800, 100, 200, 700)))
            for n in range(400 if crowded else 0):
                _boxes(pen, unit, ((n, n, n + 2, n + 2), (n, 0, n + 1, 1)))
    builder.setupGlyf({name: pen.glyph() for name, pen in glyphs.items()})
    drawn = builder.font["glyf"]
    builder.setupHorizontalMetrics({name: (em, getattr(drawn[name], "xMin", 0)) for name in names})
    builder.setupHorizontalHeader(ascent=round(880 * unit), descent=round(-120 * unit))
    builder.setupNameTable({"familyName": "Test", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    stream = io.BytesIO()
    builder.save(stream)
    return stream.getvalue()


def _boxes(pen: TTGlyphPen, unit: float, boxes: tuple[Box, ...]) -> None:
    for box in boxes:
        left, low, right, high = (round(value * unit) for value in box)
        pen.moveTo((left, low))
        for point in ((left, high), (right, high), (right, low)):
            pen.lineTo(point)
        pen.closePath()


def scan(
    boxes: tuple[Box, ...] = CROSS,
    *,
    size: tuple[int, int] = (300, 300),
    ink: int = 40,
    paper: int = 230,
    mode: str = "L",
    kind: str = "PNG",
) -> bytes:
    """A picture of filled boxes."""
    picture = Image.new("L", size, paper)
    pencil = ImageDraw.Draw(picture)
    for box in boxes:
        pencil.rectangle(box, fill=ink)
    stream = io.BytesIO()
    picture.convert(mode).save(stream, kind)
    return stream.getvalue()


def sixteen_bits() -> bytes:
    """A PNG of 16 bits a pixel."""
    picture = Image.new("I;16", (300, 300), 60_000)
    for box in CROSS:
        picture.paste(9_000, box)
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()


def transparent() -> bytes:
    """Black ink on nothing, as drawing programs write it."""
    picture = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    for box in CROSS:
        picture.paste((0, 0, 0, 255), box)
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()
