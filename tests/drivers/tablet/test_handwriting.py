import pytest

from drivers.errors import RecordingError
from drivers.tablet import handwriting
from intake.characters import Character, tables


@pytest.mark.parametrize("name", handwriting.names())
def test_points_lie_in_the_square_and_strokes_are_lines(name: str):
    drawn = handwriting.load(name)
    assert drawn.strokes
    for stroke in drawn.strokes:
        assert len(stroke) >= 2
        assert all(0 <= value <= handwriting.CANVAS for point in stroke for value in point)


def test_a_character_is_found_by_itself_and_by_its_code_point():
    assert handwriting.load("𠮷") == handwriting.load("U+20BB7")


def test_an_unknown_name_lists_the_choices():
    with pytest.raises(RecordingError, match="signature"):
        handwriting.load("nobody")


@pytest.mark.parametrize("name", [name for name in handwriting.names() if name != "signature"])
def test_the_strokes_are_as_many_as_the_table_says(name: str):
    drawn = handwriting.load(name)
    glyph = tables.glyph(drawn.mj_name)
    assert glyph.strokes == len(drawn.strokes)
    assert drawn.text == chr(int(name.removeprefix("U+"), 16))


@pytest.mark.parametrize("text", ["冈", "內", "业"])
def test_the_ones_outside_jis_are_outside(text: str):
    drawn = handwriting.load(text)
    assert not tables.in_jis(Character("mj", drawn.mj_name, text))
