"""The PDF says what the page says, read by our own reader, with the very glyphs of the MJ font."""

import io
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from fontTools.pens.recordingPen import RecordingPen
from fontTools.svgLib.path import parse_path
from fontTools.ttLib import TTFont
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFStream, resolve1

from hub.messages.message.checking import Checked
from hub.messages.message.letter_font import ASCENT, letter_fonts
from hub.messages.message.pdf import as_pdf
from hub.messages.message.plain import as_text
from intake.characters import Character, NameText
from intake.characters.glyphs import GlyphFont, Outline
from tests.hub.messages.message.message_samples import NOW, full, minimal, trusted
from tests.hub.messages.samples import in_process, squashed

pytestmark = pytest.mark.system  # each PDF takes a second of layout

TWO_OF_ONE_TEXT = NameText.of((Character.mj("MJ037229"), Character.mj("MJ040579")))
"""Two glyphs of the MJ list that have no code point: their text is 〓 both times."""


def checked() -> Checked:
    sample = full()
    name = NameText.of((*sample.recipient.name, *TWO_OF_ONE_TEXT))
    content = replace(sample, recipient=replace(sample.recipient, name=name))
    return Checked(content, NOW, trusted()[0].der)


@cache
def written(language: str = "ja", *, large: bool = False) -> bytes:
    return as_pdf(checked(), language, large=large)


@pytest.mark.parametrize(("language", "large"), [("ja", False), ("en", True)])
def test_the_pdf_is_read_back_as_what_the_message_says(language: str, large: bool):
    reading = in_process(written(language, large=large))
    assert reading.error is None
    assert reading.warnings == ()
    text = "".join(page.text for page in reading.pages)
    expected = as_text(checked(), language)
    assert sorted(squashed(text)) == sorted(squashed(expected))
    if not large:  # in large print, cells of a row are broken beside each other
        for cell in expected.replace("\t", "\n").splitlines():
            assert len(cell) > 30 or squashed(cell) in squashed(text)


def objects(data: bytes) -> list[Any]:
    with io.BytesIO(data) as stream:
        document = PDFDocument(PDFParser(stream))
        numbers = [number for xref in document.xrefs for number in xref.get_objids()]
        return [document.getobj(number) for number in numbers]


def dictionaries(data: bytes) -> list[dict[str, Any]]:
    return [
        one.attrs if isinstance(one, PDFStream) else one
        for one in objects(data)
        if isinstance(one, dict | PDFStream)
    ]


def test_it_is_tagged_named_and_of_the_archive_kind():
    found = dictionaries(written())
    (catalogue,) = [one for one in found if str(one.get("Type")) == "/'Catalog'"]
    assert resolve1(catalogue["MarkInfo"])["Marked"] is True
    assert resolve1(catalogue["Lang"]) == b"ja"
    assert catalogue["OutputIntents"]
    assert "StructTreeRoot" in catalogue
    metadata = resolve1(catalogue["Metadata"]).get_data()
    assert b'pdfaid:part="2"' in metadata
    assert b'pdfaid:conformance="A"' in metadata
    names = {str(one["S"]).strip("/'") for one in found if "S" in one and "K" in one}
    assert {"H1", "H2", "P", "Table", "TR", "TH", "TD"} <= names


def test_every_font_in_it_is_one_made_for_the_message():
    fonts = [str(one["FontName"]) for one in dictionaries(written()) if "FontName" in one]
    assert len(fonts) == 3
    assert all("text" in name for name in fonts)


def flat(path: str, scale: float) -> list[tuple[float, float]]:
    pen = RecordingPen()
    parse_path(path, pen)
    return [(x * scale, ASCENT - y * scale) for _, points in pen.value for x, y in points]


@pytest.mark.parametrize("character", [*full().recipient.name, *TWO_OF_ONE_TEXT], ids=repr)
def test_a_names_glyph_is_the_mj_outline(character: Character):
    """From the font as it is embedded, back to the outline that the MJ font has."""
    if character.repertoire.startswith("office"):
        return
    name = checked().content.recipient.name
    family = letter_fonts(as_text(checked()), [name]).family_of[character]
    outline = GlyphFont.load().outline(character)
    assert outline is not None
    expected = set(flat(outline.path, 4096 / outline.height))
    embedded = [
        TTFont(io.BytesIO(resolve1(one["FontFile2"]).get_data()))
        for one in dictionaries(written())
        if "FontFile2" in one and str(one["FontName"]).rstrip("'").endswith(family)
    ]
    drawn = [set(points_of(font, number)) for font in embedded for number in range(len_of(font))]
    assert expected in drawn


def points_of(font: TTFont, number: int) -> list[tuple[float, float]]:
    table: Any = font["glyf"]
    coordinates, _, _ = table[font.getGlyphName(number)].getCoordinates(table)
    return [(float(x), float(y)) for x, y in coordinates]


def len_of(font: TTFont) -> int:
    return len(font.getGlyphOrder())


def test_what_has_no_outline_is_a_mark_and_never_another_shape():
    name = NameText.of((Character.ucs("한"), Character("mj+", "GJ9999999", "辺")))
    found = letter_fonts("한 ", [name])
    assert found.missing == {"한", "辺"}
    geta = GlyphFont.load().outline(Character.ucs("〓"))
    assert geta is not None
    font: Any = TTFont(io.BytesIO(found.fonts["text0"]))
    number = font.getGlyphID(font.getBestCmap()[ord("한")])
    assert set(points_of(font, number)) == set(flat(geta.path, 4096 / geta.height))


def test_an_offices_own_character_is_drawn_by_its_outline():
    own = Outline("M0,0 L2048,0 L2048,2048 Z", 2048, 2048)
    name = NameText.of((Character("office:132241", "0001", "〓"),))
    found = letter_fonts("あ", [name], lambda _: own)
    assert found.missing == frozenset()
    font: Any = TTFont(io.BytesIO(found.fonts["text0"]))
    number = font.getGlyphID(font.getBestCmap()[ord("〓")])
    assert set(points_of(font, number)) == {(0.0, 3604.0), (4096.0, 3604.0), (4096.0, -492.0)}


def test_the_same_message_is_the_same_pdf():
    again = Checked(minimal(), NOW, b"x")
    assert as_pdf(again) == as_pdf(again)
