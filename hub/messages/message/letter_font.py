"""A small font with exactly the glyphs that one message needs, made of the MJ font's outlines.

Every text has a glyph of its own, so that the way back from glyph to text is always the right one.
Where one text is drawn in two ways, the second way is in a second font.
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.svgLib.path import parse_path

from hub.register.drawing import nothing_of_its_own
from intake.characters import Character, NameText
from intake.characters.glyphs import GlyphFont, Outline, OwnOutlines

EM: Final = 4096
"""Twice the MJ font's, whose outlines have halves of a unit between their curves."""
ASCENT: Final = 3604
FIRST: Final = "text"
CURVE_ERROR: Final = 1.0
GETA: Final = "〓"
BLANKS: Final = {" ": Outline("", 1, 4), "\u00a0": Outline("", 1, 4), "\u3000": Outline("", 1, 1)}


@dataclass(frozen=True)
class LetterFonts:
    """Fonts (TrueType) by family name, and the family in which each character of names stands.

    missing: texts that no outline was found for; 〓 is drawn for them, never another shape.
    """

    fonts: dict[str, bytes]
    family_of: dict[Character, str]
    missing: frozenset[str]


def letter_fonts(
    text: str, names: Iterable[NameText], own: OwnOutlines = nothing_of_its_own
) -> LetterFonts:
    """Fonts for a text and the names in it; GlyphFontError when the MJ font is not installed."""
    font = GlyphFont.load()
    missing: set[str] = set()

    def drawn(character: Character) -> Outline:
        blank = BLANKS.get(character.text)
        found = blank or font.outline(character, own)
        if found is None:
            missing.add(character.text)
        return found or font.outline(Character.ucs(GETA)) or BLANKS["\u3000"]

    plain = {one.text: one for one in NameText.from_plain(text) if one.text not in "\t\n"}
    families = [{shown: drawn(one) for shown, one in plain.items()}]
    family_of = {
        one: _family(_place(families, one.text, drawn(one))) for name in names for one in name
    }
    fonts = {_family(n): _built(_family(n), outlines) for n, outlines in enumerate(families)}
    return LetterFonts(fonts, family_of, frozenset(missing))


def _family(number: int) -> str:
    return f"{FIRST}{number}"


def _place(families: list[dict[str, Outline]], text: str, outline: Outline) -> int:
    """The number of the family that draws this text in this way; a new one when none does."""
    for number, family in enumerate(families):
        if family.setdefault(text, outline) == outline:
            return number
    families.append({text: outline})
    return len(families) - 1


def _built(name: str, outlines: dict[str, Outline]) -> bytes:
    names = {text: f"g{number}" for number, text in enumerate(outlines)}
    builder = FontBuilder(EM, isTTF=True)
    builder.setupGlyphOrder([".notdef", *names.values()])
    plain = {ord(text): glyph for text, glyph in names.items() if len(text) == 1}
    sequences = [
        (ord(text[0]), ord(text[1]), glyph) for text, glyph in names.items() if len(text) > 1
    ]
    for base, _, glyph in sequences:
        plain.setdefault(base, glyph)
    builder.setupCharacterMap(plain, uvs=sequences)
    glyphs: dict[str, Any] = {".notdef": TTGlyphPen(None).glyph()}
    widths = {".notdef": EM}
    for text, glyph in names.items():
        glyphs[glyph] = _glyph(outlines[text])
        widths[glyph] = round(outlines[text].advance * EM / outlines[text].height)
    builder.setupGlyf(glyphs)
    table: Any = builder.font["glyf"]
    builder.setupHorizontalMetrics(
        {glyph: (width, getattr(table[glyph], "xMin", 0)) for glyph, width in widths.items()}
    )
    builder.setupHorizontalHeader(ascent=ASCENT, descent=ASCENT - EM)
    builder.setupNameTable({"familyName": name, "styleName": "Regular"})
    builder.setupOS2(
        sTypoAscender=ASCENT,
        sTypoDescender=ASCENT - EM,
        usWinAscent=ASCENT,
        usWinDescent=EM - ASCENT,
    )
    builder.setupPost()
    builder.updateHead(created=0, modified=0)
    builder.font.recalcTimestamp = False
    written = io.BytesIO()
    builder.save(written)
    return written.getvalue()


def _glyph(outline: Outline) -> Any:  # noqa: ANN401 - fontTools tells no types
    scale = EM / outline.height
    pen = TTGlyphPen(None)
    curves = Cu2QuPen(pen, CURVE_ERROR)
    parse_path(outline.path, TransformPen(curves, (scale, 0, 0, -scale, 0, ASCENT)))
    return pen.glyph()
