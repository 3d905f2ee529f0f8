"""What an operator writes beside an outline becomes a character, or the field that is wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.characters.details import Details
from hub.characters.errors import GlyphRefusedError, Problem
from intake.office import glyphs
from tests.intake.office.glyph_sets import cross, glyph, glyph_set

GOOD = Details(code="g0001", strokes="２", readings="つじ、ジュウ つじ", radical="⼗", base="十")


def problem(**changes: str) -> Problem:
    with pytest.raises(GlyphRefusedError) as refused:
        replace(GOOD, **changes).glyph(cross())
    return refused.value.problem


def test_what_was_typed_is_read_as_it_was_meant():
    found = GOOD.glyph(cross())
    assert (found.code, found.strokes, found.radical) == ("G0001", 2, 24)
    assert found.readings == ("つじ", "ジュウ")
    assert (found.base, found.fallback) == ("十", "十")


@pytest.mark.parametrize(
    ("base", "fallback", "found"),
    [
        ("邉\U000e0102", "", "辺邊邉"),
        ("U+9089", "", "辺邊邉"),
        ("U+9089", "辺", "辺"),
        ("", "辺", "辺"),
    ],
)
def test_the_substitute_follows_from_the_base_where_none_is_given(
    base: str, fallback: str, found: str
):
    made = replace(GOOD, base=base, fallback=fallback).glyph(cross())
    assert made.fallback
    assert made.fallback in found


def test_without_base_and_substitute_there_is_neither():
    made = replace(GOOD, base="").glyph(cross())
    assert (made.base, made.fallback, made.text) == (None, None, "〓")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", ""),
        ("code", "_1"),
        ("code", "G" * 17),
        ("strokes", ""),
        ("strokes", "100"),
        ("strokes", "-1"),
        ("strokes", "二"),
        ("readings", "kana"),
        ("readings", "あ" * 17),
        ("readings", " ".join("あ" * n for n in range(1, 17)) + " い"),
        ("radical", "0"),
        ("radical", "x"),
        ("base", "辺辺"),
        ("base", "U+110000"),
        ("base", "\u200b"),
        ("fallback", "한"),
        ("fallback", "辺辺"),
    ],
)
def test_the_field_that_is_wrong_is_named(field: str, value: str):
    assert problem(**{field: value}) == field


def test_a_written_form_reads_back():
    made = glyph()
    assert Details.written(made, "").glyph(made.outline) == made


@given(st.builds(Details, *(st.text(max_size=20) for _ in range(7))))
def test_any_form_is_a_character_that_units_take_or_a_refusal(details: Details):
    try:
        made = details.glyph(cross())
    except GlyphRefusedError:
        return
    glyphs.encode(glyph_set(made))
