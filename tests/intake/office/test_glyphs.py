"""The office's own characters as a document: one form, bounded, and nothing but outlines in it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake import canonical
from intake.characters import Character
from intake.errors import DecodeError, EncodeError, OversizeError, UnknownVersionError
from intake.event.downward import BODY_LIMIT
from intake.office import glyphs
from intake.office.glyphs import LIMIT, MAX_GLYPHS, GlyphState, OfficeGlyphs
from intake.office.outline import EM, MAX_BYTES, MAX_POINTS, GlyphOutline
from tests.intake.office.glyph_sets import (
    OFFICE,
    bar,
    cross,
    glyph,
    glyph_set,
    glyph_sets,
    outlines,
)


@given(glyph_sets)
def test_a_set_comes_back_as_it_was(document: OfficeGlyphs) -> None:
    assert glyphs.decode(glyphs.encode(document)) == document


@given(st.binary(max_size=300))
def test_garbage_is_refused_and_nothing_else_happens(data: bytes) -> None:
    with pytest.raises(DecodeError):
        glyphs.decode(data)


@given(glyph_sets, st.data())
def test_a_changed_byte_is_another_set_or_refused(
    document: OfficeGlyphs, data: st.DataObject
) -> None:
    encoded = bytearray(glyphs.encode(document))
    encoded[data.draw(st.integers(0, len(encoded) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        found = glyphs.decode(bytes(encoded))
    except DecodeError:
        return
    assert found != document
    assert glyphs.encode(found) == bytes(encoded)


@given(outlines)
def test_an_outline_is_its_commands_and_its_path_holds_no_markup(outline: GlyphOutline) -> None:
    assert GlyphOutline.of(outline.commands()) == outline
    assert re.fullmatch(r"[MLQCZ0-9 -]+", outline.svg_path())
    left, top, right, bottom = outline.box()
    assert left <= right
    assert top <= bottom


@given(st.binary(max_size=200))
def test_bytes_are_an_outline_or_refused(data: bytes) -> None:
    try:
        outline = GlyphOutline(data)
    except DecodeError:
        return
    assert GlyphOutline.of(outline.commands()).data == data


def without_end() -> bytes:
    return cross().data[:-1]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"Z",
        without_end(),
        cross().data[1:],
        cross().data + b"L\0\0\0\0",
        b"A" + cross().data[1:],
        b"M\0\0\0\0L\0\1\0\1Z",
        b"M\0\0\0\0M\0\0\0\0" + cross().data[5:],
        b"M\x7f\xff\0\0" + cross().data[5:],
        cross().data * (MAX_BYTES // len(cross().data) + 1),
        GlyphOutline.of([*bar(0, 0, 9, 9)]).data * 257,
        b"M\0\0\0\0" + b"L\0\1\0\1" * (MAX_POINTS - 1) + b"Z",
    ],
)
def test_no_outline(data: bytes) -> None:
    with pytest.raises(DecodeError):
        GlyphOutline(data)


def test_a_command_of_no_form_is_the_callers_mistake() -> None:
    with pytest.raises(EncodeError):
        GlyphOutline.of([("M", ((70_000, 0),))])
    with pytest.raises(EncodeError):
        GlyphOutline.of([("あ", ())])


def test_the_path_of_a_cross() -> None:
    assert cross().svg_path().startswith("M200 950L1850 950L1850 1080L200 1080ZM960 200")
    assert cross().box() == (200, 200, 1850, 1850)
    assert max(cross().box()) <= EM


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "g0001"},
        {"code": "G" * 17},
        {"code": ""},
        {"strokes": 0},
        {"strokes": 100},
        {"readings": ("tsuji",)},
        {"readings": ("つじ", "つじ")},
        {"radical": 215},
        {"radical": 0},
        {"base": "辺辺"},
        {"base": "\u200b"},
        {"fallback": " "},
        {"fallback": ""},
    ],
)
def test_a_glyph_of_no_form(wrong: dict[str, Any]) -> None:
    with pytest.raises(DecodeError):
        glyphs.encode(glyph_set(replace(glyph(), **wrong)))


def test_codes_come_in_order_and_once() -> None:
    first, second = glyph("G0001"), glyph("G0002")
    for wrong in ((second, first), (first, first)):
        with pytest.raises(DecodeError):
            glyphs.encode(replace(glyph_set(), glyphs=wrong))


def test_a_newer_form_and_an_unknown_field_are_told_apart() -> None:
    table = canonical.decode(glyphs.encode(glyph_set()), limit=LIMIT)
    assert isinstance(table, dict)
    with pytest.raises(UnknownVersionError):
        glyphs.decode(canonical.encode({**table, "v": 2}))
    with pytest.raises(DecodeError):
        glyphs.decode(canonical.encode({**table, "more": 1}))


def test_the_document_fits_one_message_and_more_is_refused() -> None:
    assert LIMIT < BODY_LIMIT
    curve = [("Q", ((n, 700), (n, 900))) for n in range(100)]
    usual = GlyphOutline.of([("M", ((0, 0),)), *curve, ("Z", ())])  # 200 points, as a kanji has
    many = [replace(glyph(f"G{n:04}"), outline=usual) for n in range(450)]
    assert len(glyphs.encode(glyph_set(*many))) <= LIMIT
    large = GlyphOutline.of([("M", ((0, 0),)), *curve * 12, ("Z", ())])
    with pytest.raises(OversizeError):
        glyphs.encode(glyph_set(*(replace(glyph(f"G{n:04}"), outline=large) for n in range(60))))
    with pytest.raises(OversizeError):
        glyphs.encode(glyph_set(*(glyph(f"G{n:04}") for n in range(MAX_GLYPHS + 1))))


def test_the_character_of_a_name() -> None:
    assert glyph().character(OFFICE) == Character("office:131016", "G0001", "十")
    assert replace(glyph(), fallback=None).text == "十"
    assert replace(glyph(), fallback=None, base=None).text == "〓"
    retired = glyph_set(replace(glyph(), state=GlyphState.RETIRED))
    assert retired.glyph("G0001") == retired.glyphs[0]
    assert retired.glyph("G0002") is None
