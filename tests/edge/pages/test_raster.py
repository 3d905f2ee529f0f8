"""Outlines become ink where they are inked: curves, holes, any box; nonsense is refused."""

import numpy as np
import pytest

from edge.errors import FieldError
from edge.pages.raster import CELLS, contours, grown, mask

SQUARE = "M512 512H1536V1536H512Z"
CIRCLE = (
    "M0 1024C0 458 458 0 1024 0C1590 0 2048 458 2048 1024"
    "C2048 1590 1590 2048 1024 2048C458 2048 0 1590 0 1024Z"
)
BOX = 2048
CELL = BOX // CELLS


def inked(path: str) -> float:
    """The share of the box that is ink."""
    return float(mask(path, BOX, BOX).mean())


def test_a_square_is_ink_within_and_paper_without() -> None:
    cells = mask(SQUARE, BOX, BOX)
    assert cells.sum() == (1024 // CELL) ** 2
    assert cells[CELLS // 2, CELLS // 2]
    assert not cells[0].any()
    assert np.argwhere(cells)[0].tolist() == [512 // CELL, 512 // CELL]


def test_rows_go_down_and_columns_to_the_right() -> None:
    cells = mask("M0 0H2048V256H0Z", BOX, BOX)
    assert cells[:16].all()
    assert not cells[16:].any()


def test_a_contour_against_the_other_is_a_hole_and_along_it_is_not() -> None:
    within = "M768 768V1280H1280V768Z"
    along = "M768 768H1280V1280H768Z"
    assert inked(SQUARE + within) == pytest.approx(inked(SQUARE) - inked(along))
    assert inked(SQUARE + along) == inked(SQUARE)


@pytest.mark.parametrize(
    ("curve", "share"),
    [
        ("M0 1024Q0 0 1024 0Q2048 0 2048 1024Q2048 2048 1024 2048Q0 2048 0 1024Z", 0.83),
        (
            CIRCLE,
            0.785,
        ),
    ],
)
def test_curves_bend(curve: str, share: float) -> None:
    assert inked(curve) == pytest.approx(share, abs=0.02)


def test_repeated_points_after_one_command_and_numbers_run_together() -> None:
    (corners,) = contours("M0,0 10-5.5 1e1 20 L.5 3Z")
    assert corners.tolist() == [[0, 0], [10, -5.5], [10, 20], [0.5, 3]]


@pytest.mark.parametrize("path", ["M0 0A5 5 0 0 1 9 9Z", "M0 0L5Z", "M0 0L5", "5 5", "m0 0", "Z5"])
def test_what_is_no_such_path_is_refused(path: str) -> None:
    with pytest.raises(FieldError):
        mask(path, BOX, BOX)


def test_growing_reaches_the_radius_and_no_farther() -> None:
    dot = np.zeros((CELLS, CELLS), bool)
    dot[64, 64] = True
    disc = grown(dot, 4.0)
    down, right = np.indices(disc.shape) - 64
    far = np.hypot(down, right)
    assert (disc == (far <= 4)).all()
    corner = np.zeros_like(dot)
    corner[0, 0] = True
    assert grown(corner, 4.0).sum() < disc.sum()
