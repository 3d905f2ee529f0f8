"""Outlines that are embedded on the unit land where the shipped gallery has them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.characters import Character
from intake.characters.glyphs import GlyphFont
from models import outlines
from models.added import OwnGlyph, OwnPrototype
from models.errors import ModelError
from models.outlines import OutlineError, contours, picture, segments, thinned
from models.recogniser import Recogniser

HERE = Path(__file__).parent
NAMES = ["MJ028902", "MJ026190", "MJ026191", "MJ006294", "MJ030123", "MJ029003", "MJ013576"]
"""髙, 邉 and one of its variants, 一, 龍, 鬱, 木."""

SQUARE = "M0,0H100V100H0ZM20,20V80H80V20Z"


def outline_of(mj_name: str) -> str:
    found = GlyphFont.load().outline(Character.mj(mj_name))
    assert found is not None
    return found.path


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser.load()


def test_a_frame_is_filled_without_its_hole() -> None:
    inked = picture(contours(SQUARE))
    side = outlines.PIXELS
    assert inked.shape == (side + 1 + 2 * outlines.PAD,) * 2
    share = inked.sum() / side**2
    assert share == pytest.approx(1 - 0.6**2, abs=0.03)
    assert not inked[len(inked) // 2, len(inked) // 2]


def test_a_contour_the_same_way_round_fills_the_hole() -> None:
    inked = picture(contours("M0,0H100V100H0ZM20,20H80V80H20Z"))
    assert inked.sum() / outlines.PIXELS**2 == pytest.approx(1, abs=0.03)


def test_curves_are_followed() -> None:
    cubic = contours("M0,0C0,100 100,100 100,0Z")[0]
    assert cubic[4] == pytest.approx([50, 75], abs=1e-9)
    quadratic = contours("M0,0Q50,100 100,0Z")[0]
    assert quadratic[4] == pytest.approx([50, 50], abs=1e-9)


def test_a_thick_line_is_thinned_to_a_line_in_its_middle() -> None:
    inked = np.zeros((40, 120), bool)
    inked[15:26, 10:110] = True
    line = thinned(inked)
    rows, columns = np.nonzero(line)
    middle = (columns > 20) & (columns < 100)
    assert set(rows[middle].tolist()) <= {19, 20, 21}
    assert line[:, 20:100].sum(axis=0).max() == 1
    found = segments(line)
    flat = np.abs(found.directions[0, middle, 1] / found.directions[0, middle, 0])
    assert flat.max() < 0.2


@given(st.integers(0, 2**32))
@settings(max_examples=10, deadline=None)
def test_thinning_keeps_every_piece_and_adds_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    inked = np.zeros((60, 60), bool)
    for at, (row, column) in enumerate([(4, 4), (4, 34), (34, 4), (34, 34)]):
        high, wide = rng.integers(3, 20, 2)
        inked[row : row + high, column : column + wide] = at % 2 == 0 or rng.random() < 0.7
    line = thinned(inked)
    assert not (line & ~inked).any()
    for row in (0, 30):
        for column in (0, 30):
            part = slice(row, row + 30), slice(column, column + 30)
            assert line[part].any() == inked[part].any()


@pytest.mark.parametrize("name", NAMES)
def test_an_outline_finds_its_own_glyph(recogniser: Recogniser, name: str) -> None:
    vector = recogniser.embed_outline(outline_of(name))
    gallery = recogniser._gallery
    cosines = gallery.glyphs.similarity(vector)
    row = int(np.flatnonzero(gallery.numbers == int(name[2:]))[0])
    assert cosines[row] > 0.9
    assert (cosines > cosines[row]).sum() <= 2


def test_an_own_glyph_is_found_by_drawing_it(recogniser: Recogniser) -> None:
    """髙 drawn by hand finds the office's own glyph that looks like it, among all 58,862."""
    strokes = json.loads((HERE / "drawn" / "U+9AD9.json").read_text("utf-8"))["strokes"]
    before = [one.mj_name for one in recogniser.recognise(strokes, 5).candidates]
    own = OwnGlyph("office:131016/E001", "〓", recogniser.embed_outline(outline_of("MJ028902")), 11)
    recogniser.set_added([own])
    try:
        assert own.name in [one.mj_name for one in recogniser.recognise(strokes, 5).candidates]
        drawing = recogniser.embed_drawing(strokes)
        recogniser.set_added([own], [OwnPrototype(own.name, drawing, len(strokes))])
        assert recogniser.recognise(strokes, 1).candidates[0].mj_name == own.name
        assert recogniser.recognise(strokes, 1).candidates[0].codepoint is None
    finally:
        recogniser.set_added()
    assert [one.mj_name for one in recogniser.recognise(strokes, 5).candidates] == before


@pytest.mark.parametrize(
    "path",
    [
        "", "M0,0", "Z", "L10,10", "M0,0 L", "M0,0 L5", "M0,0 l5,5", "hello", "M0,0L1e9,0L0,5Z",
        "M0,0 A1 1 0 0 0 5 5", "M" + "1," * 50_000 + "1", "M0,0L0,0L0,0Z", "M0,0L100,0L200,0Z",
        "MNaN,0L1,1L2,2Z", "M0,0Z5L3,3",
    ],
)  # fmt: skip
def test_what_is_no_outline_is_refused(recogniser: Recogniser, path: str) -> None:
    with pytest.raises(OutlineError):
        recogniser.embed_outline(path)


@given(st.text("MLHVQCZ0123456789.,- e", max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_text_is_embedded_or_refused(recogniser: Recogniser, path: str) -> None:
    try:
        vector = recogniser.embed_outline(path)
    except OutlineError:
        return
    assert np.isfinite(vector).all()


def test_what_is_no_drawing_is_not_kept(recogniser: Recogniser) -> None:
    with pytest.raises(ModelError, match="nothing was drawn"):
        recogniser.embed_drawing([])
