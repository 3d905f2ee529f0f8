"""What differs between two shapes is found and nothing else: moved strokes are the same strokes."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from edge.pages import differing
from edge.pages.differing import difference
from edge.pages.outlines import Outlines, marked_svg
from edge.pages.raster import CELLS, Mask, contours, mask
from intake.characters import Character, tables

UNIT = 16.0


def strokes(*rows: int, left: int = 20, right: int = 108) -> Mask:
    """A picture of horizontal strokes of three cells at the rows given."""
    cells = np.zeros((CELLS, CELLS), bool)
    for row in rows:
        cells[row : row + 3, left:right] = True
    return cells


def drawn(path: str) -> Mask:
    return mask(path, CELLS * UNIT, CELLS * UNIT)


def test_the_same_shape_does_not_differ() -> None:
    assert not difference(strokes(20, 60), [strokes(20, 60)], UNIT)


def test_a_stroke_that_moved_a_little_is_the_same_and_one_that_moved_far_is_not() -> None:
    assert not difference(strokes(20, 60), [strokes(20, 62)], UNIT)
    assert difference(strokes(20, 60), [strokes(20, 76)], UNIT)


def test_a_stroke_more_is_extra_here_and_lacking_there() -> None:
    less, more = strokes(20, 100), strokes(20, 60, 100)
    here, there = difference(more, [less], UNIT), difference(less, [more], UNIT)
    assert here.extra
    assert not here.lacking
    assert there.lacking == here.extra
    assert not there.extra
    assert here.ground == there.ground
    assert here.places == there.places == ("middle-centre",)
    assert (drawn(here.extra) & ~strokes(60)).sum() == 0
    assert drawn(here.extra).sum() > 0.9 * strokes(60).sum()
    assert (strokes(60) & ~drawn(here.ground)).sum() == 0


def test_the_ground_leaves_free_what_is_the_same() -> None:
    found = difference(strokes(20, 60, 100), [strokes(20, 100)], UNIT)
    assert not (drawn(found.ground) & strokes(20, 100)).any()


def test_of_several_others_each_counts_and_nothing_is_a_ghost() -> None:
    base = strokes(20, 60, 100)
    found = difference(base, [strokes(20, 60), strokes(60, 100)], UNIT)
    assert found.places == ("top-centre", "bottom-centre")
    assert not found.lacking


def test_a_speck_is_no_difference() -> None:
    speck = strokes(20)
    speck[100, 100:104] = True
    assert not difference(speck, [strokes(20)], UNIT)
    speck[98:103, 100:105] = True
    assert difference(speck, [strokes(20)], UNIT).places == ("bottom-right",)


@given(arrays.arrays(bool, (CELLS, CELLS), elements=st.booleans(), fill=st.just(value=False)))
def test_borders_enclose_exactly_the_cells(cells: Mask) -> None:
    loops = differing._loops(cells)
    assert sum(differing._area(loop) for loop in loops) == 2 * np.count_nonzero(cells)


def test_a_hole_has_a_border_of_its_own() -> None:
    ring = np.zeros((CELLS, CELLS), bool)
    ring[40:80, 40:80] = True
    ring[50:70, 50:70] = False
    outer, inner = sorted(differing._loops(ring), key=differing._area, reverse=True)
    assert differing._is_outer(outer)
    assert not differing._is_outer(inner)


@pytest.fixture(scope="module")
def outlines() -> Outlines:
    return Outlines()


def shapes(text: str) -> tuple[Character, ...]:
    """All shapes of one code point in the list."""
    return tuple(Character.mj(g.mj_name) for g in tables.glyphs_of(f"U+{ord(text):04X}"))


@pytest.mark.parametrize(
    ("text", "places"),
    [("辻", ("top-left",)), ("祇", ("middle-left",)), ("斎", ("middle-centre",))],
)
def test_where_shapes_of_the_font_differ(
    outlines: Outlines, text: str, places: tuple[str, ...]
) -> None:
    one, other = outlines.differences(shapes(text))
    assert one is not None
    assert other is not None
    assert one.places == other.places == places
    assert one.ground == other.ground


def test_sixteen_shapes_are_each_compared_with_the_first(outlines: Outlines) -> None:
    found = outlines.differences(shapes("邉"))
    assert len(found) == 16
    assert all(found)


def test_marks_stand_within_the_picture_and_need_no_id(outlines: Outlines) -> None:
    character, _ = shapes("辻")
    outline = outlines.outline(character)
    found, _ = outlines.differences(shapes("辻"))
    assert outline is not None
    svg = marked_svg(outline, 128, "辻", found)
    assert re.findall(r'class="(\w+)"', svg) == ["differs", "lacking", "ink", "extra"]
    assert not re.search(r"\b(id|style|href)=", svg)
    assert found is not None
    for contour in contours(found.ground):
        assert contour.min() >= -1
        assert contour.max() <= 2049
    assert 'class="differs"' not in marked_svg(outline, 128, "辻", None)


def test_what_has_no_outline_is_not_compared(outlines: Outlines) -> None:
    known, unknown = Character.mj("MJ025760"), Character.unresolved("name_ink/0")
    assert outlines.differences((known, unknown)) == (None, None)
    assert outlines.differences((unknown, known)) == (None, None)


def test_a_source_that_is_added_is_asked_for_what_the_font_has_not(outlines: Outlines) -> None:
    own = Character("office:012345", "G0001", "辻")
    assert outlines.outline(own) is None
    assert "<rect" in (outlines.svg(own, 40) or "")
    one = outlines.outline(Character.mj("MJ025760"))
    wide = Outlines()
    wide.add(lambda character: one if character == own else None)
    assert wide.outline(own) == one
    assert wide.differences((own, Character.mj("MJ025761")))[0]
