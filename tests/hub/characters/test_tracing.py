"""A traced scan has the shape of its ink: as large, with its holes, with few points."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw

from hub.characters.errors import GlyphRefusedError, Problem
from hub.characters.image_reading import trace
from hub.characters.tracing import area, contours, simplified
from intake.office.outline import EM, GlyphOutline
from tests.hub.characters.files import CROSS, scan, sixteen_bits, transparent


def rows(picture: str) -> list[bytes]:
    return [bytes(0 if cell == "#" else 255 for cell in line) for line in picture.split()]


def test_one_square_is_one_polygon_around_it():
    (found,) = contours(rows("...... .####. .####. .####. .####. ......"), 128)
    assert 12 < abs(area(found)) < 17
    (fewer,) = simplified([found], 100)
    assert len(fewer) <= 12


def test_a_hole_runs_the_other_way_round():
    ring = "........ .######. .######. .##..##. .##..##. .######. .######. ........"
    outer, inner = sorted((area(one) for one in contours(rows(ring), 128)), key=abs, reverse=True)
    assert outer * inner < 0
    assert abs(outer) > abs(inner)


def test_shapes_that_touch_at_a_corner_stay_closed():
    corner = contours(rows("...... .##... .##... ...##. ...##. ......"), 128)
    assert len(corner) in (1, 2)
    assert sum(abs(area(one)) for one in corner) == pytest.approx(8, abs=3)


def test_paper_alone_has_no_contour():
    assert contours(rows("..... ..... ....."), 128) == []


def test_nothing_fits_into_no_points():
    found = contours(rows("...... .####. .####. .####. ......"), 128)
    assert simplified(found, 2) == []


def ink_share(outline: GlyphOutline) -> float:
    """How much of the em box is inked; straight outlines only."""
    picture = Image.new("1", (EM, EM))
    pencil = ImageDraw.Draw(picture)
    polygon: list[tuple[int, int]] = []
    for letter, points in outline.commands():
        polygon += points
        if letter == "Z":
            pencil.polygon(polygon, fill=1)
            polygon = []
    return picture.tobytes().count(b"\xff") * 8 / EM / EM


@pytest.mark.parametrize(
    "data",
    [
        scan(),
        scan(kind="JPEG"),
        scan(mode="P"),
        scan(mode="RGB"),
        scan(mode="1"),
        scan(ink=220, paper=20),
        sixteen_bits(),
        transparent(),
    ],
)
def test_a_scan_becomes_its_shape_in_the_middle_of_the_box(data: bytes):
    traced = trace(data)
    left, top, right, bottom = traced.outline.box()
    assert bottom - top == pytest.approx(0.92 * EM, abs=8)
    assert (right - left) / (bottom - top) == pytest.approx(220 / 250, abs=0.03)
    assert left + right == pytest.approx(EM, abs=8)
    drawn = sum((x2 - x1) * (y2 - y1) for x1, y1, x2, y2 in CROSS) - 20 * 20
    assert ink_share(traced.outline) == pytest.approx(drawn / 250 / 250 * 0.92**2, rel=0.12)
    assert len(traced.outline.data) < 1200
    with Image.open(io.BytesIO(traced.original)) as shown:
        assert max(shown.size) == 480


def test_dirt_is_left_out():
    dirty = scan((*CROSS, (60, 60, 62, 62), (220, 220, 222, 221)))
    contours_of = {letter for letter, _ in trace(dirty).outline.commands()}
    assert contours_of == {"M", "L", "Z"}
    assert sum(letter == "M" for letter, _ in trace(dirty).outline.commands()) == 1


def test_the_operator_may_choose_the_threshold():
    faint = scan((*CROSS, (40, 200, 260, 215)), ink=40)
    with Image.open(io.BytesIO(faint)) as opened:
        picture = opened.convert("L")
    ImageDraw.Draw(picture).rectangle((40, 30, 120, 50), fill=180)
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    dark, all_of_it = (trace(stream.getvalue(), level) for level in (100, 210))
    count = [sum(letter == "M" for letter, _ in t.outline.commands()) for t in (dark, all_of_it)]
    assert count[0] < count[1]
    assert (dark.threshold, all_of_it.threshold) == (100, 210)


def noise() -> bytes:
    picture = Image.effect_noise((480, 480), 200)
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (scan(()), Problem.EMPTY),
        (scan(size=(10, 300)), Problem.IMAGE_SIZE),
        (scan(size=(7000, 7000)), Problem.IMAGE_SIZE),
        (scan()[:150], Problem.IMAGE_UNREADABLE),
        (b"\x89PNG\r\n\x1a\nnothing", Problem.IMAGE_UNREADABLE),
        (scan(kind="GIF"), Problem.IMAGE_UNREADABLE),
    ],
)
def test_what_is_no_scan_of_a_character(data: bytes, problem: Problem):
    with pytest.raises(GlyphRefusedError) as refused:
        trace(data)
    assert refused.value.problem is problem


def test_noise_is_an_outline_within_the_limits_or_refused():
    try:
        traced = trace(noise())
    except GlyphRefusedError as refused:
        assert refused.problem in (Problem.TOO_COMPLEX, Problem.EMPTY)  # noqa: PT017 - either
    else:
        assert len(traced.outline.data) <= 12 * 1024
