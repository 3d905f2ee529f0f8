"""Every MJ glyph can be drawn by name; what the font lacks is shown as lacking."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.ttLib import TTFont

from intake.characters import Character, NameText
from intake.characters.font_file import FontFile
from intake.characters.glyphs import FONT_PATH, GlyphFont, GlyphFontError
from intake.characters.mj_list import character_at, column
from intake.characters.tables import mj_names

needs_font = pytest.mark.skipif(
    not FONT_PATH.exists(), reason="the Debian package fonts-ipamj-mincho is not installed"
)
SVG = "{http://www.w3.org/2000/svg}"


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own output


@needs_font
def test_every_glyph_of_the_list_is_in_the_font() -> None:
    font = GlyphFont.load()
    names = {font.glyph_name(Character("mj", name, "x")) for name in mj_names()}
    assert None not in names
    assert len(names) == 58_862


@needs_font
def test_name_code_point_and_sequence_lead_to_one_glyph() -> None:
    font = GlyphFont.load()
    names = [name.lower() for name in mj_names()]
    for kind in ("ivs", "svs"):
        assert all(font.glyph_name(Character.ucs(text)) == names[row] for row, text in column(kind))
    assert all(
        font.glyph_name(Character.ucs(character_at(codepoint))) == names[row]
        for row, codepoint in column("implemented_codepoint")
    )


@needs_font
def test_variants_are_drawn_differently_and_the_font_is_opened_once() -> None:
    font = GlyphFont.load()
    assert font is GlyphFont.load()
    plain, variant = (font.outline(Character.mj(n)) for n in ("MJ026190", "MJ026191"))
    assert plain is not None
    assert variant is not None
    assert plain.path != variant.path
    assert font.outline(Character.mj("MJ026191")) is variant


@needs_font
def test_outlines_are_those_that_fonttools_reads() -> None:
    ours = FontFile(FONT_PATH)
    theirs = TTFont(FONT_PATH, lazy=True)
    glyphs = theirs.getGlyphSet()
    names = [*theirs.getGlyphOrder()[::997], *filter(None, map(ours.plain.get, map(ord, "Aあ邉")))]
    for name in names:
        drawn, expected = SVGPathPen(ours), SVGPathPen(glyphs)
        ours[name].draw(drawn)
        glyphs[name].draw(expected)
        assert drawn.getCommands() == expected.getCommands()
        assert ours[name].advance == glyphs[name].width
    theirs.close()


@needs_font
def test_the_drawing_stands_inside_its_box_with_y_down() -> None:
    svg = parsed(GlyphFont.load().svg(Character.ucs("一"), 64))
    assert (svg.get("width"), svg.get("height"), svg.get("viewBox")) == (
        "64",
        "64",
        "0 0 2048 2048",
    )
    assert (svg.get("role"), svg.get("aria-label")) == ("img", "一")
    path = svg.findall(f"{SVG}path")[0].get("d")
    assert path is not None
    heights = [float(n) for n in re.findall(r"M-?[\d.]+[ ,](-?[\d.]+)", path)]
    assert heights
    assert all(700 < height < 1400 for height in heights)


@needs_font
def test_what_the_font_lacks_stands_in_a_box() -> None:
    font = GlyphFont.load()
    office = Character("office:131016", "G<1>", "〓")
    svg = parsed(
        font.svg_name(
            NameText.of(
                [
                    Character.ucs("ễ"),
                    office,
                    Character.unresolved("name_ink/0"),
                    Character.ucs("あ"),
                ]
            ),
            32,
        )
    )
    assert [text.text for text in svg.findall(f"{SVG}text")] == ["ễ", "G<1>", "未確定"]
    assert len(svg.findall(f"{SVG}path")) == 1
    assert svg.get("aria-label") == "ễ〓未確定の文字あ"
    assert font.outline(office) is None
    assert font.outline(Character("mj", "MJ999999", "x")) is None


def test_a_missing_font_names_its_package(tmp_path: Path) -> None:
    with pytest.raises(GlyphFontError, match="fonts-ipamj-mincho"):
        GlyphFont.load(tmp_path / "nowhere.ttf")
    other = tmp_path / "other.ttf"
    other.write_bytes(b"no font")
    with pytest.raises(GlyphFontError):
        GlyphFont.load(other)
