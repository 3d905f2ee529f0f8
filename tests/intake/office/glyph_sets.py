"""Outlines and sets of office glyphs for tests, and strategies for any of them."""

from __future__ import annotations

import string

from hypothesis import strategies as st

from intake.office.glyphs import GlyphState, OfficeGlyph, OfficeGlyphs, in_order
from intake.office.outline import EM, OVERHANG, Command, GlyphOutline, Point

OFFICE = "131016"


def bar(x: int, y: int, width: int, height: int) -> list[Command]:
    """A filled rectangle."""
    corners = [(x + width, y), (x + width, y + height), (x, y + height)]
    return [("M", ((x, y),)), *(("L", (corner,)) for corner in corners), ("Z", ())]


def cross() -> GlyphOutline:
    """A plain 十 of two bars."""
    return GlyphOutline.of([*bar(200, 950, 1650, 130), *bar(960, 200, 130, 1650)])


def glyph(code: str = "G0001") -> OfficeGlyph:
    return OfficeGlyph(code, GlyphState.ACTIVE, cross(), 2, ("つじ",), 24, "十", "十")


def glyph_set(*glyphs: OfficeGlyph, version: int = 1, keep: bool = False) -> OfficeGlyphs:
    return OfficeGlyphs(OFFICE, version, keep, in_order(glyphs or (glyph(),)))


_coordinates = st.integers(-OVERHANG, EM + OVERHANG)
_points: st.SearchStrategy[Point] = st.tuples(_coordinates, _coordinates)
_drawn: st.SearchStrategy[Command] = st.one_of(
    st.tuples(st.just("L"), st.tuples(_points)),
    st.tuples(st.just("Q"), st.tuples(_points, _points)),
    st.tuples(st.just("C"), st.tuples(_points, _points, _points)),
)


def _contour(start: Point, drawn: list[Command]) -> list[Command]:
    return [("M", (start,)), *drawn, ("Z", ())]


def _outline(contours: list[list[Command]]) -> GlyphOutline:
    return GlyphOutline.of([command for contour in contours for command in contour])


def _set(found: list[OfficeGlyph], version: int, keep: bool) -> OfficeGlyphs:
    return OfficeGlyphs(OFFICE, version, keep, in_order(found))


_contours = st.builds(_contour, _points, st.lists(_drawn, min_size=2, max_size=6))
outlines = st.builds(_outline, st.lists(_contours, min_size=1, max_size=3))
_kana = st.text("あいうえおかきくけこアイウエオー", min_size=1, max_size=8)
_written = st.none() | st.sampled_from(["辺", "邉", "邉\U000e0102", "吉", "𠮷", "々"])
glyphs = st.builds(
    OfficeGlyph,
    code=st.text(string.ascii_uppercase + string.digits, min_size=1, max_size=16),
    state=st.sampled_from(GlyphState),
    outline=outlines,
    strokes=st.integers(1, 99),
    readings=st.lists(_kana, max_size=5, unique=True).map(tuple),
    radical=st.none() | st.integers(1, 214),
    base=_written,
    fallback=_written,
)
glyph_sets = st.builds(
    _set,
    st.lists(glyphs, max_size=3, unique_by=lambda one: one.code),
    st.integers(1, 2**62),
    st.booleans(),
)
